"""A sale whose refund stands on a row of its own in the same run is not sent, wherever in the run that row stands."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

import importer
from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES
from importer.core.run_refunds import RefundRow, Sale, taken_back
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
HEADER = "Order ID,Date,Email,Total,Currency,Status"
SALE = "1042,2026-11-18T10:00:00Z,ada@example.com,30.00,EUR,paid"
BACK = "1042,2026-11-20T09:00:00Z,ada@example.com,-30.00,EUR,refund"
OTHER = "2000,2026-11-19T10:00:00Z,bo@example.com,7.00,EUR,paid"
LEFT_OUT = "1 sale (30.00 EUR) is left out, since another row of the run shows the refund or cancellation; the report says which."
GONE = ("skipped", "refunded", "order_id:refunded_elsewhere")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CAPI_LEDGER", "CAPI_GRAPH_URL", "CAPI_DATASET_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", "any")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def meta():
    sandbox = Sandbox(SandboxOptions(), clock=lambda: 1_795_474_800)
    with serve(sandbox) as running:
        sandbox.url = running.url
        yield sandbox


def as_csv(name, header, rows):
    Path(name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return name


def as_parquet(name, header, rows):
    text = "\n".join([header, *rows, ""]).encode()
    texts = {column: pa.string() for column in header.split(",") if column != "Total"}
    options = pacsv.ConvertOptions(column_types=texts | {"Total": pa.decimal128(12, 2)})
    pq.write_table(pacsv.read_csv(io.BytesIO(text), convert_options=options), name)
    return name


def as_xlsx(name, header, rows):
    book = openpyxl.Workbook()
    book.active.append(header.split(","))
    for row in rows:
        book.active.append([float(cell) if place == 3 else cell for place, cell in enumerate(row.split(","))])
    book.save(name)
    return name


WRITERS = {"csv": as_csv, "parquet": as_parquet, "xlsx": as_xlsx}


def rows_of(report):
    with Path(report).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def became(summary):
    """What became of each order's rows: status, reason and warnings, in the report's order."""
    return [(row["order_id"], row["status"], row["reason"], row["warnings"]) for row in rows_of(summary.report)]


def of(order, summary):
    """The sale's row: the first one of its order whose amount is not negative."""
    return next((status, reason, notes) for name, status, reason, notes in became(summary) if name == order)


def check(*files, **options):
    return importer.check(*files, **{"now": NOW, "rows": "order", "force": True} | options)


def sent(meta, *files, **options):
    told = {"dataset": "1001", "graph_url": meta.url, "now": NOW, "rows": "order"}
    return importer.send(*files, **told | options)


def orders(meta):
    return sorted(event["custom_data"]["order_id"] for event in meta.events("1001"))


# ---------------------------------------------------------------------- where it stands


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("order", list(permutations([SALE, BACK, OTHER])))
def test_a_refund_of_the_same_file_takes_its_sale_back_before_and_after_it(meta, kind, order):
    file = WRITERS[kind](f"sales.{kind}", HEADER, order)
    summary = sent(meta, file)
    told = {row["value"]: (row["status"], row["reason"], row["warnings"]) for row in rows_of(summary.report)}
    assert told["30.00"] == GONE
    assert told["-30.00"] == ("skipped", "refund", "")
    assert orders(meta) == ["2000"]
    assert LEFT_OUT in summary.notices
    assert summary.ok


@pytest.mark.parametrize("kinds", [("csv", "csv"), ("csv", "parquet"), ("parquet", "xlsx"), ("xlsx", "csv")])
@pytest.mark.parametrize("sale_first", [True, False])
def test_a_refund_of_another_file_takes_the_sale_back_whichever_comes_first(meta, kinds, sale_first):
    files = [WRITERS[kinds[0]](f"sales.{kinds[0]}", HEADER, [SALE, OTHER])]
    files.append(WRITERS[kinds[1]](f"backs.{kinds[1]}", HEADER, [BACK, OTHER.replace("2000", "2001")]))
    summary = sent(meta, *(files if sale_first else files[::-1]), report="report.csv")
    row = next(row for row in rows_of("report.csv") if row["value"] == "30.00")
    assert (row["status"], row["reason"]) == ("skipped", "refunded")
    assert row[
        "message"
    ] == f"Another row shows the sale refunded in full ({files[1]}, line 2), so it is not sent." or (
        kinds[1] == "parquet"
    )
    assert orders(meta) == ["2000", "2001"]
    assert LEFT_OUT in summary.notices


def test_it_holds_for_another_sheet_and_in_memory(meta):
    book = openpyxl.Workbook()
    for sheet, row in ((book.active, SALE), (book.create_sheet("Returns"), BACK)):
        for line in (HEADER, row, OTHER.replace("2000", f"{sheet.title}-1")):
            sheet.append(
                [
                    float(cell) if cell.strip("-").replace(".", "", 1).isdigit() and "." in cell else cell
                    for cell in line.split(",")
                ]
            )
    book.save("book.xlsx")
    sent(meta, "book.xlsx", all_sheets=True)
    assert orders(meta) == ["Returns-1", "Sheet-1"]
    table = [dict(zip(HEADER.split(","), line.split(","), strict=True)) for line in (BACK, SALE, OTHER)]
    summary = check(table, report="memory.csv")
    assert [status for _, status, _, _ in became(summary)] == ["skipped", "skipped", "ready"]


@pytest.mark.parametrize(("far", "before"), [(BATCH_ROWS + 10, True), (ROWS_WITHOUT_BODIES + 10, False)])
def test_a_refund_of_another_batch_takes_the_sale_back(far, before):
    between = [f"{n},2026-11-19T10:00:00Z,b{n}@example.com,7.00,EUR,paid" for n in range(5000, 5000 + far)]
    as_csv("sales.csv", HEADER, [BACK, *between, SALE] if before else [SALE, *between, BACK])
    summary = check("sales.csv")
    assert summary.rows["ready"] == far
    assert summary.reasons == {"skipped": {"refunded": 1, "refund": 1}}
    done = importer.prepare("sales.csv", out="out", now=NOW, rows="order")
    assert done.ended == {"skipped": 2}


def test_the_command_says_how_many_sales_and_how_much_money(here):
    as_csv("sales.csv", HEADER, [SALE, BACK, OTHER])
    command = [sys.executable, "-m", "importer", "check", "sales.csv", "--rows", "order", "--now", NOW]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "1 sale (30.00 EUR) is left out" in shown
    as_json = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout
    assert LEFT_OUT in json.loads(as_json)["notices"]


def test_prepared_rows_are_delivered_without_the_sale(meta):
    as_csv("a.csv", HEADER, [SALE, OTHER])
    as_csv("b.csv", HEADER, [BACK, OTHER.replace("2000", "2001")])
    importer.prepare("a.csv", "b.csv", out="out", now=NOW, rows="order")
    importer.deliver("out", dataset="1001", graph_url=meta.url, now=NOW, report="report.csv")
    assert orders(meta) == ["2000", "2001"]


# ---------------------------------------------------------------------- which refunds count


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (BACK, "skipped"),
        (BACK.replace("-30.00", "30.00"), "skipped"),
        (BACK.replace("refund", "paid"), "skipped"),  # the sign alone
        (BACK.replace("ada@example.com", ""), "skipped"),
        (BACK.replace("1042", "01042"), "ready"),  # another id
        (BACK.replace("EUR", "USD"), "ready"),
        (BACK.replace("ada@", "cy@"), "ready"),  # another customer's sale bears the id
        (BACK.replace("2026-11-20", "2026-11-17"), "skipped"),  # the same customer's, whatever its date
        (BACK.replace("2026-11-20", "2026-11-17").replace("ada@example.com", ""), "ready"),  # of a sale before it
        ("1042,2026-11-18T09:55:00Z,ada@example.com,30.00,EUR,cancelled", "ready"),  # a payment tried in vain
        ("1042,2026-11-18T10:30:00Z,ada@example.com,30.00,EUR,cancelled", "skipped"),
        ("1042,2026-11-18T10:30:00Z,ada@example.com,12.00,EUR,cancelled", "ready"),
        ("1042,2026-11-18T10:30:00Z,ada@example.com,0,EUR,paid", "ready"),
        ("1042,2026-11-20T10:30:00Z,ada@example.com,-31.00,EUR,refund", "skipped"),  # with what it cost to send back
    ],
)
def test_which_rows_of_a_file_take_a_sale_back(row, status):
    as_csv("sales.csv", HEADER, [SALE, OTHER, row])
    assert of("1042", check("sales.csv"))[0] == status


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (SALE.replace("paid", "refunded"), "skipped"),
        (SALE.replace("paid", "cancelled"), "skipped"),
        (SALE.replace("paid", "refunded").replace("30.00", "4.00"), "skipped"),  # with what is left of its amount
        (SALE.replace("30.00", "0"), "skipped"),
        (SALE.replace("paid", "pending"), "ready"),
        (SALE.replace("paid", "refunded").replace("ada@", "cy@"), "ready"),
        (SALE.replace("paid", "refunded").replace("2026-11-18", "2026-11-21").replace("30.00", "80"), "ready"),
    ],
)
def test_which_rows_of_a_later_export_take_a_sale_back(row, status):
    as_csv("a.csv", HEADER, [SALE, OTHER])
    as_csv("b.csv", HEADER, [row, OTHER.replace("2000", "2001")])
    summary = check("a.csv", "b.csv", report="report.csv")
    assert of("1042", summary)[0] == status
    first = check("b.csv", "a.csv", report="report.csv")
    is_zero = ",0," in row
    assert [entry[1] for entry in became(first)][2] == ("ready" if is_zero else status)


@pytest.mark.parametrize(
    "header", ["Original Order ID", "Refund for", "Parent order", "Reference Txn ID", "Ursprungsbeleg Nr"]
)
def test_a_refund_with_a_number_of_its_own_names_its_sale_in_another_column(meta, header):
    rows = ["1042,2026-11-18T10:00:00Z,ada@example.com,30.00,EUR,", "R-7,2026-11-20T09:00:00Z,,-30.00,EUR,1042"]
    as_csv("sales.csv", f"Order ID,Date,Email,Total,Currency,{header}", [*rows, OTHER.replace("paid", "")])
    sent(meta, "sales.csv")
    assert orders(meta) == ["2000"]
    assert importer.runs(refunds=True).refunds == ()


def test_a_linked_refund_of_a_sale_accepted_before_is_listed(meta):
    header = "Order ID,Date,Email,Total,Currency,Original Order ID"
    as_csv("a.csv", header, ["1042,2026-11-18T10:00:00Z,ada@example.com,30.00,EUR,"])
    as_csv("b.csv", header, ["R-7,2026-11-20T09:00:00Z,,-30.00,EUR,1042", OTHER.replace("paid", "")])
    sent(meta, "a.csv")
    assert became(sent(meta, "b.csv"))[0][:3] == ("R-7", "skipped", "refunded_after_acceptance")
    assert [one.order_id for one in importer.runs(refunds=True).refunds] == ["1042"]


def test_a_refund_is_of_a_sale_in_its_own_dataset():
    Path("datasets.toml").write_text('[store.A]\ndataset = "1"\n[store.B]\ndataset = "2"\n', encoding="utf-8")
    as_csv("sales.csv", f"{HEADER},Store", [f"{SALE},A", f"{SALE},B", f"{BACK},B"])
    summary = check("sales.csv", dataset_column="Store", datasets="datasets.toml")
    assert [entry[1:3] for entry in became(summary)] == [("ready", ""), ("skipped", "refunded"), ("skipped", "refund")]


def test_a_customer_of_a_joined_file_tells_whose_refund_it_is():
    as_csv("people.csv", "Customer ID,Email", ["7,ada@example.com", "8,bo@example.com"])
    rows = [line.replace("ada@example.com", "7") for line in (SALE, BACK.replace("ada@example.com", "8"))]
    rows += [line.replace("1042", "1043") for line in (rows[0].replace(",7,", ",8,"), rows[1])]
    as_csv("sales.csv", HEADER.replace("Email", "Customer ID"), rows)
    summary = check("sales.csv", customers="people.csv", join_on="Customer ID")
    assert [entry[1] for entry in became(summary)] == ["ready", "skipped", "skipped", "skipped"]


# ---------------------------------------------------------------------- in part


def part(amount, *, day=20, order="1042"):
    return f"{order},2026-11-{day}T09:00:00Z,ada@example.com,-{amount},EUR,refund"


def test_a_sale_refunded_in_part_is_sent_whole_and_told(meta):
    as_csv("sales.csv", HEADER, [SALE, part("10.00"), OTHER])
    summary = sent(meta, "sales.csv")
    assert of("1042", summary) == ("accepted", "", "value:refunded_in_part")
    assert [event["custom_data"]["value"] for event in meta.events("1001")] == [30, 7]
    assert summary.warnings["value:refunded_in_part"] == 1
    assert not any("left out" in notice for notice in summary.notices)


@pytest.mark.parametrize("parts", [("10.00", "20.00"), ("15.00", "15.00"), ("10", "10", "10")])
def test_parts_that_come_to_the_whole_amount_take_the_sale_back(parts):
    as_csv("sales.csv", HEADER, [SALE, *map(part, parts), OTHER])
    assert of("1042", check("sales.csv")) == GONE
    as_csv("a.csv", HEADER, [part(parts[0]), SALE, OTHER])
    as_csv("b.csv", HEADER, [*map(part, parts[1:]), OTHER.replace("2000", "2001")])
    told = check("a.csv", "b.csv", report="r.csv").notices
    assert (LEFT_OUT in told) is (parts[0] not in parts[1:])


def test_what_two_exports_say_alike_is_refunded_once():
    as_csv("a.csv", HEADER, [SALE, part("15.00"), OTHER])
    as_csv("b.csv", HEADER, [part("15.00"), OTHER.replace("2000", "2001")])
    assert of("1042", check("a.csv", "b.csv", report="r.csv")) == ("ready", "", "value:refunded_in_part")
    as_csv("b.csv", HEADER, [part("15.00"), part("15.00", day=21), OTHER.replace("2000", "2001")])
    assert of("1042", check("a.csv", "b.csv", report="r.csv")) == GONE


def test_parts_of_a_sale_accepted_before_are_listed_once_an_export_shows_all_of_them(meta):
    as_csv("sale.csv", HEADER, [SALE, OTHER])
    sent(meta, "sale.csv")
    as_csv("first.csv", HEADER, [part("10.00"), OTHER.replace("2000", "2001")])
    assert became(sent(meta, "first.csv"))[0][2] == "refund"
    between = [f"{n},2026-11-19T10:00:00Z,b{n}@example.com,7.00,EUR,paid" for n in range(5000, 5000 + BATCH_ROWS)]
    as_csv("second.csv", HEADER, [part("10.00"), *between[:5], part("20.00", day=21)])
    as_csv("far.csv", HEADER, [part("10.00"), *between, part("20.00", day=21)])
    for file in ("second.csv", "far.csv"):
        checked = became(check(file, dataset="1001", graph_url=meta.url, ledger=importer.settings.default_ledger()))
        assert [entry[2] for entry in checked if entry[0] == "1042"] == ["refunded_after_acceptance"] * 2
    told = became(sent(meta, "second.csv"))
    assert [entry[2] for entry in told if entry[0] == "1042"] == ["refunded_after_acceptance"] * 2
    (found,) = importer.runs(refunds=True).refunds
    assert (found.order_id, found.value) == ("1042", Decimal(30))


# ---------------------------------------------------------------------- lines

LINES = "Order ID,Date,Email,Item,Quantity,Line total,Currency,Status"


def line(order, item, price, status="paid", day=18):
    return f"{order},2026-11-{day}T10:00:00Z,b{order}@example.com,{item},1,{price},EUR,{status}"


def test_lines_that_go_back_are_added_up_before_they_are_compared():
    whole = [line("A", "x", 3), line("A", "y", 4), line("A", "x", -3, "refund", 20), line("A", "y", -4, "refund", 20)]
    some = [line("B", "x", 3), line("B", "y", 4), line("B", "x", -3, "refund", 20)]
    own = [line("C", "x", 3), line("C", "y", 3, "refunded")]  # a line that never counted
    as_csv("sales.csv", LINES, [*whole, *some, *own])
    summary = check("sales.csv", rows="line")
    assert [(name, *rest) for name, *rest in became(summary) if rest[1] != "refund"] == [
        *[("A", *GONE)] * 2,
        *[("B", "ready", "", "value:refunded_in_part")] * 2,
        ("C", "ready", "", ""),
        ("C", "skipped", "refunded", ""),
    ]
    assert LEFT_OUT.replace("30.00", "7.00") in summary.notices


def test_negative_lines_of_another_file_take_back_what_they_come_to():
    as_csv("a.csv", LINES, [line("A", "x", 40), line("A", "y", -10), line("B", "x", 9), line("B", "y", 1)])
    as_csv(
        "b.csv", LINES, [line("A", "x", -40, day=20), line("A", "y", 10, day=20), line("D", "x", 2), line("D", "y", 2)]
    )
    as_csv(
        "c.csv", LINES, [line("A", "x", -40, day=20), line("A", "y", 60, day=20), line("D", "x", 2), line("D", "y", 2)]
    )
    told = dict.fromkeys(("A", "B", "D"))
    for entry in became(check("a.csv", "b.csv", rows="line", report="r.csv")):
        told[entry[0]] = told[entry[0]] or entry[1:]
    assert told == {"A": GONE, "B": ("ready", "", ""), "D": ("ready", "", "")}
    rest = check("a.csv", "c.csv", rows="line", report="r.csv")
    assert of("A", rest)[0] == "ready"  # the other file's order is a sale


# ---------------------------------------------------------------------- without a file

A_SALE = Sale(1_795_000_000, 20_775, True, Decimal(30), "EUR", frozenset({1}), None, 0)


def a_refund(**changed):
    told = {
        "key": b"k" * 16,
        "own": b"k" * 16,
        "event_time": 1_795_100_000,
        "day": 20_776,
        "timed": True,
        "value": Decimal(30),
        "currency": "EUR",
        "customers": frozenset({1}),
        "dataset": None,
        "reason": "refund",
        "whole": True,
        "file": 0,
        "line": 3,
    }
    return RefundRow(**told | changed)


@pytest.mark.parametrize(
    ("refunds", "reason"),
    [
        ([a_refund()], "refunded"),
        ([a_refund(reason="cancelled")], "cancelled"),
        ([a_refund(event_time=None, day=None)], "refunded"),
        ([a_refund(dataset="7")], "nothing"),
        ([a_refund(value=Decimal(10))], "a part"),
        ([a_refund(value=None)], "nothing"),
        (
            [a_refund(value=Decimal(40), customers=frozenset())],
            "a part",
        ),  # of a later day, and of nobody: not surely its
        ([a_refund(value=Decimal(40))], "refunded"),
    ],
)
def test_what_becomes_of_a_sale(refunds, reason):
    found = taken_back(A_SALE, refunds)
    assert ("nothing" if found is None else found.reason or "a part") == reason


def test_the_clock_of_these_tests_is_that_of_the_sandbox():
    assert datetime.fromtimestamp(1_795_474_800, UTC).isoformat() == NOW.replace("Z", "+00:00")


# ---------------------------------------------------------------------- a file of refunds only


@pytest.mark.parametrize(
    ("header", "rows", "reason"),
    [
        (HEADER, [BACK, OTHER.replace("7.00", "-7.00").replace("paid", "refund")], "refund"),
        (HEADER, [BACK.replace("-30", "30"), OTHER.replace("paid", "Return")], "refund"),
        ("Order ID,Date,Email,Total,Currency", [BACK.replace(",refund", ""), OTHER.replace("7.00,EUR,paid", "-7,EUR")], "negative_value"),
    ],
)  # fmt: skip
def test_a_file_of_refunds_only_is_reported_without_a_question(meta, header, rows, reason):
    as_csv("sale.csv", HEADER, [SALE, OTHER.replace("2000", "2001")])
    sent(meta, "sale.csv")
    as_csv("refunds.csv", header, rows)
    told = became(importer.send("refunds.csv", dataset="1001", graph_url=meta.url, now=NOW))
    assert [entry[1:3] for entry in told] == [("skipped", "refunded_after_acceptance"), ("skipped", reason)]
    assert orders(meta) == ["1042", "2001"]


def test_a_file_of_other_words_without_a_sale_is_still_asked_about(meta):
    as_csv("tips.csv", HEADER, [BACK, OTHER.replace("paid", "Tip")])
    with pytest.raises(importer.NeedsAnswer, match=r"No row is a sale"):
        importer.send("tips.csv", dataset="1001", graph_url=meta.url, now=NOW)


@pytest.mark.parametrize("options", [{}, {"rows": "line"}, {"rows": "order"}])
def test_money_back_on_a_line_that_says_refunded_is_of_its_order_whatever_a_row_is(meta, options):
    header = "N° commande;Date;Client;Courriel;Montant TTC;Devise;État"
    lines = [
        "C-1;20/11/2026 10:15;Ada Martin;ada@example.fr;45,90;EUR;payée",
        "C-2;20/11/2026 11:00;Bo Petit;bo@example.fr;12,00;EUR;payée",
        "C-2;21/11/2026 09:00;Bo Petit;bo@example.fr;-12,00;EUR;remboursée",
        "C-4;21/11/2026 12:30;Di Blanc;di@example.fr;30,00;EUR;payée",
        "C-4;22/11/2026 12:30;Di Blanc;di@example.fr;-10,00;EUR;remboursée",
    ]
    file = as_csv("ventes.csv", header, lines)
    meant = {"timezone": "Europe/Paris", "country": "FR"} | options
    summary = importer.send(file, dataset="1001", graph_url=meta.url, now=NOW, **meant)
    assert orders(meta) == ["C-1", "C-4"]
    assert of("C-2", summary) == GONE
    assert of("C-4", summary) == ("accepted", "", "value:refunded_in_part")
