"""Which rows of a report stand for a sale: each row of its own, or the first line of an order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Mask
from importer.core.model import Column, Outcomes, Status

LINES = "lines"
"""The layout of a file in which several rows are lines of one order."""

HALF = 16
"""Hexadecimal digits of an event id that are enough to tell two apart."""

_ODD = np.uint64(0x9E3779B97F4A7C15)


class Leads:
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
        distinct, firsts = np.unique(codes, return_index=True)
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
    lengths = np.asarray(pc.binary_length(names))
    if len(names) and (lengths == 2 * HALF).all():
        halves = pc.binary_slice(names.cast(pa.binary()), 0, HALF).cast(pa.binary(HALF))
        words = np.frombuffer(halves.buffers()[1], np.uint64)[: 2 * len(names)].reshape(-1, 2)
        return np.asarray(words[:, 0] * _ODD ^ words[:, 1])
    from pandas.util import hash_array  # noqa: PLC0415  only files of lines that were skipped or refused come here

    return np.asarray(hash_array(names.to_numpy(zero_copy_only=False).astype(object), categorize=False), np.uint64)
