"""What a ledger tells afterwards: its runs, what was refunded after Meta had accepted it, and the proof of each sale."""

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import importer
from importer.errors import UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.store import open_ledger

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800
HEADER = "Order ID,Date,Email,Total,Currency,Status\n"
SALES = f"""{HEADER}R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,paid
R-2,2026-11-20T11:00:00Z,bo@example.org,7,USD,paid
R-3,2026-11-20T12:00:00Z,cy@example.org,5,EUR,pending
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CAPI_LEDGER", "CAPI_GRAPH_URL", "CAPI_DATASET_ID", "CAPI_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def graph():
    sandbox = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    with serve(sandbox) as running:
        sandbox.url = running.url
        yield sandbox


def send(graph, *files, now=NOW, **options):
    return importer.send(
        *(files or ("sales.csv",)), dataset="1001", token="any", graph_url=graph.url, now=now, **options
    )


def command(*arguments):
    done = subprocess.run([sys.executable, "-m", "importer", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_json(*arguments):
    return json.loads(command(*arguments, "--json"))


def rows(summary):
    return list(csv.DictReader(Path(summary.report).read_text(encoding="utf-8").splitlines()))


# ---------------------------------------------------------------------- runs


def test_runs_lists_the_newest_first_with_rows_money_and_the_place_of_the_report(here, graph):
    send(graph)
    send(graph, now="2026-11-24T23:00:00Z", report="second.csv")
    told = as_json("runs")["runs"]
    assert [one["run"] for one in told] == [2, 1]
    first = told[1]
    assert first["started"] == NOW
    assert (first["dataset"], first["host"]) == ("1001", graph.url.removeprefix("http://"))
    assert first["files"] == ["sales.csv"]
    assert first["rows"]["total"] == 3
    assert {name: count for name, count in first["rows"].items() if count} == {"total": 3, "accepted": 2, "skipped": 1}
    assert first["value"] == {"EUR": 12.5, "USD": 7.0}
    assert first["report"] == str(here / "sales.csv.report.csv")
    assert (told[0]["report"], told[0]["rows"]["duplicate"]) == (str(here / "second.csv"), 2)


def test_runs_with_a_number_shows_that_run_and_says_where_there_is_none_such(here, graph):
    send(graph)
    send(graph)
    assert [one["run"] for one in as_json("runs", "1")["runs"]] == [1]
    (run,) = importer.runs(1)
    assert run.started == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert run.value == {"EUR": Decimal("12.5"), "USD": Decimal(7)}
    with pytest.raises(UsageError, match="The ledger has no run 7; capi-import runs lists"):
        importer.runs(7)


def test_runs_in_words_names_the_files_and_the_money(here, graph):
    assert "The ledger knows of no run yet." in command("runs")
    send(graph)
    shown = command("runs")
    for words in ("Run 1", "2026-11-23 23:00 UTC to 1001", "sales.csv", "2 accepted", "12.50 EUR, 7.00 USD"):
        assert words in shown


def test_a_run_that_was_cut_off_is_listed_with_what_is_known(here):

    with open_ledger(here / "ledger.db") as ledger:
        ledger.begin("1001", ["in/sales.csv"], CLOCK)
    (run,) = importer.runs(ledger=here / "ledger.db")
    assert (run.files, run.rows, run.report, run.ended) == (("sales.csv",), {}, None, None)
    assert "cut off" in command("runs", "--ledger", "ledger.db")
