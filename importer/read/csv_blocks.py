"""A block of CSV text as Arrow columns: by pyarrow where the text is well-formed, from scanned records elsewhere."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv

from importer.core.kernels.arrays import Indices, one_chunk
from importer.core.model import Column
from importer.read.csv_scanner import CsvRecord, Dialect, has_content
from importer.read.encodings import valid_utf8
from importer.read.record_bounds import RecordBounds, find_bounds, outside_quotes


class Shape(NamedTuple):
    """How wide the table is and which of its columns are wanted, by their positions."""

    width: int
    wanted: tuple[int, ...]


class Rows(NamedTuple):
    """Records of a block.

    before: line breaks between the block's start and each record.
    faults: reason codes by the record's place in the block.
    """

    before: Indices
    faults: dict[int, str]
    columns: list[Column]


def parse_records(data: bytes, bounds: RecordBounds, dialect: Dialect, shape: Shape) -> Rows | None:
    """Parse the records of a well-formed block, short ones padded, long ones cut; None where pyarrow counts others."""
    if not len(bounds.starts):
        return Rows(bounds.before, {}, [pa.array([], pa.string()) for _ in shape.wanted])
    text = data[: bounds.end]
    damaged = _undecodable(text, bounds)
    if damaged:
        text = text.decode("utf-8", "replace").encode()
        text += b"\n" if text.endswith(b"\r") else b""
        bounds, before = find_bounds(text, dialect), bounds
        if len(bounds.starts) != len(before.starts):
            return None  # a replacement is longer than what it replaces, and a record may now be too long
    count = len(bounds.starts)
    columns = _read(text, count, dialect, shape)
    faults = dict.fromkeys(damaged, "bad_encoding")
    if columns is None and shape.width > 1:  # a cut record of one column may become a blank line, which is not a record
        text, surplus = _fit_width(text, bounds, dialect, shape.width)
        columns = _read(text, count, dialect, shape)
        faults |= dict.fromkeys(surplus, "too_many_cells")
    return None if columns is None else Rows(bounds.before, faults, columns)


def from_records(data: bytes, records: Sequence[CsvRecord], shape: Shape) -> Rows:
    """Turn scanned records into columns, without blank lines; short records are padded with nulls."""
    faults: dict[int, str] = {}
    before: list[int] = []
    cells: list[list[bytes]] = []
    breaks = 0
    for record in records:
        raw = data[record.start : record.end]
        if raw.strip(b"\r\n"):
            fault = record.fault or (None if valid_utf8(raw) else "bad_encoding")
            faults |= {len(cells): fault} if fault else {}
            cells.append(record.cells)
            before.append(breaks)
        breaks += record.breaks
    columns: list[Column] = []
    for place in shape.wanted:
        texts = [row[place].decode("utf-8", "replace") if place < len(row) else "" for row in cells]
        columns.append(pa.array([text or None for text in texts], pa.string()))
    return Rows(np.array(before, np.int64), faults, columns)


def _read(text: bytes, count: int, dialect: Dialect, shape: Shape) -> list[Column] | None:
    """Read the wanted columns; None where a record has another width or pyarrow counts other records."""
    names = [str(place) for place in range(shape.width)]
    wanted = [str(place) for place in shape.wanted]
    if text.startswith(codecs.BOM_UTF8):
        return None  # pyarrow would remove it from the cell
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(text),
            read_options=pa.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
            parse_options=pa.csv.ParseOptions(
                delimiter=dialect.delimiter.decode(),
                quote_char='"' if dialect.quoted else False,
                newlines_in_values=True,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted or names[:1],
                null_values=[""],
                strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [one_chunk(table.column(name)) for name in wanted] if table.num_rows == count else None


def _fit_width(text: bytes, bounds: RecordBounds, dialect: Dialect, width: int) -> tuple[bytes, list[int]]:
    """Pad or cut every record to `width` cells; return the text, and which records had content in cells beyond."""
    codes = np.frombuffer(text, np.uint8)
    delimiters = np.flatnonzero(codes == dialect.delimiter[0])
    delimiters = delimiters[outside_quotes(text, delimiters, dialect)]
    first = np.searchsorted(delimiters, bounds.starts)
    counts = np.searchsorted(delimiters, bounds.stops) - first
    pieces: list[bytes] = []
    surplus: list[int] = []
    done = 0
    for odd in np.flatnonzero(counts != width - 1).tolist():
        stop = int(bounds.stops[odd])
        missing = width - 1 - int(counts[odd])
        cut = stop if missing > 0 else int(delimiters[first[odd] + width - 1])
        pieces += [text[done:cut], dialect.delimiter * missing]
        if cut < stop and has_content(text[cut:stop], dialect):
            surplus.append(odd)
        done = stop
    return b"".join([*pieces, text[done:]]), surplus


def _undecodable(text: bytes, bounds: RecordBounds) -> list[int]:
    """Find the records that hold bytes which are not UTF-8."""
    if text.isascii() or valid_utf8(text):
        return []
    view, place, found = memoryview(text), 0, set()
    while place < len(text):
        try:
            codecs.utf_8_decode(view[place:], "strict", True)
        except UnicodeDecodeError as error:
            found.add(int(np.searchsorted(bounds.starts, place + error.start, side="right")) - 1)
            place += error.end
        else:
            break
    return sorted(found)
