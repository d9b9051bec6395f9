"""Rows as an Excel workbook, written row by row in constant memory."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pyarrow as pa
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from importer.errors import UsageError
from importer.results.excel_columns import cells, true_cell

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
"""What Excel allows on a sheet."""

MOST_TITLE = 31
"""Characters of a sheet's name that Excel allows."""

_WIDTH = 16
LINE_HEIGHT = 15
"""Points of a row of one line."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}

Decorate = Callable[[Worksheet, int], None]
"""Called with a sheet that is full or at its end, and the number of its rows, the header included."""


def lines_of(text: str, width: float) -> int:
    """Return how many lines a wrapped text takes in a column of so many letters; Chinese letters and such count twice.

    Words are not broken, so a line holds a tenth less.
    """
    wide = 0 if text.isascii() else sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    letters = len(text) + wide
    return 1 if letters <= width else math.ceil(letters / (0.9 * width))


class Book:
    """A workbook and its formats; its temporary files are gone when it is closed, however that ends."""

    def __init__(self, stream: BinaryIO) -> None:
        self._folder = TemporaryDirectory(prefix="capi-import-")  # for the owner only, as mkdtemp makes it
        self._sink = _Sink(stream)
        self.workbook = xlsxwriter.Workbook(self._sink, {**_OPTIONS, "tmpdir": self._folder.name})
        self.header = self.workbook.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "valign": "top"})
        self.money = self.workbook.add_format({"num_format": "#,##0.00####", "valign": "top"})
        self.day = self.workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.moment = self.workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})
        self.top = self.workbook.add_format({"valign": "top"})
        self.wrapped = self.workbook.add_format({"valign": "top", "text_wrap": True})

    def close(self) -> None:
        """Complete the workbook in its stream."""
        try:
            self.workbook.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the OSError it wraps
        finally:
            self._sink.leave()
            self._clear_up()

    def _clear_up(self) -> None:
        """Close and remove xlsxwriter's own files, also those that it leaves open when the disk is full."""
        for sheet in self.workbook.worksheets():
            for handle in (sheet.row_data_fh, sheet.fh):
                if handle is not None:
                    with suppress(OSError):
                        handle.close()
        self._folder.cleanup()


class Grid:
    """A table on as many sheets as it needs: frozen header, filters, widths; text is always text, never a formula.

    wrapped: columns whose text is broken into lines, so that none of it is hidden by the next column.
    """

    def __init__(
        self,
        book: Book,
        title: str,
        names: Sequence[str],
        *,
        widths: Mapping[str, float] | None = None,
        wrapped: Collection[str] = (),
        max_rows: int = MAX_ROWS,
        decorate: Decorate | None = None,
        mixed: Sequence[int] = (),
    ) -> None:
        self._mixed = mixed
        self._book, self._title, self._names = book, title, list(names)
        self._widths, self._max_rows, self._decorate = widths or {}, max_rows, decorate
        self._wrapped = [(place, name) for place, name in enumerate(names) if name in wrapped]
        self.titles: list[str] = []
        self._new_sheet()

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of the batch below those before, on a new sheet where one is full."""
        columns = [cells(column) for column in batch.columns]
        for place in self._mixed:
            columns[place] = list(map(true_cell, columns[place]))
        for row in zip(*columns, strict=True):
            if self._row == self._max_rows:
                self.end()
                self._new_sheet()
            if self._wrapped and (lines := self._lines(row)) > 1:  # LibreOffice does not find the height by itself
                self._sheet.set_row(self._row, LINE_HEIGHT * lines)
            for place, value in enumerate(row):
                if value is not None:
                    self._put(place, value)
            self._row += 1

    def _lines(self, row: Sequence[Any]) -> int:
        """Return how many lines the row's longest wrapped text takes."""
        texts = [(str(row[place] or ""), self._widths.get(name, _WIDTH)) for place, name in self._wrapped]
        return max(lines_of(text, width) for text, width in texts)

    def end(self) -> None:
        """Add the filters; nothing is written to the sheet after that."""
        self._sheet.autofilter(0, 0, self._row - 1, len(self._names) - 1)
        if self._decorate is not None:
            self._decorate(self._sheet, self._row)

    def _new_sheet(self) -> None:
        number = len(self.titles) + 1
        more = "" if number == 1 else f" {number}"
        self.titles.append(self._title[: MOST_TITLE - len(more)] + more)
        self._sheet = self._book.workbook.add_worksheet(self.titles[-1])
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})
        for place, name in enumerate(self._names):
            form = self._book.wrapped if (place, name) in self._wrapped else self._book.top
            form = self._book.money if name == "value" else form
            self._sheet.set_column(place, place, self._widths.get(name, _WIDTH), form)
        for place, name in enumerate(cells(pa.array(self._names, pa.string()))):
            self._sheet.write_string(0, place, name, self._book.header)
        self._row = 1

    def _put(self, place: int, value: Any) -> None:
        if isinstance(value, str):
            self._sheet.write_string(self._row, place, value)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, place, value)
        elif isinstance(value, date):
            form = self._book.moment if isinstance(value, datetime) else self._book.day
            self._sheet.write_datetime(self._row, place, value, form)  # type: ignore[call-overload]  # takes dates too
        else:
            self._sheet.write_number(self._row, place, value)


class ExcelTable:
    """Batches as the sheets of one workbook."""

    readable_in_part = False

    def __init__(
        self,
        stream: BinaryIO,
        schema: pa.Schema,
        max_rows: int = MAX_ROWS,
        *,
        title: str = "Rows",
        mixed: Sequence[int] = (),
    ) -> None:
        if len(schema.names) > MAX_COLUMNS:
            message = f"A sheet has room for {MAX_COLUMNS:,} columns, not {len(schema.names):,}; end the path in .csv."
            raise UsageError(message)
        self._book = Book(stream)
        self._grid = Grid(self._book, _title(title), schema.names, max_rows=max_rows, mixed=mixed)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write the rows of the batch below those before."""
        self._grid.write(batch)

    def close(self) -> None:
        """Complete the workbook in its stream."""
        self._grid.end()
        self._book.close()


def _title(text: str) -> str:
    """Return a text as the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", text)[:MOST_TITLE].strip(" '") or "Rows"


class _Sink:
    """A stream that can be left: a ZipFile that failed writes its end once more when it is thrown away."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def leave(self) -> None:
        """Discard whatever is written from now on."""
        self._stream = BytesIO()
