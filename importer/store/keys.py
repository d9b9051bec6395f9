"""Keys of 16 bytes in arrays: read from blobs, and found among others."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from importer.core.kernels.arrays import Indices
from importer.core.kernels.seen_keys import SeenKeys

Keys: TypeAlias = npt.NDArray[np.uint64]
"""Keys as an array of shape (n, 2); the 16 bytes of a row are the key's own."""


def keys_of(blob: bytes | memoryview) -> Keys:
    """Return the keys that stand one after another in the blob, on the same memory."""
    return np.frombuffer(blob, np.uint64).reshape(-1, 2)


def held_places(held: Keys, wanted: Keys) -> Indices:
    """Return the places of the wanted keys that are among the held ones, ascending; whole keys are compared."""
    if np.array_equal(held, wanted):  # as they are where a file comes again unchanged
        return np.arange(len(wanted))
    if len(np.unique(held[:, 0])) < len(held):  # as where an order id is used again
        held = np.unique(held, axis=0)
    seen = SeenKeys(len(held).bit_length())
    seen.add(held[:, 0], np.arange(len(held)))
    positions, places = seen.find(wanted[:, 0])
    return np.unique(positions[(held[places] == wanted[positions]).all(axis=1)])


class Distinct:
    """Keys each of which is looked up once, however often it stands there."""

    def __init__(self, keys: Keys) -> None:
        ordered = np.sort(keys[:, 0])
        self._all_differ = not (ordered[1:] == ordered[:-1]).any()
        self.keys = keys
        if not self._all_differ:
            _, firsts, which = np.unique(keys[:, 0], return_index=True, return_inverse=True)
            self.keys = keys[firsts]
            self._places = np.argsort(which, kind="stable")
            self._ends = np.cumsum(np.bincount(which, minlength=len(firsts)))

    def places(self, found: Indices) -> Indices:
        """Return the places of all keys that begin as these of `keys`, ascending."""
        if self._all_differ:
            return np.sort(found)
        starts = np.append(0, self._ends)[found]
        counts = self._ends[found] - starts
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.sort(self._places[np.repeat(starts, counts) + within])
