"""What a file shows refunded or cancelled, out of the rows that its survey has kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

from importer.core.binding import Binding
from importer.core.model import ROWS_WITHOUT_BODIES, Raw
from importer.core.preparation import Preparation
from importer.core.repeated_ids import key_hashes, order_keys
from importer.core.survey import surveyed_columns
from importer.core.taken_back import refunds_of
from importer.read import Export


def file_refunds(
    export: Export, kept: Sequence[Raw], preparation: Preparation, beside: Collection[str], *, alone: bool
) -> pa.RecordBatch | None:
    """Return what the rows kept by the survey show refunded or cancelled (`run_refunds.REFUNDS`), None: nothing.

    beside: columns that were surveyed beside the binding's own. alone: the run has no other file. Where the lines of an
    order are added up, a negative one takes a part of its own order back, which the sum says already; of another file's
    order it takes back what all of its order's lines come to, so these are read once more.
    """
    if not kept:
        return None
    binding = preparation.binding
    rows = _one(kept)
    summed = (binding.plan.orders.rows, binding.plan.orders.total) == ("lines", "sum") and "order_id" in binding.columns
    read_again = summed and (not alone or bool(binding.links))
    if read_again:
        rows = _whole_orders(export, rows, binding, beside)
    found = refunds_of(rows, preparation, negative_orders=read_again or not summed)
    return found if found.num_rows else None


def _whole_orders(export: Export, rows: Raw, binding: Binding, beside: Collection[str]) -> Raw:
    """Return all rows of the orders that some rows are of."""
    hashes, present = key_hashes(order_keys(rows, binding))
    wanted = np.unique(hashes[present])
    found = [rows.slice(0, 0)]
    for raw in export.batches(surveyed_columns(binding) | set(beside), ROWS_WITHOUT_BODIES):
        hashes, present = key_hashes(order_keys(raw, binding))
        found.append(Raw(raw.filter(pa.array(present & np.isin(hashes, wanted)))))
    return _one(found)


def _one(parts: Sequence[pa.RecordBatch]) -> Raw:
    return Raw(pa.concat_batches(parts))
