"""The template written as a workbook: a sheet to fill in, and a sheet that explains it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from importer.results.excel_writer import LINE_HEIGHT, MAX_ROWS, lines_of
from importer.results.sales_template.template_texts import TemplateTexts

CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "JPY", "AED", "ARS", "AUD", "BRL", "CAD", "CLP", "CNY", "COP", "CZK", "DKK", "HKD",
    "HUF", "IDR", "ILS", "INR", "KRW", "MXN", "MYR", "NOK", "NZD", "PEN", "PHP", "PLN", "RON", "SAR", "SEK", "SGD",
    "THB", "TRY", "TWD", "UAH", "VND", "ZAR",
)  # fmt: skip
"""The currencies of the drop-down, whose list takes at most 255 characters; any other code may be typed."""

TEXT, MONEY, MOMENT, DAY = "@", "#,##0.00", "yyyy-mm-dd hh:mm", "yyyy-mm-dd"
NEEDED, STRONG, HELPFUL = ("#0B5CAD", "#FFFFFF"), ("#BFDCF7", "#17212B"), ("#E8EDF3", "#17212B")
"""Ground and letters of a header, by how much its column matters."""


class TemplateColumn(NamedTuple):
    """How a column looks. form: of its cells; example: a cell of it, None where the language has one."""

    width: float
    form: str
    colors: tuple[str, str]
    example: Any = None


COLUMNS: Mapping[str, TemplateColumn] = MappingProxyType(
    {
        "order_id": TemplateColumn(20, TEXT, HELPFUL, "1042"),
        "event_time": TemplateColumn(22, MOMENT, NEEDED, datetime(2026, 11, 20, 14, 5)),  # noqa: DTZ001  as in Excel
        "value": TemplateColumn(16, MONEY, NEEDED, 49.9),
        "currency": TemplateColumn(14, TEXT, NEEDED, "EUR"),
        "status": TemplateColumn(18, TEXT, HELPFUL),
        "em": TemplateColumn(30, TEXT, STRONG, "anna@example.com"),
        "ph": TemplateColumn(20, TEXT, STRONG, "+49 30 23125042"),
        "fn": TemplateColumn(16, TEXT, HELPFUL, "Anna"),
        "ln": TemplateColumn(20, TEXT, HELPFUL, "Muster"),
        "ct": TemplateColumn(18, TEXT, HELPFUL, "Dresden"),
        "zp": TemplateColumn(16, TEXT, HELPFUL, "01067"),
        "country": TemplateColumn(12, TEXT, HELPFUL, "DE"),
        "db": TemplateColumn(20, DAY, HELPFUL, date(1980, 4, 3)),
        "external_id": TemplateColumn(20, TEXT, HELPFUL, "K-17"),
    }
)
"""The columns that help most, in their order. Ids, phones and postcodes are text, so that no zero is lost."""

LAST_ROW = MAX_ROWS - 1
NOTE_WIDTHS = (26, 78, 26)


def write_template(stream: BinaryIO, texts: TemplateTexts, file: str) -> None:
    """Write the workbook into the stream. file: its name, for the command that the second sheet shows."""
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    try:
        headers = {
            colors: book.add_format(
                {"bold": True, "bg_color": colors[0], "font_color": colors[1], "border": 1, "valign": "top"}
            )
            for colors in (NEEDED, STRONG, HELPFUL)
        }
        _write_sales(book.add_worksheet(texts.sheets[0]), texts, headers, book)
        _write_notes(book.add_worksheet(texts.sheets[1]), texts, headers, book, file)
    finally:
        book.close()


def _write_sales(
    sheet: Worksheet, texts: TemplateTexts, headers: Mapping[tuple[str, str], Format], book: xlsxwriter.Workbook
) -> None:
    forms = {form: book.add_format({"num_format": form}) for form in (TEXT, MONEY, MOMENT, DAY)}
    for place, (field, column) in enumerate(COLUMNS.items()):
        sheet.set_column(place, place, column.width, forms[column.form])
        sheet.write_string(0, place, texts.columns[field][0], headers[column.colors])
        if (rule := _validation(field, texts)) is not None:
            sheet.data_validation(1, place, LAST_ROW, place, rule)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})


def _validation(field: str, texts: TemplateTexts) -> dict[str, Any] | None:
    """Return the drop-down of a column, or what its cells must be; the spreadsheet's own words tell of a breach."""
    if field == "status":
        return {"validate": "list", "source": list(texts.status.values())}
    if field == "currency":
        return {"validate": "list", "source": list(CURRENCIES), "show_error": False}
    if field == "event_time":
        since = datetime(2000, 1, 1)  # noqa: DTZ001  as in Excel
        return {"validate": "date", "criteria": ">=", "value": since, "error_type": "warning"}
    if field == "value":
        return {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning"}
    return None


def _write_notes(
    sheet: Worksheet,
    texts: TemplateTexts,
    headers: Mapping[tuple[str, str], Format],
    book: xlsxwriter.Workbook,
    file: str,
) -> None:
    title, command = book.add_format({"bold": True, "font_size": 15}), book.add_format({"font_name": "Consolas"})
    wrap, head = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True, "bottom": 1})
    for place, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, texts.sheets[1], title)
    for row, words in enumerate(texts.intro, start=1):
        sheet.merge_range(row, 0, row, len(NOTE_WIDTHS) - 1, words, wrap)
        sheet.set_row(row, LINE_HEIGHT * lines_of(words, sum(NOTE_WIDTHS)))
    row = len(texts.intro) + 1
    sheet.write_string(row, 0, f"capi-import check {shlex.quote(file)} --timezone {texts.zone}", command)
    row += 2
    for place, words in enumerate(texts.headings):
        sheet.write_string(row, place, words, head)
    for field, column in COLUMNS.items():
        row += 1
        header, meaning = texts.columns[field]
        sheet.write_string(row, 0, header, headers[column.colors])
        sheet.write_string(row, 1, meaning, wrap)
        sheet.set_row(row, LINE_HEIGHT * lines_of(meaning, NOTE_WIDTHS[1]))
        example = texts.status["sale"] if column.example is None else column.example
        form = book.add_format({"num_format": column.form, "align": "left", "valign": "top"})
        if isinstance(example, date):
            sheet.write_datetime(row, 2, example, form)  # type: ignore[call-overload]  # takes dates too
        elif isinstance(example, float):
            sheet.write_number(row, 2, example, form)
        else:
            sheet.write_string(row, 2, example, form)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
