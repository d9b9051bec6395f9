"""Order ids that come again in a file: on another row where each is an order, or else apart from the order's lines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from importer.core.binding import Binding
from importer.core.cells.order_ids import plain_ids
from importer.core.kernels.arrays import Indices, Mask, nulls
from importer.core.kernels.hash64 import text_hashes
from importer.core.kernels.sorted_rows import SortedRows
from importer.core.kernels.spill import NewFile
from importer.core.model import Column, Raw

_NONE = np.empty(0, np.int64)


class Ids(NamedTuple):
    """The order ids of one batch: hashes, and where rows are lines, one for each run of equal ones.

    ends: the row where each run ends; none where each row is an order.
    """

    hashes: Indices = _NONE
    ends: Indices = _NONE


class LastRows(NamedTuple):
    """The hashes, ascending, of the ids of orders whose lines do not stand together, and the last row of each."""

    hashes: Indices = _NONE
    rows: Indices = _NONE


NONE_SCATTERED = LastRows()


class SeenIds:
    """The order ids of all batches so far; 8 bytes of each, or 16 of each run of lines. new_file: see `SortedRows`."""

    def __init__(self, binding: Binding, new_file: NewFile | None) -> None:
        self._lines = binding.plan.orders.rows == "lines"
        self._rows = SortedRows(2 if self._lines else 1, new_file)
        self._last = Ids()

    def add(self, ids: Ids) -> None:
        """Add the next batch; a run that goes on in it is one with its end there."""
        if not self._lines:
            self._rows.add(ids.hashes)
        elif len(ids.hashes):
            if len(self._last.hashes) and self._last.hashes[0] != ids.hashes[0]:
                self._rows.add(*self._last)
            self._rows.add(ids.hashes[:-1], ids.ends[:-1])
            self._last = Ids(ids.hashes[-1:], ids.ends[-1:])

    def repeated(self) -> Indices:
        """Return the hashes, ascending, of ids that stand on several rows, where each is an order."""
        if self._lines:
            return _NONE
        parts = (hashes for (hashes,) in self._rows.parts())
        return np.concatenate([np.unique(hashes[1:][hashes[1:] == hashes[:-1]]) for hashes in parts])

    def scattered(self) -> LastRows:
        """Return the ids of which several runs were found, where rows are lines, and the last row of each."""
        if not self._lines:
            return NONE_SCATTERED
        self._rows.add(*self._last)
        self._last = Ids()
        found = [_last_of_several(*part) for part in self._rows.parts()]
        return LastRows(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _last_of_several(hashes: Indices, ends: Indices) -> LastRows:
    """Return the hashes that stand several times, and the greatest end of each."""
    if not len(hashes):
        return NONE_SCATTERED
    firsts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))
    several = np.diff(np.append(firsts, len(hashes))) > 1
    return LastRows(hashes[firsts[several]], np.maximum.reduceat(ends, firsts)[several])


def ids_of(raw: Raw, binding: Binding) -> Ids:
    """Return the order ids of one batch."""
    if "order_id" not in binding.columns or raw.num_rows == 0:
        return Ids()
    hashes, present = key_hashes(order_keys(raw, binding))
    hashes = hashes if present.all() else hashes[present]
    if binding.plan.orders.rows != "lines" or not len(hashes):
        return Ids(hashes)
    rows = np.asarray(raw.column("row"))[present].astype(np.int64)
    last = np.append(hashes[1:] != hashes[:-1], True)
    return Ids(hashes[last], rows[last])


def order_keys(raw: Raw, binding: Binding) -> Column:
    """Return the order id of each row in its plain form, null where it has none."""
    source = binding.columns.get("order_id")
    if source is None:
        return nulls(raw.num_rows)
    return plain_ids([raw.column(name) for name in source.names], keep_others=binding.plan.orders.blank_key)


def key_hashes(keys: Column) -> tuple[Indices, Mask]:
    """Return a number for each row's order id, equal where the ids are, and which rows have one."""
    return text_hashes(keys).view(np.int64), np.asarray(keys.is_valid())
