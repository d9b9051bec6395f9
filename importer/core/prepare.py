"""The stages composed: a batch of source rows in, a batch of equally many prepared rows out.

Pure: it can run in a thread, a process or on a cluster's workers. Every order must be whole in its batch, which
`regroup.whole_orders` sees to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.checks import browser_notes, problems
from importer.core.customer_join import Customers, joined
from importer.core.data_processing import processing_options
from importer.core.event_names import standard_names
from importer.core.hashing import hash_batch
from importer.core.kernels.arrays import Indices, Mask, coalesce, column_of, join_notes, nulls, one_chunk, where
from importer.core.kernels.sha256 import FEW, sha256_hex
from importer.core.mapping import map_batch
from importer.core.model import KEYS, MONEY, PREPARED, Column, Mapped, Normal, Orders, Prepared, Raw, Status
from importer.core.normalise.customer import Options, customer
from importer.core.orders import Gathered, gather
from importer.core.payload import build, outline
from importer.core.plan import HELPER_FIELDS, Answers, Binding

SHOWN = (("order_id", pa.string()), ("event_time", pa.int64()), ("value", MONEY), ("currency", pa.string()))
"""What the report shows of a row that ends before it belongs to an event, as far as it is known."""

SKIPPED = frozenset(
    {"refunded", "refund", "cancelled", "unpaid", "zero_value", "negative_value", "not_a_sale"}
    | {"heading", "footer", "blank", "line_without_order"}
)
"""Reasons of rows that are no sale to send; every other reason makes its row invalid."""


@dataclass(frozen=True)
class Preparation:
    """What prepare needs beside the rows: the export bound to its plan, the answers, and the time to judge ages by."""

    binding: Binding
    answers: Answers
    now: int  # UTC seconds
    customers: Customers | None = None  # a customer file to join


def warm_up(*, bodies: bool = True) -> None:
    """What is imported only when it is used, pandas, pandera and for bodies DataFusion, has been: half a second."""
    nothing = pa.array([], pa.string())
    if bodies:
        sha256_hex([one_chunk(pa.repeat("", FEW + 1))])
    empty: dict[str, Column] = dict.fromkeys(
        ("event_name", "action_source", "currency", "lead_event_source", "event_source"), nothing
    )
    empty |= dict.fromkeys(("time_reason", "value_reason"), nothing)
    empty |= {
        "event_time": nothing.cast(pa.int64()),
        "value": nothing.cast(MONEY),
        "currency_bad": pa.array([], pa.bool_()),
    }
    problems(Normal(pa.RecordBatch.from_pydict(empty)), 0, "strong")


def prepare(raw: Raw, preparation: Preparation, *, bodies: bool = True) -> Prepared:
    """The narrow waist: for each source row what will be sent of it, or why it ends here.

    bodies: the events' JSON is wanted. Where it is not, as in `check`, a batch whose events all have an order id is
    neither hashed nor written, and `payload` only marks the rows that bear an event.
    """
    binding, answers = preparation.binding, preparation.answers
    rows = raw if preparation.customers is None else joined(raw, preparation.customers)
    mapped = map_batch(rows, binding, answers)
    gathered = gather(mapped, binding.plan.orders)
    normal, warnings = normalise(gathered.orders, preparation)
    privacy, privacy_reason = processing_options(normal, limited=answers.limited_data_use)
    field, reason = problems(normal, preparation.now, binding.plan.match.minimum_keys)
    reason, field = coalesce([reason, privacy_reason]), _with_field(field, privacy_reason)
    if bodies or column_of(normal, "order_id").null_count:
        raw_id = binding.plan.match.external_id == "raw"
        built = build(hash_batch(normal, raw_external_id=raw_id), privacy, raw_external_id=raw_id)
    else:
        built = outline(normal)
    warnings = join_notes([warnings, browser_notes(normal), built.pop("payload_warnings")], len(warnings))
    events = {name: normal.column(name) for name in ("event_name", "event_time", "action_source", "value", "currency")}
    events |= {
        "order_id": column_of(normal, "order_id"),
        "field": field,
        "reason": reason,
        "warnings": warnings,
    } | built
    return _expand(mapped, gathered, events)


def _with_field(field: Column, privacy_reason: Column) -> Column:
    return coalesce([field, where(np.asarray(privacy_reason.is_valid()), "data_processing_options")])


def normalise(orders: Orders, preparation: Preparation) -> tuple[Normal, Column]:
    """The orders with every customer value in Meta's normal form or left out, and the warnings of each."""
    plan, answers = preparation.binding.plan, preparation.answers
    wanted = {*(key.name for key in KEYS), *HELPER_FIELDS}
    lists = {name: orders.column(name) for name in orders.schema.names if name in wanted}
    options = Options(
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
    )
    keys, warnings = customer(lists, orders.column("event_time"), options)
    columns = {name: orders.column(name) for name in orders.schema.names if name not in wanted} | keys
    names, name_note = standard_names(columns["event_name"])
    columns["event_name"] = names
    notes = join_notes([columns["time_note"], _merges(columns), name_note, warnings], orders.num_rows)
    return Normal(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))), notes


def _merges(columns: dict[str, Column]) -> Column:
    """Hard rule 29: a date without a time of day and without an order id may be merged with another at Meta."""
    if columns["time_note"].null_count == len(columns["time_note"]):
        return columns["time_note"]
    dated = np.asarray(pc.fill_null(pc.match_substring(columns["time_note"], "date_only"), False))
    known = np.asarray(columns["order_id"].is_valid()) if "order_id" in columns else np.zeros(len(dated), np.bool_)
    return where(dated & ~known, "event_time:date_only_no_order")


def _expand(mapped: Mapped, gathered: Gathered, events: dict[str, Column]) -> Prepared:
    """One row per source row: an order's rows take its event, rows that ended show what is known of them."""
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
    for name in ("key", "event_id", "match_keys"):
        columns[name] = _where_ready(columns[name], ready)
    for name, kind in SHOWN:
        columns[name] = coalesce([columns[name], column_of(mapped, name, kind)])
    columns |= {"row": mapped.column("row"), "line": mapped.column("line"), "order": order}
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


def _where_ready(column: Column, ready: Mask) -> Column:
    if ready.all():
        return column
    return one_chunk(pc.if_else(pa.array(ready), column, pa.scalar(None, column.type)))


def _on_first_rows(payload: Column, order_of: Indices, ready: Mask) -> Column:
    """The body of each order on the first of its rows, where it is ready to be sent; the bodies are not copied."""
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
