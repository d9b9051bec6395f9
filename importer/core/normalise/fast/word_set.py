"""Texts that the field's own function has to look at, found among many that it need not see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask, one_chunk
from importer.core.kernels.bytes import Bytes, text_bytes
from importer.core.model import Column

_KEYS = 1 << 16
_TAIL, _LENGTH = np.uint16(256), np.uint16(5_851)
"""Factors that give texts of other last bytes and other lengths other keys."""


@dataclass(frozen=True)
class Suspects:
    """A few texts, and a sieve that passes all that may be one of them: 5 ns a row where pc.is_in takes 9.

    sieve: for each key of a text's first byte, last byte and length whether one of the texts has it.
    """

    texts: Column
    sieve: Mask

    def among(self, column: Column) -> Mask:
        """Which of the texts are one of these."""
        found = text_bytes(column)
        places = self.likely(found.heads, found.tails, found.lengths)
        flags = np.zeros(len(column), np.bool_)
        flags[places] = self.hold(one_chunk(column.take(pa.array(places))))
        return flags

    def likely(self, heads: Bytes, tails: Bytes, lengths: npt.NDArray[np.int32]) -> Indices:
        """Which of the texts with these first bytes, last bytes and lengths may be one of these."""
        return np.flatnonzero(self.sieve.take(_keys(heads, tails, lengths)))

    def hold(self, column: Column) -> Mask:
        """The same as `among`, by a look at every text."""
        return np.asarray(pc.is_in(column, value_set=self.texts)).astype(np.bool_)


def suspects(texts: Iterable[str]) -> Suspects:
    """The texts with their sieve."""
    column = one_chunk(pa.array(sorted(texts), pa.string()))
    found, sieve = text_bytes(column), np.zeros(_KEYS, np.bool_)
    sieve[_keys(found.heads, found.tails, found.lengths)] = True
    return Suspects(column, sieve)


def _keys(heads: Bytes, tails: Bytes, lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.uint16]:
    keys: npt.NDArray[np.uint16] = heads + tails.astype(np.uint16) * _TAIL + lengths.astype(np.uint16) * _LENGTH
    return keys
