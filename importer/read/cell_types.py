"""Spreadsheet cells as Arrow columns: a whole column of dates, numbers or truth values keeps its type, others are text.

Types are judged for the whole column but built batch by batch, so that Python objects never pile up.
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
    """Some cells of a column: typed where all are of one kind, text where they are mixed, of type null where empty."""
    if cells and type(cells[0]) is str:
        with suppress(pa.ArrowTypeError):  # not all are text; to ask each for its type first takes half as long again
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
        return one_chunk(pa.array([_rounded_moment(cell) for cell in cells], _TIME_STAMP))
    if len(types) > 1 or types == {pa.string()}:
        texts = [None if cell is None else text_of(cell)[:CELL_LIMIT] for cell in cells]
        return one_chunk(pa.array(texts, pa.string()))
    (kind,) = types
    return one_chunk(pa.array([_rounded_moment(cell) for cell in cells] if kind == _TIME_STAMP else cells, kind))


def _texts(cells: Sequence[Cell]) -> Column:
    """Cells of nothing but text, as nearly all columns of an export are."""
    column = one_chunk(pa.array(cells, pa.string()))
    if pc.any(pc.match_substring(column, "\0")).as_py():
        column = one_chunk(pc.replace_substring(column, "\0", ""))
    if (pc.max(pc.binary_length(column)).as_py() or 0) > CELL_LIMIT:
        column = one_chunk(pc.utf8_slice_codeunits(column, 0, CELL_LIMIT))
    empty = pc.equal(column, "")
    return one_chunk(pc.if_else(empty, pa.scalar(None, pa.string()), column)) if pc.any(empty).as_py() else column


def join_pieces(pieces: Sequence[Column]) -> Column:
    """The pieces of a column as one: whole numbers below 10^15 as integers, pieces of several types as text."""
    types = {piece.type for piece in pieces} - {pa.null()}
    if not types:
        kind = pa.string()
    elif types == {_DATE, _TIME_STAMP}:
        kind = _TIME_STAMP
    else:
        kind = next(iter(types)) if len(types) == 1 else pa.string()
    column = one_chunk(pa.chunked_array([_as_type(piece, kind) for piece in pieces], kind))
    return _whole(column) if kind == pa.float64() else column


def text_of(cell: Cell) -> str:
    """A cell as a person would write it: 5, 1234.5, 1.69E+18, 2026-10-05, 2026-10-05 14:12:00, 14:12:00, true."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _number(float(cell))
    if isinstance(cell, dt.datetime):
        return _moment(cell)
    if isinstance(cell, dt.timedelta):
        return _duration(cell)
    return "" if cell is None else str(cell).replace("\0", "")


def too_long(cells: Sequence[Cell], piece: Column) -> list[int]:
    """Places of the cells that were cut in the piece that `column_piece` made of them."""
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


def _rounded_moment(cell: Cell) -> Cell:
    if isinstance(cell, dt.datetime):
        return _rounded(cell)
    return dt.datetime.combine(cell, dt.time()) if isinstance(cell, dt.date) else cell


def _whole(column: Column) -> Column:
    """Integers where every number is whole and has kept its digits, as order numbers and phones do."""
    fits = pc.all(pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), EXACT)))
    return one_chunk(column.cast(pa.int64())) if fits.as_py() else column


def _number(number: float) -> str:
    """Fifteen digits without an exponent; from 10^15 on with one, as a spreadsheet shows what it no longer knows."""
    if abs(number) < EXACT:
        return format(Decimal(f"{number:.15g}"), "f")
    digits, _, exponent = f"{number:.14E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{exponent}"


def _rounded(cell: dt.datetime) -> dt.datetime:
    """A time to the millisecond, without what stems from a spreadsheet's binary fractions of a day."""
    moment = cell.replace(tzinfo=None)
    try:
        return moment.replace(microsecond=0) + dt.timedelta(milliseconds=round(moment.microsecond / 1000))
    except OverflowError:
        return moment


def _moment(cell: dt.datetime) -> str:
    moment = _rounded(cell)
    return str(moment.date()) if moment.time() == dt.time() else str(moment)[:23]


def _duration(cell: dt.timedelta) -> str:
    seconds = round(cell.total_seconds())
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hour:02}:{minute:02}:{second:02}"
