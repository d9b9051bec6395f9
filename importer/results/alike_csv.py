"""Rows as CSV in the form of another text file: its delimiter, encoding, quotation marks and line ends."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import BinaryIO, Literal

import pyarrow as pa

from importer.results.table_files import Written, header_of
from importer.text_form import MARK, TextForm

QUOTING: Mapping[str, Literal[0, 1, 3]] = {
    "none": csv.QUOTE_NONE,
    "needed": csv.QUOTE_MINIMAL,
    "all": csv.QUOTE_ALL,
}


class AlikeCsv:
    """A CSV file in a given form; where that lacks a character, all of it is UTF-8 with a byte order mark."""

    readable_in_part = True

    def __init__(self, stream: BinaryIO, schema: pa.Schema, written: Written, form: TextForm) -> None:
        self._stream, self._written, self._form = stream, written, form
        self._encode = form.encoder()
        self._put(form.opening)
        self.write(header_of(schema))

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of the batch."""
        text = StringIO(newline="")
        rows = csv.writer(
            text,
            delimiter=self._form.delimiter,
            quoting=QUOTING[self._form.quotes],
            quotechar=None if self._form.quotes == "none" else '"',
            lineterminator=self._form.end,
        )
        rows.writerows(zip(*(column.fill_null("").to_pylist() for column in self._written(batch)), strict=True))
        self._put(text.getvalue())

    def close(self) -> None:
        """Do nothing; a CSV file has no end."""

    def _put(self, text: str) -> None:
        try:
            content = self._encode(text)
        except UnicodeEncodeError:
            self._begin_again_in_utf8()
            content = self._encode(text)
        self._stream.write(content)

    def _begin_again_in_utf8(self) -> None:
        self._stream.seek(0)
        before = self._form.decoded(self._stream.read()).removeprefix(MARK)
        self._stream.seek(0)
        self._stream.truncate()
        self._form = self._form._replace(codec="utf-8", table=None, mark=True)
        self._encode = self._form.encoder()
        self._stream.write(self._encode(MARK + before))
