"""Which ledger a run uses, and for which host: a rehearsal never counts as sent to Meta, a mistyped path never as new."""

import csv
import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

import importer
from importer.errors import LedgerError, UsageError
from importer.graph.hosts import dataset_in_ledger
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.store import Sales, open_ledger

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800
SALES = """Order ID,Date,Email,Total,Currency
R-1,2026-11-20T10:00:00Z,ada.lovelace@example.com,12.50,EUR
R-2,2026-11-20T11:00:00Z,bo@example.org,7,EUR
"""
TOLD = {"dataset": "1234567890", "now": NOW}


@pytest.fixture
def here(here):
    (here / "sales.csv").write_text(SALES, encoding="utf-8")
    return here


def statuses(summary):
    return [row["status"] for row in csv.DictReader(Path(summary.report).read_text(encoding="utf-8").splitlines())]


def rehearse(running, **options):
    return importer.send("sales.csv", token="any", graph_url=running.url, **TOLD, **options)


def test_what_a_sandbox_took_is_still_ready_for_meta_and_for_a_sandbox_on_another_port(here):
    first, second = (Sandbox(SandboxOptions(), clock=lambda: CLOCK) for _ in range(2))
    with serve(first) as running, serve(second) as other:
        assert statuses(rehearse(running)) == ["accepted"] * 2
        assert statuses(rehearse(running)) == ["duplicate"] * 2
        assert statuses(importer.check("sales.csv", graph_url=running.url, **TOLD)) == ["duplicate"] * 2
        for url in ("https://graph.facebook.com", "https://proxy.example.com/graph", other.url):
            assert statuses(importer.check("sales.csv", graph_url=url, **TOLD)) == ["ready"] * 2
        assert statuses(rehearse(other)) == ["accepted"] * 2
    assert (first.summary().received, second.summary().received) == (2, 2)
    held = importer.ledger()
    assert [row.dataset for row in held] == sorted(dataset_in_ledger("1234567890", url.url) for url in (running, other))


def test_a_run_on_this_machine_says_that_it_was_a_rehearsal_and_a_check_does_not(here):
    page = here / "sales.html"
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        sent = rehearse(running, summary=page)
        checked = importer.check("sales.csv", graph_url=running.url, **TOLD)
    said = f"This was a rehearsal: all went to {running.url.removeprefix('http://')}, on this machine, and nothing to Meta."
    assert said in sent.notices
    assert said in page.read_text(encoding="utf-8")
    assert said not in checked.notices


def test_entries_of_an_older_ledger_count_as_metas(here):
    """A ledger as it was written before rehearsals were kept apart names the dataset only."""
    with open_ledger(here / "old.db") as ledger:
        run = ledger.begin("1234567890", ["sales.csv"], CLOCK)
        keys = np.frombuffer(bytes.fromhex(event_id_of("R-1")), np.uint64).reshape(-1, 2)
        sale = Sales.of_keys(keys, np.array([CLOCK]))
        ledger.settle(ledger.claim(run, "sales.csv", sale, CLOCK).id, sale, None, CLOCK)
        ledger.end(run, CLOCK)
    asked = {**TOLD, "ledger": "old.db"}
    assert statuses(importer.check("sales.csv", **asked)) == ["duplicate", "ready"]
    assert statuses(importer.check("sales.csv", graph_url="https://gateway.example.com", **asked))[0] == "duplicate"
    assert statuses(importer.check("sales.csv", graph_url="http://127.0.0.1:8765", **asked)) == ["ready"] * 2


def event_id_of(order: str) -> str:
    rows = csv.DictReader(Path(importer.check("sales.csv", now=NOW).report).read_text(encoding="utf-8").splitlines())
    return next(row["event_id"] for row in rows if row["order_id"] == order)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://graph.facebook.com", "7"),
        ("https://GRAPH.facebook.com:443/", "7"),
        ("https://gateway.example.com/meta", "7"),
        ("https://10.0.0.8:8443", "7"),
        ("http://127.0.0.1:8765", "7@127.0.0.1:8765"),
        ("http://127.0.0.1:8765/anything", "7@127.0.0.1:8765"),
        ("http://127.0.0.2:8765", "7@127.0.0.2:8765"),
        ("http://LOCALHOST:8765", "7@localhost:8765"),
        ("http://localhost", "7@localhost:80"),
        ("https://localhost", "7@localhost:443"),
        ("http://[::1]:9", "7@[::1]:9"),
    ],
)
def test_each_loopback_host_and_port_is_a_scope_and_every_other_host_is_meta(url, name):
    assert dataset_in_ledger("7", url) == name


@pytest.mark.parametrize("command", [importer.check, importer.send])
@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_ledger_in_a_folder_that_does_not_exist_is_refused(here, monkeypatch, command, by):
    path = here / "archiv" / "ledger.db"
    if by == "environment":
        monkeypatch.setenv("CAPI_LEDGER", str(path))
    options = {"ledger": path} if by == "option" else {}
    with pytest.raises(UsageError, match=r"folder .*archiv does not exist.*--ledger"):
        command("sales.csv", token="any", **TOLD, **options)
    assert not path.parent.exists()
    assert sorted(file.name for file in here.iterdir()) == ["sales.csv"]


def test_a_file_in_the_place_of_the_folder_is_refused_too(here):
    with pytest.raises(UsageError, match="does not exist"):
        importer.check("sales.csv", ledger="sales.csv/ledger.db", **TOLD)


@pytest.mark.parametrize("told", [None, "mine.db"])
def test_a_new_ledger_is_told_once_and_the_default_folder_is_made(here, caplog, told):
    options = {} if told is None else {"ledger": told}
    asked = importer.check("sales.csv", **TOLD, **options)
    assert [notice for notice in asked.notices if "There is no ledger yet" in notice]
    assert not (here / "state" / "capi-import" / "ledger.db").exists()
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        caplog.clear()
        first, second = rehearse(running, **options), rehearse(running, **options)
    place = Path(told) if told else here / "state" / "capi-import" / "ledger.db"
    assert place.is_file()
    assert [notice for notice in first.notices if "A new ledger was made" in notice]
    assert [text for text in caplog.messages if "new ledger" in text] == [
        f"A new ledger was made ({place}): it knows of no sale that was sent before."
    ]
    assert not [notice for notice in second.notices if "ledger" in notice]
    assert not [notice for notice in importer.check("sales.csv", **TOLD, **options).notices if "ledger" in notice]


def test_a_check_without_a_dataset_looks_nothing_up_and_says_nothing_of_a_ledger(here):
    (notice,) = importer.check("sales.csv", now=NOW).notices
    assert notice.startswith("No dataset was named")


@pytest.mark.parametrize("size", [0, 4096])
def test_a_ledger_that_was_emptied_is_a_new_one_and_another_programs_database_is_none(here, size):
    with sqlite3.connect(here / "mine.db") as other:
        other.execute("CREATE TABLE bookmark (url TEXT)")
    if not size:
        (here / "mine.db").write_bytes(b"")
        assert "There is no ledger yet" in importer.check("sales.csv", ledger="mine.db", **TOLD).notices[0]
        return
    before = (here / "mine.db").read_bytes()
    for command in (importer.check, importer.send):
        with pytest.raises(LedgerError, match="not a ledger"):
            command("sales.csv", token="any", ledger="mine.db", graph_url="http://127.0.0.1:9", **TOLD)
    assert (here / "mine.db").read_bytes() == before


def test_forgetting_in_a_ledger_that_does_not_exist_is_refused_and_makes_none(here):
    for path in ("typo.db", "no/typo.db"):
        with pytest.raises(UsageError, match="--ledger"):
            importer.forget("1234567890", "2026-11-01", path)
    assert not (here / "typo.db").exists()


def test_the_sales_of_a_rehearsal_are_forgotten_by_the_name_that_the_ledger_shows(here):
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        rehearse(running)
        (row,) = importer.ledger()
        assert importer.forget(row.dataset, "2026-12-01") == 2
        assert statuses(rehearse(running)) == ["accepted"] * 2


def test_the_summary_as_json_has_the_notices(here):
    summary = importer.check("sales.csv", **TOLD)
    assert json.loads(json.dumps(summary.as_json()))["notices"] == list(summary.notices)


def test_the_ledgers_own_commands_check_copy_and_accept_it(here):
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        rehearse(running)
        assert importer.ledger_check() == ()
        assert importer.ledger_backup("copy.db") == Path("copy.db")
        (here / "sales.csv").write_text(SALES.replace("R-", "S-"), encoding="utf-8")
        rehearse(running)
        assert statuses(importer.check("sales.csv", graph_url=running.url, **TOLD)) == ["duplicate"] * 2
        place = here / "state" / "capi-import" / "ledger.db"
        place.write_bytes(Path("copy.db").read_bytes())
        assert "older than when it was last used" in importer.ledger_check()[0]
        for command in (importer.check, importer.send):
            with pytest.raises(LedgerError, match="ledger accept"):
                command("sales.csv", token="any", graph_url=running.url, **TOLD)
        importer.ledger_accept()
        assert importer.ledger_check() == ()
        assert statuses(rehearse(running)) == ["accepted"] * 2
    place.write_bytes(b"SQLite format 3\0" + bytes(4_080))
    assert len(importer.ledger_check()) == 1


def test_the_ledger_keeps_what_each_run_came_to(here):
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        reports = [rehearse(running).report.resolve(), rehearse(running, report="again.csv").report.resolve()]
    place = here / "state" / "capi-import" / "ledger.db"
    with sqlite3.connect(place) as connection:
        kept = [json.loads(text) for (text,) in connection.execute("SELECT summary FROM run ORDER BY id")]
    assert [run["rows"]["accepted"] for run in kept] == [2, 0]
    assert [run["rows"]["duplicate"] for run in kept] == [0, 2]
    assert [run["value"] for run in kept] == [{"EUR": "19.500000"}, {}]
    assert [Path(run["report"]) for run in kept] == reports
    importer.forget(importer.ledger()[0].dataset, "2026-12-01")
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT count(*) FROM run").fetchone() == (2,)
