"""The stages composed: a batch of source rows in, a batch of equally many prepared rows out.

Pure: it can run in a thread, a process or on a cluster's workers. Every order must be whole in its batch, which
`whole_orders.whole_orders` sees to.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.checks import browser_notes, validate
from importer.core.clear_text import with_hashed_ids, without_people
from importer.core.consent import listed, refused
from importer.core.customer_join import joined
from importer.core.data_processing import processing_options
from importer.core.guards import without_guards
from importer.core.hashing import hash_batch
from importer.core.kernels.arrays import (
    Indices,
    Mask,
    coalesce,
    column_of,
    join_notes,
    nulls,
    one_chunk,
    where,
)
from importer.core.mapping import map_batch
from importer.core.model import (
    KEYS,
    MONEY,
    PREPARED,
    Column,
    Hashed,
    Mapped,
    Normal,
    Prepared,
    Raw,
    Status,
)
from importer.core.online_sales import as_website_events, sold_online, with_url
from importer.core.orders import Gathered, gather, set_apart, taken_back
from importer.core.payload import build, outline
from importer.core.plan import SKIPS
from importer.core.preparation import Preparation, normalise
from importer.core.routing import DATASET, routed, unroutable
from importer.core.sale_identity import identity
from importer.core.taken_back import taken_back_columns, told_elsewhere

TEXTS = pa.list_(pa.string())
SHOWN = (
    ("order_id", pa.string()),
    ("event_time", pa.int64()),
    ("value", MONEY),
    ("currency", pa.string()),
    (DATASET, pa.string()),
)
"""What the report shows of a row that ends before it belongs to an event, as far as it is known."""

SKIPPED = frozenset(
    {
        *SKIPS,
        "zero_value",
        "negative_value",
        "online_sale",
        "no_consent",
        "heading",
        "footer",
        "blank",
        "line_without_order",
    }
)
"""Reasons of rows that are no sale to send; every other reason makes its row invalid."""


def warm_up() -> None:
    """Import what only the first batch needs, pandas and pandera: 0.4 s that pass beside the survey of the file."""
    from importer._schemas import conversion  # noqa: PLC0415, F401  which imports both


def prepare(
    raw: Raw, preparation: Preparation, *, bodies: bool = True, lasting: bool = True, refunds: bool = True
) -> Prepared:
    """Return for each source row what will be sent of it, or why it ends here: the narrow waist.

    bodies: the events' JSON is wanted. Where it is not, as in `check`, a batch whose events all have an order id is
    neither hashed nor written, and `payload` only marks the rows that bear an event. lasting: see `identity`; it
    matters only there. refunds: sales that are refunded by now are wanted, since Meta may have accepted them before.
    """
    binding, answers = preparation.binding, preparation.answers
    plan = binding.plan
    rows = raw if preparation.customers is None else joined(raw, preparation.customers)
    mapped = map_batch(without_guards(rows, binding), binding, answers)
    if preparation.apart is not None:
        mapped = set_apart(mapped, preparation.apart.of(mapped.column("row")))
    if preparation.routing is not None:
        mapped = routed(mapped, rows, preparation.routing, plan.orders)
    gathered = gather(mapped, plan.orders)
    back = taken_back(mapped, gathered, plan.orders) if refunds else None
    gathered, left_out = _by_channel(rows, gathered, preparation)
    normal, warnings = normalise(gathered.orders, preparation)
    left_out = coalesce([left_out, _without_consent(rows, gathered, normal, preparation)])
    routeless, store = _unroutable(gathered, preparation)
    normal, clear_notes = without_people(normal)
    phones = (column_of(batch, "ph", TEXTS) for batch in (gathered.orders, normal))
    ids, id_notes = with_hashed_ids(normal, *phones, are_names=plan.orders.by_name)
    failures = validate(normal, preparation.now, plan)
    privacy, privacy_reason = processing_options(normal, limited=answers.limited_data_use)
    privacy_field = where(np.asarray(privacy_reason.is_valid()), "data_processing_options")
    if bodies or column_of(normal, "order_id").null_count:
        raw_id = plan.match.external_id == "raw"
        hashed = hash_batch(normal, raw_external_id=raw_id)
        known = identity(hashed, [key.name for key in KEYS if not (raw_id and key.name == "external_id")])
        built = build(_with_ids(hashed, ids), known["event_id"], privacy, raw_external_id=raw_id)
    else:
        known, built = identity(normal, lasting=lasting), outline(normal)
    known["old_key"] = coalesce([known["old_key"], built.pop("body_key")])
    if preparation.apart is not None:
        known["customers"] = _unless(known["customers"], preparation.apart.is_again(mapped.column("row")), gathered)
    elsewhere = told_elsewhere(normal, known, preparation)
    left_out = coalesce([elsewhere.reason, left_out])
    notes = [warnings, elsewhere.partly, clear_notes, id_notes, browser_notes(normal), built.pop("payload_warnings")]
    shown = {name: normal.column(name) for name in ("event_name", "event_time", "action_source", "value", "currency")}
    events = known | built | shown
    events |= {
        "order_id": ids,
        "field": coalesce([where(np.asarray(routeless.is_valid()), DATASET), failures.field, privacy_field]),
        "reason": coalesce([left_out, routeless, failures.reason, privacy_reason]),
        "detail": one_chunk(pc.if_else(routeless.is_valid(), store, failures.detail)),
        "dataset": column_of(normal, DATASET),
        "warnings": join_notes(notes, normal.num_rows),
    }
    told = {"detail": elsewhere.detail, "warnings": elsewhere.notes}
    for name in ("field", "detail", "warnings") if left_out.null_count < len(left_out) else ():
        instead = told.get(name, pa.scalar(None, pa.string()))
        events[name] = one_chunk(pc.if_else(pc.is_null(left_out), events[name], instead))
    told_back = taken_back_columns(rows, back, preparation, lasting=lasting)
    return _rows(mapped, gathered, events, told_back, are_names=plan.orders.by_name)


def _unroutable(gathered: Gathered, preparation: Preparation) -> tuple[Column, Column]:
    """Return the reason of orders whose dataset is not known, and their store."""
    if preparation.routing is None:
        return nulls(gathered.orders.num_rows), nulls(gathered.orders.num_rows)
    return unroutable(gathered.orders, preparation.routing)


def _without_consent(rows: Raw, gathered: Gathered, normal: Normal, preparation: Preparation) -> Column:
    """Return the reason of orders whose customer does not consent, on any of their rows, or is to be kept out."""
    out = np.zeros(normal.num_rows, np.bool_)
    if preparation.consent:
        orders = gathered.order_of[refused(rows, preparation.consent)]
        out[orders[orders >= 0]] = True
    if preparation.suppressed is not None:
        out |= listed(normal, preparation.suppressed)
    return where(out, "no_consent")


def _unless(customers: Column, again: Mask, gathered: Gathered) -> Column:
    """Return the customers of the events, nobody's where the row tells a sale again: then it is the same one."""
    orders = gathered.order_of[again & (gathered.order_of >= 0)]
    if not len(orders) or customers.null_count == len(customers):
        return customers
    nobody = np.zeros(len(customers), np.bool_)
    nobody[orders] = True
    return one_chunk(pc.if_else(pa.array(nobody), pa.scalar([], customers.type), customers))


def _by_channel(rows: Raw, gathered: Gathered, preparation: Preparation) -> tuple[Gathered, Column]:
    """Return the orders, those of a web shop as website events, or the reason why these are left out."""
    online, url, orders = preparation.online, preparation.answers.event_source_url, gathered.orders
    left_out = nulls(orders.num_rows)
    if online.answer is not None:
        sold = sold_online(rows, gathered.order_of, orders.num_rows, preparation.binding, online)
        if online.answer == "skip":
            left_out = where(sold, "online_sale")
        else:
            orders = as_website_events(orders, sold)
    if url is not None:
        orders = with_url(orders, url)
    return replace(gathered, orders=orders), left_out


def _with_ids(hashed: Hashed, ids: Column) -> Hashed:
    place = hashed.schema.get_field_index("order_id")
    return hashed if place < 0 else Hashed(hashed.set_column(place, "order_id", ids))


def _rows(
    mapped: Mapped, gathered: Gathered, events: dict[str, Column], back: dict[str, Column], *, are_names: bool
) -> Prepared:
    """Return one row per source row: an order's rows take its event; rows that ended show what is known of them."""
    order_of = gathered.order_of
    belongs = order_of >= 0
    order = pa.array(np.maximum(order_of, 0).astype(np.int32), mask=None if belongs.all() else ~belongs)
    one_to_one = len(events["key"]) == len(order_of) and bool((order_of == np.arange(len(order_of))).all())
    payload = events.pop("payload")
    columns = {name: column if one_to_one else _take(column, order) for name, column in events.items()}
    columns["reason"] = coalesce([gathered.reason, columns["reason"]])
    columns["status"] = _status(columns["reason"])
    ready: Mask = np.asarray(columns["status"].is_null()).astype(np.bool_)
    columns["payload"] = _on_first_rows(payload, order_of, ready)
    if not ready.all():
        for name in ("key", "event_id", "match_keys"):
            columns[name] = one_chunk(pc.if_else(pa.array(ready), columns[name], pa.scalar(None, columns[name].type)))
    told = {name: column_of(mapped, name, kind) for name, kind in SHOWN}
    if pc.any(pc.and_(columns["order_id"].is_null(), told["order_id"].is_valid())).as_py():
        told["order_id"], _ = with_hashed_ids(mapped, column_of(mapped, "ph", TEXTS), are_names=are_names)
    for name, column in told.items():
        columns[name] = coalesce([columns[name], column])
    columns |= {"row": mapped.column("row"), "line": mapped.column("line"), "order": order} | back
    return Prepared(pa.RecordBatch.from_arrays([columns[name] for name in PREPARED.names], schema=PREPARED))


def _take(column: Column, places: Column) -> Column:
    if column.null_count == len(column):
        return nulls(len(places), column.type)
    return one_chunk(column.take(places))


def _status(reason: Column) -> Column:
    if reason.null_count == len(reason):
        return reason
    skipped = pc.is_in(reason, value_set=pa.array(sorted(SKIPPED)))
    status = pc.if_else(skipped, pa.scalar(str(Status.SKIPPED)), pa.scalar(str(Status.INVALID)))
    return one_chunk(pc.if_else(pc.is_valid(reason), status, pa.scalar(None, pa.string())))


def _on_first_rows(payload: Column, order_of: Indices, ready: Mask) -> Column:
    """Put the body of each order on the first of its rows, where it is ready to be sent; bodies are not copied."""
    rows = np.flatnonzero(order_of >= 0)
    if not len(rows):
        return nulls(len(order_of), payload.type)
    orders = order_of[rows]
    firsts = rows if (orders[1:] > orders[:-1]).all() else rows[np.unique(orders, return_index=True)[1]]
    bears = np.zeros(len(order_of), np.bool_)
    bears[firsts] = True
    if (firsts[1:] < firsts[:-1]).any():
        return _take(payload, pa.array(np.maximum(order_of, 0), mask=~(bears & ready)))
    _, offsets, data = payload.buffers()
    bounds = np.frombuffer(offsets, np.int64, count=len(payload) + 1)[np.append(0, np.cumsum(bears))]
    validity = None if (bears & ready).all() else pa.array(bears & ready).buffers()[1]
    column: Column = pa.LargeStringArray.from_buffers(len(order_of), pa.py_buffer(bounds), data, validity)
    return column
