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

from importer.core.columns import Indices, Mask
from importer.core.model import Column

Bytes = npt.NDArray[np.uint8]
V = TypeVar("V", np.uint8, np.bool_)

_CASE = np.uint8(0x20)
_A, _ZERO, _ASCII_END = np.uint8(ord("a")), np.uint8(ord("0")), np.uint8(0x80)
_LETTERS, _DIGITS = np.uint8(26), np.uint8(10)


@dataclass(frozen=True)
class Octets:
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
        return ((self.data | _CASE) - _A) < _LETTERS

    @cached_property
    def digits(self) -> Mask:
        """Which bytes are a digit from 0 to 9."""
        return (self.data - _ZERO) < _DIGITS

    def among(self, signs: str) -> Mask:
        """Which bytes are one of a few ASCII signs."""
        found = np.zeros(len(self.data), np.bool_)
        for sign in signs:
            found |= self.data == ord(sign)
        return found

    def some(self, flags: Mask) -> Mask:
        """Which cells hold a flagged byte."""
        if not len(flags) or not flags.any():
            return np.zeros(len(self.bounds) - 1, np.bool_)
        return np.logical_or.reduceat(np.append(flags, False), self.bounds[:-1]) & self.filled

    def every(self, flags: Mask) -> Mask:
        """Which cells hold flagged bytes only; an empty one does."""
        return ~self.some(~flags)

    def count(self, flags: Mask) -> Indices:
        """How many flagged bytes each cell holds."""
        if not len(flags):
            return np.zeros(len(self.bounds) - 1, np.int64)
        counts = np.add.reduceat(np.append(flags, False), self.bounds[:-1], dtype=np.int64)
        return np.where(self.filled, counts, 0)

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
        found: npt.NDArray[V] = values[np.minimum(places, len(values) - 1)] * self.filled.astype(values.dtype)
        return found


def octets(column: Column) -> Octets:
    """The bytes of a string column, on the column's own memory where it has no nulls."""
    return as_stored(column.fill_null("") if column.null_count else column)


def as_stored(texts: Column) -> Octets:
    """The bytes of a string column on its own memory; under a null lies what happens to be there, mostly nothing."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return Octets(np.zeros(0, np.uint8), np.zeros(1, np.int32))
    bounds = np.frombuffer(offsets, np.int32, count=len(texts) + 1, offset=texts.offset * 4)
    content = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return Octets(content[bounds[0] : bounds[-1]], bounds - bounds[0])


def texts_of(data: Bytes, lengths: npt.NDArray[np.int32] | Indices, valid: Mask | None = None) -> Column:
    """A string column of these bytes, cell after cell; null where not valid."""
    bounds = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=bounds[1:])
    validity = None if valid is None or valid.all() else pa.array(valid).buffers()[1]
    buffers = [pa.py_buffer(bounds), pa.py_buffer(np.ascontiguousarray(data))]
    column: Column = pa.StringArray.from_buffers(len(lengths), *buffers, validity)
    return column
