"""Rows as an Excel workbook, written row by row in constant memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from importer.core.columns import one_chunk
from importer.core.model import Column
from importer.errors import UsageError
from importer.report.texts import EXACT_DIGITS, is_text, texts

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CHARACTERS = 32_767
"""What Excel allows on a sheet and in a cell; it counts characters in UTF-16."""

FIRST_DATE = date(1900, 3, 1)
"""Before it Excel counts a day that never was (29 February 1900)."""

_WIDTHS = {"row": 8, "line": 8, "message": 70, "event_id": 36, "event_time": 21, "warnings": 30, "match_keys": 24}
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}


class ExcelTable:
    """Batches as the sheets of one workbook; text is always text, never a formula or a link."""

    readable_in_part = False

    def __init__(self, stream: BinaryIO, schema: pa.Schema, max_rows: int = MAX_ROWS) -> None:
        self._names = list(schema.names)
        if len(self._names) > MAX_COLUMNS:
            message = f"A sheet has room for {MAX_COLUMNS:,} columns, not {len(self._names):,}; end the path in .csv."
            raise UsageError(message)
        self._folder = TemporaryDirectory(prefix="capi-import-")  # for the owner only, as mkdtemp makes it
        self._sink = _Sink(stream)
        self._book = xlsxwriter.Workbook(self._sink, {**_OPTIONS, "tmpdir": self._folder.name})
        self._max_rows = max_rows
        self._bold = self._book.add_format({"bold": True})
        self._money = self._book.add_format({"num_format": "#,##0.00####"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._sheets = 0
        self._new_sheet()

    def write(self, batch: pa.RecordBatch) -> None:
        """The batch's rows stand below those before, on a new sheet where one is full."""
        columns = [cells(column) for column in batch.columns]
        for row in zip(*columns, strict=True):
            if self._row == self._max_rows:
                self._end_sheet()
                self._new_sheet()
            for place, value in enumerate(row):
                if value is not None:
                    self._put(place, value)
            self._row += 1

    def close(self) -> None:
        """The workbook is complete in its stream."""
        self._end_sheet()
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the OSError it wraps
        finally:
            self._sink.leave()
            self._clear_up()

    def _clear_up(self) -> None:
        """Xlsxwriter's own files are closed and gone, also those that it leaves open when the disk is full."""
        for sheet in self._book.worksheets():
            for handle in (sheet.row_data_fh, sheet.fh):
                if handle is not None:
                    with suppress(OSError):
                        handle.close()
        self._folder.cleanup()

    def _new_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet("Rows" if self._sheets == 1 else f"Rows {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        for place, name in enumerate(self._names):
            self._sheet.set_column(place, place, _WIDTHS.get(name, 16), self._money if name == "value" else None)
        for place, name in enumerate(cells(pa.array(self._names, pa.string()))):
            self._sheet.write_string(0, place, name, self._bold)
        self._row = 1

    def _end_sheet(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._names) - 1)

    def _put(self, place: int, value: Any) -> None:
        if isinstance(value, str):
            self._sheet.write_string(self._row, place, value)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, place, value)
        elif isinstance(value, date):
            form = self._moment if isinstance(value, datetime) else self._day
            self._sheet.write_datetime(self._row, place, value, form)  # type: ignore[call-overload]  # takes dates too
        else:
            self._sheet.write_number(self._row, place, value)


class _Sink:
    """A stream that can be left: a ZipFile that failed writes its end once more when it is thrown away."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def leave(self) -> None:
        """Whatever is written from now on goes nowhere."""
        self._stream = BytesIO()


def cells(column: Column) -> list[Any]:
    """A column as what Excel can hold without loss: text, numbers of at most 15 digits, true and false, dates."""
    kind = column.type
    if pt.is_boolean(kind):
        return list(column.to_pylist())
    if pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind):
        return _kept(column, column.to_pylist(), _is_exact)
    if pt.is_date(kind) or (pt.is_timestamp(kind) and kind.tz is None):
        return _moments(column)
    return _clean(column if is_text(column) else texts(column))


def _moments(column: Column) -> list[Any]:
    try:
        finest = column.cast(pa.timestamp("us")) if pt.is_timestamp(column.type) else column
        values = finest.to_pylist()
    except (ValueError, OverflowError):  # nanoseconds, or a year beyond the calendar
        return _clean(texts(column))
    return _kept(column, values, _is_date)


def _kept(column: Column, values: list[Any], fits: Callable[[Any], bool]) -> list[Any]:
    """The values that fit as they are, the others as text."""
    if all(value is None or fits(value) for value in values):
        return values
    spare = texts(column).to_pylist()
    return [value if value is None or fits(value) else text for value, text in zip(values, spare, strict=True)]


def _is_exact(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    digits = Decimal(value).normalize().as_tuple().digits if isinstance(value, Decimal) else str(abs(value))
    return len(digits) <= EXACT_DIGITS


def _is_date(value: date) -> bool:
    if not isinstance(value, datetime):
        return value >= FIRST_DATE
    return value.date() >= FIRST_DATE and value.microsecond % 1000 == 0


def _clean(column: Column) -> list[str | None]:
    """Text without what a workbook cannot hold: control characters, and more than 32,767 characters."""
    text = one_chunk(column.cast(pa.string()))
    if pc.any(pc.match_substring_regex(text, r"[\x00-\x1f\x{FFFE}\x{FFFF}]")).as_py():
        text = pc.replace_substring_regex(pc.replace_substring_regex(text, r"\r\n?", "\n"), _CONTROLS, "")
    values: list[str | None] = text.to_pylist()
    if (pc.max(pc.utf8_length(text)).as_py() or 0) > MAX_CHARACTERS // 2:
        return [None if value is None else _cut(value) for value in values]
    return values


def _cut(value: str) -> str:
    return value.encode("utf-16-le")[: 2 * MAX_CHARACTERS].decode("utf-16-le", "ignore")
