"""One prepared batch: its events by number, and the outcome of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, coalesce, join_notes, one_chunk
from importer.core.model import (
    DELIVERED,
    STORE_WINDOW_SECONDS,
    WINDOW_MARGIN_SECONDS,
    WINDOW_SECONDS,
    Column,
    Delivered,
    Prepared,
)
from importer.delivery.bodies import Bodies
from importer.delivery.outcome import Outcome, repeat_of
from importer.store import KeyPositions, Keys, keys_of

NONE = -1


class PreparedBatch:
    """The events of one prepared batch on their way to an outcome each.

    An event is a number from 0; arrays of events have dtype int64. keys: shape (n, 2); times: UTC seconds; deadlines:
    the last second at which Meta still takes the event; event_of_row: NONE where a row's status was set before.
    """

    def __init__(self, file: str, prepared: Prepared) -> None:
        self.file = file
        self._prepared = prepared
        is_event = pc.and_(prepared.column("payload").is_valid(), prepared.column("status").is_null())
        self._rows: Indices = np.flatnonzero(np.asarray(is_event))
        rows = pa.array(self._rows)
        self.event_of_row = _event_of_row(prepared, self._rows)
        self.keys = _keys(prepared, self._rows)
        self.times: Indices = np.asarray(prepared.column("event_time").take(rows)).astype(np.int64)
        in_store = pc.equal(prepared.column("action_source").take(rows), "physical_store").fill_null(False)
        windows = np.where(np.asarray(in_store), STORE_WINDOW_SECONDS, WINDOW_SECONDS)
        self.deadlines = self.times + windows - WINDOW_MARGIN_SECONDS
        sizes = pc.binary_length(prepared.column("payload")).fill_null(0)
        self._sizes: Indices = np.asarray(sizes)[self._rows].astype(np.int64)
        self._outcomes: list[Outcome] = []
        self._outcome_of = np.full(len(self._rows), NONE, np.int64)
        self._repeats: dict[int, tuple[PreparedBatch, int]] = {}
        self._posted = np.zeros(len(self._rows), np.bool_)
        self._queued: Indices = np.empty(0, np.int64)
        self._positions = KeyPositions(self.keys[:0])
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
        """Keep the JSON of these events, one for each key, to be posted; that of all others is given up."""
        self._queued, self._positions = events, KeyPositions(self.keys[events])
        place, field = self._prepared.schema.get_field_index("payload"), self._prepared.schema.field("payload")
        payload = self._prepared.column(place)
        if len(events):
            self._bodies = Bodies(events, payload, self._rows[events])
        mark = pc.if_else(payload.is_valid(), pa.scalar("", field.type), pa.scalar(None, field.type))
        self._prepared = Prepared(self._prepared.set_column(place, field, one_chunk(mark)))

    def queued_with(self, keys: Keys) -> Indices:
        """Return for each key the queued event that has it, NONE where there is none."""
        events = self._positions.find(keys)
        found = events != NONE
        events[found] = self._queued[events[found]]
        return events

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

    def settle_repeat(self, event: int, batch: PreparedBatch, first: int) -> None:
        """Let the outcome of the event follow from that of the first one of the same sale, in this or another batch."""
        self._repeats[event] = (batch, first)
        self._outcome_of[event] = NONE - 1
        self._open -= 1
        self._resolve_if_settled()

    def _resolve_if_settled(self) -> None:
        if not self._open:
            self._bodies = None
            self.resolved.set()

    def outcome(self, event: int) -> Outcome:
        """Return the outcome of the event, once it and those that it repeats have theirs."""
        if event in self._repeats:
            batch, first = self._repeats[event]
            return repeat_of(batch.outcome(first), batch.file, same_file=batch.file == self.file)
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
        for name in ("error_code", "error_subcode", "trace"):
            columns[name] = column(name)
        return Delivered(pa.RecordBatch.from_arrays([columns[name] for name in DELIVERED.names], schema=DELIVERED))


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


def _keys(prepared: Prepared, rows: Indices) -> Keys:
    keys = one_chunk(prepared.column("key").take(pa.array(rows)))
    if keys.null_count:
        message = f"{keys.null_count} prepared events have no key"
        raise ValueError(message)
    return keys_of(keys.buffers()[1])[keys.offset : keys.offset + len(keys)] if len(keys) else keys_of(b"")
