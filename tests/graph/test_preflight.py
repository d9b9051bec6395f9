"""What is asked before the first event, and what becomes of each answer."""

import pytest
from fake_graph import DATASET, TOKEN, FakeGraph, FakeResponse, error

import importer
from importer.errors import AccessError, MetaUnavailable, UsageError

NOW = "2026-11-23T23:00:00Z"
SALES = "Order ID,Date,Email,Total,Currency\n1,2026-11-20T10:00:00Z,ada@example.com,5,EUR\n"


@pytest.fixture
def graph():
    with FakeGraph() as graph:
        yield graph


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(SALES, encoding="utf-8")
    return path


@pytest.fixture
def options(graph, tmp_path):
    return {"dataset": DATASET, "token": TOKEN, "graph_url": graph.url, "now": NOW, "ledger": tmp_path / "ledger.db"}


def posts(graph):
    return [asked for asked in graph.asked if asked.method == "POST"]


def test_a_dataset_for_offline_events_is_asked_once_and_sent_to(graph, sales, options):
    graph.on("GET", DATASET, {"id": DATASET, "is_consolidated_container": True})
    assert importer.send(sales, **options).rows["accepted"] == 1
    assert [asked.method for asked in graph.asked] == ["GET", "POST"]
    assert "is_consolidated_container" in graph.asked[0].query["fields"]


def test_a_dataset_that_takes_none_is_not_sent_to(graph, sales, options):
    graph.on("GET", DATASET, {"id": DATASET, "is_consolidated_container": False})
    with pytest.raises(AccessError, match="takes no offline events"):
        importer.send(sales, **options)
    assert posts(graph) == []
    with pytest.raises(AccessError, match="takes no offline events"):
        importer.check(sales, online=True, **options)
    assert importer.send(sales, action_source="website", **options).rows["invalid"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        error(10, status=403),
        error(200, status=403),
        error(100, 33, type="GraphMethodException"),
        error(4),
        error(2, status=503, is_transient=True),
        FakeResponse(502, b"<html>"),
        {"id": DATASET},
    ],
)
def test_a_dataset_that_cannot_be_asked_is_sent_to_all_the_same(graph, sales, options, caplog, answer):
    graph.on("GET", DATASET, answer)
    assert importer.send(sales, **options).rows["accepted"] == 1
    assert ("is not known" in caplog.text) is (answer != {"id": DATASET})
    assert TOKEN not in caplog.text


def test_a_dead_token_is_told_before_the_file_is_read(graph, tmp_path, options):
    (tmp_path / "none.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(AccessError, match="refuses the access token"):
        importer.send(tmp_path / "none.csv", **options | {"token": "other"})
    assert posts(graph) == []


def test_a_dataset_that_neither_reading_nor_sending_finds_is_not_sent_to(graph, sales, options):
    """A token that may send and not read may be told of no dataset: the sending side has the last word."""
    graph.on("GET", DATASET, error(100, 33, type="GraphMethodException"))
    graph.on("POST", f"{DATASET}/events", error(100, 33, type="GraphMethodException"))
    with pytest.raises(AccessError, match=f"no dataset {DATASET}"):
        importer.send(sales, **options)
    assert [asked.body["data"] for asked in posts(graph)] == [[]]


def test_checking_online_says_that_all_is_well(graph, sales, options):
    graph.on("GET", DATASET, {"id": DATASET, "name": "Shops", "is_consolidated_container": True})
    notices = importer.check(sales, online=True, **options).notices
    assert f'Meta takes the token and knows dataset {DATASET} ("Shops"), and it takes offline events.' in notices


def test_checking_without_a_dataset_says_that_duplicates_are_not_looked_up(sales, tmp_path, monkeypatch):
    monkeypatch.delenv("CAPI_DATASET_ID", raising=False)
    told = "duplicates of earlier runs are not looked up"
    assert any(told in notice for notice in importer.check(sales, now=NOW).notices)
    named = importer.check(sales, now=NOW, dataset=DATASET, ledger=tmp_path / "l.db")
    assert not any(told in notice for notice in named.notices)


def test_checking_online_tells_what_keeps_meta_from_answering(graph, sales, options, caplog, monkeypatch):
    monkeypatch.setattr("importer.graph.datasets.PAUSES", ())
    for answer, kind in (
        (error(190, 463), AccessError),
        (error(100, 33, type="GraphMethodException"), AccessError),
        (error(4), MetaUnavailable),
    ):
        graph.on("GET", DATASET, answer)
        with pytest.raises(kind):
            importer.check(sales, online=True, **options)
    graph.on("GET", DATASET, error(10, status=403))
    assert importer.check(sales, online=True, **options).rows["ready"] == 1
    assert "Cannot read with this token" in caplog.text
    assert posts(graph) == []


def test_checking_asks_nobody_unless_told_to(graph, sales, options, monkeypatch):
    monkeypatch.delenv("CAPI_ACCESS_TOKEN", raising=False)
    assert importer.check(sales, **options).rows["ready"] == 1
    assert graph.asked == []
    with pytest.raises(UsageError, match="API key is required"):
        importer.check(sales, online=True, dataset=DATASET, now=NOW)
