"""The UTF-8 bytes of a text column, for questions that NumPy answers for all rows at once.

A cell of 25 letters costs 25 bytes of vector arithmetic, some two nanoseconds an operation; the same question put to a
regular expression costs 80, to a Python function 500 and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.core.kernels.arrays import Indices, Mask
from importer.core.model import Column

Bytes = npt.NDArray[np.uint8]
V = TypeVar("V", np.uint8, np.bool_)

SMALL, CAPITAL, DIGIT = (ord("a"), ord("z")), (ord("A"), ord("Z")), (ord("0"), ord("9"))
"""Ranges of ASCII signs: the first and the last of each."""

ASCII_END = np.uint8(0x80)
"""The first byte that is none of ASCII's."""

_BLOCK = 1 << 18
"""Bytes that are looked at together: what is noted of more leaves the processor's cache, and takes fresh memory, at
five times the cost."""

_FEW = 4
"""Where at most every fourth cell has a flagged byte, its cell is searched for rather than all cells gone through."""

_LOWEST = np.array([(1 << bits) - 1 for bits in range(8)], np.uint8)
_ONES = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1).sum(axis=1, dtype=np.uint8)
"""A byte's lowest bits, by how many; how many bits are set in each byte."""


@dataclass(frozen=True)
class TextBytes:
    """All cells of a column one after another; null counts as the empty text.

    data: their bytes. bounds: where each cell begins and the last one ends, n + 1 places in `data`.
    """

    data: Bytes
    bounds: npt.NDArray[np.int32]

    @cached_property
    def lengths(self) -> npt.NDArray[np.int32]:
        """Bytes of each cell."""
        lengths: npt.NDArray[np.int32] = np.diff(self.bounds)
        return lengths

    @cached_property
    def filled(self) -> Mask:
        """Which cells have a byte at all."""
        return self.lengths > 0

    @cached_property
    def letters(self) -> Mask:
        """Which bytes are a letter from A to Z, in either case."""
        return within(self.data, SMALL, CAPITAL)

    @cached_property
    def digits(self) -> Mask:
        """Which bytes are a digit from 0 to 9."""
        return within(self.data, DIGIT)

    def among(self, signs: str) -> Mask:
        """Which bytes are one of a few ASCII signs."""
        found = np.zeros(len(self.data), np.bool_)
        for sign in signs:
            found |= self.data == ord(sign)
        return found

    def some(self, flags: Mask) -> Mask:
        """Which cells hold a flagged byte."""
        count = len(self.bounds) - 1
        if np.count_nonzero(flags) * _FEW <= count:
            return self.holding(np.flatnonzero(flags))
        return self.count(flags) > 0

    def holding(self, places: Indices) -> Mask:
        """Which cells hold one of these bytes, which are few."""
        found = np.zeros(len(self.bounds) - 1, np.bool_)
        found[self.cells_at(places)] = True
        return found

    def single(self, places: Indices) -> tuple[Mask, Indices]:
        """Which cells hold exactly one of these bytes, and its place; of other cells their beginning."""
        starts, ends = self.bounds[:-1], self.bounds[1:]
        if len(places) == len(starts) and ((places >= starts) & (places < ends)).all():
            return np.ones(len(places), np.bool_), places
        holders = self.cells_at(places)
        cells = np.bincount(holders, minlength=len(starts)) == 1
        found = starts.astype(np.int64)
        found[holders] = places
        return cells, np.where(cells, found, starts)

    def cells_at(self, places: Indices) -> Indices:
        """The cell that each of these bytes stands in."""
        return np.searchsorted(self.bounds, places, "right") - 1

    def every(self, flags: Mask) -> Mask:
        """Which cells hold flagged bytes only; an empty one does."""
        return ~self.some(~flags)

    def count(self, flags: Mask) -> npt.NDArray[np.int32]:
        """How many flagged bytes each cell holds."""
        counts: npt.NDArray[np.int32] = np.diff(self.before(flags))
        return counts

    def before(self, flags: Mask) -> npt.NDArray[np.int32]:
        """How many flagged bytes stand before each place of `bounds`.

        Their bits are counted by the byte: 7 ns a cell of 12 bytes, where `np.add.reduceat` takes 14.
        """
        bits = np.append(np.packbits(flags, bitorder="little"), np.uint8(0))
        sums = np.zeros(len(bits) + 1, np.int32)
        np.cumsum(_ONES.take(bits), out=sums[1:])
        at = self.bounds >> 3
        found: npt.NDArray[np.int32] = sums.take(at) + _ONES.take(bits.take(at) & _LOWEST.take(self.bounds & 7))
        return found

    def only(self, flags: Mask) -> TextBytes:
        """The flagged bytes of every cell."""
        return TextBytes(np.compress(flags, self.data), self.before(flags))

    @cached_property
    def heads(self) -> Bytes:
        """The first byte of each cell, 0 where it is empty."""
        return self._at(self.data, self.bounds[:-1])

    @cached_property
    def tails(self) -> Bytes:
        """The last byte of each cell, 0 where it is empty."""
        return self._at(self.data, self.bounds[1:] - 1)

    def first(self, flags: Mask) -> Mask:
        """Which cells begin with a flagged byte."""
        return self._at(flags, self.bounds[:-1])

    def last(self, flags: Mask) -> Mask:
        """Which cells end with a flagged byte."""
        return self._at(flags, self.bounds[1:] - 1)

    def _at(self, values: npt.NDArray[V], places: npt.NDArray[np.int32]) -> npt.NDArray[V]:
        """One byte's value of each cell, 0 or False where the cell is empty."""
        if not len(values):
            return np.zeros(len(places), values.dtype)
        if self.filled.all():
            return values.take(places)
        found: npt.NDArray[V] = values[np.minimum(places, len(values) - 1)] * self.filled.astype(values.dtype)
        return found


def within(data: Bytes, *ranges: tuple[int, int]) -> Mask:
    """Which bytes lie in one of the ranges, each from its first to its last byte."""
    found = np.zeros(len(data), np.bool_)
    space = np.empty(min(len(data), _BLOCK), np.uint8)
    for start in range(0, len(data), _BLOCK):
        part, flags = data[start : start + _BLOCK], found[start : start + _BLOCK]
        for first, last in ranges:
            beyond = np.subtract(part, np.uint8(first), out=space[: len(part)])
            flags |= np.less_equal(beyond, np.uint8(last - first), out=beyond.view(np.bool_))
    return found


def text_bytes(column: Column) -> TextBytes:
    """The bytes of a string column, on the column's own memory unless there are bytes behind a null of it."""
    found = as_stored(column)
    if column.null_count and found.lengths[np.asarray(column.is_null())].any():
        return as_stored(column.fill_null(""))
    return found


def as_stored(column: Column) -> TextBytes:
    """The bytes of a string column on its own memory; under a null lies what happens to be there, mostly nothing."""
    _, offsets, data = column.buffers()
    if not len(column):
        return TextBytes(np.zeros(0, np.uint8), np.zeros(1, np.int32))
    bounds = np.frombuffer(offsets, np.int32, count=len(column) + 1, offset=column.offset * 4)
    content = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return TextBytes(content[bounds[0] : bounds[-1]], bounds - bounds[0])


def texts_of(data: Bytes, lengths: npt.NDArray[np.int32] | Indices, valid: Mask | None = None) -> Column:
    """A string column of these bytes, cell after cell; null where not valid."""
    bounds = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=bounds[1:])
    return texts_between(bounds, data, valid)


def texts_between(bounds: npt.NDArray[np.int32], data: Bytes, valid: Mask | None = None) -> Column:
    """The same, of cells that begin and end at these places of the bytes."""
    validity = None if valid is None or valid.all() else pa.array(valid).buffers()[1]
    places, content = pa.py_buffer(bounds), pa.py_buffer(np.ascontiguousarray(data))
    column: Column = pa.StringArray.from_buffers(len(bounds) - 1, places, content, validity)
    return column


def one_text(column: Column) -> str | None:
    """The text that stands in every row of a string column; None where rows differ or are null, or there is none.

    Cells of one width are all the same where each byte is that of the cell before: 1 ns a row.
    """
    if column.null_count or not len(column):
        return None
    cells = text_bytes(column)
    width = int(cells.lengths[0])
    first, last = cells.data[:width].tobytes(), cells.data[cells.bounds[-2] :].tobytes()
    if (
        first != last
        or (cells.lengths != width).any()
        or (cells.data[width:] != cells.data[: len(cells.data) - width]).any()
    ):
        return None
    return first.decode()
