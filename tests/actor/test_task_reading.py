"""Datasets of many accounts and pages, their details, hours and quality; and tokens that may not read."""

import json
import time

import pytest
from fake_graph import DATASET, TOKEN, FakeGraph, FakeResponse, error, paged

import importer
from importer.errors import AccessError, MetaUnavailable, UsageError

PIXELS = [{"id": str(9_000 + number), "name": f"Shop {number}"} for number in range(67)]
HOURS = {
    "data": [
        {"start_time": "2026-11-20T10:00:00+0000", "aggregation": "event",
         "data": [{"value": "Purchase", "count": 12}, {"value": "Lead", "count": "3"}]},
        {"start_time": 1795172400, "aggregation": "event", "data": [{"value": "Purchase", "count": 2}]},
        {"start_time": "2026-11-20T12:00:00+0000", "value": "Contact", "count": 1},
        {"odd": True},
    ],
    "paging": {},
}  # fmt: skip
QUALITY = {
    "offline": [
        {
            "event_name": "Purchase",
            "composite": {"score": 6.6, "recommendation": "Fine, but could be better."},
            "match_key": {"score": 5.6, "recommendation": "Send phones.", "coverage": {"email": 100.0, "phone": 90}},
            "frequency": 4,
        }
    ]
}
DETAILS = {
    "id": DATASET,
    "name": "Shops",
    "is_consolidated_container": True,
    "last_fired_time": "2026-11-20T10:05:00+0000",
}


def known(graph):
    graph.on("GET", DATASET, DETAILS)
    graph.on("GET", f"{DATASET}/stats", HOURS)
    graph.on("GET", "dataset_quality", QUALITY)
    return graph


def asked(graph, path):
    return [one for one in graph.asked if one.path == path]


def options(graph):
    return {"token": TOKEN, "graph_url": graph.url}


@pytest.mark.parametrize("account", ["act_101", "101"])
def test_every_page_of_an_ad_account_is_listed(run, graph, account):
    graph.on("GET", "act_101/adspixels", paged(PIXELS, 25))
    result = run("list_pixels", adAccountId=account)
    assert [item["pixelId"] for item in result.items] == [pixel["id"] for pixel in PIXELS]
    assert {tuple(item["adAccountIds"]) for item in result.items} == {("act_101",)}
    assert (len(graph.asked), result.exit_code) == (3, 0)


def test_an_empty_page_is_not_the_last(run, graph):
    graph.on("GET", "act_101/adspixels", paged(PIXELS[:3], 2, blank_page=True))
    assert len(run("list_pixels", adAccountId="101").items) == 3
    assert len(graph.asked) == 3


def test_without_an_account_those_of_every_account_are_listed_each_once(graph):
    accounts = [{"id": f"act_{number}", "account_id": str(number)} for number in range(1, 31)]
    graph.on("GET", "me/adaccounts", paged(accounts, 8))
    for number in range(1, 31):
        own = [PIXELS[number], PIXELS[number + 30], PIXELS[0]]
        graph.on("GET", f"act_{number}/adspixels", paged(own, 2))
    found = importer.pixels(**options(graph))
    assert len(found) == 61
    by_id = {pixel.id: pixel for pixel in found}
    assert len(by_id["9000"].ad_accounts) == 30
    assert by_id["9001"].ad_accounts == ("act_1",)
    assert len(asked(graph, "me/adaccounts")) == 4


def test_an_account_that_may_not_be_read_does_not_hide_the_others(graph, caplog):
    graph.on("GET", "me/adaccounts", {"data": [{"id": "act_1"}, {"id": "act_2"}]})
    graph.on("GET", "act_1/adspixels", error(200, status=403))
    graph.on("GET", "act_2/adspixels", {"data": [{"id": "7", "name": "Seven"}]})
    assert [pixel.id for pixel in importer.pixels(**options(graph))] == ["7"]
    assert "act_1" in caplog.text
    graph.on("GET", "act_2/adspixels", error(200, status=403))
    with pytest.raises(AccessError, match="Cannot read with this token"):
        importer.pixels(**options(graph))


def test_an_account_without_datasets_says_so(run, graph):
    graph.on("GET", "act_101/adspixels", {"data": []})
    (item,) = run("list_pixels", adAccountId="act_101").items
    assert (item["success"], item["count"]) == (True, 0)


def test_pages_that_go_round_in_circles_end(graph):
    page = {"data": [{"id": "7"}], "paging": {"cursors": {"after": "x"}, "next": "https://graph.facebook.com/?after=x"}}
    graph.on("GET", "act_101/adspixels", page)
    importer.pixels("act_101", **options(graph))
    assert len(graph.asked) == 2


def test_a_field_that_a_token_may_not_read_costs_the_field_only(graph):
    def picky(asked):
        return (
            error(100)
            if "owner_business" in asked.query["fields"]
            else FakeResponse(200, {"id": DATASET, "name": "Shops"})
        )

    known(graph).on("GET", DATASET, picky)
    assert importer.pixel(DATASET, **options(graph)).pixel.name == "Shops"


def test_details_hours_and_quality_are_read_however_meta_writes_them(graph):
    report = importer.pixel(DATASET, **options(known(graph)))
    assert (report.pixel.name, report.pixel.takes_offline) == ("Shops", True)
    assert report.pixel.last_fired == "2026-11-20T10:05:00Z"
    assert report.totals == {"Purchase": 14, "Lead": 3, "Contact": 1}
    assert [count.hour for count in report.counts] == [
        "2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z",
    ]  # fmt: skip
    (quality,) = report.quality
    assert quality.scores == {"composite": 6.6, "match_key": 5.6, "frequency": 4.0}
    assert quality.coverage == {"email": 100.0, "phone": 90.0}
    assert quality.recommendations == ("Fine, but could be better.", "Send phones.")
    assert json.loads(json.dumps(report.as_json()))["totals"]["Lead"] == 3


def test_statistics_are_asked_for_seven_days_at_most(graph):
    report = importer.pixel(DATASET, since="2020-01-01", **options(known(graph)))
    (question,) = asked(graph, f"{DATASET}/stats")
    assert time.time() - 7 * 86_400 <= int(question.query["start_time"]) <= time.time() - 6.9 * 86_400
    assert "seven days" in " ".join(report.notes)
    for since, until in (("soon", None), ("2020-01-01", "2020-01-02"), ("2026-11-24T10:00:00", "2026-11-24T09:00:00")):
        with pytest.raises(UsageError, match="--since"):
            importer.pixel(DATASET, since=since, until=until, now="2026-11-24T12:00:00Z", **options(graph))
    with pytest.raises(UsageError, match="--aggregation"):
        importer.pixel(DATASET, aggregation="colour", **options(graph))


def test_what_a_token_may_not_read_of_a_dataset_is_a_note(graph):
    known(graph).on("GET", f"{DATASET}/stats", error(200, status=403))
    graph.on("GET", "dataset_quality", error(10, status=403))
    report = importer.pixel(DATASET, **options(graph))
    assert report.pixel.name == "Shops"
    assert [note.split(":")[0] for note in report.notes] == ["No statistics", "No offline quality score"]
    assert all("Cannot read with this token" in note for note in report.notes)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (error(10, status=403), AccessError, "Cannot read with this token"),
        (error(200, status=403), AccessError, "Cannot read with this token"),
        (error(190, 463, status=401), AccessError, "expired"),
        (error(100, 33, type="GraphMethodException"), AccessError, f"no dataset {DATASET}"),
        (error(100, type="GraphMethodException"), AccessError, f"no dataset {DATASET}"),
        (error(80004, 2446079), MetaUnavailable, "limits the rate"),
        (FakeResponse(429, b"slow down", {"Retry-After": "240"}), MetaUnavailable, "4 minutes"),
        (FakeResponse(200, b"<html>"), MetaUnavailable, "Something other than Meta"),
    ],
)
def test_a_question_that_is_refused_is_a_sentence(graph, monkeypatch, answer, kind, words):
    monkeypatch.setattr("importer.graph.datasets.PAUSES", (0.0, 0.0))
    known(graph).on("GET", DATASET, answer)
    with pytest.raises(kind, match=words) as raised:
        importer.pixel(DATASET, **options(graph))
    assert TOKEN not in str(raised.value)


def test_a_passing_failure_is_asked_again(graph, monkeypatch):
    monkeypatch.setattr("importer.graph.datasets.PAUSES", (0.0,))
    answers = iter([error(2, status=503, is_transient=True)])
    known(graph).on("GET", DATASET, lambda _asked: next(answers, None) or FakeResponse(200, DETAILS))
    assert importer.pixel(DATASET, **options(graph)).pixel.name == "Shops"


def test_info_and_statistics_are_result_items(run, graph):
    known(graph)
    (info,) = run("get_pixel_info").items
    assert (info["success"], info["name"], info["takesOfflineEvents"]) == (True, "Shops", True)
    assert info["offlineQuality"][0]["scores"]["composite"] == 6.6
    (stats,) = run("get_event_stats").items
    assert (stats["task"], stats["totals"]["Purchase"]) == ("get_pixel_stats", 14)
    assert {"hour", "value", "count"} == set(stats["stats"][0])


def test_a_reading_task_that_is_refused_is_an_item(run, graph):
    (item,) = run("get_pixel_info", pixelId="42").items
    assert not item["success"]
    assert "no dataset 42" in item["error"]
    assert run("list_pixels", adAccountId="mine").exit_code == 2


def test_demonstrations_read_invented_sales():
    (stats,) = importer.task({"task": "get_pixel_stats"}).items
    assert (stats["demoMode"], stats["totals"]) == (True, {"Purchase": 3, "Lead": 2})
    assert len(importer.task({"task": "list_pixels"}).items) == 4


def test_no_url_holds_the_token(graph):
    known(graph)
    graph.on("GET", "me/adaccounts", paged([{"id": "act_1"}, {"id": "act_2"}], 1))
    graph.on("GET", "act_1/adspixels", paged(PIXELS[:2], 1))
    graph.on("GET", "act_2/adspixels", paged(PIXELS[:2], 1))
    importer.pixels(**options(graph))
    importer.pixel(DATASET, **options(graph))
    assert all(TOKEN not in one.path + json.dumps(one.query) for one in graph.asked)


def test_the_fake_itself_refuses_a_wrong_token():
    with FakeGraph() as graph, pytest.raises(AccessError, match="refuses the access token"):
        importer.pixels(token="other", graph_url=graph.url)
