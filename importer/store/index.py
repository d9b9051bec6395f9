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

from importer.core.columns import Indices
from importer.errors import LedgerError

Keys: TypeAlias = npt.NDArray[np.uint64]
"""Keys of 16 bytes as an array of shape (n, 2); the bytes in memory are the key's own."""

ORDINAL_BITS = 24
_ORDINAL = np.uint64((1 << ORDINAL_BITS) - 1)


def keys_of(blob: bytes | memoryview) -> Keys:
    """Keys written one after another, as an array of shape (n, 2) on the same memory."""
    return np.frombuffer(blob, np.uint64).reshape(-1, 2)


def as_bytes(keys: Keys) -> npt.NDArray[np.bytes_]:
    """The same keys as texts of 16 bytes, which NumPy can sort and compare whole."""
    return np.ascontiguousarray(keys).view("S16").ravel()


class KeyIndex:
    """Which ledger batch may hold a key; `candidates` has no false negatives and, rarely, a false positive."""

    def __init__(self) -> None:
        self._levels: list[npt.NDArray[np.uint64]] = []
        self._fresh: list[npt.NDArray[np.uint64]] = []
        self._batches: list[int] = []

    def load(self, total: int, batches: Iterable[tuple[int, Keys]]) -> None:
        """The given batches, `total` keys in all, form the lowest level; 8 bytes a key, no more at the peak."""
        level = np.empty(total, np.uint64)
        filled = 0
        for batch, keys in batches:
            level[filled : filled + len(keys)] = self._packed(batch, keys)
            filled += len(keys)
        level = level[:filled]
        level.sort()
        self._levels = [level]

    def add(self, batch: int, keys: Keys) -> None:
        """The keys of one more batch can be found."""
        self._fresh.append(self._packed(batch, keys))

    def _sort_in(self) -> None:
        """What was added lies in sorted levels: one sort for all of it, since most is added between two look-ups."""
        if not self._fresh:
            return
        level = np.concatenate(self._fresh)
        self._fresh.clear()
        level.sort()
        while self._levels and len(level) >= len(self._levels[-1]):
            level = np.concatenate([self._levels.pop(), level])
            level.sort()
        self._levels.append(level)

    def candidates(self, keys: Keys) -> list[tuple[int, Indices]]:
        """Batches that may hold some of the keys, each with the positions of those keys."""
        self._sort_in()
        wanted = keys[:, 0] >> np.uint64(ORDINAL_BITS)
        order = np.argsort(wanted)
        ascending = wanted[order]
        found = [self._hits(level, ascending) for level in self._levels]
        positions = order[np.concatenate([hits for hits, _ in found])] if found else np.empty(0, np.int64)
        ordinals = np.concatenate([numbers for _, numbers in found]) if found else np.empty(0, np.int64)
        by_batch = np.argsort(ordinals, kind="stable")
        distinct, starts = np.unique(ordinals[by_batch], return_index=True)
        groups = np.split(positions[by_batch], starts[1:])
        return [(self._batches[ordinal], group) for ordinal, group in zip(distinct.tolist(), groups, strict=False)]

    def _packed(self, batch: int, keys: Keys) -> npt.NDArray[np.uint64]:
        if len(self._batches) > int(_ORDINAL):
            message = (
                "The ledger holds too many requests; prune it: capi-import ledger forget --dataset ID --before DATE."
            )
            raise LedgerError(message)
        self._batches.append(batch)
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


def _joined(parts: list[Indices]) -> Indices:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
