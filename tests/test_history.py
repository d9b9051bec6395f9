"""What a ledger tells afterwards: its runs, what was refunded after Meta had accepted it, and the proof of each sale."""

import csv
import hashlib
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
def here(here):
    (here / "sales.csv").write_text(SALES, encoding="utf-8")
    return here


@pytest.fixture
def graph():
    bodies = []
    options = SandboxOptions(refuse=[lambda request: bodies.append(request.body) if request.body else None])
    sandbox = Sandbox(options, clock=lambda: CLOCK)
    sandbox.bodies = bodies
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


# ---------------------------------------------------------------------- refunds


def export(name, *lines):
    Path(name).write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return name


def later(line):
    """An export of that row and of another sale, which was paid."""
    return export("later.csv", line, "Z-0,2026-11-20T10:00:00Z,zoe@example.com,1,EUR,paid")


def reasons(summary):
    return [f"{row['status']} {row['reason']}".strip() for row in rows(summary)]


def test_a_month_of_exports_with_refunds(here, graph):
    """Four weekly exports, each of which repeats the month so far, its statuses as they are by then."""
    first = [
        f"W-{number},2026-11-0{number}T10:00:00Z,buyer{number}@example.com,{number}0,EUR,paid" for number in (1, 2, 3)
    ]
    weeks = [
        first,
        [first[0].replace("paid", "refunded"), *first[1:], "W-4,2026-11-10T10:00:00Z,dan@example.com,40,USD,paid"],
        [first[0].replace("paid", "refunded"), first[1].replace("paid", "cancelled"), first[2], "W-5,2026-11-17T10:00:00Z,e@example.com,50,EUR,refunded"],
        ["W-5,2026-11-17T10:00:00Z,e@example.com,50,EUR,refunded", "W-4,2026-11-10T10:00:00Z,dan@example.com,40,USD,refunded", "W-6,2026-11-20T10:00:00Z,f@example.com,1,USD,paid"],
    ]  # fmt: skip
    told = [reasons(send(graph, export(f"week{number}.csv", *lines))) for number, lines in enumerate(weeks)]
    after, again = "skipped refunded_after_acceptance", "duplicate earlier_run"
    assert told == [
        ["accepted"] * 3,
        [after, again, again, "accepted"],
        [after, after, again, "skipped refunded"],
        ["skipped refunded", after, "accepted"],
    ]
    found = as_json("runs", "--refunds")
    dataset = {"dataset": "1001", "host": graph.url.removeprefix("http://")}
    assert found["refunds"] == [
        {"order_id": "W-1", **dataset, "event_time": "2026-11-01T10:00:00Z", "value": 10.0, "currency": "EUR"},
        {"order_id": "W-2", **dataset, "event_time": "2026-11-02T10:00:00Z", "value": 20.0, "currency": "EUR"},
        {"order_id": "W-4", **dataset, "event_time": "2026-11-10T10:00:00Z", "value": 40.0, "currency": "USD"},
    ]
    assert found["totals"] == [
        {"month": "2026-11", **dataset, "currency": "EUR", "sales": 2, "value": 30.0},
        {"month": "2026-11", **dataset, "currency": "USD", "sales": 1, "value": 40.0},
    ]
    assert importer.runs(refunds=True).totals[0].value == Decimal(30)
    shown = command("runs", "--refunds")
    assert "Meta counts too high by:" in shown
    assert "30.00" in shown
    assert graph.summary().received == 5


def test_check_tells_of_the_same_refunds_and_writes_nothing(here, graph):
    send(graph)
    file = later("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,refunded")
    before = Path(importer.state_folders.default_ledger()).read_bytes()
    summary = importer.check(file, dataset="1001", graph_url=graph.url, now=NOW)
    row = rows(summary)[0]
    assert (row["status"], row["reason"]) == ("skipped", "refunded_after_acceptance")
    assert "sales.csv on 2026-11-23" in row["message"]
    assert row["event_id"]
    assert importer.runs(refunds=True).refunds == ()
    assert Path(importer.state_folders.default_ledger()).read_bytes() == before
    assert reasons(importer.check(file, now=NOW)) == ["skipped refunded", "ready"]  # no dataset: nothing is looked up


@pytest.mark.parametrize(
    ("line", "is_refund"),
    [
        ("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,refunded", True),
        ("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,cancelled", True),
        ("R-1,2026-10-31T10:00:00Z,,9.99,EUR,refunded", True),  # with what is left of its amount
        ("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,0,EUR,paid", True),
        ("R-1,2026-11-07T10:00:00Z,ada.lovelace@example.com,-12.50,EUR,paid", True),  # a row of its own, of a later day
        ("R-1,2026-11-07T10:00:00Z,ada.lovelace@example.com,-5,EUR,paid", False),  # a part of it
        ("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,-5,EUR,paid", False),
        ("R-1,2026-11-09T10:00:00Z,cy@example.org,12.50,EUR,refunded", False),  # another sale that bears the id again
        ("R-1,2026-11-09T10:00:00Z,ada.lovelace@example.com,80,EUR,refunded", False),
        ("R-9,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,refunded", False),
        ("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,pending", False),
    ],
)
def test_which_rows_take_back_an_accepted_sale(here, graph, line, is_refund):
    send(graph)
    row = rows(send(graph, later(line)))[0]
    assert row["status"] == "skipped"
    assert (row["reason"] == "refunded_after_acceptance") is is_refund
    assert [(one.order_id, one.value) for one in importer.runs(refunds=True).refunds] == (
        [("R-1", Decimal("12.5"))] if is_refund else []
    )


def test_a_sale_without_order_id_is_known_by_its_customer(here, graph):
    text = "Date,Email,Total,Currency,Status\n2026-11-20T10:00:00Z,ada@example.com,12.50,EUR,{}\n"
    text += "2026-11-20T11:00:00Z,bo@example.com,12.50,EUR,paid\n"
    for name, status in (("a.csv", "paid"), ("b.csv", "refunded")):
        Path(name).write_text(text.format(status), encoding="utf-8")
    assert reasons(send(graph, "a.csv")) == ["accepted"] * 2
    assert reasons(send(graph, "b.csv")) == ["skipped refunded_after_acceptance", "duplicate earlier_run"]
    (found,) = importer.runs(refunds=True).refunds
    assert (found.order_id, found.value, found.event_time.hour) == (None, Decimal("12.5"), 10)


def test_one_refunded_line_is_no_refunded_order_and_all_of_them_are(here, graph):
    header = "Order ID,Date,Email,Item,Quantity,Line total,Currency,Status\n"
    lines = "".join(
        f"{order},2026-11-20T10:00:00Z,b{order}@example.com,{item},1,{price},EUR,{{{place}}}\n"
        for place, (order, item, price) in enumerate([("A", "x", 3), ("A", "y", 4), ("B", "x", 3), ("B", "z", 5)])
    )
    for name, words in (("a.csv", ["paid"] * 4), ("b.csv", ["refunded", "paid", "refunded", "refunded"])):
        Path(name).write_text(header + lines.format(*words), encoding="utf-8")
    assert reasons(send(graph, "a.csv", rows="line")) == ["accepted"] * 4
    assert reasons(send(graph, "b.csv", rows="line")) == [
        "skipped refunded",
        "duplicate amended",
        "skipped refunded_after_acceptance",
        "skipped refunded_after_acceptance",
    ]
    assert [(one.order_id, one.value) for one in importer.runs(refunds=True).refunds] == [("B", Decimal(8))]


def test_a_sale_that_its_run_shows_refunded_is_not_sent_and_one_accepted_before_is_listed(here, graph):
    paid = "X-1,2026-11-20T10:00:00Z,ada@example.com,12.50,EUR,paid"
    export("a.csv", paid)
    export("b.csv", paid.replace("paid", "refunded"), paid.replace("X-1", "X-0"))
    export("c.csv", paid.replace("X-1", "X-2"), paid.replace("X-1", "X-2").replace("12.50", "-12.50"))
    assert reasons(send(graph, "a.csv", "b.csv")) == ["skipped refunded", "skipped refunded", "accepted"]
    assert reasons(send(graph, "c.csv", rows="order")) == ["skipped refunded", "skipped negative_value"]
    assert importer.runs(refunds=True).refunds == ()
    export("c.csv", paid.replace("X-1", "X-2"))
    assert reasons(send(graph, "c.csv")) == ["accepted"]
    export("c.csv", paid.replace("X-1", "X-2"), paid.replace("X-1", "X-2").replace("12.50", "-12.50"))
    assert reasons(send(graph, "c.csv", rows="order")) == ["skipped refunded", "skipped refunded_after_acceptance"]
    assert [one.order_id for one in importer.runs(refunds=True).refunds] == ["X-2"]


def test_a_refund_in_another_dataset_is_none_here(here, graph):
    send(graph)
    file = later("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,refunded")
    other = importer.send(file, dataset="1002", token="any", graph_url=graph.url, now=NOW)
    assert reasons(other) == ["skipped refunded", "accepted"]


def test_refunds_stay_known_when_the_sale_is_forgotten(here, graph):
    send(graph)
    send(graph, later("R-1,2026-10-31T10:00:00Z,ada.lovelace@example.com,12.50,EUR,refunded"))
    importer.forget(f"1001@{graph.url.removeprefix('http://')}", "2100-01-01")
    assert [one.order_id for one in importer.runs(refunds=True).refunds] == ["R-1"]


# ---------------------------------------------------------------------- proof


def events_in(bodies):
    """The events of requests, each with its JSON as it stood there."""
    for body in bodies:
        text, place = body.decode(), len('{"data":[')
        while text[place] == "{":
            event, end = json.JSONDecoder().raw_decode(text, place)
            yield event, text[place:end]
            place = end + 1


def test_an_audit_proves_what_was_sent_and_names_no_customer(here, graph):
    text = (
        HEADER
        + "ada.lovelace@example.com,2026-11-20T10:00:00Z,ada.lovelace@example.com,3,EUR,paid\n"
        + SALES[len(HEADER) :]
    )
    (here / "sales.csv").write_text(text, encoding="utf-8")
    told = [row for row in rows(send(graph, map=["Order ID=order_id"])) if row["status"] == "accepted"]
    send(graph, map=["Order ID=order_id"])
    command("runs", "1", "--audit", "one.jsonl")
    lines = [json.loads(line) for line in Path("one.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (here / "one.jsonl").stat().st_mode & 0o777 == 0o600
    posted = {event["event_id"]: sent for event, sent in events_in(graph.bodies)}
    assert [(line["event_id"], line["trace"]) for line in lines] == [(row["event_id"], row["trace"]) for row in told]
    for line, row in zip(lines, told, strict=True):
        assert list(line) == [
            "time", "dataset", "host", "order_id", "event_id", "event_name", "event_time", "status", "body_sha256", "trace",
        ]  # fmt: skip
        assert (line["dataset"], line["status"], line["event_time"]) == ("1001", "accepted", row["event_time"])
        assert line["body_sha256"] == hashlib.sha256(posted[line["event_id"]].encode()).hexdigest()
    assert [line["order_id"] for line in lines] == [None, "R-1", "R-2"]
    written = Path("one.jsonl").read_text(encoding="utf-8")
    for person in ("ada.lovelace@example.com", "bo@example.org"):
        assert person not in written
        assert hashlib.sha256(person.encode()).hexdigest() not in written
    command("runs", "2", "--audit", "two.jsonl")
    assert Path("two.jsonl").read_text(encoding="utf-8") == ""


def test_an_audit_replaces_no_file_and_is_of_one_run(here, graph):
    send(graph)
    for audit in ("sales.csv", importer.state_folders.default_ledger()):
        with pytest.raises(UsageError, match="an audit never replaces a file"):
            importer.runs(1, audit=audit)
    assert (here / "sales.csv").read_text(encoding="utf-8") == SALES
    with pytest.raises(UsageError, match="--audit FILE is of one run"):
        importer.runs(audit="x.jsonl")
    assert not Path("x.jsonl").exists()
