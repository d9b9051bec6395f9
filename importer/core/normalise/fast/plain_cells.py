"""What every short cut returns, and the words that no short cut may take for a value."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask, one_chunk
from importer.core.model import Column
from importer.core.tables import placeholders

SHORTEST_HASH = 32
"""Characters of an MD5 in hex; a longer text may be a hash, and is left to the field's own function."""

PUNCTUATION = " '.-"
"""Characters within names that Meta does not want; `Anne-Marie` is annemarie."""

_FEWEST_EXES = 3


class Plain(NamedTuple):
    """The normal forms of the plain cells, and which cells these are; the other cells' forms mean nothing."""

    forms: Column
    cells: Mask


def mask_of(flags: Column) -> Mask:
    """Return a column of booleans as a NumPy mask, null as false."""
    return np.asarray(flags.fill_null(False))


def none_plain(column: Column) -> Plain:
    """Leave every cell to the field's own function."""
    return Plain(column, np.zeros(len(column), np.bool_))


def is_placeholder(lower: Column, words: frozenset[str] = frozenset()) -> Mask:
    """Tell which texts in lower case may be a placeholder; `words` are a field's own."""
    return np.asarray(pc.is_in(lower, value_set=_value_set(words)))


@lru_cache(maxsize=16)
def _value_set(words: frozenset[str]) -> Column:
    return one_chunk(pa.array(sorted(placeholder_words(words)), pa.string()))


def placeholder_words(words: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the placeholders in lower case, as typed and without punctuation; `xxx` is one in any length."""
    typed = {word.lower() for word in placeholders.EXACT | placeholders.ANYWHERE | words}
    bare = {"".join(char for char in word if char not in PUNCTUATION) for word in typed}
    return frozenset(typed | bare | {"x" * length for length in range(_FEWEST_EXES, SHORTEST_HASH)})
