"""Accepted keys: 8 bytes a key, in memory up to some millions of them, looked up by the ten thousand."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.kernels.seen_keys import SeenKeys
from importer.errors import LedgerError
from importer.private_files import SpillFile
from importer.store.keys import Keys

ORDINAL_BITS = 24
MAX_BATCHES = 1 << ORDINAL_BITS


class KeyIndex:
    """Say which batch of the ledger may hold a key: never a false negative and, rarely, a false positive.

    An entry is the first 40 bits of a key and the ordinal of its batch, so a hit names the one batch in which to look
    the whole key up. FileError: the disk is full, or does not work.
    """

    def __init__(self) -> None:
        self._seen = SeenKeys(ORDINAL_BITS, SpillFile)
        self._batches: list[int] = []

    def load(self, batches: Iterable[tuple[int, Keys]]) -> None:
        """Add the batches."""
        self._seen.load((np.unique(keys[:, 0]), self._ordinal(batch)) for batch, keys in batches)

    def add(self, batch: int, keys: Keys) -> None:
        """Add one more batch."""
        self._seen.add(np.unique(keys[:, 0]), self._ordinal(batch))

    def candidates(self, keys: Keys) -> list[tuple[int, Indices]]:
        """Return the batches that may hold some of the keys, each with the positions of those keys, ascending."""
        positions, ordinals = self._seen.find(keys[:, 0])
        by_batch = np.sort(ordinals << 32 | positions)
        ordinals, positions = by_batch >> 32, by_batch & 0xFFFFFFFF
        distinct, starts = np.unique(ordinals, return_index=True)
        groups = np.split(positions, starts[1:])
        return [(self._batches[ordinal], group) for ordinal, group in zip(distinct.tolist(), groups, strict=False)]

    def _ordinal(self, batch: int) -> int:
        if len(self._batches) >= MAX_BATCHES:
            message = (
                "The ledger holds too many requests; prune it: capi-import ledger forget --dataset ID --before DATE."
            )
            raise LedgerError(message)
        self._batches.append(batch)
        return len(self._batches) - 1
