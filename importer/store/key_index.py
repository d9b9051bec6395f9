"""Accepted keys in memory: eight bytes a key, sorted, asked by the tens of thousands.

Each entry packs the first 40 bits of a key with the number of the ledger's batch that holds it, so a hit names the
one batch to look the whole key up in. What a run adds is sorted when something is looked up next, into smaller arrays
that are merged when the one behind has grown as large, like the digits of a binary counter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from importer.core.kernels.arrays import Indices
from importer.core.kernels.hash64 import Sieve, ascending, order_of
from importer.errors import LedgerError

Keys: TypeAlias = npt.NDArray[np.uint64]
"""Keys of 16 bytes as an array of shape (n, 2); the bytes in memory are the key's own."""

ORDINAL_BITS = 24
_ORDINAL = np.uint64((1 << ORDINAL_BITS) - 1)
_AT_ONCE = 1 << 20


def keys_of(blob: bytes | memoryview) -> Keys:
    """Keys written one after another, as an array of shape (n, 2) on the same memory."""
    return np.frombuffer(blob, np.uint64).reshape(-1, 2)


def as_bytes(keys: Keys) -> npt.NDArray[np.bytes_]:
    """The same keys as texts of 16 bytes, which NumPy can sort and compare whole."""
    return np.ascontiguousarray(keys).view("S16").ravel()


class Places:
    """Where each of some keys stands, found by whole keys; every key stands once."""

    def __init__(self, keys: Keys) -> None:
        self._order = order_of(keys[:, 0])
        self._words, self._rests = keys[self._order, 0], keys[self._order, 1]
        self._sieve = Sieve(len(keys))
        self._sieve.add(self._words)

    def find(self, keys: Keys) -> Indices:
        """For each key its place, -1 where it has none. 5 nanoseconds for one that has none, 40 for one that has."""
        found = np.full(len(keys), -1, np.int64)
        asked = np.flatnonzero(self._sieve.may_hold(keys[:, 0]))
        here = np.searchsorted(self._words, keys[asked, 0])
        while len(asked):  # again only where two keys share their first half
            same = here < len(self._words)
            same[same] = self._words[here[same]] == keys[asked[same], 0]
            asked, here = asked[same], here[same]
            whole = self._rests[here] == keys[asked, 1]
            found[asked[whole]] = self._order[here[whole]]
            asked, here = asked[~whole], here[~whole] + 1
        return found


class KeyIndex:
    """Which ledger batch may hold a key; `candidates` has no false negatives and, rarely, a false positive.

    What was never accepted is told at once by a sieve of 16 MiB.
    """

    def __init__(self) -> None:
        self._levels: list[npt.NDArray[np.uint64]] = []
        self._fresh: list[npt.NDArray[np.uint64]] = []
        self._batches: list[int] = []
        self._sieve = Sieve()

    def load(self, total: int, batches: Iterable[tuple[int, Keys]]) -> None:
        """The given batches, `total` keys in all, form the lowest level; 8 bytes a key, 12 at the peak."""
        level = np.empty(total, np.uint64)
        filled = 0
        for batch, keys in batches:
            level[filled : filled + len(keys)] = self._packed(batch, keys)
            filled += len(keys)
        level = level[:filled]
        for start in range(0, filled, _AT_ONCE):
            level[start : start + _AT_ONCE] = ascending(level[start : start + _AT_ONCE])
        level.sort(kind="stable")  # merges what is sorted: with the line above a quarter of the time of one sort
        self._levels = [level]

    def add(self, batch: int, keys: Keys) -> None:
        """The keys of one more batch can be found."""
        self._fresh.append(self._packed(batch, keys))

    def _sort_in(self) -> None:
        """What was added lies in sorted levels: one sort for all of it, and none where no look-up gets so far."""
        if not self._fresh:
            return
        level = ascending(np.concatenate(self._fresh))
        self._fresh.clear()
        while self._levels and len(level) >= len(self._levels[-1]):
            level = np.concatenate([self._levels.pop(), level])
            level.sort(kind="stable")
        self._levels.append(level)

    def candidates(self, keys: Keys) -> list[tuple[int, Indices]]:
        """Batches that may hold some of the keys, each with the positions of those keys, ascending."""
        asked = np.flatnonzero(self._sieve.may_hold(keys[:, 0]))
        if not len(asked):
            return []
        self._sort_in()
        asked = asked[order_of(keys[asked, 0])]
        wanted = keys[asked, 0] >> np.uint64(ORDINAL_BITS)
        found = [self._hits(level, wanted) for level in self._levels]
        positions = asked[np.concatenate([hits for hits, _ in found])]
        ordinals = np.concatenate([numbers for _, numbers in found])
        order = _order_below(len(keys), positions)
        order = order[_order_below(len(self._batches), ordinals[order])]
        positions, ordinals = positions[order], ordinals[order]
        starts = np.flatnonzero(np.append(True, ordinals[1:] != ordinals[:-1])[: len(ordinals)])
        groups = np.split(positions, starts[1:])
        return [(self._batches[ordinals[start]], group) for start, group in zip(starts.tolist(), groups, strict=False)]

    def _packed(self, batch: int, keys: Keys) -> npt.NDArray[np.uint64]:
        if len(self._batches) > int(_ORDINAL):
            message = (
                "The ledger holds too many requests; prune it: capi-import ledger forget --dataset ID --before DATE."
            )
            raise LedgerError(message)
        self._batches.append(batch)
        self._sieve.add(keys[:, 0])
        return (keys[:, 0] & ~_ORDINAL) | np.uint64(len(self._batches) - 1)

    @staticmethod
    def _hits(level: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]) -> tuple[Indices, Indices]:
        """Positions in `wanted` (sorted) that the level holds, and the ordinals it holds them under."""
        here = np.searchsorted(level, wanted << np.uint64(ORDINAL_BITS))
        asked = np.arange(len(wanted))
        hits: list[Indices] = []
        ordinals: list[Indices] = []
        while len(asked):
            within = here < len(level)
            entry = level[np.where(within, here, 0)] if len(level) else np.zeros(len(here), np.uint64)
            same = within & (entry >> np.uint64(ORDINAL_BITS) == wanted[asked])
            asked, here = asked[same], here[same] + 1
            hits.append(asked)
            ordinals.append((entry[same] & _ORDINAL).astype(np.int64))
        return _joined(hits), _joined(ordinals)


def _order_below(limit: int, numbers: Indices) -> Indices:
    """The order of numbers from 0 to below the limit, equal ones as they stood; by radix where 16 bits hold them."""
    return np.argsort(numbers.astype(np.min_scalar_type(max(0, limit - 1))), kind="stable")


def _joined(parts: list[Indices]) -> Indices:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
