"""Where records begin and end in a block of CSV text, found by column arithmetic on its bytes.

Only text whose quotation marks are in order is laid out: each opening mark stands where a cell begins, each closing
one where a cell ends, and marks inside an unquoted cell (5" pipe) are text. There a line break ends a record exactly
when an even number of opening and closing marks stands before it. The rest is left to `scanner.scan`, which agrees with
this module on everything that is in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from importer.core.kernels.arrays import Indices, Mask
from importer.read.csv_scanner import MAX_BREAKS, Dialect
from importer.read.export import CELL_LIMIT

_LF, _CR, _QUOTE = 10, 13, 34

Signs: TypeAlias = npt.NDArray[np.uint8]
"""The bytes of a block."""


@dataclass(frozen=True)
class Layout:
    """The whole records at the beginning of a block.

    end: bytes they take; the next record begins there.
    breaks: line breaks among these bytes.
    sound: the records stop where the block does, not before something out of order.
    starts, stops: where each record begins and where its line break begins; blank lines are no records.
    before: line breaks before each record.
    """

    end: int
    breaks: int
    sound: bool
    starts: Indices
    stops: Indices
    before: Indices


def lay_out(data: bytes, dialect: Dialect) -> Layout:
    """The longest beginning of the block that holds whole records in order."""
    signs = np.frombuffer(data, np.uint8)
    breaks = _line_breaks(data, signs)
    ends, sound = breaks, True
    if dialect.quoted and b'"' in data:
        marks = _marks(signs, dialect)
        trouble = _first_out_of_order(signs, marks, dialect)
        outside = np.searchsorted(marks.bordering, breaks) % 2 == 0
        ends = breaks[outside & (breaks < trouble)]
        sound = trouble == len(data)
    return _measured(signs, breaks, ends, sound=sound)


def outside_quotes(data: bytes, places: Indices, dialect: Dialect) -> Mask:
    """Which places of a block in order are not inside a quoted cell."""
    if not dialect.quoted or b'"' not in data:
        return np.ones(len(places), np.bool_)
    marks = _marks(np.frombuffer(data, np.uint8), dialect)
    return np.asarray(np.searchsorted(marks.bordering, places) % 2 == 0)


class _Marks(NamedTuple):
    """Quotation marks: those that stand beside a delimiter, a line break or another mark, and those inside text."""

    bordering: Indices
    inner: Indices


def _border(dialect: Dialect) -> Mask:
    """Which bytes may stand before an opening and behind a closing mark."""
    border = np.zeros(256, np.bool_)
    border[[_LF, _CR, _QUOTE, dialect.delimiter[0]]] = True
    return border


def _marks(signs: Signs, dialect: Dialect) -> _Marks:
    quotes, border = np.flatnonzero(signs == _QUOTE), _border(dialect)
    before = border[signs[quotes - 1]] | (quotes == 0)
    behind = border[signs[np.minimum(quotes + 1, len(signs) - 1)]]  # behind the last byte nothing is known: bordering
    return _Marks(quotes[before | behind], quotes[~before & ~behind])


def _line_breaks(data: bytes, signs: Signs) -> Indices:
    """The last byte of each line break; a carriage return at the very end may be half of one and is left out."""
    line_feeds = signs == _LF
    if b"\r" not in data:
        return np.flatnonzero(line_feeds)
    followed = np.append(line_feeds[1:], True)
    return np.flatnonzero(line_feeds | ((signs == _CR) & ~followed))


def _first_out_of_order(signs: Signs, marks: _Marks, dialect: Dialect) -> int:
    """The first mark that neither opens nor closes a cell, is one of two, nor is text of an unquoted cell.

    The block's length if there is none.
    """
    border = _border(dialect)
    opening, closing = marks.bordering[0::2], marks.bordering[1::2]
    stray = opening[~border[signs[opening - 1]] & (opening > 0)]
    followed = closing[closing + 1 < len(signs)]
    loose = followed[~border[signs[followed + 1]]]
    within = marks.inner[np.searchsorted(marks.bordering, marks.inner) % 2 == 1]
    return int(min((places[0] for places in (stray, loose, within) if len(places)), default=len(signs)))


def _measured(signs: Signs, breaks: Indices, ends: Indices, *, sound: bool) -> Layout:
    through = np.searchsorted(breaks, ends, side="right")
    starts = np.concatenate([[0], ends[:-1] + 1])[: len(ends)].astype(np.int64)
    before = np.concatenate([[0], through[:-1]])[: len(ends)].astype(np.int64)
    unusual = (ends - starts >= CELL_LIMIT) | (through - before > MAX_BREAKS + 1)
    if unusual.any():
        count, sound = int(np.argmax(unusual)), False
        starts, before, ends, through = starts[:count], before[:count], ends[:count], through[:count]
    if not len(ends):
        return Layout(0, 0, sound, starts, ends, before)
    two = (ends > starts) & (signs[ends] == _LF) & (signs[ends - 1] == _CR)
    stops = np.where(two, ends - 1, ends)
    kept = stops > starts
    return Layout(int(ends[-1]) + 1, int(through[-1]), sound, starts[kept], stops[kept], before[kept])
