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


class KeyPositions:
    """Find the positions of whole keys in an array of distinct keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._seen = SeenKeys(len(keys).bit_length())
        self._seen.add(keys[:, 0], np.arange(len(keys)))

    def find(self, keys: Keys) -> Indices:
        """Return for each key its position, -1 for one that is not there."""
        found = np.full(len(keys), -1, np.int64)
        positions, held = self._seen.find(keys[:, 0])
        whole = (self._keys[held] == keys[positions]).all(axis=1)
        found[positions[whole]] = held[whole]
        return found
