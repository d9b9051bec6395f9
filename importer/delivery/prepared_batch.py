"""One prepared batch: its events by number, and the outcome of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, coalesce, join_notes, nulls, one_chunk, where
from importer.core.kernels.sha256 import hex_texts
from importer.core.model import (
    DELIVERED,
    KEY_BYTES,
    STORE_WINDOW_SECONDS,
    WINDOW_MARGIN_SECONDS,
    WINDOW_SECONDS,
    Column,
    Delivered,
    Prepared,
)
from importer.delivery.bodies import Bodies
from importer.delivery.outcome import EXACT, REFUNDED_AFTER_ACCEPTANCE, Likeness, Outcome, repeat_of
from importer.delivery.refunds import taken_back
from importer.store import AcceptedSale, Keys, Sales, keys_of
from importer.store.ledger_sales import COLUMNS
from importer.store.same_sale import SAME

NONE = -1


class PreparedBatch:
    """The events of one prepared batch on their way to an outcome each.

    An event is a number from 0; arrays of events have dtype int64. sales: the events as the ledger keeps them; times:
    UTC seconds; deadlines: the last second at which Meta still takes the event; event_of_row: NONE where a row's status
    was set before.
    """

    def __init__(self, file: str, prepared: Prepared) -> None:
        self.file = file
        self._prepared = prepared
        is_event = pc.and_(prepared.column("payload").is_valid(), prepared.column("status").is_null())
        self._rows: Indices = np.flatnonzero(np.asarray(is_event))
        rows = pa.array(self._rows)
        self.event_of_row = _event_of_row(prepared, self._rows)
        self.sales = _sales(prepared, self._rows)
        self.taken_back = taken_back(prepared)
        self._refunded: dict[int, tuple[AcceptedSale, str]] = {}
        in_store = pc.equal(prepared.column("action_source").take(rows), "physical_store").fill_null(False)
        windows = np.where(np.asarray(in_store), STORE_WINDOW_SECONDS, WINDOW_SECONDS)
        self.deadlines = self.sales.times + windows - WINDOW_MARGIN_SECONDS
        sizes = pc.binary_length(prepared.column("payload")).fill_null(0)
        self._sizes: Indices = np.asarray(sizes)[self._rows].astype(np.int64)
        self._outcomes: list[Outcome] = []
        self._outcome_of = np.full(len(self._rows), NONE, np.int64)
        self._repeats: dict[int, tuple[PreparedBatch, int, Likeness]] = {}
        self._reused: Indices = np.empty(0, np.int64)
        self._new_ids: dict[int, str | None] = {}
        self._posted = np.zeros(len(self._rows), np.bool_)
        self.queued: Indices = np.empty(0, np.int64)
        self.held: list[Indices] = []  # events that another run claims at present
        self._bodies: Bodies | None = None
        self._open = len(self._rows)
        self.resolved = asyncio.Event()
        self._resolve_if_settled()

    @property
    def rows(self) -> int:
        """Source rows in the batch."""
        return len(self.event_of_row)

    @property
    def open_events(self) -> Indices:
        """Events that have no outcome yet and repeat no other."""
        return np.flatnonzero(self._outcome_of == NONE)

    def queue(self, events: Indices) -> None:
        """Keep the JSON of these events, one for each sale, to be posted; that of all others is given up."""
        self.queued = events
        place, field = self._prepared.schema.get_field_index("payload"), self._prepared.schema.field("payload")
        payload = self._prepared.column(place)
        if len(events):
            self._bodies = Bodies(events, payload, self._rows[events])
            self._rename(np.array(list(self._new_ids), np.int64))
            self.sales = self.sales.with_bodies(self._bodies.digests())
        mark = pc.if_else(payload.is_valid(), pa.scalar("", field.type), pa.scalar(None, field.type))
        self._prepared = Prepared(self._prepared.set_column(place, field, one_chunk(mark)))

    def reuse(self, events: Indices, *, lasting: bool = True) -> None:
        """Note that other sales bear the keys of these events: each gets an event id of its own, unless it has one.

        That id follows from the sale alone, as the first one's does. lasting: else it is unknown.
        """
        if len(events):
            self._reused = np.union1d(self._reused, events)
            of_key = np.asarray(self.sales.columns.column("event_id").is_null())
            new = events[of_key[events]]
            self._new_ids |= {event: self.sales.own_id(event) if lasting else None for event in new.tolist()}
            self.sales = self.sales.with_ids(self._new_ids)
            self._rename(new)

    def _rename(self, events: Indices) -> None:
        """Write the own ids of those of the events that are queued into their JSON."""
        queued = events[np.isin(events, self.queued)].tolist()
        if queued and self._bodies is not None:
            self._bodies.rename({event: self._new_ids[event] for event in queued})
            self.sales = self.sales.with_bodies(self._bodies.digests())

    def split(self, events: Indices, most: int, most_bytes: int) -> Iterator[Indices]:
        """Yield the events in order, in as few parts as `most` events and `most_bytes` of JSON allow."""
        ends = np.cumsum(self._sizes[events] + 1)
        start, sent = 0, 0
        while start < len(events):
            fitting = int(np.searchsorted(ends, sent + most_bytes, "right"))
            end = max(start + 1, min(start + most, fitting))
            yield events[start:end]
            start, sent = end, int(ends[end - 1])

    def payloads(self, events: Indices) -> memoryview:
        """Return the JSON of some of the queued events, separated by commas; it is kept until all have an outcome."""
        if self._bodies is None:
            message = "these events were not queued, or all have an outcome"
            raise ValueError(message)
        return self._bodies.of(events)

    def mark_posted(self, events: Indices) -> int:
        """Note that the events are posted now; return how many of them for the first time."""
        new = int((~self._posted[events]).sum())
        self._posted[events] = True
        return new

    def expire(self, events: Indices, now: float, outcome: Outcome) -> Indices:
        """Settle those of the events that are too old by now; return the others."""
        late = self.deadlines[events] < now
        self.settle(events[late], outcome)
        return events[~late]

    def settle(self, events: Indices, outcome: Outcome) -> None:
        """Give the events their outcome; the last one resolves the batch."""
        if len(events):
            self._outcome_of[events] = len(self._outcomes)
            self._outcomes.append(outcome)
            self._open -= len(events)
            self._resolve_if_settled()

    def settle_repeat(self, event: int, batch: PreparedBatch, first: int, level: int) -> None:
        """Let the outcome of the event follow from that of the first one of the same sale, in this or another batch."""
        likeness = EXACT if level == SAME else Likeness(level, batch.sales.amount(first), self.sales.amount(event))
        self._repeats[event] = (batch, first, likeness)
        self._outcome_of[event] = NONE - 1
        self._open -= 1
        self._resolve_if_settled()

    def _resolve_if_settled(self) -> None:
        if not self._open:
            self._bodies = None
            self.resolved.set()

    def refund(self, sales: Mapping[int, tuple[AcceptedSale, str]]) -> None:
        """Note which of `taken_back` Meta had accepted, each with where and when."""
        self._refunded |= sales

    def outcome(self, event: int) -> Outcome:
        """Return the outcome of the event, once it and those that it repeats have theirs."""
        if event in self._repeats:
            batch, first, likeness = self._repeats[event]
            return repeat_of(batch.outcome(first), batch.file, same_file=batch.file == self.file, likeness=likeness)
        return self._outcomes[int(self._outcome_of[event])]

    def outcomes(self) -> tuple[list[Outcome], Indices]:
        """Return the distinct outcomes, and for each event the place of its own among them."""
        outcomes, places = list(self._outcomes), self._outcome_of.copy()
        place_of = {outcome: place for place, outcome in enumerate(outcomes)}
        for event in self._repeats:
            outcome = self.outcome(event)
            if outcome not in place_of:
                place_of[outcome] = len(outcomes)
                outcomes.append(outcome)
            places[event] = place_of[outcome]
        return outcomes, places

    def delivered(self) -> Delivered:
        """Return the batch with every event's outcome on all of its rows."""
        outcomes, places = self.outcomes()
        of_row = np.where(self.event_of_row == NONE, NONE, places[self.event_of_row] if len(places) else NONE)
        indices = pa.array(of_row, mask=of_row == NONE)

        def column(name: str) -> Column:
            values, kind = [getattr(outcome, name) for outcome in outcomes], DELIVERED.field(name).type
            if len(set(values)) == 1 and not indices.null_count:  # as nearly every column of nearly every batch
                return one_chunk(pa.repeat(pa.scalar(values[0], kind), self.rows))
            return one_chunk(pa.array(values, kind).take(indices))

        columns = {name: self._prepared.column(name) for name in self._prepared.schema.names}
        for name in ("status", "field", "reason", "detail"):
            columns[name] = coalesce([columns[name], column(name)])
        if any(outcome.warning for outcome in outcomes):
            warning = one_chunk(pa.array([outcome.warning for outcome in outcomes], pa.string()).take(indices))
            columns["warnings"] = join_notes([columns["warnings"], warning], self.rows)
        if len(self._reused):
            self._tell_reused(columns)
        if self._refunded and self.taken_back is not None:
            _tell_refunded(columns, self.taken_back.rows, self._refunded)
        for name in ("error_code", "error_subcode", "trace"):
            columns[name] = column(name)
        return Delivered(pa.RecordBatch.from_arrays([columns[name] for name in DELIVERED.names], schema=DELIVERED))

    def _tell_reused(self, columns: dict[str, Column]) -> None:
        """Put the own ids of sales that bear another one's order id into the columns, and a warning of it."""
        is_reused = np.isin(self.event_of_row, self._reused)
        ids = pa.array([self._new_ids.get(event) for event in self.event_of_row.tolist()], pa.string())
        is_new = pa.array(np.isin(self.event_of_row, list(self._new_ids)))
        columns["event_id"] = one_chunk(pc.if_else(is_new, ids, columns["event_id"]))
        warning = where(is_reused, "order_id:reused")
        columns["warnings"] = join_notes([columns["warnings"], warning], self.rows)


def _tell_refunded(columns: dict[str, Column], of_rows: Indices, sales: Mapping[int, tuple[AcceptedSale, str]]) -> None:
    """Put the reason, where and when the sale was accepted, and its event id into the rows of refunded sales."""
    is_refunded = pa.array(np.isin(of_rows, list(sales)))
    told = {place: (REFUNDED_AFTER_ACCEPTANCE, where, sale.event_id) for place, (sale, where) in sales.items()}
    for number, name in enumerate(("reason", "detail", "event_id")):
        texts = pa.array([told[place][number] if place in told else None for place in of_rows.tolist()], pa.string())
        columns[name] = one_chunk(pc.if_else(is_refunded, texts, columns[name]))


def _event_of_row(prepared: Prepared, rows: Indices) -> Indices:
    """Return for each row the event that it is part of, NONE where its status is set already."""
    if len(rows) == prepared.num_rows and prepared.column("order").null_count == 0:
        return np.arange(len(rows))
    orders = np.asarray(prepared.column("order").fill_null(NONE)).astype(np.int64)
    events = np.full(len(orders), NONE, np.int64)
    open_rows = np.flatnonzero(np.asarray(prepared.column("status").is_null()))
    if len(rows):
        by_order = np.argsort(orders[rows], kind="stable")
        place = np.searchsorted(orders[rows], orders[open_rows], sorter=by_order)
        event = by_order[np.minimum(place, len(rows) - 1)]
        shared = (orders[rows][event] == orders[open_rows]) & (orders[open_rows] != NONE)
        events[open_rows] = np.where(shared, event, NONE)
        events[rows] = np.arange(len(rows))
    lost = int((events[open_rows] == NONE).sum())
    if lost:
        message = f"{lost} prepared rows have neither a status nor an order with an event"
        raise ValueError(message)
    return events


def _sales(prepared: Prepared, rows: Indices) -> Sales:
    """Return the events on these rows as the ledger keeps them: an id that is the key's is not said twice.

    An order id that looks like an e-mail address is not kept at all.
    """
    keys = _keys(prepared, rows)
    columns = {name: prepared.column(name) for name in (*COLUMNS.names, "old_key") if name in prepared.schema.names}
    if len(rows) < prepared.num_rows:
        columns = {name: one_chunk(column.take(pa.array(rows))) for name, column in columns.items()}
    nothing = pa.scalar(None, pa.string())
    of_key = pc.equal(columns["event_id"], hex_texts(keys.tobytes(), KEY_BYTES))
    columns["event_id"] = one_chunk(pc.if_else(of_key, nothing, columns["event_id"]))
    is_address = pc.match_substring(columns["order_id"], "@")
    columns["order_id"] = one_chunk(pc.if_else(is_address, nothing, columns["order_id"]))
    columns["body"] = nulls(len(rows), COLUMNS.field("body").type)
    kept = pa.RecordBatch.from_arrays([columns[name] for name in COLUMNS.names], schema=COLUMNS)
    return Sales(keys, kept, columns["old_key"])


def _keys(prepared: Prepared, rows: Indices) -> Keys:
    keys = one_chunk(prepared.column("key").take(pa.array(rows)))
    if keys.null_count:
        message = f"{keys.null_count} prepared events have no key"
        raise ValueError(message)
    return keys_of(keys.buffers()[1])[keys.offset : keys.offset + len(keys)] if len(keys) else keys_of(b"")
