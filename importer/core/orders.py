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
    nulls,
    one_chunk,
    parents_of,
    where,
)
from importer.core.model import ALL_OF, MONEY, Column, Mapped, Orders
from importer.core.plan import OrderLayout
from importer.core.routing import DATASET
from importer.core.same_order import signs_of, split, store_marks
from importer.core.tables.currencies import MINOR_DIGITS

TAKEN_BACK = ("refunded", "cancelled", "refund", "negative_value", "zero_value")
"""Reasons of rows that may tell of a sale which Meta has accepted before."""

CENT = 0.005
"""Totals that differ by less are the same, written or added up another way."""


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
    """Return the orders of the batch, lines folded into one; every order must be whole in it (see `whole_orders`).

    What ends one row of an order ends all of them: a fault always, a status where the order's total stands once.
    """
    groups = _groups(mapped, layout)
    fault, sale = mapped.column("fault"), mapped.column("sale")
    ended = coalesce([fault, mapped.column("non_record"), sale])
    if layout.rows == "lines" and int(groups.max(initial=-1)) + 1 < mapped.num_rows:
        mapped, groups = _sales(mapped, groups, np.asarray(pc.is_null(ended)), layout)
    count = int(groups.max(initial=-1)) + 1
    if count < mapped.num_rows:
        shared = fault if layout.total == "sum" else coalesce([fault, sale])
        if layout.total == "once":
            shared = coalesce([shared, _totals_differ(mapped, groups, np.asarray(pc.is_null(ended)), count)])
        shared = coalesce([shared, _currencies_differ(mapped, groups, np.asarray(pc.is_null(ended)), count)])
        ended = coalesce([one_chunk(_first_of_groups(shared, groups, count).take(pa.array(groups))), ended])
    orders, order_of = _fold(mapped, groups, np.asarray(pc.is_null(ended)), layout)
    value = orders.column("value")
    zero, negative = is_zero(value), is_negative(value)
    if zero.any():  # events other than purchases may be worth nothing
        zero &= np.asarray(pc.fill_null(pc.equal(orders.column("event_name"), "Purchase"), False)).astype(np.bool_)
    worthless = coalesce([where(zero, "zero_value"), where(negative, "negative_value")])
    if worthless.null_count == len(worthless):
        return Gathered(orders, order_of, ended)
    keep = np.asarray(pc.is_null(worthless))
    belongs = order_of >= 0
    own = one_chunk(worthless.take(pa.array(np.maximum(order_of, 0), mask=~belongs)))
    places = np.where(keep, np.cumsum(keep) - 1, -1)
    renumbered = np.where(belongs, places[np.maximum(order_of, 0)], -1)
    return Gathered(Orders(orders.filter(pa.array(keep))), renumbered, coalesce([ended, own]))


def taken_back(mapped: Mapped, gathered: Gathered, layout: OrderLayout) -> Gathered | None:
    """Return as orders what the export shows refunded or cancelled, None where there is nothing: Meta may have it.

    Without a time it cannot be told from others of its order id.
    """
    found = as_sales(mapped, gathered, layout)
    if found is None:
        return None
    timed = np.append(np.asarray(found.orders.column("event_time").is_valid()), False)
    return Gathered(found.orders, np.where(timed[found.order_of], found.order_of, -1), found.reason)


def as_sales(mapped: Mapped, gathered: Gathered, layout: OrderLayout, *, partly: bool = False) -> Gathered | None:
    """Return the rows that are shown refunded or cancelled as orders, None where there is none.

    A refund has the sign of a sale here; an amount of zero is none. An order of which any row is a sale still, or ended
    for another reason, is left out, unless `partly` is wanted.
    """
    ended = np.asarray(pc.is_in(gathered.reason, value_set=pa.array(TAKEN_BACK)))
    if not ended.any():
        return None
    groups = _groups(mapped, layout)
    rest = ~ended & np.asarray(mapped.column("non_record").is_null())
    chosen = ended if partly else ended & ~np.isin(groups, groups[rest])
    rows, reason = mapped.filter(pa.array(chosen)), gathered.reason.filter(pa.array(chosen))
    value = rows.column("value")
    amount = pc.if_else(pc.equal(reason, "zero_value"), pa.scalar(None, MONEY), pc.abs(value))
    # lines of an order that is negative as a whole have both signs
    amount = pc.if_else(pc.equal(reason, "negative_value"), pc.negate(value), amount)
    for name, column in (("sale", nulls(rows.num_rows)), ("value", one_chunk(amount.cast(MONEY)))):
        rows = rows.set_column(rows.schema.get_field_index(name), name, column)
    found = gather(Mapped(rows), layout)
    order_of = np.full(mapped.num_rows, -1, np.int64)
    order_of[chosen] = found.order_of
    return Gathered(found.orders, order_of, gathered.reason)


def _sales(mapped: Mapped, groups: Indices, open_rows: Mask, layout: OrderLayout) -> tuple[Mapped, Indices]:
    """Part rows under one order id that are several sales."""
    signs = signs_of(mapped, layout)
    sales = split(groups, signs)
    if sales is groups:
        return mapped, groups
    return set_apart(mapped, store_marks(sales, groups, open_rows, signs)), _by_appearance(sales)


def set_apart(mapped: Mapped, found: Column) -> Mapped:
    """Return the rows with the marks of another store's sales under the same order id as item numbers.

    Without it the program, and Meta, would take the second sale for the first one told again.
    """
    if found.null_count == len(found):
        return mapped
    columns = {name: mapped.column(name) for name in mapped.schema.names}
    own = column_of(mapped, "item_number")
    joined = one_chunk(pc.binary_join_element_wise(own, found, "-"))
    columns["item_number"] = coalesce([joined, found, own])
    return Mapped(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def _totals_differ(mapped: Mapped, groups: Indices, open_rows: Mask, count: int) -> Column:
    """Tell which rows hold another total than the first row of their order that holds one; zero is none."""
    values = np.array(pc.fill_null(mapped.column("value").cast(pa.float64()), np.nan), np.float64)
    values[values == 0] = np.nan
    told = np.flatnonzero(open_rows & ~np.isnan(values))
    first = np.full(count, np.nan)
    first[groups[told][::-1]] = values[told][::-1]
    return where(open_rows & (np.abs(values - first[groups]) > CENT), "order_totals_differ")


def _currencies_differ(mapped: Mapped, groups: Indices, open_rows: Mask, count: int) -> Column:
    """Tell which rows have an amount in another currency than the first row of their order that has one."""
    codes = column_of(mapped, "currency").dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    told = np.flatnonzero(open_rows & np.asarray(mapped.column("value").is_valid()) & (codes >= 0))
    first = np.full(count, -1, codes.dtype)
    first[groups[told][::-1]] = codes[told][::-1]
    differ = np.zeros(mapped.num_rows, np.bool_)
    differ[told] = codes[told] != first[groups[told]]
    return where(differ, "order_currencies_differ")


def _groups(mapped: Mapped, layout: OrderLayout) -> Indices:
    """Return for each row the number of its order, in order of first appearance; rows without an id stand alone.

    With `blank_key` a row without an id belongs to the order of the row above.
    """
    count = mapped.num_rows
    keys = column_of(mapped, "order_id")
    if layout.rows == "orders" or (keys.null_count == count and not layout.blank_key):
        return np.arange(count, dtype=np.int64)
    codes = keys.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    alone = np.asarray(pc.is_valid(mapped.column("non_record")))
    if layout.blank_key:
        above = np.maximum.accumulate(np.where((codes >= 0) & ~alone, np.arange(count), -1))
        codes = np.where((codes < 0) & (above >= 0), codes[np.maximum(above, 0)], codes)
    codes = np.where((codes < 0) | alone, count + np.arange(count), codes)
    if DATASET in mapped.schema.names:  # what goes to two datasets is two orders
        datasets = mapped.column(DATASET).dictionary_encode().indices.fill_null(-1)
        codes = codes * (count + 1) + np.asarray(datasets).astype(np.int64) + 1
    return _by_appearance(codes)


def _by_appearance(codes: Indices) -> Indices:
    """Return the groups numbered from 0 on, in the order in which they first appear."""
    _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
    ranks = np.empty(len(firsts), np.int64)
    ranks[np.argsort(firsts)] = np.arange(len(firsts))
    return ranks[inverse]


def _first_of_groups(column: Column, groups: Indices, count: int) -> Column:
    """Return for each group the first value of its rows that is not null."""
    present = np.flatnonzero(np.asarray(column.is_valid()))
    places = np.full(count, -1, np.int64)
    places[groups[present][::-1]] = present[::-1]
    return one_chunk(column.take(pa.array(np.maximum(places, 0), mask=places < 0)))


def _fold(mapped: Mapped, groups: Indices, open_rows: Mask, layout: OrderLayout) -> tuple[Orders, Indices]:
    """Return one row per group that has an open row, and for each source row its place among them."""
    rows = np.flatnonzero(open_rows)
    alone = bool((groups == np.arange(len(groups))).all())
    if alone and len(rows) == mapped.num_rows:
        return _rounded(Orders(mapped), layout), groups
    order_of = np.full(mapped.num_rows, -1, np.int64)
    inverse = np.arange(len(rows)) if alone else np.unique(groups[rows], return_inverse=True)[1]
    order_of[rows] = inverse
    if alone or (inverse == np.arange(len(rows))).all():
        return _rounded(Orders(mapped.filter(pa.array(open_rows))), layout), order_of
    lines = rows[np.argsort(inverse, kind="stable")]  # order by order, each order's in the file's sequence
    merged = Orders(_merged(mapped, _heads(mapped, inverse, rows), lines, order_of, layout))
    return _rounded(merged, layout), order_of


def _rounded(orders: Orders, layout: OrderLayout) -> Orders:
    """Return the orders with totals that were added up rounded, half up, to their currency's digits: 38.196 USD."""
    if (layout.rows, layout.total) != ("lines", "sum") or not orders.num_rows:
        return orders
    value, currency = orders.column("value"), column_of(orders, "currency")
    rounded = value
    for code in currency.unique().to_pylist():
        whole = pc.round(value, ndigits=MINOR_DIGITS.get(code or "", 6), round_mode="half_towards_infinity")
        rounded = pc.if_else(pc.equal(currency, code).fill_null(False), whole.cast(MONEY), rounded)
    place = orders.schema.get_field_index("value")
    return Orders(orders.set_column(place, orders.schema.field(place), one_chunk(rounded)))


def _heads(mapped: Mapped, orders: Indices, rows: Indices) -> Indices:
    """Return for each order the row that speaks for it: the first with both a time and a value, else the fullest."""
    value, time = (np.asarray(pc.is_valid(mapped.column(name)))[rows] for name in ("value", "event_time"))
    lacking = 3 - 2 * value.astype(np.int64) - time
    best = np.lexsort((rows, lacking, orders))
    _, firsts = np.unique(orders[best], return_index=True)
    return rows[best[firsts]]


def _merged(mapped: Mapped, heads: Indices, lines: Indices, order_of: Indices, layout: OrderLayout) -> pa.RecordBatch:
    """Return the orders' head rows, with the e-mails, phones and items of all their lines, and their total.

    lines: the source rows, order by order.
    """
    columns = {name: one_chunk(mapped.column(name).take(pa.array(heads))) for name in mapped.schema.names}
    of_lines = mapped.take(pa.array(lines))
    orders, count = order_of[lines], len(heads)
    for name in ALL_OF:
        if name in columns:
            values = of_lines.column(name)
            columns[name] = from_flat(one_chunk(pc.list_flatten(values)), orders[parents_of(values)], count)
    items = of_lines.column("items")
    present = np.asarray(items.is_valid())  # equal lines are two lines, so no repeats are left out here
    offsets = np.append(0, np.cumsum(np.bincount(orders[present], minlength=count))).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), items.filter(pa.array(present)))
    columns["items"] = null_if_empty(one_chunk(pc.binary_join(lists, ",")))
    if layout.total == "sum":
        table = pa.table({"order": orders, "value": of_lines.column("value")}).group_by("order")
        sums = table.aggregate([("value", "sum")]).sort_by("order").column("value_sum")
        columns["value"] = one_chunk(sums.cast(MONEY))
        columns["value_reason"] = _first_of_groups(of_lines.column("value_reason"), orders, count)
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
