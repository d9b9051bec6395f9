"""Delimited text as an Export: any delimiter, encoding and line end, in a stream that is never held whole."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import one_chunk
from importer.errors import FileError
from importer.read import dialects
from importer.read.byte_sources import FIRST_BYTES, ByteSource
from importer.read.code_pages import WINDOWS_TABLE
from importer.read.column_names import unique_names
from importer.read.csv_blocks import Shape
from importer.read.csv_scanner import CsvRecord, Dialect
from importer.read.csv_stream import blocks, starts
from importer.read.encodings import (
    WINDOWS,
    Encoding,
    ask_if_doubtful,
    bytes_of,
    can_be_cut,
    detect_encoding,
    is_utf8,
    japanese,
    named_encoding,
    to_utf8,
)
from importer.read.export import HEAD, MAX_COLUMNS, Export, wanted_schema
from importer.read.header import SEARCHED, Known, find_header
from importer.read.known_headers import page_of_headers
from importer.read.stretches import Cut, Stretch
from importer.text_form import Quotes, TextForm

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f"))
_MOST_CONTROLS = 0.02  # share of control characters beyond which bytes are not text
_MOST_ZEROS = 0.9  # share of zero bytes, of which UTF-32 has up to three quarters


@dataclass(frozen=True)
class _Text:
    """Where the rows of a text file begin and how they are read.

    offset, line: where the first record after the header begins, in UTF-8 bytes and as a line number.
    """

    source: ByteSource
    encoding: Encoding
    dialect: Dialect
    width: int
    offset: int
    line: int
    schema: pa.Schema

    def read(self, wanted: tuple[int, ...], _rows: int, stretch: Stretch | None = None) -> Iterator[pa.RecordBatch]:
        """Yield batches of row, line, fault and the wanted columns."""
        schema = wanted_schema(self.schema, wanted)
        row, first_line = (1, self.line) if stretch is None else (stretch.begin.row, stretch.begin.line)
        chunks = self._text() if stretch is None else self._text_of(stretch)
        for line, rows, _ in blocks(chunks, self.dialect, Shape(self.width, wanted), first_line):
            count = len(rows.before)
            if not count:
                continue
            faults = one_chunk(pa.nulls(count, pa.string()))
            if rows.faults:
                faults = pa.array([rows.faults.get(place) for place in range(count)], pa.string())
            head = [pa.array(np.arange(row, row + count)), pa.array(rows.before + line), faults]
            yield pa.RecordBatch.from_arrays([*head, *rows.columns], schema=schema)
            row += count
        if stretch is not None and row != stretch.end.row:
            message = f"{self.source.path.name} changed while it was read; start again when it is complete."
            raise FileError(message)

    def _text(self, *, plain: bool = False) -> Iterator[bytes]:
        """Yield the text of the rows. plain: it must have no zero bytes."""
        chunks = _without_zeros(self.source.chunks()) if plain else self.source.chunks()
        return _after(to_utf8(chunks, self.encoding), self.offset)

    def _text_of(self, stretch: Stretch) -> Iterator[bytes]:
        chunks = self.source.bytes_between(stretch.begin.offset, stretch.end.offset)
        return to_utf8(chunks, self.encoding, first=False)

    def cuts(self, every: int) -> Sequence[Cut]:
        """Return where every so many records begin, and where the file ends; none where its text cannot be cut."""
        if self.source.compression or not can_be_cut(self.encoding):
            return ()
        offset = self._begin()
        found, row = [Cut(1, self.line, offset)], 1
        try:
            for line, (text, offsets, before), size in starts(
                self._text(plain=True), self.dialect, self.width, self.line
            ):
                for at in range((1 - row) % every, len(offsets), every):
                    if row + at > 1:
                        begin = offset + bytes_of(text, int(offsets[at]), self.encoding)
                        found.append(Cut(row + at, line + int(before[at]), begin))
                row += len(offsets)
                offset += bytes_of(text, size, self.encoding)
        except _ZeroBytesError:
            return ()
        return [*found, Cut(row, 0, self.source.path.stat().st_size)] if row > 1 else ()

    def _begin(self) -> int:
        """Return where the rows begin, in the bytes of the file."""
        text = b""
        for piece in to_utf8(self.source.chunks(), self.encoding):
            text += piece
            if len(text) >= self.offset:
                break
        head = next(self.source.chunks(), b"")
        mark = len(codecs.BOM_UTF8) if self.encoding.codec == "utf-8" and head.startswith(codecs.BOM_UTF8) else 0
        return mark + bytes_of(text, self.offset, self.encoding)


class _ZeroBytesError(Exception):
    """A text has zero bytes, which are left out: its bytes are not those of the file."""


def _without_zeros(chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if b"\0" in chunk:
            raise _ZeroBytesError
        yield chunk


class _Table(NamedTuple):
    """What the first records say: the header, and where the rows begin after it.

    begin: offset of the header in the records' text; end: that of the first row.
    next_line: its line.
    """

    headers: tuple[str, ...]
    header_line: int
    preamble: tuple[int, ...]
    description_line: int | None
    begin: int
    end: int
    next_line: int


def open_delimited(source: ByteSource, encoding: str | None, known: Known) -> Export:
    """Open a text file and find its header; FileError where it is not text, empty or without a header row.

    encoding: a Python codec that the user named; otherwise it is detected on the whole file.
    """
    first = next(iter(source.chunks()), b"")
    if first.count(0) > _MOST_ZEROS * len(first):  # before gigabytes of zeros are read in search of an encoding
        raise _not_text(source.path.name)
    if encoding:
        found = named_encoding(encoding)
    elif is_utf8(source.chunks()):
        found = Encoding("UTF-8", "utf-8")
    else:
        found = detect_encoding(source.chunks())
    if found.doubtful:
        found = japanese(source.chunks()) or found
    if found.doubtful or found.likelier:
        page = page_of_headers(first)
        known_page = None if page is None or page == "windows-1252" else Encoding(page, page)
        found = known_page or found
    sample, whole = _sample(source, found)
    ask_if_doubtful(found, source.path.name)
    declared = dialects.declared_delimiter(sample)
    delimiter, start = declared or (dialects.find_delimiter(sample, known, whole=whole), 0)
    dialect = Dialect(delimiter, dialects.marks_quote(to_utf8(source.chunks(), found), delimiter))
    records = dialects.records_of(sample[start:], dialect, SEARCHED * 2, final=whole)
    table = _table(records, 2 if declared else 1, known, source.path.name)
    names = unique_names(table.headers)
    schema = pa.schema([*HEAD, *(pa.field(name, pa.string()) for name in names)])
    text = _Text(source, found, dialect, len(names), start + table.end, table.next_line, schema)
    return Export(
        path=source.path,
        file=source.path.name,
        format="csv",
        sheet="",
        headers=table.headers,
        names=names,
        header_line=table.header_line,
        preamble=table.preamble,
        description_line=table.description_line,
        details=_details(source, found, dialect),
        schema=schema,
        reader=text.read,
        cuts=text.cuts,
        form=_form(found, first, dialect, sample[start + table.begin : start + table.end], declared=bool(declared)),
    )


def _form(encoding: Encoding, first: bytes, dialect: Dialect, header: bytes, *, declared: bool) -> TextForm:
    """Return how the file is written. first: its first bytes; header: the line of the header, as UTF-8."""
    marked = first.startswith(codecs.BOM_UTF8) or encoding.codec.startswith(("utf-16-", "utf-32-"))
    single = dialect.delimiter == dialects.ONE_COLUMN
    quotes: Quotes = "needed" if dialect.quoted else "none"
    return TextForm(
        codec=encoding.codec,
        table=WINDOWS_TABLE if encoding.codec == WINDOWS else None,
        mark=marked,
        delimiter="," if single else dialect.delimiter.decode("latin-1"),
        quotes="all" if dialect.quoted and header.startswith(b'"') else quotes,
        end="\r\n" if header.endswith(b"\r\n") else "\r" if header.endswith(b"\r") else "\n",
        declared=declared,
    )


def _sample(source: ByteSource, encoding: Encoding) -> tuple[bytes, bool]:
    """Return the first text of the file, and whether it is all of it; FileError where it is empty or binary."""
    parts: list[bytes] = []
    size = 0
    for piece in to_utf8(source.chunks(), encoding):
        parts.append(piece)
        size += len(piece)
        if size > FIRST_BYTES:
            break
    sample = b"".join(parts)[:FIRST_BYTES]
    name = source.path.name
    if not sample.strip():
        message = f"{name} is empty; export it again."
        raise FileError(message)
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(sample):
        raise _not_text(name)
    return sample, size <= FIRST_BYTES


def _not_text(name: str) -> FileError:
    return FileError(f"{name} is not text, Excel or Parquet; export the sales as CSV.")


def _table(records: list[CsvRecord], first_line: int, known: Known, name: str) -> _Table:
    """Find the header among the first records; FileError where there is none or they have too many columns."""
    if not records:  # the first line goes on behind the sample
        size = f"longer than {FIRST_BYTES >> 10} KB, or has more than {MAX_COLUMNS:,} columns"
        message = f"The first line of {name} is {size}; check that it is a sales export."
        raise FileError(message)
    lines = (first_line + np.cumsum([0, *(record.breaks for record in records)])).tolist()
    wide = next((line for line, record in zip(lines, records, strict=False) if len(record.cells) > MAX_COLUMNS), None)
    if wide is not None:
        message = f"{name} has more than {MAX_COLUMNS:,} columns in line {wide}; check that it is a sales export."
        raise FileError(message)
    rows = [dialects.cell_texts(record) for record in records]
    filled = [place for place, row in enumerate(rows) if any(row)]
    header = find_header([rows[place] for place in filled], known)
    if header is None:
        message = (
            f"{name} has no header row; add a first line with the columns' names, such as email, event_time, value."
        )
        raise FileError(message)
    at = filled[header.index]
    last = filled[header.index + 1] if header.described else at
    return _Table(
        headers=tuple(rows[at]),
        header_line=lines[at],
        preamble=tuple(lines[place] for place in filled[: header.index]),
        description_line=lines[last] if header.described else None,
        begin=records[at - 1].end if at else 0,
        end=records[last].end,
        next_line=lines[last + 1],
    )


def _details(source: ByteSource, encoding: Encoding, dialect: Dialect) -> dict[str, str]:
    char = dialect.delimiter
    delimiter = "none (one column)" if char == dialects.ONE_COLUMN else dialects.NAMES.get(char, char.decode("latin-1"))
    details = {
        "encoding": encoding.label,
        "delimiter": delimiter,
        "quoting": "quotation marks" if dialect.quoted else "none",
    }
    return details | ({"compression": source.compression} if source.compression else {})


def _after(chunks: Iterator[bytes], offset: int) -> Iterator[bytes]:
    """Yield the stream without its first bytes."""
    left = offset
    for chunk in chunks:
        rest = chunk[left:] if left else chunk
        left = max(0, left - len(chunk))
        if rest:
            yield rest
