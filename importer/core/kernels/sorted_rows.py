"""Rows of 64-bit numbers by the hundred million, given back in the order of the first one, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.kernels.spill import NewFile, NumberFile, append, read

Columns: TypeAlias = tuple[Indices, ...]
"""Arrays of one length; the numbers at one place are a row."""

IN_MEMORY = 1 << 20
"""Rows that are held in memory, where there is a file for more."""

_PARTS = 256
_BOUNDS = (np.arange(1, _PARTS) - _PARTS // 2) << 56
"""Numbers between which rows of one part lie: a hash falls into each alike."""


class SortedRows:
    """Take rows in, and give them back sorted.

    Where they are many, they are written to a file, a million at a time, each million in order. new_file: makes that
    file; without it all rows are in memory.
    """

    def __init__(self, columns: int, new_file: NewFile | None = None) -> None:
        self._columns, self._new_file = columns, new_file
        self._file: NumberFile | None = None
        self._held: list[Columns] = []
        self._count = self._written = 0
        self._chunks: list[tuple[int, int, list[int]]] = []  # its start in the file, its rows, where each part begins

    def add(self, *columns: Indices) -> None:
        """Add rows."""
        self._held.append(columns)
        self._count += len(columns[0])
        if self._new_file is not None and self._count >= IN_MEMORY:
            self._spill(self._new_file)

    def parts(self) -> Iterator[Columns]:
        """Yield all rows by their first number, ascending; those that have it in common are in one part."""
        if self._new_file is None or not self._chunks:
            yield self._sorted(self._held)
            return
        self._spill(self._new_file)
        for part in range(_PARTS):
            yield self._sorted([self._read(chunk, part) for chunk in self._chunks])

    def _spill(self, new_file: NewFile) -> None:
        """Write the rows that are held, column by column."""
        columns = self._sorted(self._held)
        self._file = self._file or new_file()
        for column in columns:
            append(self._file, column)
        places = np.searchsorted(columns[0], _BOUNDS).tolist()
        self._chunks.append((self._written, self._count, [0, *places, self._count]))
        self._written += self._count * self._columns
        self._held, self._count = [], 0

    def _read(self, chunk: tuple[int, int, list[int]], part: int) -> Columns:
        start, count, places = chunk
        begin, end = places[part : part + 2]
        columns = tuple(np.empty(end - begin, np.int64) for _ in range(self._columns))
        for number, column in enumerate(columns):
            if self._file is not None:
                read(self._file, start + number * count + begin, column)
        return columns

    def _sorted(self, parts: Sequence[Columns]) -> Columns:
        """Put rows together, by their first number."""
        columns = [np.concatenate([part[place] for part in parts] or [_NONE]) for place in range(self._columns)]
        if self._columns == 1:
            columns[0].sort()  # three times as fast as an order of places
            return tuple(columns)
        order = np.argsort(columns[0])
        return tuple(column[order] for column in columns)


_NONE = np.empty(0, np.int64)
