"""A set of 64-bit keys by the hundred million, in sorted arrays that are merged as they grow; long ones in files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.kernels.hash64 import Words
from importer.core.kernels.sorted_run import PIECE, SortedRun, merged
from importer.core.kernels.spill import NewFile

NEW = -1

IN_MEMORY = 1 << 21
"""Keys that one array in memory may hold, where there is a file for longer ones."""

Level: TypeAlias = Words | SortedRun


class SeenKeys:
    """Remember keys, each with a small number; 8 bytes a key, in memory up to some millions of them.

    new_file: makes the files in which further ones are kept; 1.3 bytes of each are in memory then. Without it all are.

    number_bits: the lowest bits of a key that make room for its number. Keys are then compared by their other bits
    only, so a key may be found that was never added; for random keys with a chance of one in 2 ** (64 - number_bits)
    for each key held. With 0 bits every number is 0 and whole keys are compared.

    Looking up 65,536 keys among a million takes 50 ns a new key and 120 ns a known one; pandas' `Index.isin`, which
    hashes the million for each look-up, 520 ns.
    """

    def __init__(self, number_bits: int = 0, new_file: NewFile | None = None) -> None:
        self._bits, self._number = number_bits, np.uint64((1 << number_bits) - 1)
        self._levels: list[Level] = []
        self._new_file = new_file

    def add(self, keys: Words, numbers: int | Indices = 0) -> None:
        """Add keys, each with its number, or all with one."""
        self._merge(self._entries(keys, numbers))

    def load(self, parts: Iterable[tuple[Words, int]]) -> None:
        """Add keys in parts, each with a number of its own, many parts at once."""
        waiting, count = list[Words](), 0
        for keys, number in parts:
            waiting.append(self._entries(keys, number))
            count += len(keys)
            if count >= IN_MEMORY:
                self._merge(np.concatenate(waiting))
                waiting, count = [], 0
        if waiting:
            self._merge(np.concatenate(waiting))

    def find(self, keys: Words) -> tuple[Indices, Indices]:
        """Return the positions of keys that are held, and their numbers; a key held several times stands as often."""
        order = np.argsort(keys)  # keys looked up in order meet a warm cache: 33 ns each, unsorted 180
        wanted = keys[order] & ~self._number
        positions, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for some, entries in (near for level in self._levels for near in _near(level, wanted)):
            start = np.searchsorted(entries, wanted[some])
            held = np.flatnonzero(entries[np.minimum(start, len(entries) - 1)] & ~self._number == wanted[some])
            start, found = start[held], some[held]
            counts = np.searchsorted(entries, wanted[found] | self._number, side="right") - start
            places = np.arange(counts.sum()) + np.repeat(start - np.cumsum(counts) + counts, counts)
            positions.append(np.repeat(order[found], counts))
            numbers.append((entries[places] & self._number).astype(np.int64))
        return np.concatenate(positions), np.concatenate(numbers)

    def first_seen(self, keys: Words, number: int = 0) -> Indices:
        """Return for each key the number that it was added with, NEW for one never seen; add the new ones.

        Of keys that stand several times the first is NEW, the others have the `number` given.
        """
        import pandas as pd  # noqa: PLC0415  0.3 s, which reading a ledger does without

        numbers = np.where(pd.Index(keys).duplicated(), number, NEW)  # 7 ns a key; np.unique's first places take 60
        positions, known = self.find(keys)
        numbers[positions] = known
        self.add(keys[numbers == NEW], number)
        return numbers

    def _entries(self, keys: Words, numbers: int | Indices) -> Words:
        return (keys & ~self._number) | np.asarray(numbers).astype(np.uint64)

    def _merge(self, level: Level) -> None:
        """Sort in a level; levels of like size are merged, so there are never more than bits in their number."""
        if not len(level):
            return
        if isinstance(level, np.ndarray):
            level.sort()
        while self._levels and len(level) >= len(self._levels[-1]):
            level = self._united(self._levels[-1], level)
            self._levels.pop()  # now that it is in the new one: the disk may be full
        self._levels.append(level)

    def _united(self, first: Level, second: Level) -> Level:
        """Merge two levels; what is too long for the memory goes to a file."""
        total = len(first) + len(second)
        if self._new_file is not None and total > IN_MEMORY:
            return SortedRun(merged(_pieces(first), _pieces(second)), total, self._bits, self._new_file())
        level = np.concatenate([*_pieces(first), *_pieces(second)])
        level.sort(kind="stable")  # merges the two sorted runs: 1 ns a key, by the default kind 5
        return level


def _pieces(level: Level) -> Iterator[Words]:
    if isinstance(level, SortedRun):
        return level.pieces()
    return (level[start : start + PIECE] for start in range(0, len(level), PIECE))


def _near(level: Level, wanted: Words) -> Iterator[tuple[Indices, Words]]:
    """Yield places of the wanted keys, all in all, with ascending entries among which they are, if they are held."""
    if isinstance(level, np.ndarray):
        yield np.arange(len(wanted)), level
    else:
        yield from level.near(wanted)
