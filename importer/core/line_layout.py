"""Whether a file mapped by its headers has one row per order or several, and where an order's total stands.

An export known by name says so in its schema. For any other file the repeated order ids tell: equal rows are the same
sale written twice, different rows are lines of one order; a value that changes from line to line is the line's own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding, Source
from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.numbers import read_numbers
from importer.core.kernels.arrays import Indices, coalesce, join_present, nulls, one_chunk
from importer.core.model import BATCH_ROWS, Column, Raw
from importer.core.plan import OrderLayout
from importer.core.survey import ENOUGH_ROWS, key_hashes, order_keys

Floats = npt.NDArray[np.float64]

CENT = 0.005
ORDERS = OrderLayout()


def infer(batches: Iterator[Raw], binding: Binding) -> OrderLayout:
    """Infer the layout from the first half million rows; 32 bytes a row are in memory meanwhile."""
    if "order_id" not in binding.columns or "value" not in binding.columns:
        return binding.plan.orders
    parts = [_look(raw, binding) for raw in itertools.islice(batches, ENOUGH_ROWS // BATCH_ROWS)]
    keys, contents, values, own = (
        np.concatenate([part[place] for part in parts]) if parts else np.zeros(0) for place in range(4)
    )
    order = np.argsort(keys, kind="stable")
    keys, contents, values, own = keys[order], contents[order], values[order], own[order]
    same_order = keys[1:] == keys[:-1]
    different = same_order & (contents[1:] != contents[:-1])
    if not different.any():
        return ORDERS
    changes = different & (np.abs(values[1:] - values[:-1]) > CENT)
    lines = np.append(False, same_order) | np.append(same_order, False)
    known = own[lines & ~np.isnan(own)]
    each_its_own = len(known) > 0 and bool((known == 1).all())  # price times quantity, though all lines be equal
    return OrderLayout(rows="lines", total="sum" if changes.any() or each_its_own else "once")


def _look(raw: Raw, binding: Binding) -> tuple[Indices, Indices, Floats, Floats]:
    """Return of each row with an order id: its hash, the hash of the whole row, its value, and whether that is its own.

    The value is a line's own (1, else 0) if it is price times quantity; NaN where one of the three is missing.
    """
    hashes, present = key_hashes(order_keys(raw, binding))
    content, _ = key_hashes(join_present([as_text(raw.column(name)) for name in sorted(binding.used)], "\x1f"))
    value, price = _amount(raw, binding.columns["value"]), _amount(raw, binding.items.get("item_price"))
    quantity = _floats(nulls(raw.num_rows, pa.float64()))
    if "quantity" in binding.items:
        quantity = _floats(read_numbers(raw.column(binding.items["quantity"].names[0]))[0])
    own = np.where(np.isnan(price * quantity), np.nan, np.abs(price * quantity - value) <= CENT)
    return hashes[present], content[present], value[present], own[present]


def _amount(raw: Raw, source: Source | None) -> Floats:
    """Return the amounts of a source, the first filled one of each row; NaN where there is none."""
    if source is None:
        return np.full(raw.num_rows, np.nan)
    return _floats(coalesce([read_amounts(raw.column(name), decimal=None).values for name in source.names]))


def _floats(column: Column) -> Floats:
    return np.asarray(one_chunk(pc.fill_null(column.cast(pa.float64()), np.nan)), np.float64)
