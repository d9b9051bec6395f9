"""Rows of a report that stand for a sale: each row of its own, or the first line of an order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask
from importer.core.kernels.bytes import Bytes, as_stored
from importer.core.kernels.hash64 import Words
from importer.core.kernels.seen_keys import NEW, SeenKeys
from importer.core.model import Column, Outcomes, Status
from importer.private_files import SpillFile

LINES = "lines"
"""The layout of a file in which several rows are lines of one order."""

_DIGITS = 32
"""Hexadecimal digits of our own event ids; half of them are enough to tell two apart."""

_ODD = np.uint64(0x9E3779B97F4A7C15)


class FirstRows:
    """Tell the first row of each sale, over all batches of a report; 8 bytes are kept for each order of lines.

    layouts: by file, `lines` or `orders` as its schema says. A file without an entry may hold lines.
    """

    def __init__(self, layouts: Mapping[str, str]) -> None:
        self._layouts = layouts
        self._file: str | None = None
        self._seen = SeenKeys(new_file=SpillFile)

    def of(self, file: str, rows: Outcomes) -> Mask:
        """Return for each row of a batch from one file whether it is the first of its sale."""
        first: Mask = np.ones(rows.num_rows, np.bool_)
        if self._layouts.get(file, LINES) == LINES:
            if file != self._file:
                self._file, self._seen = file, SeenKeys(new_file=SpillFile)
            named, codes = _codes(rows)
            first[named] = self._seen.first_seen(codes) == NEW
        return first


def _codes(rows: Outcomes) -> tuple[Indices, Words]:
    """Return the rows that name their sale, and a code for each name; a repeat has another code than its sale."""
    names = pc.coalesce(rows.column("event_id"), rows.column("order_id"))
    named = np.flatnonzero(np.asarray(names.is_valid()))
    codes = _hashes(names.drop_null())
    repeats = np.asarray(pc.equal(rows.column("status"), str(Status.DUPLICATE))).astype(np.bool_)[named]
    return named, codes ^ repeats.astype(np.uint64)


def _hashes(names: Column) -> Words:
    """Return a hash of each name; our own event ids are hashes already."""
    cells = as_stored(names)
    ours = cells.lengths == _DIGITS
    if ours.all():
        return _halves(cells.data)
    from pandas.util import hash_array  # noqa: PLC0415  only files of lines that were skipped or rejected come here

    hashes = np.empty(len(names), np.uint64)
    hashes[ours] = _halves(as_stored(names.filter(pa.array(ours))).data)
    others = names.filter(pa.array(~ours)).to_numpy(zero_copy_only=False)
    hashes[~ours] = hash_array(others.astype(object), categorize=False)
    return hashes


def _halves(digits: Bytes) -> Words:
    """Return 64 bits of each event id, of the first half of its digits."""
    words = np.frombuffer(digits.tobytes(), np.uint64).reshape(-1, _DIGITS // 8)
    return np.asarray(words[:, 0] * _ODD ^ words[:, 1])
