"""Where records begin and end in a block of CSV text, found by vector arithmetic on its bytes.

This needs well-formed text: each opening quotation mark stands where a cell begins, each closing one where a cell ends,
and marks inside an unquoted cell (5" pipe) are text. There a line break ends a record exactly when an even number of
opening and closing marks stands before it. The rest is left to `csv_scanner.scan`, which agrees with this module on all
well-formed text. It costs 50 ns a row of 13 cells, `pyarrow.csv` then 200 to 250; `scan` alone would cost 15,000.
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

ByteArray: TypeAlias = npt.NDArray[np.uint8]
"""The bytes of a block."""


@dataclass(frozen=True)
class RecordBounds:
    """The whole records at the beginning of a block.

    end: bytes they take; the next record begins there.
    breaks: line breaks among these bytes.
    well_formed: the records stop where the block does, not before something malformed.
    starts, stops: where each record begins and where its line break begins; a blank line is not a record.
    before: line breaks before each record.
    """

    end: int
    breaks: int
    well_formed: bool
    starts: Indices
    stops: Indices
    before: Indices


def find_bounds(data: bytes, dialect: Dialect) -> RecordBounds:
    """Find the whole records of the longest well-formed beginning of the block."""
    codes = np.frombuffer(data, np.uint8)
    breaks = _line_breaks(data, codes)
    ends, well_formed = breaks, True
    if dialect.quoted and b'"' in data:
        marks = _marks(codes, dialect)
        malformed = _first_malformed(codes, marks, dialect)
        outside = np.searchsorted(marks.bordering, breaks) % 2 == 0
        ends = breaks[outside & (breaks < malformed)]
        well_formed = malformed == len(data)
    return _bounds(codes, breaks, ends, well_formed=well_formed)


def outside_quotes(data: bytes, places: Indices, dialect: Dialect) -> Mask:
    """Tell which places of a well-formed block are not inside a quoted cell."""
    if not dialect.quoted or b'"' not in data:
        return np.ones(len(places), np.bool_)
    marks = _marks(np.frombuffer(data, np.uint8), dialect)
    return np.asarray(np.searchsorted(marks.bordering, places) % 2 == 0)


class _Marks(NamedTuple):
    """Quotation marks: those that stand beside a delimiter, a line break or another mark, and those inside text."""

    bordering: Indices
    inner: Indices


def _border(dialect: Dialect) -> Mask:
    """Mark the bytes that may stand before an opening and behind a closing mark."""
    border = np.zeros(256, np.bool_)
    border[[_LF, _CR, _QUOTE, dialect.delimiter[0]]] = True
    return border


def _marks(codes: ByteArray, dialect: Dialect) -> _Marks:
    quotes, border = np.flatnonzero(codes == _QUOTE), _border(dialect)
    before = border[codes[quotes - 1]] | (quotes == 0)
    behind = border[codes[np.minimum(quotes + 1, len(codes) - 1)]]  # behind the last byte nothing is known: bordering
    return _Marks(quotes[before | behind], quotes[~before & ~behind])


def _line_breaks(data: bytes, codes: ByteArray) -> Indices:
    """Find the last byte of each line break; a carriage return at the very end may be half of one and is left out."""
    line_feeds = codes == _LF
    if b"\r" not in data:
        return np.flatnonzero(line_feeds)
    followed = np.append(line_feeds[1:], True)
    return np.flatnonzero(line_feeds | ((codes == _CR) & ~followed))


def _first_malformed(codes: ByteArray, marks: _Marks, dialect: Dialect) -> int:
    """Find the first mark that neither opens nor closes a cell, is one of two, nor is text of an unquoted cell.

    Return the block's length if there is none.
    """
    border = _border(dialect)
    opening, closing = marks.bordering[0::2], marks.bordering[1::2]
    stray = opening[~border[codes[opening - 1]] & (opening > 0)]
    followed = closing[closing + 1 < len(codes)]
    loose = followed[~border[codes[followed + 1]]]
    within = marks.inner[np.searchsorted(marks.bordering, marks.inner) % 2 == 1]
    return int(min((places[0] for places in (stray, loose, within) if len(places)), default=len(codes)))


def _bounds(codes: ByteArray, breaks: Indices, ends: Indices, *, well_formed: bool) -> RecordBounds:
    """Return the bounds of the records that end at `ends`, up to the first one beyond the limits."""
    through = np.arange(1, len(ends) + 1) if ends is breaks else np.searchsorted(breaks, ends, side="right")
    starts = np.concatenate([[0], ends[:-1] + 1])[: len(ends)].astype(np.int64)
    before = np.concatenate([[0], through[:-1]])[: len(ends)].astype(np.int64)
    unusual = (ends - starts >= CELL_LIMIT) | (through - before > MAX_BREAKS + 1)
    if unusual.any():
        count, well_formed = int(np.argmax(unusual)), False
        starts, before, ends, through = starts[:count], before[:count], ends[:count], through[:count]
    if not len(ends):
        return RecordBounds(0, 0, well_formed, starts, ends, before)
    two = (ends > starts) & (codes[ends] == _LF) & (codes[ends - 1] == _CR)
    stops = np.where(two, ends - 1, ends)
    kept = stops > starts
    return RecordBounds(int(ends[-1]) + 1, int(through[-1]), well_formed, starts[kept], stops[kept], before[kept])
