"""Which rows of a report stand for a sale: each row of its own, or the first line of an order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask
from importer.core.kernels.bytes import Bytes, as_stored
from importer.core.kernels.hash64 import order_of
from importer.core.model import Column, Outcomes, Status

LINES = "lines"
"""The layout of a file in which several rows are lines of one order."""

_DIGITS = 32
"""Hexadecimal digits of our own event ids; half of them are enough to tell two apart."""

_ODD = np.uint64(0x9E3779B97F4A7C15)


class FirstRows:
    """Tells the first row of each sale, over all batches of a report; 8 bytes are kept for each order of lines.

    layouts: by file, `lines` or `orders` as its schema says. A file without an entry may hold lines.
    """

    def __init__(self, layouts: Mapping[str, str]) -> None:
        self._layouts = layouts
        self._file: str | None = None
        self._levels: list[npt.NDArray[np.uint64]] = []

    def of(self, file: str, rows: Outcomes) -> Mask:
        """For each row of a batch from one file, whether it is the first of its sale."""
        if self._layouts.get(file, LINES) != LINES:
            return np.ones(rows.num_rows, np.bool_)
        if file != self._file:
            self._file, self._levels = file, []
        named, codes = _codes(rows)
        order = order_of(codes)
        codes = codes[order]
        first = np.append(True, codes[1:] != codes[:-1])[: len(codes)]
        distinct, firsts = codes[first], order[first]
        fresh = ~self._known(distinct)
        self._add(distinct[fresh])
        lead: Mask = np.ones(rows.num_rows, np.bool_)
        lead[named] = False
        lead[named[firsts[fresh]]] = True
        return lead

    def _known(self, codes: npt.NDArray[np.uint64]) -> Mask:
        known: Mask = np.zeros(len(codes), np.bool_)
        for level in self._levels:
            place = np.minimum(np.searchsorted(level, codes), len(level) - 1)
            known |= level[place] == codes
        return known

    def _add(self, codes: npt.NDArray[np.uint64]) -> None:
        """Sorted codes are known from now on; levels of like size are merged, so there are never many."""
        if not len(codes):
            return
        while self._levels and len(codes) >= len(self._levels[-1]):
            codes = np.sort(np.concatenate([self._levels.pop(), codes]), kind="stable")
        self._levels.append(codes)


def _codes(rows: Outcomes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """The rows that name their sale, and a number for each; a repeat of a sale is another than the sale itself."""
    names = pc.coalesce(rows.column("event_id"), rows.column("order_id"))
    named = np.flatnonzero(np.asarray(names.is_valid()))
    codes = _hashes(names.drop_null())
    repeats = np.asarray(pc.equal(rows.column("status"), str(Status.DUPLICATE))).astype(np.bool_)[named]
    return named, codes ^ repeats.astype(np.uint64)


def _hashes(names: Column) -> npt.NDArray[np.uint64]:
    """Our own event ids are hashes already; other names are hashed."""
    cells = as_stored(names)
    ours = cells.lengths == _DIGITS
    if ours.all():
        return _halves(cells.data)
    from pandas.util import hash_array  # noqa: PLC0415  only files of lines that were skipped or refused come here

    hashes = np.empty(len(names), np.uint64)
    hashes[ours] = _halves(as_stored(names.filter(pa.array(ours))).data)
    others = names.filter(pa.array(~ours)).to_numpy(zero_copy_only=False)
    hashes[~ours] = hash_array(others.astype(object), categorize=False)
    return hashes


def _halves(digits: Bytes) -> npt.NDArray[np.uint64]:
    """Numbers of the first half of each event id's digits."""
    words = np.frombuffer(digits.tobytes(), np.uint64).reshape(-1, _DIGITS // 8)
    return np.asarray(words[:, 0] * _ODD ^ words[:, 1])
