"""Rows that show sales refunded or cancelled, and the sales that other rows of the run take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding, Source
from importer.core.cells.order_ids import plain_ids
from importer.core.clear_text import without_people
from importer.core.customer_join import joined
from importer.core.guards import without_guards
from importer.core.kernels.arrays import (
    Indices,
    as_lists,
    coalesce,
    column_of,
    from_flat,
    nulls,
    one_chunk,
    parents_of,
    where,
)
from importer.core.mapping import map_batch
from importer.core.model import DAY, KEY_BYTES, MONEY, TAKEN_BACK, Column, Mapped, Normal, Raw
from importer.core.orders import Gathered, as_sales, gather, set_apart
from importer.core.preparation import Preparation, normalise
from importer.core.refund_rows import ITEM_AMOUNTS
from importer.core.repeated_ids import order_keys
from importer.core.routing import DATASET, routed
from importer.core.run_refunds import ELSEWHERE, PARTLY, REFUNDS, RunRefunds, Sale, taken_back, together
from importer.core.sale_identity import identity, key_of_id

_TAKEN_BACK = tuple((field.name, field.type) for field in TAKEN_BACK)
KEYS_TYPE = pa.list_(pa.binary(KEY_BYTES))


def taken_back_columns(
    raw: Raw, back: Gathered | None, preparation: Preparation, *, lasting: bool
) -> dict[str, Column]:
    """Return the columns `taken_back` and `taken_back_of` of the rows."""
    rows = raw.num_rows
    if back is None or not back.orders.num_rows:
        return {"taken_back": nulls(rows, TAKEN_BACK), "taken_back_of": nulls(rows, pa.int32())}
    normal, _ = without_people(normalise(back.orders, preparation)[0])
    known = identity(normal, lasting=lasting)
    known["keys"] = _with_linked(known["keys"], _linked(raw, back.order_of, normal, preparation.binding))
    known["together"] = _together(normal, known, preparation.refunds)
    columns = {name: known[name] if name in known else column_of(normal, name, kind) for name, kind in _TAKEN_BACK}
    sales = pa.StructArray.from_arrays(
        [column.cast(kind) for column, (_, kind) in zip(columns.values(), _TAKEN_BACK, strict=True)],
        fields=list(TAKEN_BACK),
    )
    present = back.order_of >= 0
    firsts = np.zeros(rows, np.bool_)
    firsts[_first_rows(back.order_of)] = True
    return {
        "taken_back": one_chunk(sales.take(pa.array(np.maximum(back.order_of, 0), mask=~firsts))),
        "taken_back_of": pa.array(back.order_of.astype(np.int32), mask=~present),
    }


def _together(normal: Normal, known: Mapping[str, Column], refunds: RunRefunds | None) -> Column:
    """Return for each refund what all of its sale's refunds in the run come to, null where it is the only one."""
    if refunds is None:
        return nulls(normal.num_rows, MONEY)
    keys = _every_key(known["key"], known["keys"])
    about = refunds.about({key for some in keys for key in some})
    told = zip(keys, column_of(normal, "currency").to_pylist(), known["customers"].to_pylist(), strict=True)
    sums = [
        next(
            (found for key in some if (found := together(about.get(key, ()), currency, frozenset(people or ())))), None
        )
        for some, currency, people in told
    ]
    return pa.array(sums, MONEY)


def _every_key(key: Column, further: Column) -> list[list[bytes]]:
    """Return all keys of each sale: its own, and those under which it may be known without an id."""
    return [[own, *(others or ())] for own, others in zip(key.to_pylist(), further.to_pylist(), strict=True)]


def _first_rows(order_of: Indices) -> Indices:
    """Return the first row of each order that has one, orders ascending."""
    rows = np.flatnonzero(order_of >= 0)
    return rows[np.unique(order_of[rows], return_index=True)[1]]


def _linked(raw: Raw, order_of: Indices, normal: Normal, binding: Binding) -> list[Column]:
    """Return the keys of the sales that refunds name in columns of their own, such as `Original Order ID`."""
    if not binding.links:
        return []
    rows = _first_rows(order_of)
    places = np.full(normal.num_rows, -1, np.int64)
    places[order_of[rows]] = rows
    of_orders = pa.array(np.maximum(places, 0), mask=places < 0)
    columns = [one_chunk(raw.column(name).take(of_orders)) for name in binding.links if name in raw.schema.names]
    return [key_of_id(normal, plain_ids([column])) for column in columns]


def _with_linked(keys: Column, linked: Sequence[Column]) -> Column:
    """Return the lists of further keys with those of the linked sales."""
    if not linked:
        return keys
    own = as_lists(one_chunk(keys.cast(KEYS_TYPE)))
    count = len(own)
    flat = [one_chunk(own.flatten()), *linked]
    parents = [parents_of(own), *(np.arange(count) for _ in linked)]
    order = np.argsort(np.concatenate(parents), kind="stable")
    values = one_chunk(pa.concat_arrays(flat).take(pa.array(order)))
    return from_flat(values, np.concatenate(parents)[order], count)


def refunds_of(rows: Raw, preparation: Preparation, *, negative_orders: bool = True) -> pa.RecordBatch:
    """Return what some rows of a file (see `refund_rows`) show refunded or cancelled, by each key of its sale.

    negative_orders: an order whose sum is negative counts; not where only some of its lines are here.
    """
    raw = without_guards(_joined(rows, preparation), preparation.binding)
    if preparation.binding.plan.orders.blank_key:  # a row without an id is of the one above it, which is not here
        raw = Raw(raw.filter(order_keys(raw, preparation.binding).is_valid()))
    binding = _of_columns(preparation.binding, raw)
    mapped = map_batch(raw, binding, preparation.answers)
    mapped = Mapped(mapped.set_column(mapped.schema.get_field_index("non_record"), "non_record", nulls(raw.num_rows)))
    if preparation.apart is not None:
        mapped = set_apart(mapped, preparation.apart.of(mapped.column("row")))
    if preparation.routing is not None:
        mapped = routed(mapped, raw, preparation.routing, binding.plan.orders)
    layout = binding.plan.orders
    gathered = gather(mapped, layout)
    if not negative_orders:
        kept = pc.if_else(pc.equal(gathered.reason, "negative_value"), "", gathered.reason)
        gathered = replace(gathered, reason=one_chunk(kept))
    back = as_sales(mapped, gathered, layout, partly=True)
    if back is None or not back.orders.num_rows:
        return pa.RecordBatch.from_pylist([], schema=REFUNDS)
    narrowed = replace(preparation, binding=binding)
    normal, _ = without_people(normalise(back.orders, narrowed)[0])
    known = identity(normal, lasting=True)
    firsts = _first_rows(back.order_of)
    count, summed = normal.num_rows, (layout.rows, layout.total) == ("lines", "sum")
    facts = _facts(normal, known) | {
        "own": known["key"],
        "reason": _reasons(mapped, back.reason, pa.array(firsts)),
        "whole": pa.array(np.full(count, not summed)),
        "file": pa.array(np.zeros(count), pa.int32()),  # numbered when all files of the run are known
        "line": one_chunk(mapped.column("line").take(pa.array(firsts))),
    }
    return _by_key(facts, [known["key"], *_linked(raw, back.order_of, normal, binding)], known["keys"])


def _reasons(mapped: Mapped, reason: Column, rows: Column) -> Column:
    """Return the refunds' reasons: a sale or line that was refunded has its sign, a negative one is money back."""
    told = reason.take(rows)
    is_negative = pc.less(mapped.column("value").take(rows), pa.scalar(0, MONEY)).fill_null(False)
    return one_chunk(pc.if_else(pc.and_(is_negative, pc.equal(told, "refunded")), "refund", told))


def _by_key(facts: Mapping[str, Column], keys: Sequence[Column], further: Column) -> pa.RecordBatch:
    """Return the refunds once for each key: their own, the linked sales', and the further ones of those without id."""
    lists = as_lists(one_chunk(further.cast(KEYS_TYPE)))
    count = len(lists)
    every = one_chunk(pa.concat_arrays([*(one_chunk(key) for key in keys), one_chunk(lists.flatten())]))
    rows = np.concatenate([*(np.arange(count) for _ in keys), parents_of(lists)])
    present = np.asarray(every.is_valid())
    chosen = pa.array(rows[present])
    columns = [
        one_chunk(every.filter(pa.array(present))) if name == "key" else one_chunk(facts[name].take(chosen))
        for name in REFUNDS.names
    ]
    return pa.RecordBatch.from_arrays(
        [one_chunk(column.cast(field.type)) for column, field in zip(columns, REFUNDS, strict=True)], schema=REFUNDS
    )


def _facts(normal: Normal, known: Mapping[str, Column]) -> dict[str, Column]:
    """Return what sales and refunds are compared by."""
    times = normal.column("event_time")
    days = pa.array(np.asarray(times.fill_null(0)) // DAY, pa.int32(), mask=np.asarray(times.is_null()))
    date_only = pc.match_substring(column_of(normal, "time_note"), "date_only").fill_null(False)
    return {
        "event_time": times,
        "day": coalesce([column_of(normal, "event_day", pa.int32()), days]),
        "timed": one_chunk(pc.invert(date_only)),
        "value": normal.column("value"),
        "currency": column_of(normal, "currency"),
        "customers": known["customers"],
        "dataset": column_of(normal, DATASET),
    }


def _joined(rows: Raw, preparation: Preparation) -> Raw:
    """Return the rows with their customers, where the column to join on was read."""
    customers = preparation.customers
    return joined(rows, customers) if customers is not None and customers.sales_column in rows.schema.names else rows


def _of_columns(binding: Binding, raw: Raw) -> Binding:
    """Return the binding of the columns that were read only."""
    names = set(raw.schema.names)

    def read(sources: Mapping[str, Source]) -> dict[str, Source]:
        kept = {field: replace(one, names=tuple(n for n in one.names if n in names)) for field, one in sources.items()}
        return {field: one for field, one in kept.items() if one.names}

    items = {field: one for field, one in read(binding.items).items() if field in ITEM_AMOUNTS}
    store = binding.store if binding.store in names else None
    return replace(binding, columns=read(binding.columns), items=items, custom={}, packed=(), store=store)


class Elsewhere(NamedTuple):
    """What other rows of the run say of each event: why it is not sent, where that stands, and warnings."""

    reason: Column
    detail: Column
    notes: Column
    partly: Column


def told_elsewhere(normal: Normal, known: Mapping[str, Column], preparation: Preparation) -> Elsewhere:
    """Return which of the events other rows of the run take back, as a whole or in part."""
    count, refunds = normal.num_rows, preparation.refunds
    nothing = Elsewhere(*(nulls(count) for _ in range(4)))
    if refunds is None or not count:
        return nothing
    further = as_lists(one_chunk(known["keys"].cast(KEYS_TYPE)))
    found = refunds.spoken_of(known["key"])
    if further.null_count < count:
        flat = one_chunk(further.flatten())
        found = np.union1d(found, parents_of(further)[refunds.spoken_of(flat)])
    if not len(found):
        return nothing
    rows = pa.array(found)
    some = Normal(normal.take(rows))
    facts = zip(*(column.to_pylist() for column in _facts(some, identity(some, lasting=True)).values()), strict=True)
    keys = _every_key(known["key"].take(rows), further.take(rows))
    about = refunds.about({key for some in keys for key in some})
    told: dict[str, list[str | None]] = {name: [None] * count for name in ("reason", "detail")}
    partly = np.zeros(count, np.bool_)
    for place, row, of_sale in zip(found.tolist(), facts, keys, strict=True):
        sale = Sale(*row)
        sale = sale._replace(customers=frozenset(sale.customers or ()), file=preparation.file)
        back = taken_back(sale, list({one[1:]: one for key in of_sale for one in about.get(key, ())}.values()))
        if back is not None and back.reason is not None:
            told["reason"][place], told["detail"][place] = back.reason, refunds.place(back.by, preparation.file)
        partly[place] = back is not None and back.reason is None
    reason, detail = (pa.array(texts, pa.string()) for texts in told.values())
    return Elsewhere(reason, detail, where(np.asarray(reason.is_valid()), ELSEWHERE), where(partly, PARTLY))
