"""Texts set side by side on each row, in one buffer.

What is equally wide on all rows is laid out as a matrix, some rows at a time so that it stays in the processor's
cache, and set as a whole, so that a body of 1,000 bytes takes a handful of copies: 300 nanoseconds. Arrow's join of
columns takes 10 for each operand and copies everything again for each object within an object, 550 in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.core.kernels.arrays import Indices
from importer.core.kernels.bytes import Bytes
from importer.core.model import Column

Cells: TypeAlias = npt.NDArray[np.bytes_]
Places: TypeAlias = npt.NDArray[np.int32] | Indices

AT_ONCE = 2_048
"""Rows that are set at once."""

_SHORT = 32
"""Bytes of a text that are copied in about the same time as one."""


@dataclass(frozen=True)
class Texts:
    """A text for each row, wherever it lies in the data.

    starts, lengths: of each text's bytes. packed: the texts follow one another and are the whole of the data.
    """

    data: Bytes
    starts: Places
    lengths: Places
    packed: bool = False

    def of(self, rows: Indices) -> Texts:
        """The texts of some rows."""
        return Texts(self.data, self.starts[rows], self.lengths[rows])

    @cached_property
    def width(self) -> int | None:
        """The bytes of every text, where they are as many on every row."""
        same = len(self.lengths) > 0 and bool((self.lengths == self.lengths[0]).all())
        return int(self.lengths[0]) if same else None

    @property
    def constant(self) -> bytes | None:
        """The text, where every row has the same."""
        if self.width == 0:
            return b""
        if not self.width or not self.packed or bytes(self.data[: self.width]) != bytes(self.data[-self.width :]):
            return None
        first = self.data[: self.width]
        return first.tobytes() if (self.data.reshape(-1, self.width) == first).all() else None

    def cells(self, first: int, last: int) -> Cells:
        """The texts of these rows side by side, where all are equally wide."""
        width = self.width or 0
        if self.packed:
            return self.data.view(f"S{width}")[first:last]
        return _cells(self.data, width)[self.starts[first:last]]

    @cached_property
    def longest(self) -> int:
        """The most bytes that a text has."""
        return int(self.lengths.max(initial=0))

    def set(self, page: Bytes, at: Indices, ends: Indices, first: int, last: int) -> None:
        """The texts of these rows stand on the page, each where it is told; before its end is room to spare.

        Short ones are set as if all were as long as the longest, where there is room: what is too much is covered by
        what is set behind it (12 nanoseconds; 50 by size).
        """
        starts, most = self.starts[first:last], self.longest
        if not most:
            return
        if self.width:
            _cells(page, most)[at] = self.cells(first, last)
        elif most <= _SHORT and (starts + most <= len(self.data)).all() and (at + most <= ends).all():
            _cells(page, most)[at] = _cells(self.data, most)[starts]
        else:
            _set_by_size(self.data, starts, self.lengths[first:last], page, at)


class Fixed:
    """Literals and texts side by side that are together equally wide on all rows."""

    def __init__(self, sources: Sequence[bytes | Texts], rows: int) -> None:
        widths = [len(source) if isinstance(source, bytes) else source.width or 0 for source in sources]
        ends = np.cumsum(widths).tolist()
        self.width: int = sum(widths)
        self._template = b"".join(
            source if isinstance(source, bytes) else bytes(width) for source, width in zip(sources, widths, strict=True)
        )
        self._fields = [
            (source, end - width)
            for source, width, end in zip(sources, widths, ends, strict=True)
            if not isinstance(source, bytes)
        ]
        self._matrix = np.full(min(rows, AT_ONCE), self._template, f"S{self.width}") if self._fields else None

    def set(self, page: Bytes, at: Indices, _ends: Indices, first: int, last: int) -> None:
        """They stand on the page, those of each row where it is told."""
        if not self.width:
            return
        for source, offset in self._fields:
            field = np.ndarray((last - first,), f"S{source.width}", self._matrix, offset, (self.width,))
            field[:] = source.cells(first, last)
        _cells(page, self.width)[at] = self._template if self._matrix is None else self._matrix[: last - first]


class Piece(NamedTuple):
    """What is set next on these rows, None being all; back: it begins on the last byte set before, and covers it."""

    rows: Indices | None
    sources: Sequence[bytes | Texts]
    back: bool = False


def texts_of(column: Column) -> Texts:
    """The texts of a string column, plain or dictionary-encoded; where it is null, anything."""
    if isinstance(column, pa.DictionaryArray):
        return texts_of(column.dictionary).of(np.asarray(column.indices))
    _, offsets, data = column.buffers()
    if not len(column) or data is None:
        nothing = np.zeros(len(column), np.int32)
        return Texts(np.zeros(0, np.uint8), nothing, nothing, packed=True)
    bounds = np.frombuffer(offsets, np.int32, count=len(column) + 1, offset=column.offset * 4)
    content = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
    return Texts(content, bounds[:-1] - bounds[0], np.diff(bounds), packed=True)


def typeset(pieces: Sequence[Piece], count: int) -> Column:
    """One large text for each of `count` rows: its pieces in their order."""
    lines = [_Line(piece, count) for piece in _merged(pieces)]
    lengths = np.zeros(count, np.int64)
    for line in lines:
        line.measure(lengths)
    bounds = np.append(0, np.cumsum(lengths))
    page = np.empty(bounds[-1], np.uint8)
    for first in range(0, count, AT_ONCE):
        at, ends = bounds[first : min(first + AT_ONCE, count)].copy(), bounds[first + 1 : first + AT_ONCE + 1]
        for line in lines:
            line.set(page, at, ends, first)
    column: Column = pa.LargeStringArray.from_buffers(count, pa.py_buffer(bounds), pa.py_buffer(page))
    return column


class _Line:
    """A piece made ready to be set some rows at a time: what is equally wide on its rows is one part."""

    def __init__(self, piece: Piece, count: int) -> None:
        self._rows, self._back = piece.rows, int(piece.back)
        rows = count if piece.rows is None else len(piece.rows)
        self._parts: list[Fixed | Texts] = []
        fixed: list[bytes | Texts] = []
        for source in piece.sources:
            if isinstance(source, bytes) or source.width:
                fixed.append(source)
                continue
            self._parts += [Fixed(fixed, rows), source]
            fixed = []
        self._parts.append(Fixed(fixed, rows))

    def measure(self, lengths: Indices) -> None:
        """The bytes of this line are added to those of each row."""
        mine = slice(None) if self._rows is None else self._rows
        lengths[mine] += sum(part.lengths if part.width is None else part.width for part in self._parts) - self._back

    def set(self, page: Bytes, at: Indices, ends: Indices, first: int) -> None:
        """The line stands on the page for the rows from `first` on, and `at` tells where the next one begins."""
        if self._rows is None:
            self._set(page, at, ends, first)
            return
        start, end = np.searchsorted(self._rows, (first, first + len(at))).tolist()
        if start < end:
            mine = self._rows[start:end] - first
            here = at[mine]
            self._set(page, here, ends[mine], start)
            at[mine] = here

    def _set(self, page: Bytes, at: Indices, ends: Indices, first: int) -> None:
        last = first + len(at)
        at -= self._back
        for part in self._parts:
            part.set(page, at, ends, first, last)
            at += part.lengths[first:last] if part.width is None else part.width


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The same with neighbours that stand on the same rows as one piece, and neighbouring literals as one."""
    merged: list[Piece] = []
    for piece in pieces:
        joined = _joined(merged[-1], piece) if merged else None
        merged[-1:] = [*merged[-1:], piece] if joined is None else [joined]
    return merged


def _joined(first: Piece, second: Piece) -> Piece | None:
    """Both as one piece, if that can be."""
    if first.rows is not second.rows:
        return None
    (*head, end), (start, *tail) = first.sources, second.sources
    if isinstance(end, bytes) and isinstance(start, bytes) and (end or not second.back):
        literal = (end[:-1] if second.back else end) + start
        return Piece(first.rows, [*head, literal, *tail], first.back)
    return None if second.back else Piece(first.rows, [*first.sources, *second.sources], first.back)


def _set_by_size(data: Bytes, starts: Places, lengths: Places, page: Bytes, at: Indices) -> None:
    """Texts of any lengths stand on the page: those of 8 to 15 bytes by their first 8 and their last 8, and so on."""
    size, longest = 1, int(lengths.max(initial=0))
    while size <= longest:
        rows = np.flatnonzero((lengths >= size) & (lengths < 2 * size))
        if len(rows):
            source, target = _cells(data, size), _cells(page, size)
            begin, place, rest = starts[rows], at[rows], lengths[rows] - size
            target[place] = source[begin]
            target[place + rest] = source[begin + rest]
        size *= 2


def _cells(data: Bytes, width: int) -> Cells:
    """Every run of so many bytes in the data, by the place where it begins: a view on the same memory."""
    return np.ndarray((max(len(data) - width + 1, 0),), f"S{width}", data, strides=(1,))
