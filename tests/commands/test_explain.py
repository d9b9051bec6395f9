"""One row explained, a correction of it tried, and corrections that come as a file."""

import csv

import pytest

import importer
from importer import Edit
from importer.errors import UsageError

NOW = "2026-11-23T23:00:00+00:00"
MAP = ("Total=value",)
SALES = (
    "Order ID,Date,Email,Total,Currency\n"
    "A1,2026-11-20T10:00:00Z,ada@example.com,12.50,EUR\n"
    "A2,2026-11-20T11:00:00Z,bob@example.com,abc,EUR\n"
    "\n"
    "A3,2026-11-20T12:00:00Z,,3.00,EUR\n"
)
LINES = (
    "Order ID,Date,Email,Product,Quantity,Price,Currency\n"
    "A1,2026-11-20T10:00:00Z,ada@example.com,Tea,2,3.00,EUR\n"
    "A1,2026-11-20T10:00:00Z,ada@example.com,Cup,1,4.00,EUR\n"
)


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(SALES, encoding="utf-8")
    return path


def explain(path, row, **options):
    return importer.explain(path, row, now=NOW, ledger=path.parent / "ledger.db", **({"map": MAP} | options))


def check(path, **options):
    return importer.check(
        path, now=NOW, ledger=path.parent / "ledger.db", report=path.parent / "r.csv", map=MAP, **options
    )


def report(path):
    with (path.parent / "r.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_ready_row_shows_its_cells_and_its_event_with_hashes(sales):
    found = explain(sales, 1)
    assert (found.status, found.reason, found.line) == ("ready", None, 2)
    assert found.cells["Email"] == "ada@example.com"
    assert found.event["custom_data"] == {"value": 12.5, "currency": "EUR", "order_id": "A1"}
    assert "ada" not in str(found.event)
    assert "ada" not in repr(found)


def test_a_bad_row_says_why_as_the_report_does(sales):
    check(sales)
    for row, line in enumerate(report(sales), 1):
        found = explain(sales, row)
        assert (found.status, found.reason or "", found.message or "") == (
            line["status"],
            line["reason"],
            line["message"],
        )
    assert explain(sales, 2).event is None


def test_the_lines_of_an_order_show_the_one_event_of_it(tmp_path):
    (tmp_path / "lines.csv").write_text(LINES, encoding="utf-8")
    first, second = (explain(tmp_path / "lines.csv", row, rows="line", map=()) for row in (1, 2))
    assert first.event == second.event
    assert second.event["custom_data"]["value"] == 10


def test_a_correction_mends_the_row_and_marks_it_and_the_file_stays(sales):
    edit = Edit("sales.csv", 2, "Total", "7.25")
    found = explain(sales, 2, edits=[edit])
    assert (found.status, found.cells["Total"]) == ("ready", "7.25")
    assert found.warnings == ("row:edited",)
    assert found.event["custom_data"]["value"] == 7.25
    assert check(sales, edits=[edit]).ready == 2
    assert [line["warnings"] for line in report(sales)] == ["", "row:edited", ""]
    assert sales.read_text(encoding="utf-8") == SALES


def test_the_last_row_behind_a_blank_line_is_corrected_too(sales):
    found = check(sales, edits=[Edit("sales.csv", 3, "Email", "di@example.com")])
    assert found.ready == 2


def test_corrections_come_as_a_file(sales, tmp_path):
    (tmp_path / "edits.csv").write_text("file,sheet,row,column,text\nsales.csv,,2,Total,7.25\n", encoding="utf-8-sig")
    assert check(sales, edits=tmp_path / "edits.csv").ready == 2


@pytest.mark.parametrize("text", ["", "file,row\nsales.csv,1\n", "file,row,column,text\nsales.csv,x,Total,1\n"])
def test_a_file_that_is_no_corrections_is_refused(sales, tmp_path, text):
    (tmp_path / "edits.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read as corrections"):
        check(sales, edits=tmp_path / "edits.csv")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Edit("sales.csv", 4, "Total", "1"), "row 4 of sales.csv: this run has no such row"),
        (Edit("sales.csv", 0, "Total", "1"), "row 0 of sales.csv: this run has no such row"),
        (Edit("other.csv", 1, "Total", "1"), "row 1 of other.csv: this run has no such row"),
        (Edit("sales.csv", 1, "Total", "1", "Sheet1"), "sales.csv, sheet Sheet1: this run has no such row"),
        (Edit("sales.csv", 1, "Betrag", "1"), "sales.csv has no column 'Betrag'"),
    ],
)
def test_a_correction_that_would_correct_nothing_is_refused(sales, edit, sentence):
    with pytest.raises(UsageError, match=sentence):
        check(sales, edits=[edit])


def test_a_row_that_is_not_there_is_told(sales):
    with pytest.raises(UsageError, match=r"sales\.csv has no row 9"):
        explain(sales, 9)


def test_a_sales_life_is_told_by_the_stored_reports(sales, tmp_path):
    from importer.graph_sandbox import Sandbox, SandboxOptions, serve

    with serve(Sandbox(SandboxOptions(), clock=lambda: 1795474800.0)) as running:
        for number in (1, 2):
            importer.send(
                sales,
                map=MAP,
                now=NOW,
                ledger=tmp_path / "ledger.db",
                report=tmp_path / f"{number}.parquet",
                dataset="1001",
                token="token",
                graph_url=running.url,
            )
    found = importer.sale("A1", ledger=tmp_path / "ledger.db")
    assert [line.cells["status"] for line in found] == ["accepted", "duplicate"]
    assert importer.sale("unknown", ledger=tmp_path / "ledger.db") == ()
