"""Spreadsheet cells as Arrow columns: a whole column of dates, numbers or truth values keeps its type, others are text.

The type is decided for the whole column, but arrays are built batch by batch, so that Python objects never pile up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column
from importer.read.export import CELL_LIMIT

Cell: TypeAlias = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

EXACT = 1e15
"""Spreadsheets keep 15 digits of a number; from here on digits may be lost."""

_DATE, _TIME_STAMP = pa.date32(), pa.timestamp("us")
_TYPES: dict[type, pa.DataType] = {
    float: pa.float64(),
    int: pa.float64(),
    bool: pa.bool_(),
    dt.date: _DATE,
    dt.datetime: _TIME_STAMP,
}


def column_piece(cells: Sequence[Cell]) -> Column:
    """Convert some cells of a column: typed where all are of one type, text where mixed, of type null where empty."""
    if cells and type(cells[0]) is str:
        with suppress(pa.ArrowTypeError):  # not all are text; looking at each type first takes half as long again
            return _texts(cells)
    kinds = set(map(type, cells)) - {type(None)}
    if kinds == {str}:
        return _texts(cells)
    cells = [None if cell == "" else cell for cell in cells]
    kinds = set(map(type, cells)) - {type(None)}
    types = {_TYPES.get(kind, pa.string()) for kind in kinds}
    if not types:
        return one_chunk(pa.nulls(len(cells)))
    if types == {_DATE, _TIME_STAMP}:
        return one_chunk(pa.array([_as_datetime(cell) for cell in cells], _TIME_STAMP))
    if len(types) > 1 or types == {pa.string()}:
        texts = [None if cell is None else text_of(cell)[:CELL_LIMIT] for cell in cells]
        return one_chunk(pa.array(texts, pa.string()))
    (kind,) = types
    return one_chunk(pa.array([_as_datetime(cell) for cell in cells] if kind == _TIME_STAMP else cells, kind))


def _texts(cells: Sequence[Cell]) -> Column:
    """Convert cells of nothing but text, as nearly all columns of an export are."""
    column = one_chunk(pa.array(cells, pa.string()))
    if pc.any(pc.match_substring(column, "\0")).as_py():
        column = one_chunk(pc.replace_substring(column, "\0", ""))
    if (pc.max(pc.binary_length(column)).as_py() or 0) > CELL_LIMIT:
        column = one_chunk(pc.utf8_slice_codeunits(column, 0, CELL_LIMIT))
    empty = pc.equal(column, "")
    return one_chunk(pc.if_else(empty, pa.scalar(None, pa.string()), column)) if pc.any(empty).as_py() else column


def join_pieces(pieces: Sequence[Column]) -> Column:
    """Join the pieces of a column: whole numbers below 10^15 become integers, pieces of several types text."""
    types = {piece.type for piece in pieces} - {pa.null()}
    if not types:
        kind = pa.string()
    elif types == {_DATE, _TIME_STAMP}:
        kind = _TIME_STAMP
    else:
        kind = next(iter(types)) if len(types) == 1 else pa.string()
    column = one_chunk(pa.chunked_array([_as_type(piece, kind) for piece in pieces], kind))
    if kind != pa.float64():
        return column
    # integers where every number is whole and has kept its digits, as order numbers and phones do
    whole = pc.all(pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), EXACT)))
    return one_chunk(column.cast(pa.int64())) if whole.as_py() else column


def text_of(cell: Cell) -> str:
    """Write a cell as a person would: 5, 1234.5, 1.69E+18, 2026-10-05, 2026-10-05 14:12:00, 14:12:00, true."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _number(float(cell))
    if isinstance(cell, dt.datetime):
        rounded = _rounded(cell)
        return str(rounded.date()) if rounded.time() == dt.time() else str(rounded)[:23]
    if isinstance(cell, dt.timedelta):
        return _duration(cell)
    return "" if cell is None else str(cell).replace("\0", "")


def too_long(cells: Sequence[Cell], piece: Column) -> list[int]:
    """Return the positions of the cells that `column_piece` cut in the piece."""
    if piece.type != pa.string() or (pc.max(pc.binary_length(piece)).as_py() or 0) < CELL_LIMIT:
        return []
    return [place for place, cell in enumerate(cells) if isinstance(cell, str) and len(cell) > CELL_LIMIT]


def _as_type(piece: Column, kind: pa.DataType) -> Column:
    if piece.type == kind:
        return piece
    if pa.types.is_null(piece.type):
        return one_chunk(pa.nulls(len(piece), kind))
    if kind == _TIME_STAMP:
        return one_chunk(piece.cast(kind))
    texts = [None if cell is None else text_of(cell) for cell in piece.to_pylist()]
    return one_chunk(pa.array(texts, pa.string()))


def _as_datetime(cell: Cell) -> Cell:
    """Return a date or time as a rounded datetime."""
    if isinstance(cell, dt.datetime):
        return _rounded(cell)
    return dt.datetime.combine(cell, dt.time()) if isinstance(cell, dt.date) else cell


def _number(number: float) -> str:
    """Write fifteen digits without an exponent; from 10^15 on with one, as a spreadsheet does where digits are lost."""
    if abs(number) < EXACT:
        return format(Decimal(f"{number:.15g}"), "f")
    digits, _, exponent = f"{number:.14E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{exponent}"


def _rounded(cell: dt.datetime) -> dt.datetime:
    """Round a time to the millisecond: a spreadsheet's binary fraction of a day holds no more."""
    moment = cell.replace(tzinfo=None)
    try:
        return moment.replace(microsecond=0) + dt.timedelta(milliseconds=round(moment.microsecond / 1000))
    except OverflowError:
        return moment


def _duration(cell: dt.timedelta) -> str:
    seconds = round(cell.total_seconds())
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hour:02}:{minute:02}:{second:02}"
