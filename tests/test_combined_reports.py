"""Two weeks of a weekly import and the account of both: each sale once, as it stands now."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import importer
from importer.commands.report import report as combine
from importer.core.model import Status
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.results.facts import Facts, FileFacts
from importer.results.summary import summary_of
from importer.results.summary_page.day_chart import by_day

WEEK_1, WEEK_2 = "2026-11-16T20:00:00Z", "2026-11-23T20:00:00Z"
HEADER = "Bestellnr;E-Mail;Datum;Betrag;Währung\r\n"


def line(number: int, day: int, *, amount: str = "", date: str | None = None) -> str:
    told = f"{day:02}.11.2026 10:{number:02}" if date is None else date
    return f"R-{number:03};k{number}@example.de;{told};{amount or f'{number + 10},90'};EUR\r\n"


def export(path: str, lines: list[str]) -> None:
    Path(path).write_bytes((HEADER + "".join(lines)).encode("cp1252"))


GOOD_1 = [line(number, 9 + number % 6) for number in range(10)]
OLD = line(40, 1, date="01.08.2026 10:00")
BAD_1 = [line(20, 10, amount="zwölf"), line(21, 11, date="")]
GOOD_2 = [line(number, 16 + number % 6) for number in range(10, 18)]
BAD_2 = [line(22, 20, date="31.11.2026")]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def run(here):
    with serve(Sandbox(SandboxOptions())) as sandbox:

        def call(*arguments: str, now: str = WEEK_1):
            given = ["--timezone", "Europe/Berlin", "--now", now]
            if arguments[0] == "send":
                given += ["--dataset", "1001", "--graph-url", sandbox.url]
            environ = os.environ | {"CAPI_ACCESS_TOKEN": "any", "PYTHONPATH": os.pathsep.join(sys.path)}
            return subprocess.run(
                [sys.executable, "-m", "importer", *arguments, *(given if arguments[0] != "report" else [])],
                env=environ, capture_output=True, text=True, encoding="utf-8", check=False,
            )  # fmt: skip

        yield call


def everything() -> list[str]:
    return sorted(path.name for path in Path().iterdir() if path.is_file() and path.suffix != ".db")


def test_two_weeks_of_a_weekly_import_with_a_rehearsal_and_fixed_rejects_in_between(run) -> None:
    held: dict[str, bytes] = {}

    def nothing_of_before_is_changed(*replaced: str) -> None:
        for name, content in held.items():
            assert name in replaced or Path(name).read_bytes() == content, name
        held.update({name: Path(name).read_bytes() for name in everything()})

    export("week1.csv", [*GOOD_1, *BAD_1, OLD])
    weekly = ["--rejects", "fix.csv", "--report", "week.parquet", "--summary", "week.html"]
    assert run("check", "week1.csv", "--rejects", "look.csv").returncode == 1
    nothing_of_before_is_changed()
    assert run("check", "week1.csv", "--rejects", "look.csv").returncode == 1
    nothing_of_before_is_changed("week1.csv.check.csv", "look.csv")
    first = run("send", *everything(), *weekly, "--json")
    assert (first.returncode, json.loads(first.stdout)["rows"]["accepted"]) == (1, 10), first.stderr
    assert (
        "Not read, since this program wrote them: look.csv (rejects file), week1.csv.check.csv (report)" in first.stderr
    )
    nothing_of_before_is_changed()
    text = Path("fix.csv").read_text(encoding="cp1252")
    assert re.findall(r"R-\d+", text) == ["R-020", "R-021"]  # not the one that is too old
    Path("fix.csv").write_text(text.replace("zwölf", "12,50").replace(";;", ";11.11.2026 10:21;"), encoding="cp1252")
    nothing_of_before_is_changed("fix.csv")

    export("week2.csv", [*GOOD_1[5:], *BAD_1, *GOOD_2, *BAD_2])
    assert run("check", "week1.csv", "week2.csv", "fix.csv", "--rejects", "look.csv", now=WEEK_2).returncode == 1
    nothing_of_before_is_changed("week1.csv.check.csv", "look.csv")
    second = run("send", *everything(), *weekly, "--json", now=WEEK_2)
    told = json.loads(second.stdout)
    assert second.returncode == 1
    assert told["files"] == ["fix.csv", "week1.csv", "week2.csv"]
    assert (told["rejects"], told["report"]) == ("fix-2.csv", "week-2.parquet")
    assert told["rows"]["accepted"] == 10  # eight new ones and two that were fixed
    assert "fix.csv is there already; this run's is fix-2.csv." in second.stderr
    nothing_of_before_is_changed()

    Path("week2.csv").unlink()
    Path("week1.csv").unlink()
    third = run("send", *everything(), *weekly, "--json", now=WEEK_2)  # nothing new came
    assert json.loads(third.stdout)["rows"]["duplicate"] == 2
    assert third.returncode == 0
    for name in ("week1.csv", "week2.csv"):
        held.pop(name)
    nothing_of_before_is_changed()

    both = run("report", "week.parquet", "week-2.parquet", "week-3.parquet", "--summary", "both.html", "--json")
    account = json.loads(both.stdout)
    assert account["rows"] == {
        "total": 22, "accepted": 20, "ready": 0, "duplicate": 0, "skipped": 0, "invalid": 2, "rejected": 0, "unsent": 0,
    }  # fmt: skip
    assert account["reasons"] == {"invalid": {"bad_event_time": 1, "too_old": 1}}
    money = sum(Decimal(number + 10) + Decimal("0.90") for number in range(18)) + Decimal("12.50") + Decimal("31.90")
    assert account["value"] == {"EUR": float(money)}
    assert both.returncode == 1
    nothing_of_before_is_changed()
    assert run("report", "week-2.parquet", "week.parquet", "--summary", "both.html").returncode == 1  # its own page
    Path("both.html").write_text("mine", encoding="utf-8")
    assert run("report", "week.parquet", "--summary", "both.html").returncode == 2
    assert Path("both.html").read_text(encoding="utf-8") == "mine"


# --- each rule by itself, on reports as they are written

COLUMNS = (
    "file,sheet,row,line,status,field,reason,message,warnings,order_id,event_id,event_name,event_time,value,currency,"
    "match_keys,error_code,error_subcode,trace"
)


def stored(name: str, *rows: dict[str, str], day: int = 1) -> Path:
    """Write a report as CSV, whose file is as old as it says."""
    lines = [COLUMNS]
    for number, row in enumerate(rows, start=1):
        full = {"file": f"{name}.csv", "row": str(number), "line": str(number + 1), "event_name": "Purchase"}
        full |= {"event_time": "2026-11-10T10:00:00Z", "value": "10.00", "currency": "EUR"} | row
        lines.append(",".join(full.get(column, "") for column in COLUMNS.split(",")))
    path = Path(f"{name}.report.csv")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.utime(path, (1_700_000_000 + day * 86_400,) * 2)
    return path


A, B = "a" * 32, "b" * 32
ACCEPTED = {"status": "accepted", "order_id": "7", "event_id": A}
SENT = {"status": "duplicate", "reason": "earlier_run", "order_id": "7", "event_id": A}
INVALID = {"status": "invalid", "reason": "no_match_keys", "order_id": "7"}
UNSENT = {"status": "unsent", "reason": "run_stopped", "order_id": "7", "event_id": A}
REFUSED = {"status": "rejected", "reason": "meta_rejected", "order_id": "7", "event_id": A}
UNPAID = {"status": "skipped", "reason": "unpaid", "order_id": "7"}
REFUNDED = {"status": "skipped", "reason": "refunded", "order_id": "7"}


@pytest.mark.parametrize(
    ("first", "second", "now"),
    [
        ([ACCEPTED], [SENT], {"accepted": 1}),
        ([INVALID], [ACCEPTED], {"accepted": 1}),
        ([UNSENT], [ACCEPTED], {"accepted": 1}),
        ([REFUSED], [ACCEPTED], {"accepted": 1}),
        ([REFUSED], [REFUSED], {"rejected": 1}),
        ([REFUSED], [REFUNDED], {"skipped": 1}),
        ([UNPAID], [ACCEPTED], {"accepted": 1}),
        ([UNPAID], [INVALID], {"invalid": 1}),
        ([INVALID], [REFUNDED], {"skipped": 1}),
        ([INVALID], [INVALID], {"invalid": 1}),
        ([INVALID], [SENT], {"duplicate": 1}),
        ([ACCEPTED], [INVALID], {"accepted": 1}),
        ([ACCEPTED], [REFUNDED], {"accepted": 1}),
        ([SENT], [SENT], {"duplicate": 1}),
        ([INVALID], [ACCEPTED | {"value": "12.00"}], {"accepted": 1}),
        ([INVALID | {"event_time": ""}], [ACCEPTED], {"accepted": 1}),
        ([INVALID], [INVALID, ACCEPTED], {"accepted": 1}),  # the export as it was, and the fixed row, in one run
        ([ACCEPTED, ACCEPTED], [SENT, SENT], {"accepted": 2}),  # lines of one order
        # a number that is used again is another sale
        ([INVALID], [ACCEPTED | {"value": "99.00", "event_time": "2026-11-20T11:00:00Z"}], {"invalid": 1, "accepted": 1}),
        ([ACCEPTED], [ACCEPTED | {"event_id": B}], {"accepted": 2}),
        ([INVALID], [ACCEPTED | {"event_name": "Lead"}], {"invalid": 1, "accepted": 1}),
        # rows without a number are told as they stand
        ([INVALID | {"order_id": ""}], [ACCEPTED], {"invalid": 1, "accepted": 1}),
    ],
)  # fmt: skip
def test_a_sale_is_told_once_as_it_stands_now_whatever_the_order_of_the_reports(here, first, second, now) -> None:
    paths = [stored("week1", *first, day=1), stored("week2", *second, day=8)]
    for order in (paths, paths[::-1]):
        summary = combine(*order, summary="both.html")
        assert {status: rows for status, rows in summary.rows.items() if rows} == now


def test_an_order_id_that_every_row_bears_takes_no_more_than_any_other(here) -> None:
    """Each row compared with each other one, 30,000 of them took a quarter of an hour."""
    times = [f"2026-10-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z" for n in range(15_000)]
    rows = [INVALID | {"value": f"{number}.00", "event_time": time} for number, time in enumerate(times)]
    fixed = [ACCEPTED | {"value": f"{number}.00", "event_id": f"{number:032x}"} for number in range(5_000)]
    summary = combine(
        stored("week1", *rows, day=1), stored("week2", *rows[:14_000], *fixed, day=8), summary="both.html"
    )
    assert (summary.rows["accepted"], summary.rows["invalid"]) == (5_000, 10_000)


def test_one_report_is_told_as_it_is(here) -> None:
    summary = importer.report(stored("week1", INVALID, ACCEPTED, SENT | {"reason": "same_file"}))
    assert (summary.rows[Status.INVALID], summary.rows[Status.ACCEPTED], summary.rows[Status.DUPLICATE]) == (1, 1, 1)


def test_fixed_rejects_without_order_ids_are_known_by_the_name_of_the_rejects(here) -> None:
    sales = "email,event_time,value,currency\n" + "".join(
        f"k{n}@example.com,2026-11-1{n}T10:00:00Z,{n}.50,EUR\n" if n else "z@example.com,,5.00,EUR\n" for n in range(5)
    )
    Path("sales.csv").write_text(sales, encoding="utf-8")
    with serve(Sandbox(SandboxOptions())) as sandbox:
        told = {"dataset": "1001", "token": "any", "graph_url": sandbox.url, "now": WEEK_1, "rejects": "fix.csv"}
        importer.send("sales.csv", **told, report="one.parquet")
        fixed = Path("fix.csv").read_text(encoding="utf-8").replace("com,,", "com,2026-11-12T10:00:00Z,")
        Path("fix.csv").write_text(fixed, encoding="utf-8")
        importer.send("fix.csv", **told, report="two.parquet")
    summary = importer.report("one.parquet", "two.parquet")
    assert (summary.rows["accepted"], summary.rows["invalid"], summary.total) == (5, 0, 5)


def test_all_days_of_several_reports_are_drawn(totals_by_day) -> None:
    totals, now = totals_by_day(365)
    one, several = by_day(totals, now, check=False), by_day(totals, now, check=False, several=True)
    assert one is not None
    assert several is not None
    assert "older than" in one.note
    assert (several.unit, several.note, len(several.plots[0].boxes), several.plots[0].bands) == ("day", "", 365, ())
    totals, now = totals_by_day(500)
    months = by_day(totals, now, check=False, several=True)
    assert months is not None
    assert (months.unit, months.note) == ("month", "")


@pytest.fixture
def totals_by_day():
    from importer.results.totals import SalesKey, Sum, Totals

    def build(days: int):
        now = 1_795_000_000
        import datetime as dt

        today = dt.datetime.fromtimestamp(now, dt.UTC).date()
        keys = [(today - dt.timedelta(days=back)).isoformat() for back in range(days)]
        return Totals(sales={SalesKey(key, "accepted", "EUR"): Sum(1, Decimal(1), 1) for key in keys}), now

    return build


def test_the_advice_of_all_runs_is_told_with_its_files() -> None:
    from importer.results.totals import Totals

    runs = [
        Facts("send", files=(FileFacts("a.csv"),), advice=("Import every day.", "3 sales have no e-mail.")),
        Facts("send", files=(FileFacts("b.csv"),), advice=("Import every day.",)),
    ]
    advice = summary_of(Totals(), runs).advice
    assert advice == ("Import every day.", "a.csv: 3 sales have no e-mail.")
