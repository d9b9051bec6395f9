"""A stream of batches cut anew, so that no order is split between two of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from importer.core.binding import Binding
from importer.core.kernels.arrays import Mask
from importer.core.model import Raw
from importer.core.repeated_ids import LastRows, key_hashes, order_keys
from importer.core.survey import Survey


def whole_orders(batches: Iterator[Raw], binding: Binding, found: Survey) -> Iterator[Raw]:
    """Yield the same rows in batches in which every order is whole.

    Lines that stand one after another are held back from one batch to the next. Lines scattered over the file are
    held until the last of their order has come, as the survey found; then rows leave out of sequence, each with its
    own number.
    """
    if binding.plan.orders.rows == "orders" or "order_id" not in binding.columns:
        yield from batches
        return
    last_rows = found.last_rows if found.scattered else None
    held: Raw | None = None
    for batch in batches:
        rows = batch if held is None else Raw(pa.concat_batches([held, batch]))
        ready = _before_last_order(rows, binding) if last_rows is None else _complete(rows, binding, last_rows)
        if ready.any():
            yield Raw(rows.filter(pa.array(ready)))
        held = None if ready.all() else Raw(rows.filter(pa.array(~ready)))
    if held is not None:
        yield held


def _before_last_order(rows: Raw, binding: Binding) -> Mask:
    """Tell which rows come before the last order, which may go on in the next batch."""
    hashes, present = key_hashes(order_keys(rows, binding))
    keyed = np.flatnonzero(present)
    ready = np.zeros(rows.num_rows, np.bool_)
    if len(keyed) == 0:
        return ~ready if not binding.plan.orders.blank_key else ready
    other = keyed[hashes[keyed] != hashes[keyed[-1]]]
    first_of_last = keyed[np.searchsorted(keyed, other[-1]) + 1] if len(other) else keyed[0]
    ready[:first_of_last] = True
    return ready


def _complete(rows: Raw, binding: Binding, last_rows: LastRows) -> Mask:
    """Tell which rows are of orders of which no line is still to come."""
    hashes, present = key_hashes(order_keys(rows, binding))
    if binding.plan.orders.blank_key:  # rows without an order id belong to the order of the row above
        above = np.maximum.accumulate(np.where(present, np.arange(len(hashes)), -1))
        hashes, present = hashes[np.maximum(above, 0)], above >= 0
    newest = int(np.asarray(rows.column("row")).max())
    distinct, inverse = np.unique(hashes, return_inverse=True)
    known, last = last_rows
    places = np.minimum(np.searchsorted(known, distinct), len(known) - 1)
    stands_together = known[places] != distinct
    done = stands_together | (last[places] <= newest)
    if present.any():  # the next line may still be of the last order
        of_last = np.searchsorted(distinct, hashes[np.flatnonzero(present)[-1]])
        done[of_last] &= not (binding.plan.orders.blank_key or stands_together[of_last])
    ready: Mask = done[inverse] | ~present
    return ready
