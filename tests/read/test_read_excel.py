from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile

import openpyxl
import pyarrow as pa
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from own_notices import own_notices

from importer.commands.send import check
from importer.errors import FileError, NeedsAnswer, UsageError
from importer.read import open_export
from importer.read.cell_types import column_piece, join_pieces, text_of


def at(*parts: int) -> dt.datetime:
    """A moment as spreadsheets know it, without a zone."""
    return dt.datetime(*parts)  # noqa: DTZ001 - that is what is tested


HEADER = ["email", "date", "total"]
ROW = ["a@example.com", at(2026, 10, 5, 14, 12), 12.5]


@pytest.fixture
def saved(tmp_path):
    """Writes sheets (a name and its rows) as .xlsx and opens the workbook."""

    def write_and_open(sheets, change=lambda _book: None, name="export.xlsx", **options):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        change(book)
        path = tmp_path / name
        with path.open("wb") as stream:
            book.save(stream)
        return open_export(path, **options)

    return write_and_open


def column(saved, *cells):
    export = saved({"S": [["id", "x"], *([f"r{number}", cell] for number, cell in enumerate(cells))]})
    return export.sample().column("x")


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        pytest.param([at(2026, 10, 5, 14, 12), None], pa.timestamp("us"), [at(2026, 10, 5, 14, 12), None], id="times"),
        pytest.param([dt.date(2026, 10, 5), None], pa.date32(), [dt.date(2026, 10, 5), None], id="dates"),
        pytest.param([dt.date(2026, 10, 5), at(2026, 10, 5, 1)], pa.timestamp("us"), [at(2026, 10, 5), at(2026, 10, 5, 1)], id="dates and times"),
        pytest.param([5, 14155551234], pa.int64(), [5, 14155551234], id="whole numbers"),
        pytest.param([5, 1.5], pa.float64(), [5.0, 1.5], id="numbers"),
        pytest.param([5, 1234567890123456], pa.float64(), [5.0, 1234567890123456.0], id="numbers with lost digits"),
        pytest.param([True, False, None], pa.bool_(), [True, False, None], id="truth values"),
        pytest.param(["01234", "5"], pa.string(), ["01234", "5"], id="texts"),
        pytest.param(["x", 5, 14155551234, 1.5, 1690000000000000001], pa.string(), ["x", "5", "14155551234", "1.5", "1.69E+18"], id="text and numbers"),
        pytest.param(["x", at(2026, 10, 5, 14, 12), dt.date(2026, 10, 5), dt.time(9, 30), dt.timedelta(hours=30), True], pa.string(), ["x", "2026-10-05 14:12:00", "2026-10-05", "09:30:00", "30:00:00", "true"], id="text and everything"),
        pytest.param([dt.time(14, 12, 5)], pa.string(), ["14:12:05"], id="times of day"),
        pytest.param([5, dt.date(2026, 10, 5)], pa.string(), ["5", "2026-10-05"], id="numbers and dates"),
        pytest.param([5, True], pa.string(), ["5", "true"], id="numbers and truth values"),
    ],
)  # fmt: skip
def test_a_column_of_one_kind_keeps_its_type(saved, cells, kind, values):
    found = column(saved, *cells)
    assert (found.type, found.to_pylist()) == (kind, values)


def test_the_type_is_that_of_the_whole_column_not_of_a_part(saved):
    rows = [
        ["id", "x", "y"],
        *([f"r{number}", number, dt.date(2026, 1, 1)] for number in range(9_000)),
        ["last", "none", at(2026, 1, 1, 5)],
    ]
    export = saved({"S": rows})
    batches = list(export.batches(rows=1_000))
    assert {batch.schema.field("x").type for batch in batches} == {pa.string()}
    assert batches[0].column("x").to_pylist()[:2] == ["0", "1"]
    assert batches[0].schema.field("y").type == pa.timestamp("us")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (5.0, "5"),
        (0.1 + 0.2, "0.3"),
        (1049.4000000000001, "1049.4"),
        (1e-7, "0.0000001"),
        (999999999999999.0, "999999999999999"),
        (1e15, "1E+15"),
        (-1.5, "-1.5"),
        (1.69e12, "1690000000000"),
        (at(2026, 10, 5, 13, 59, 59, 999_999), "2026-10-05 14:00:00"),
        (at(2026, 10, 5, 13, 59, 59, 500_000), "2026-10-05 13:59:59.500"),
        (dt.timedelta(seconds=-5), "-00:00:05"),
        ("a\0b", "ab"),
    ],
)
def test_cells_are_written_as_people_write_them(cell, text):
    assert text_of(cell) == text


def test_pieces_of_nothing_are_a_column_of_text():
    assert join_pieces([]).type == pa.string()
    assert join_pieces([column_piece(["", ""]), column_piece([""])]).to_pylist() == [None] * 3


def test_rows_and_lines_are_those_of_the_spreadsheet(saved):
    def move(book):
        book["S"].insert_rows(1, 2)
        book["S"].insert_cols(1, 2)
        book["S"]["C1"] = "Sales of October"
        book["S"].merge_cells("C1:E1")

    export = saved({"S": [HEADER, ROW, [], ["b@example.com", None, 5]]}, move)
    assert (export.header_line, export.preamble, export.headers) == (3, (1,), ("email", "date", "total"))
    assert [(row["row"], row["line"], row["email"]) for row in export.sample().to_pylist()] == [
        (1, 4, "a@example.com"),
        (2, 6, "b@example.com"),
    ]


def test_the_first_sheet_with_a_known_header_is_taken(saved):
    sheets = {"Empty": [], "Notes": [["Remark", "Author"], ["x", "y"]], "Sales": [HEADER, ROW], "More": [HEADER, ROW]}
    export = saved(sheets, known=lambda cells: sum(cell in HEADER for cell in cells))
    assert export.sheet == "Sales"
    assert export.details == {"rows": "1", "other sheets": "Empty, Notes, More"}
    assert saved(sheets).sheet == "Notes"


def test_a_hidden_sheet_is_read_only_when_named(saved):
    def hide(book):
        book["Secret"].sheet_state = "hidden"

    sheets = {"Secret": [HEADER, ROW], "Open": [["remark", "by"], ["x", "y"]]}
    assert saved(sheets, hide).sheet == "Open"
    assert saved(sheets, hide, sheet="Secret").sheet == "Secret"
    assert saved(sheets, hide, sheet="1").sheet == "Secret"
    assert saved(sheets, hide, sheet="2").sheet == "Open"


@pytest.mark.parametrize("sheet", ["Nowhere", "3", "0", "-1", "", "99999999999999999999"])
def test_a_sheet_that_is_not_there_is_an_error_that_names_the_others(saved, sheet):
    with pytest.raises(UsageError, match="one of: A, B"):
        saved({"A": [HEADER, ROW], "B": [HEADER, ROW]}, sheet=sheet)


def test_a_workbook_without_a_table_is_refused(saved):
    with pytest.raises(FileError, match="no sheet with a header row"):
        saved({"A": []})
    with pytest.raises(FileError, match=r"'A' of export\.xlsx has no header row"):
        saved({"A": [[1, 2], [3, 4]], "B": [HEADER, ROW]}, sheet="A")


def test_a_row_that_describes_the_columns_is_no_record(saved):
    export = saved(
        {
            "S": [
                ["Order ID", "Amount", "Created"],
                ["Unique id.", "Total paid.", "Creation time."],
                ["57", 5, at(2026, 1, 1, 1)],
            ]
        }
    )
    assert export.description_line == 2
    assert [row["line"] for row in export.sample().to_pylist()] == [3]
    assert export.schema.field("Amount").type == pa.int64()


def test_columns_that_hold_only_formats_at_the_end_are_left_out(saved):
    export = saved(
        {"S": [["id", "", "x"], ["a", 1, 2], ["b", 3, 4]]}, lambda book: setattr(book["S"]["Z9"], "value", "")
    )
    assert export.names == ("id", "column 2", "x")


def test_an_xlsx_named_csv_is_read(saved):
    assert saved({"S": [HEADER, ROW]}, name="export.csv").format == "xlsx"


def test_wanted_columns_and_small_batches(saved):
    export = saved({"S": [HEADER, *([f"{number}@example.com", None, number] for number in range(10))]})
    batches = list(export.batches(["total"], rows=4))
    assert [batch.num_rows for batch in batches] == [4, 4, 2]
    assert batches[2].to_pylist()[1] == {"row": 10, "line": 11, "fault": None, "total": 9}


def test_xls_is_read(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sales")
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")
    for place, name in enumerate(HEADER):
        sheet.write(0, place, name)
    sheet.write(1, 0, "a@example.com")
    sheet.write(1, 1, at(2026, 10, 5, 14, 12), style)
    sheet.write(1, 2, 12.5)
    path = tmp_path / "export.xls"
    book.save(str(path))
    export = open_export(path)
    assert (export.format, export.sheet) == ("xls", "Sales")
    assert export.sample().to_pylist() == [
        {"row": 1, "line": 2, "fault": None, "email": ROW[0], "date": ROW[1], "total": 12.5}
    ]


def test_ods_is_read(tmp_path):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Sales")
    for cells in (
        [("string", name) for name in HEADER],
        [("string", "a@example.com"), ("date", "2026-10-05T14:12:00"), ("float", "12.5")],
    ):
        row = TableRow()
        for kind, value in cells:
            options = {"valuetype": kind} | (
                {"datevalue": value} if kind == "date" else {"value": value} if kind == "float" else {}
            )
            cell = TableCell(**options)
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    path = tmp_path / "export.ods"
    document.save(str(path))
    export = open_export(path)
    assert export.format == "ods"
    assert export.sample().to_pylist() == [
        {"row": 1, "line": 2, "fault": None, "email": ROW[0], "date": ROW[1], "total": 12.5}
    ]


def test_a_blank_stretch_as_long_as_a_piece_is_no_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("importer.read.excel._PIECE_ROWS", 3)
    path = tmp_path / "gaps.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for number in range(1, 30):
        sheet.cell(number, 3, None)
    for row, values in {1: ("email", "value"), 4: ("a@example.com", 1), 18: ("b@example.com", 2), 20: ("", 0)}.items():
        for place, value in enumerate(values, start=1):
            sheet.cell(row, place, value)
    workbook.save(path)
    (batch,) = open_export(path).batches()
    assert batch.column("line").to_pylist() == [4, 18, 20]
    assert batch.column("email").to_pylist() == ["a@example.com", "b@example.com", None]


SALES = ["Order ID", "Date", "Email", "Total", "Currency"]


def sold(number, **changed):
    row = {"Order ID": f"O-{number}", "Date": at(2026, 11, 20, 15, 4), "Email": f"b{number}@example.com"}
    return list({**row, "Total": 25, "Currency": "USD", **changed}.values())


def taken(book, tmp_path, **options):
    """Check a workbook; return the summary and the lines of its report."""
    summary = check(book.path, now="2026-11-23T23:00:00Z", timezone="UTC", ledger=tmp_path / "l.db", **options)
    return summary, list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))


def test_sheets_with_the_same_columns_are_told_or_read(saved, tmp_path, caplog):
    book = saved({
        "Berlin": [SALES, sold(1)],
        "Bonn": [["Sales of Bonn"], SALES, sold(2), sold(1)],
        "Notes": [["Person", "Region"], ["Ann", "North"]],
        "Köln": [SALES[::-1], sold(3)[::-1]],
        "Empty": [SALES],
    })  # fmt: skip
    assert book.alike == ("Bonn", "Köln")
    summary, rows = taken(book, tmp_path)
    (notice,) = own_notices(summary)
    assert "2 more sheets" in notice
    assert "--all-sheets" in notice
    assert notice in caplog.text
    assert len(rows) == 1
    summary, rows = taken(book, tmp_path, all_sheets=True)
    assert [(row["sheet"], row["row"], row["line"], row["order_id"], row["status"]) for row in rows] == [
        ("Berlin", "1", "2", "O-1", "ready"),
        ("Bonn", "1", "3", "O-2", "ready"),
        ("Bonn", "2", "4", "O-1", "duplicate"),
        ("Köln", "1", "2", "O-3", "ready"),
    ]
    assert own_notices(summary) == ()
    assert own_notices(taken(book, tmp_path, sheet="Bonn")[0]) == ()
    with pytest.raises(UsageError, match="--all-sheets"):
        taken(book, tmp_path, sheet="Bonn", all_sheets=True)


def test_a_hidden_sheet_with_the_same_columns_is_told(saved, tmp_path):
    def hide(book):
        book["Old"].sheet_state = "hidden"

    book = saved({"Sales": [SALES, sold(1)], "Old": [SALES, sold(2)]}, hide)
    assert ['hidden sheet "Old"' in notice for notice in own_notices(taken(book, tmp_path)[0])] == [True]


def test_hidden_rows_and_columns_are_read_and_told(saved, tmp_path):
    def hide(book):
        book["Sales"].row_dimensions[3].hidden = True
        book["Sales"].row_dimensions[4].hidden = True
        book["Sales"].column_dimensions["D"].hidden = True
        book["Other"].row_dimensions[2].hidden = True

    book = saved({"Sales": [SALES, sold(1), sold(2), sold(3)], "Other": [["a", "b"], ["c", "d"]]}, hide)
    summary, rows = taken(book, tmp_path)
    assert [row["status"] for row in rows] == ["ready"] * 3
    assert ["2 hidden rows" in summary.notices[0], "Total" in summary.notices[1], len(own_notices(summary))] == [
        True,
        True,
        2,
    ]


def test_what_is_not_hidden_is_no_notice(saved, tmp_path):
    assert own_notices(taken(saved({"Sales": [SALES, sold(1)]}), tmp_path)[0]) == ()


@pytest.mark.parametrize(
    "returns",
    [
        {"Returns": [["Returned", "Order ID"], ["Yes", "O-2"], ["Yes", "O-4"]]},
        {"Sheet2": [["Bestellung", "Storniert am"], ["O-2", at(2026, 11, 21)], ["O-3", at(2026, 11, 21)]]},
        {"Reembolsos": [["Pedido", "Motivo"], ["O-1", "talla"], ["O-2", "color"]]},
    ],
)
def test_orders_that_another_sheet_names_as_returned_are_asked_about(saved, tmp_path, returns):
    book = saved({"Orders": [SALES, *(sold(number) for number in range(1, 6))], **returns})
    with pytest.raises(NeedsAnswer, match=f"The sheet {next(iter(returns))} names 2 orders") as error:
        taken(book, tmp_path)
    (question,) = error.value.questions
    assert (question.kind, question.options, question.file) == ("sheet", ("--sheet Orders",), "export.xlsx")
    assert len(taken(book, tmp_path, sheet="Orders")[1]) == 5


def test_a_sheet_of_returns_without_orders_of_the_file_is_no_question(saved, tmp_path):
    rules = [["Return policy", "Days"], ["Within 30 days", "30"], ["Sale items", "14"]]
    other = [["Returned", "Order ID"], ["Yes", "X-7"]]
    book = saved({"Orders": [SALES, sold(1)], "Returns": rules, "Old returns": other})
    assert len(taken(book, tmp_path)[1]) == 1


def repacked(path, part, change):
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert parts[part] != change(parts[part])
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("dimension", [b"1:2", b"A:E", b"", b"$A$1:$E$2", b"#REF!", b"Sales!A1:E2", b"A1:B1"])
def test_a_sheet_with_an_odd_dimension_is_read(saved, dimension):
    book = saved({"Sales": [SALES, sold(1)]})
    repacked(
        book.path,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + dimension + b'"', xml),
    )
    assert open_export(book.path).sample().column("Order ID").to_pylist() == ["O-1"]


@pytest.mark.parametrize("note", [None, "n/a"])
def test_days_without_a_format_are_counted_as_the_workbook_counts(saved, tmp_path, note):
    row = sold(1, Date=44884.62783564815)
    book = saved({"Sales": [SALES, row, *([sold(2, Date=note)] if note else [])]})
    repacked(book.path, "xl/workbook.xml", lambda xml: re.sub(rb"<workbookPr\s*/>", b'<workbookPr date1904="1"/>', xml))
    assert taken(book, tmp_path)[1][0]["event_time"] == "2026-11-20T15:04:05Z"
    assert taken(book, tmp_path)[1][0]["value"] == "25.00"
