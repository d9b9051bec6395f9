"""Lines -> orders: which rows belong together, what each order is worth, and which rows are no sale to send."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amounts import is_negative, is_zero
from importer.core.kernels.arrays import (
    Indices,
    Mask,
    coalesce,
    column_of,
    from_flat,
    null_if_empty,
    one_chunk,
    parents_of,
    where,
)
from importer.core.model import MONEY, Column, Mapped, Orders
from importer.core.plan import OrderLayout

UNION = ("em", "ph")
"""Keys of which an order takes those of all its rows: several people may stand on one order."""


@dataclass(frozen=True)
class Gathered:
    """The orders that may be sent, and for each source row which of them it belongs to or why it ends here.

    orders: one row per order, with the columns of its head row.
    order_of: for each source row the number of its order in `orders`, -1 where the row ends here.
    reason: for each source row that ends here its reason code, else null.
    """

    orders: Orders
    order_of: Indices
    reason: Column


def gather(mapped: Mapped, layout: OrderLayout) -> Gathered:
    """The orders of the batch, lines folded into one; every order must be whole in it (see `regroup`)."""
    groups = _groups(mapped, layout)
    ended = coalesce([mapped.column("fault"), mapped.column("frame"), mapped.column("sale")])
    if int(groups.max(initial=-1)) + 1 < mapped.num_rows:
        ended = _shared(ended, groups, mapped, layout)
    open_rows = np.asarray(pc.is_null(ended))
    orders, order_of = _fold(mapped, groups, open_rows, layout)
    worthless = _worthless(orders)
    return _drop(orders, order_of, worthless, ended)


def _groups(mapped: Mapped, layout: OrderLayout) -> Indices:
    """For each row the number of its order, counted by first appearance; frame rows stand alone."""
    count = mapped.num_rows
    keys = column_of(mapped, "order_id")
    if layout.rows == "orders" or (keys.null_count == count and not layout.blank_key):
        return np.arange(count, dtype=np.int64)
    codes = keys.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    alone = np.asarray(pc.is_valid(mapped.column("frame")))
    if layout.blank_key:
        codes = _carried(codes, alone)
    codes = np.where((codes < 0) | alone, count + np.arange(count), codes)
    _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
    ranks = np.empty(len(firsts), np.int64)
    ranks[np.argsort(firsts)] = np.arange(len(firsts))
    return ranks[inverse]


def _carried(codes: Indices, alone: Mask) -> Indices:
    """Rows without a key take the key of the row above that has one."""
    keyed = np.where((codes >= 0) & ~alone, np.arange(len(codes)), -1)
    last = np.maximum.accumulate(keyed)
    return np.where((codes < 0) & (last >= 0), codes[np.maximum(last, 0)], codes)


def _shared(ended: Column, groups: Indices, mapped: Mapped, layout: OrderLayout) -> Column:
    """What ends one row of an order ends all of them: a fault always, a status where the total stands once."""
    spread = (
        mapped.column("fault") if layout.total == "sum" else coalesce([mapped.column("fault"), mapped.column("sale")])
    )
    first = _first_in_group(spread, groups)
    return coalesce([first, ended])


def _first_in_group(column: Column, groups: Indices) -> Column:
    """For each row the first value that is not null in its group."""
    return one_chunk(_first_of_groups(column, groups, int(groups.max(initial=-1)) + 1).take(pa.array(groups)))


def _first_of_groups(column: Column, groups: Indices, count: int) -> Column:
    """For each group the first value of its rows that is not null."""
    present = np.flatnonzero(np.asarray(column.is_valid()))
    places = np.full(count, -1, np.int64)
    places[groups[present][::-1]] = present[::-1]
    return one_chunk(column.take(pa.array(np.maximum(places, 0), mask=places < 0)))


def _fold(mapped: Mapped, groups: Indices, open_rows: Mask, layout: OrderLayout) -> tuple[Orders, Indices]:
    """One row per group that has an open row, and for each source row its place among them."""
    rows = np.flatnonzero(open_rows)
    alone = bool((groups == np.arange(len(groups))).all())
    if alone and len(rows) == mapped.num_rows:
        return Orders(mapped), groups
    order_of = np.full(mapped.num_rows, -1, np.int64)
    inverse = np.arange(len(rows)) if alone else np.unique(groups[rows], return_inverse=True)[1]
    order_of[rows] = inverse
    if alone or (inverse == np.arange(len(rows))).all():
        return Orders(mapped.filter(pa.array(open_rows))), order_of
    members = one_order_after_another(inverse, rows)
    heads = _heads(mapped, inverse, rows)
    return Orders(_merged(mapped, heads, members, order_of, layout)), order_of


def one_order_after_another(orders: Indices, rows: Indices) -> Indices:
    """The source rows, order by order, each order's in the file's sequence."""
    return rows[np.argsort(orders, kind="stable")]


def _heads(mapped: Mapped, orders: Indices, rows: Indices) -> Indices:
    """For each order the row that speaks for it: the first with both a time and a value, else the fullest first."""
    value, time = (np.asarray(pc.is_valid(mapped.column(name)))[rows] for name in ("value", "event_time"))
    lacking = 3 - 2 * value.astype(np.int64) - time
    best = np.lexsort((rows, lacking, orders))
    _, firsts = np.unique(orders[best], return_index=True)
    return rows[best[firsts]]


def _merged(mapped: Mapped, heads: Indices, members: Indices, order_of: Indices, layout: OrderLayout) -> pa.RecordBatch:
    columns = {name: one_chunk(mapped.column(name).take(pa.array(heads))) for name in mapped.schema.names}
    lines = mapped.take(pa.array(members))
    parents = order_of[members]
    for name in UNION:
        if name in columns:
            values = lines.column(name)
            columns[name] = from_flat(pc.list_flatten(values), parents[parents_of(values)], len(heads))
    items = from_flat_all(lines.column("items"), parents, len(heads))
    columns["items"] = null_if_empty(one_chunk(pc.binary_join(items, ",")))
    if layout.total == "sum":
        columns["value"] = _summed(lines.column("value"), parents, len(heads))
        columns["value_reason"] = _first_of_groups(lines.column("value_reason"), parents, len(heads))
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def from_flat_all(values: Column, parents: Indices, count: int) -> Column:
    """Like `from_flat`, but a value may stand several times in one list: two equal lines are two lines."""
    present = np.asarray(values.is_valid())
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(parents[present], minlength=count), out=offsets[1:])
    return one_chunk(pa.ListArray.from_arrays(pa.array(offsets), values.filter(pa.array(present))))


def _summed(values: Column, parents: Indices, count: int) -> Column:
    table = pa.table({"order": parents, "value": values}).group_by("order").aggregate([("value", "sum")])
    sums = table.sort_by("order").column("value_sum").cast(MONEY)
    if len(sums) != count:
        message = "every order has a line"
        raise AssertionError(message)
    return one_chunk(sums)


def _worthless(orders: Orders) -> Column:
    """The reason why an order's total is no sale: zero for a Purchase, or negative."""
    value = orders.column("value")
    zero, negative = is_zero(value), is_negative(value)
    if zero.any():
        purchase = pc.fill_null(pc.equal(orders.column("event_name"), "Purchase"), False)
        zero &= np.asarray(purchase).astype(np.bool_)
    return coalesce([where(zero, "zero_value"), where(negative, "negative_value")])


def _drop(orders: Orders, order_of: Indices, worthless: Column, ended: Column) -> Gathered:
    """Take the worthless orders out; their rows end with that reason."""
    if worthless.null_count == len(worthless):
        return Gathered(orders, order_of, ended)
    keep = np.asarray(pc.is_null(worthless))
    belongs = order_of >= 0
    mine = one_chunk(worthless.take(pa.array(np.maximum(order_of, 0), mask=~belongs)))
    places = np.where(keep, np.cumsum(keep) - 1, -1)
    renumbered = np.where(belongs, places[np.maximum(order_of, 0)] if len(places) else -1, -1)
    return Gathered(Orders(orders.filter(pa.array(keep))), renumbered, coalesce([ended, mine]))
