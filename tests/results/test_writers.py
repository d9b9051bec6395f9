from __future__ import annotations

import csv
import stat
import sys
import tempfile
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importer.core.model import OUTCOMES, Status
from importer.errors import FileError, UsageError
from importer.results.excel_writer import ExcelTable, cells
from importer.results.report_writer import ReportWriter
from importer.results.table_files import TableFile

ENDINGS = (".csv", ".parquet", ".xlsx")


def read_back(path):
    """The report's rows as dicts of text, whatever the format; empty cells are ''."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".parquet":
        return [{name: text(value) for name, value in row.items()} for row in pq.read_table(path).to_pylist()]
    names, *rows = openpyxl.load_workbook(path)["Rows"].iter_rows(values_only=True)
    return [dict(zip(names, map(text, row), strict=True)) for row in rows]


def text(value):
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return "" if value is None else str(value)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_status_is_a_line_in_every_format(tmp_path, reported, ending):
    path = tmp_path / f"report{ending}"
    with ReportWriter(path) as report:
        report.write(reported(*({"status": str(status)} for status in Status)))
        report.write(reported({"status": "invalid", "reason": "too_old", "event_time": None, "value": None}))
    rows = read_back(path)
    assert [row["status"] for row in rows] == [*Status, "invalid"]
    assert list(rows[0]) == OUTCOMES.names
    assert rows[-1]["message"].startswith("The sale is too old; Meta takes")
    assert (rows[-1]["event_time"], rows[-1]["value"], rows[-1]["sheet"]) == ("", "", "")
    assert rows[0]["event_time"] == "2026-10-31T14:05:00Z"
    assert Decimal(rows[0]["value"]) == Decimal("1049.40")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_report_without_rows_still_has_its_columns(tmp_path, ending):
    path = tmp_path / f"report{ending}"
    with ReportWriter(path):
        pass
    assert read_back(path) == []
    if ending == ".csv":
        assert path.read_bytes() == ",".join(OUTCOMES.names).encode() + b"\n"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")
@pytest.mark.parametrize("ending", ENDINGS)
def test_only_the_owner_may_read_the_report(tmp_path, reported, ending):
    with ReportWriter(tmp_path / f"report{ending}") as report:
        report.write(reported({}))
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_error_leaves_the_lines_written_so_far(tmp_path, reported, ending):
    path = tmp_path / f"report{ending}"

    def run_that_stops():
        with ReportWriter(path) as report:
            report.write(reported({"order_id": "first"}))
            raise KeyError

    with pytest.raises(KeyError):
        run_that_stops()
    assert [row["order_id"] for row in read_back(path)] == ["first"]
    assert list(tmp_path.iterdir()) == [path]


def test_closing_twice_is_closing_once(tmp_path, reported):
    report = ReportWriter(tmp_path / "report.csv")
    report.write(reported({}))
    report.close()
    report.close()
    assert len(read_back(tmp_path / "report.csv")) == 1


def test_an_unknown_ending_creates_nothing(tmp_path):
    with pytest.raises(UsageError, match=r"\.csv, \.parquet or \.xlsx"):
        ReportWriter(tmp_path / "report.txt")
    assert list(tmp_path.iterdir()) == []


@contextmanager
def files_limited_to(size):
    """A disk that is soon full, as far as the system offers one without being root."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_keeps_what_reached_it_of_a_csv(tmp_path, reported):
    path = tmp_path / "report.csv"
    batch = reported(*({"order_id": f"{number:05}"} for number in range(2_000)))
    report = ReportWriter(path)
    with files_limited_to(100_000), pytest.raises(FileError, match="The disk is full"), report:
        report.write(batch)
    assert path.stat().st_size == 100_000
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
def test_a_full_disk_leaves_the_older_file_rather_than_an_unreadable_one(tmp_path, reported, ending):
    path = tmp_path / f"report{ending}"
    path.write_text("older")
    batch = reported(*({"order_id": f"{number:05}"} for number in range(2_000)))
    report = ReportWriter(path)
    with files_limited_to(4_000), pytest.raises(FileError, match="The disk is full"), report:
        report.write(batch)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("limit", "left"), [(4_000, []), (1_000_000, []), (50_000_000, ["report.xlsx"])])
def test_excel_leaves_nothing_in_the_folder_for_temporary_files(tmp_path, monkeypatch, reported, limit, left):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "out").mkdir()
    report = ReportWriter(tmp_path / "out" / "report.xlsx")
    with files_limited_to(limit), suppress(FileError), report:
        report.write(reported(*({"order_id": f"{number:05}"} for number in range(2_000))))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == left


def test_the_error_that_stopped_the_run_outranks_the_full_disk(tmp_path, reported):
    report = ReportWriter(tmp_path / "report.csv")

    def run_that_stops():
        with report:
            report.write(reported({}, {}, {}))
            raise KeyError

    with files_limited_to(100), pytest.raises(KeyError) as caught:
        run_that_stops()
    assert "The disk is full" in caught.value.__notes__[0]


def test_csv_marks_formulas_as_text_and_leaves_numbers_numbers(tmp_path, reported):
    path = tmp_path / "report.csv"
    with ReportWriter(path) as report:
        report.write(reported({"order_id": '=HYPERLINK("http://x","y")', "value": Decimal("-12.5")}))
    (row,) = read_back(path)
    assert row["order_id"] == '\'=HYPERLINK("http://x","y")'
    assert row["value"] == "-12.50"


def test_csv_is_utf_8_without_a_mark_and_ends_lines_with_a_line_feed(tmp_path, reported):
    path = tmp_path / "report.csv"
    with ReportWriter(path) as report:
        report.write(reported({"order_id": "\u6ce8\u6587-1"}))
    data = path.read_bytes()
    assert data.startswith(b"file,sheet,row,")
    assert "\u6ce8\u6587-1".encode() in data
    assert b"\r" not in data
    assert data.count(b"\n") == 2


def test_parquet_keeps_the_types(tmp_path, reported):
    path = tmp_path / "report.parquet"
    with ReportWriter(path) as report:
        report.write(reported({"value": Decimal("0.123456"), "order_id": "=1"}))
    table = pq.read_table(path)
    assert table.schema.equals(OUTCOMES)
    assert table.column("value").to_pylist() == [Decimal("0.123456")]
    assert table.column("order_id").to_pylist() == ["=1"]


def test_excel_takes_no_text_for_a_formula_a_link_or_a_number(tmp_path, reported):
    path = tmp_path / "report.xlsx"
    texts = ["=1+1", "https://example.com", "00123", "{=SUM(A1)}", "-5", "_x0041_", "a\rb\x07c\x00", "\u6771\U0001f600"]
    with ReportWriter(path) as report:
        report.write(reported(*({"order_id": order} for order in texts)))
    sheet = openpyxl.load_workbook(path)["Rows"]
    column = OUTCOMES.names.index("order_id") + 1
    found = [sheet.cell(row, column) for row in range(2, len(texts) + 2)]
    assert [cell.data_type for cell in found] == ["s"] * len(texts)
    assert [openpyxl.utils.escape.unescape(cell.value) for cell in found] == [*texts[:-2], "a\nbc", texts[-1]]
    assert all(cell.hyperlink is None for cell in found)


def test_excel_shows_amounts_as_numbers(tmp_path, reported):
    path = tmp_path / "report.xlsx"
    with ReportWriter(path) as report:
        report.write(reported({"value": Decimal("1049.4")}, {"value": Decimal("1234567890123456.78")}))
    sheet = openpyxl.load_workbook(path)["Rows"]
    column = OUTCOMES.names.index("value") + 1
    assert sheet.cell(2, column).value == 1049.4
    assert sheet.cell(2, column).number_format == "#,##0.00####"
    assert sheet.cell(3, column).value == "1234567890123456.780000"


def test_excel_goes_on_on_a_new_sheet_where_one_is_full(tmp_path):
    path = tmp_path / "table.xlsx"
    schema = pa.schema([pa.field("n", pa.int64())])
    with path.open("wb") as stream:
        table = ExcelTable(stream, schema, max_rows=3)
        table.write(pa.RecordBatch.from_pydict({"n": list(range(5))}, schema=schema))
        table.close()
    book = openpyxl.load_workbook(path)
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book] == [
        ["n", 0, 1],
        ["n", 2, 3],
        ["n", 4],
    ]


@pytest.mark.parametrize(("letter", "kept"), [("x", 32_767), ("\U0001f600", 16_383)])
def test_excel_cells_are_cut_where_excel_ends(letter, kept):
    (cell,) = cells(pa.array([letter * 40_000]))
    assert cell == letter * kept


def test_more_columns_than_a_sheet_has_are_refused(tmp_path):
    schema = pa.schema([pa.field(f"c{number}", pa.string()) for number in range(16_385)])
    with pytest.raises(UsageError, match=r"end the path in \.csv"):
        TableFile(tmp_path / "wide.xlsx", schema, lambda batch: batch.columns)
    assert list(tmp_path.iterdir()) == []
