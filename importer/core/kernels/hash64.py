"""64-bit words that are as good as random, such as halves of hashes."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from importer.core.kernels.arrays import Indices

Words: TypeAlias = npt.NDArray[np.uint64]


def repeated(words: Words) -> Indices:
    """Return the positions, ascending, of words that occur more than once."""
    order = np.argsort(words)
    equal = words[order[1:]] == words[order[:-1]]
    return np.unique(np.concatenate([order[1:][equal], order[:-1][equal]]))
