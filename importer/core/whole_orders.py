"""A stream of batches cut anew, so that no order is split between two of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from importer.core.binding import Binding
from importer.core.kernels.arrays import Mask
from importer.core.model import Raw
from importer.core.repeated_ids import LastRows, key_hashes, order_keys


def has_lines(binding: Binding) -> bool:
    """Tell whether an order may have several rows."""
    return binding.plan.orders.rows != "orders" and "order_id" in binding.columns


def whole_orders(
    batches: Iterator[Raw],
    binding: Binding,
    last_rows: LastRows | None,
    *,
    held: Raw | None = None,
    goes_on: bool = False,
) -> Iterator[Raw]:
    """Yield the same rows in batches in which every order is whole.

    Lines that stand one after another are held back from one batch to the next. Lines scattered over the file are
    held until the last of their order has come, as `last_rows` says; then rows leave out of sequence, each with its
    own number. held: lines of an order that began before the first batch. goes_on: the file does not end with the last
    batch, and the order there is left to whoever reads on.
    """
    if not has_lines(binding):
        yield from batches
        return
    for batch in batches:
        rows = batch if held is None else Raw(pa.concat_batches([held, batch]))
        ready = _before_last_order(rows, binding) if last_rows is None else _complete(rows, binding, last_rows)
        if ready.any():
            yield Raw(rows.filter(pa.array(ready)))
        held = None if ready.all() else Raw(rows.filter(pa.array(~ready)))
    if held is not None and not goes_on:
        yield held


def held_back(rows: Raw, binding: Binding) -> Raw | None:
    """Return the rows of the last order, which may go on behind these; None where there is none."""
    ready = _before_last_order(rows, binding)
    return None if ready.all() else Raw(rows.filter(pa.array(~ready)))


def has_several_orders(rows: Raw, binding: Binding) -> bool:
    """Tell whether the last order that is named in these rows begins in them, since another is named above it."""
    hashes, present = key_hashes(order_keys(rows, binding))
    named = hashes[present]
    return bool((named != named[:1]).any())


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
