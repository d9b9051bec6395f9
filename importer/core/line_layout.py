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

from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.numbers import read_numbers
from importer.core.kernels.arrays import Indices, coalesce, join_present, nulls, one_chunk
from importer.core.model import BATCH_ROWS, Column, Raw
from importer.core.plan import Binding, OrderLayout, Source
from importer.core.survey import ENOUGH_ROWS, key_hashes, order_keys

CENT = 0.005
ORDERS = OrderLayout()


def infer(batches: Iterator[Raw], binding: Binding) -> OrderLayout:
    """The layout that the first half million rows show; 24 bytes a row are in memory meanwhile."""
    if "order_id" not in binding.columns or "value" not in binding.columns:
        return ORDERS
    parts = [_look(raw, binding) for raw in itertools.islice(batches, ENOUGH_ROWS // BATCH_ROWS)]
    keys, rows, values, own = (
        np.concatenate([part[place] for part in parts]) if parts else np.zeros(0) for place in range(4)
    )
    order = np.argsort(keys, kind="stable")
    keys, rows, values, own = keys[order], rows[order], values[order], own[order]
    same_order = keys[1:] == keys[:-1]
    different = same_order & (rows[1:] != rows[:-1])
    if not different.any():
        return ORDERS
    changes = different & (np.abs(values[1:] - values[:-1]) > CENT)
    total = "sum" if changes.any() or _own_amounts(own, same_order) else "once"
    return OrderLayout(rows="lines", total=total)  # type: ignore[arg-type]  # a str of two literals


def _own_amounts(own: npt.NDArray[np.float64], same_order: npt.NDArray[np.bool_]) -> bool:
    """Whether the value of the lines is price times quantity: then it is the line's, though all lines be equal."""
    lines = np.append(False, same_order) | np.append(same_order, False)
    known = lines & ~np.isnan(own)
    return bool(known.any() and (own[known] == 1).all())


def _look(raw: Raw, binding: Binding) -> tuple[Indices, Indices, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Of each row with an order id: its hash, the hash of what stands in it, its value, and whether that is its own."""
    hashes, present = key_hashes(order_keys(raw, binding))
    content, _ = key_hashes(join_present([as_text(raw.column(name)) for name in sorted(binding.used)], "\x1f"))
    value = _amount(raw, binding.columns["value"])
    quantity = _number(raw, binding.items.get("quantity"))
    price = _amount(raw, binding.items["item_price"]) if "item_price" in binding.items else np.full(len(value), np.nan)
    own = np.where(np.isnan(price * quantity), np.nan, np.abs(price * quantity - value) <= CENT)
    return hashes[present], content[present], value[present], own[present]


def _amount(raw: Raw, source: Source) -> npt.NDArray[np.float64]:
    columns = [read_amounts(raw.column(name), decimal=None).values for name in source.names]
    return _floats(coalesce(columns).cast(pa.float64()))


def _number(raw: Raw, source: Source | None) -> npt.NDArray[np.float64]:
    if source is None:
        return _floats(nulls(raw.num_rows, pa.float64()))
    values, _ = read_numbers(raw.column(source.names[0]))
    return _floats(values)


def _floats(column: Column) -> npt.NDArray[np.float64]:
    return np.asarray(one_chunk(pc.fill_null(column, np.nan)), np.float64)
