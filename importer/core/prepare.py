"""The stages composed: a batch of source rows in, a batch of equally many prepared rows out.

Pure: it can run in a thread, a process or on a cluster's workers. Every order must be whole in its batch, which
`whole_orders.whole_orders` sees to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding
from importer.core.checks import browser_notes, validate
from importer.core.clear_text import with_hashed_ids, without_people
from importer.core.consent import ConsentColumn, listed, refused
from importer.core.customer_join import Customers, joined
from importer.core.data_processing import processing_options
from importer.core.event_names import standard_names, standard_sources
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
    CUSTOMER_FIELDS,
    KEYS,
    MONEY,
    PREPARED,
    TAKEN_BACK,
    Column,
    Hashed,
    Mapped,
    Normal,
    Orders,
    Prepared,
    Raw,
    Status,
)
from importer.core.normalise.customer import customer
from importer.core.normalise.normalise_options import NormaliseOptions
from importer.core.online_sales import NO_ONLINE_SALES, OnlineSales, as_website_events, sold_online, with_url
from importer.core.orders import Gathered, gather, set_apart, taken_back
from importer.core.payload import build, outline
from importer.core.plan import SKIPS
from importer.core.reused_ids import Apart
from importer.core.routing import DATASET, Routing, routed, unroutable
from importer.core.sale_identity import identity

TEXTS = pa.list_(pa.string())
SHOWN = (
    ("order_id", pa.string()),
    ("event_time", pa.int64()),
    ("value", MONEY),
    ("currency", pa.string()),
    (DATASET, pa.string()),
)
"""What the report shows of a row that ends before it belongs to an event, as far as it is known."""

_TAKEN_BACK = tuple((field.name, field.type) for field in TAKEN_BACK)

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


@dataclass(frozen=True)
class Preparation:
    """What prepare needs beside the rows: the export bound to its plan, the answers, and the time to judge ages by."""

    binding: Binding
    answers: Answers
    now: int  # UTC seconds
    customers: Customers | None = None  # a customer file to join
    online: OnlineSales = NO_ONLINE_SALES  # what becomes of sales made on a web shop
    apart: Apart | None = None  # rows of reused order ids that the ledger would not tell apart
    consent: tuple[ConsentColumn, ...] = ()  # columns that say whose sales may be told of
    routing: Routing | None = None  # which dataset a row is for, where a run has several
    suppressed: Column | None = None  # SHA-256 of e-mails and phones of people to keep out
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)  # keys' values that are several people's


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
    notes = [warnings, clear_notes, id_notes, browser_notes(normal), built.pop("payload_warnings")]
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
    for name in ("field", "detail", "warnings") if left_out.null_count < len(left_out) else ():
        events[name] = one_chunk(pc.if_else(pc.is_null(left_out), events[name], pa.scalar(None, pa.string())))
    told_back = _taken_back(back, preparation, mapped.num_rows, lasting=lasting)
    return _rows(mapped, gathered, events, told_back, are_names=plan.orders.by_name)


def _taken_back(back: Gathered | None, preparation: Preparation, rows: int, *, lasting: bool) -> dict[str, Column]:
    """Return the columns `taken_back` and `taken_back_of` of the rows."""
    if back is None or not back.orders.num_rows:
        return {"taken_back": nulls(rows, TAKEN_BACK), "taken_back_of": nulls(rows, pa.int32())}
    normal, _ = without_people(normalise(back.orders, preparation)[0])
    known = identity(normal, lasting=lasting)
    columns = {name: known[name] if name in known else column_of(normal, name, kind) for name, kind in _TAKEN_BACK}
    sales = pa.StructArray.from_arrays(
        [column.cast(kind) for column, (_, kind) in zip(columns.values(), _TAKEN_BACK, strict=True)],
        fields=list(TAKEN_BACK),
    )
    present = back.order_of >= 0
    firsts = np.zeros(rows, np.bool_)
    firsts[np.flatnonzero(present)[np.unique(back.order_of[present], return_index=True)[1]]] = True
    return {
        "taken_back": one_chunk(sales.take(pa.array(np.maximum(back.order_of, 0), mask=~firsts))),
        "taken_back_of": pa.array(back.order_of.astype(np.int32), mask=~present),
    }


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


def normalise(orders: Orders, preparation: Preparation) -> tuple[Normal, Column]:
    """Return the orders with customer values in Meta's normal form, or left out, and the warnings of each order."""
    plan, answers = preparation.binding.plan, preparation.answers
    columns = {name: orders.column(name) for name in orders.schema.names}
    lists = {name: columns.pop(name) for name in list(columns) if name in CUSTOMER_FIELDS}
    options = NormaliseOptions(
        already_hashed=answers.already_hashed,
        country=answers.country,
        date_order=answers.birthday_order,
        external_id=plan.match.external_id,
        today=datetime.fromtimestamp(preparation.now, UTC).date(),
        first_only=frozenset(
            name
            for name, source in preparation.binding.columns.items()
            if source.take == "first" and len(source.names) > 1
        ),
        shared=preparation.shared,
    )
    keys, customer_notes = customer(lists, columns["event_time"], options)
    columns["event_name"], name_notes = standard_names(columns["event_name"])
    columns["action_source"] = standard_sources(columns["action_source"])
    columns |= keys
    notes = [columns["time_note"], columns["value_note"], _merged_at_meta(columns), name_notes, customer_notes]
    normal = Normal(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))
    return normal, join_notes(notes, orders.num_rows)


def _with_ids(hashed: Hashed, ids: Column) -> Hashed:
    place = hashed.schema.get_field_index("order_id")
    return hashed if place < 0 else Hashed(hashed.set_column(place, "order_id", ids))


def _merged_at_meta(columns: Mapping[str, Column]) -> Column:
    """Hard rule 29: a date without a time of day and without an order id may be merged with another at Meta."""
    notes = columns["time_note"]
    if notes.null_count == len(notes):
        return notes
    date_only = np.asarray(pc.match_substring(notes, "date_only").fill_null(False)).astype(np.bool_)
    if "order_id" in columns:
        date_only &= np.asarray(columns["order_id"].is_null())
    return where(date_only, "event_time:date_only_no_order")


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
