"""A set of 64-bit keys by the hundred million, in sorted arrays that are merged as they grow."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.kernels.hash64 import Words

NEW = -1


class SeenKeys:
    """Remember keys, each with a small number; 8 bytes a key.

    number_bits: the lowest bits of a key that make room for its number. Keys are then compared by their other bits
    only, so a key may be found that was never added; for random keys with a chance of one in 2 ** (64 - number_bits)
    for each key held. With 0 bits every number is 0 and whole keys are compared.

    Looking up 65,536 keys among a million takes 50 ns a new key and 120 ns a known one; pandas' `Index.isin`, which
    hashes the million for each look-up, 520 ns.
    """

    def __init__(self, number_bits: int = 0) -> None:
        self._number = np.uint64((1 << number_bits) - 1)
        self._levels: list[Words] = []

    def add(self, keys: Words, numbers: int | Indices = 0) -> None:
        """Add keys, each with its number, or all with one."""
        self._merge(self._entries(keys, numbers))

    def load(self, total: int, parts: Iterable[tuple[Words, int]]) -> None:
        """Add at most `total` keys in parts, each with a number of its own; no more than 8 bytes a key at the peak."""
        entries = np.empty(total, np.uint64)
        filled = 0
        for keys, number in parts:
            entries[filled : filled + len(keys)] = self._entries(keys, number)
            filled += len(keys)
        self._merge(entries[:filled])

    def find(self, keys: Words) -> tuple[Indices, Indices]:
        """Return the positions of keys that are held, and their numbers; a key held several times stands as often."""
        order = np.argsort(keys)  # keys looked up in order meet a warm cache: 33 ns each, unsorted 180
        wanted = keys[order] & ~self._number
        positions, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for level in self._levels:
            start = np.searchsorted(level, wanted)
            held = np.flatnonzero(level[np.minimum(start, len(level) - 1)] & ~self._number == wanted)
            start = start[held]
            counts = np.searchsorted(level, wanted[held] | self._number, side="right") - start
            places = np.arange(counts.sum()) + np.repeat(start - np.cumsum(counts) + counts, counts)
            positions.append(np.repeat(order[held], counts))
            numbers.append((level[places] & self._number).astype(np.int64))
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

    def _merge(self, level: Words) -> None:
        """Sort in a level; levels of like size are merged, so there are never more than bits in their number."""
        if not len(level):
            return
        level.sort()
        while self._levels and len(level) >= len(self._levels[-1]):
            level = np.concatenate([self._levels.pop(), level])
            level.sort(kind="stable")  # merges the two sorted runs: 1 ns a key, by the default kind 5
        self._levels.append(level)
