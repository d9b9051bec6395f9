from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from importer.core.model import OUTCOMES
from importer.results.facts import Facts, FileFacts
from importer.results.report_workbook import TO_FIX_COLUMNS, ReportWorkbook

FACTS = Facts(
    "check", began="2026-11-23T23:00:00Z", now=1_795_474_800, files=(FileFacts("sales.csv", layout="orders"),)
)
CODES = ("CHF", "EUR", "GBP", "PLN", "SEK", "USD")
OLD = {"status": "invalid", "reason": "too_old", "field": "event_time", "payload": None}
BAD = {"status": "invalid", "reason": "bad_value", "field": "value", "payload": None}


@pytest.fixture
def book_of(tmp_path, reported, totals_of):
    def build(*rows, max_rows=1_048_576, told=True):
        path, batch = tmp_path / "x.xlsx", reported(*rows)
        with path.open("wb") as stream:
            workbook = ReportWorkbook(stream, max_rows=max_rows)
            workbook.write(batch)
            if told:
                workbook.add_summary(totals_of(rows), FACTS)
            workbook.close()
        return openpyxl.load_workbook(path)

    return build


def texts(sheet):
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_the_summary_stands_first_then_what_to_fix_then_every_row(book_of):
    book = book_of({"status": "ready"}, OLD)
    assert book.sheetnames == ["Summary", "To fix", "Rows"]
    assert book["Summary"]["A1"].value == "1 of 2 rows ready to send (1 sale, 1,049.40 USD)"


def test_what_to_fix_holds_the_refused_rows_with_their_reasons(book_of):
    book = book_of({"status": "ready"}, OLD, BAD, {"status": "unsent", "reason": "run_stopped"}, {"status": "skipped"})
    rows = list(book["To fix"].iter_rows(values_only=True))
    assert rows[0] == TO_FIX_COLUMNS
    assert [row[:2] for row in rows[1:]] == [("invalid", "bad_value"), ("unsent", "run_stopped")]
    assert rows[1][2].startswith("The amount is not a valid number")


def test_headers_are_frozen_and_filtered_and_columns_have_room(book_of):
    book = book_of({}, OLD)
    for name in ("To fix", "Rows"):
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        message = [cell.value for cell in sheet[1]].index("message") + 1
        assert sheet.column_dimensions[openpyxl.utils.get_column_letter(message)].width > 60


def test_times_are_dates_and_amounts_numbers(book_of):
    sheet = book_of({"value": Decimal("12.5"), "event_time": 1_793_455_500})["Rows"]
    place = {name: number for number, name in enumerate(OUTCOMES.names, start=1)}
    time, value = sheet.cell(2, place["event_time"]), sheet.cell(2, place["value"])
    assert time.value == datetime(2026, 10, 31, 14, 5)  # noqa: DTZ001  Excel knows no zones
    assert time.is_date
    assert value.value == 12.5


def test_each_status_is_colored_by_a_rule_that_goes_on_when_somebody_edits(book_of):
    rules = book_of({}, OLD)["Rows"].conditional_formatting
    formulas = {rule.formula[0] for found in rules for rule in found.rules}
    assert {'"accepted"', '"invalid"', '"skipped"'} <= formulas


def test_the_summary_tells_statuses_reasons_keys_and_days_with_a_chart(book_of):
    book = book_of({"status": "ready", "event_time": 1_795_300_000}, OLD)
    found = texts(book["Summary"])
    for heading in ("Rows by status", "Reasons, the most costly first", "Customer keys", "Sales by day"):
        assert heading in found
    assert len(book["Summary"]._charts) == 1


def test_the_days_of_the_summary_are_true_dates_with_their_money_in_numbers(book_of):
    sold = [
        {"status": "ready", "event_time": 1_795_300_000, "currency": unit, "value": Decimal("2.5")} for unit in CODES
    ]
    rows = list(book_of(*sold)["Summary"].iter_rows(values_only=True))
    first = next(number for number, row in enumerate(rows) if row[0] == "Value by day") + 1
    assert rows[first][:7] == ("day", *CODES[:5], "others")
    assert rows[first + 1][:7] == (datetime(2026, 11, 21), *[2.5] * 5, "2.50 USD")  # noqa: DTZ001


def test_what_a_sheet_cannot_hold_goes_on_on_another_and_is_noted(book_of):
    book = book_of(*[{}] * 5, *[OLD] * 2, max_rows=3)
    assert book.sheetnames == ["Summary", "To fix", "Rows", "Rows 2", "Rows 3", "Rows 4"]
    counts = [book[name].max_row - 1 for name in book.sheetnames if name.startswith("Rows")]
    assert counts == [2, 2, 2, 1]
    assert all([cell.value for cell in book[name][1]] == OUTCOMES.names for name in book.sheetnames[2:])
    assert "A sheet holds 3 rows with its header, so Rows continues on Rows 2, Rows 3, Rows 4." in texts(
        book["Summary"]
    )


def test_no_rows_and_a_run_that_told_nothing_are_workbooks_too(book_of):
    assert "There are no rows in sales.csv" in texts(book_of()["Summary"])
    assert "ended before" in texts(book_of({}, told=False)["Summary"])[0]


def test_a_long_message_of_a_row_to_fix_is_wrapped_and_not_hidden_by_its_neighbor(book_of):
    reasons = ("too_broad_keys", "missing_value")
    sheet = book_of(*({"status": "invalid", "reason": reason, "payload": None} for reason in reasons))["To fix"]
    assert sheet.cell(2, TO_FIX_COLUMNS.index("message") + 1).alignment.wrap_text
    assert sheet.row_dimensions[2].height == 30
    assert sheet.row_dimensions[3].height in (None, 15)
    assert sheet.cell(2, TO_FIX_COLUMNS.index("value") + 1).number_format == "#,##0.00####"
