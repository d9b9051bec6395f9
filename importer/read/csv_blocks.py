"""A block of CSV text as Arrow columns: by pyarrow where the text is in order, from scanned records elsewhere."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv

from importer.core.kernels.arrays import Indices, one_chunk
from importer.core.model import Column
from importer.read.csv_scanner import Dialect, Record, has_content
from importer.read.encodings import valid_utf8
from importer.read.record_bounds import Layout, lay_out, outside_quotes


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


def parse_layout(data: bytes, layout: Layout, dialect: Dialect, shape: Shape) -> Rows | None:
    """The records of a block in order, short ones padded, long ones cut; None where pyarrow counts others."""
    if not len(layout.starts):
        return Rows(layout.before, {}, [pa.array([], pa.string()) for _ in shape.wanted])
    text = data[: layout.end]
    damaged = _undecodable(text, layout)
    if damaged:
        text = _mended(text)
        layout, before = lay_out(text, dialect), layout
        if len(layout.starts) != len(before.starts):
            return None  # a replacement is longer than what it replaces, and a record may now be too long
    count = len(layout.starts)
    columns = _read(text, count, dialect, shape)
    faults = dict.fromkeys(damaged, "bad_encoding")
    if columns is None and shape.width > 1:  # a cut record of one column may be a blank line, which is none
        text, surplus = _squared(text, layout, dialect, shape.width)
        columns = _read(text, count, dialect, shape)
        faults |= dict.fromkeys(surplus, "too_many_cells")
    return None if columns is None else Rows(layout.before, faults, columns)


def from_records(data: bytes, records: Sequence[Record], shape: Shape) -> Rows:
    """Scanned records as columns, blank lines left out; short ones are padded with nulls."""
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
    columns: list[Column] = [
        pa.array([_text(row[place]) if place < len(row) else None for row in cells], pa.string())
        for place in shape.wanted
    ]
    return Rows(np.array(before, np.int64), faults, columns)


def _read(text: bytes, count: int, dialect: Dialect, shape: Shape) -> list[Column] | None:
    """The wanted columns, or None where a record has another width or pyarrow counts other records."""
    names = [str(place) for place in range(shape.width)]
    wanted = [str(place) for place in shape.wanted]
    if text.startswith(codecs.BOM_UTF8):
        return None  # pyarrow would take it off the cell
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


def _squared(text: bytes, layout: Layout, dialect: Dialect, width: int) -> tuple[bytes, list[int]]:
    """The text with `width` cells in every record, and which records had content in cells beyond."""
    signs = np.frombuffer(text, np.uint8)
    delimiters = np.flatnonzero(signs == dialect.delimiter[0])
    delimiters = delimiters[outside_quotes(text, delimiters, dialect)]
    first = np.searchsorted(delimiters, layout.starts)
    counts = np.searchsorted(delimiters, layout.stops) - first
    pieces: list[bytes] = []
    surplus: list[int] = []
    done = 0
    for odd in np.flatnonzero(counts != width - 1).tolist():
        stop = int(layout.stops[odd])
        missing = width - 1 - int(counts[odd])
        cut = stop if missing > 0 else int(delimiters[first[odd] + width - 1])
        pieces += [text[done:cut], dialect.delimiter * missing]
        if cut < stop and has_content(text[cut:stop], dialect):
            surplus.append(odd)
        done = stop
    return b"".join([*pieces, text[done:]]), surplus


def _undecodable(text: bytes, layout: Layout) -> list[int]:
    """The records that hold bytes which are no UTF-8."""
    if text.isascii() or valid_utf8(text):
        return []
    view, place, found = memoryview(text), 0, set()
    while place < len(text):
        try:
            codecs.utf_8_decode(view[place:], "strict", True)
        except UnicodeDecodeError as error:
            found.add(int(np.searchsorted(layout.starts, place + error.start, side="right")) - 1)
            place += error.end
        else:
            break
    return sorted(found)


def _mended(text: bytes) -> bytes:
    """The text with what is no UTF-8 replaced, its last line break whole."""
    mended = text.decode("utf-8", "replace").encode()
    return mended + b"\n" if mended.endswith(b"\r") else mended


def _text(cell: bytes) -> str | None:
    return cell.decode("utf-8", "replace") or None
