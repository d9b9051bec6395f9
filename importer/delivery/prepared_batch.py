"""One prepared batch on its way: its events by number, and what became of each."""

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
    """The events of one prepared batch. An event is a number from 0; arrays of them have dtype int64.

    keys: shape (n, 2); times: UTC seconds; deadlines: the last second at which Meta still takes the event.
    """

    def __init__(self, file: str, prepared: Prepared) -> None:
        self.file = file
        self._prepared = prepared
        is_event = pc.and_(prepared.column("payload").is_valid(), prepared.column("status").is_null())
        self._rows: Indices = np.flatnonzero(np.asarray(is_event))
        self.event_of_row = _event_of_row(prepared, self._rows)
        self.keys = _keys(prepared, self._rows)
        self.times: Indices = np.asarray(prepared.column("event_time").take(pa.array(self._rows))).astype(np.int64)
        self.deadlines = self.times + _windows(prepared, self._rows)
        self._sizes = _sizes(prepared, self._rows)
        self._fates: list[Outcome] = []
        self._fate_of = np.full(len(self._rows), NONE, np.int64)
        self._leaders: dict[int, tuple[PreparedBatch, int]] = {}
        self._posted = np.zeros(len(self._rows), np.bool_)
        self._offered: Indices = np.empty(0, np.int64)
        self._places = KeyPositions(self.keys[:0])
        self._bodies: Bodies | None = None
        self._open = len(self._rows)
        self.resolved = asyncio.Event()
        if not self._open:
            self.resolved.set()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> int:
        """Source rows in the batch."""
        return len(self.event_of_row)

    @property
    def open_events(self) -> Indices:
        """Events whose fate is not known yet and follows no other's."""
        return np.flatnonzero(self._fate_of == NONE)

    def offer(self, events: Indices) -> None:
        """These events are to be posted, one for each key; `offered` finds them, `payloads` has their JSON."""
        self._offered, self._places = events, KeyPositions(self.keys[events])
        if len(events):
            self._bodies = Bodies(events, self._prepared.column("payload"), self._rows[events])
        self._prepared = _without_json(self._prepared)

    def offered(self, keys: Keys) -> Indices:
        """For each key the event to be posted that has it, NONE where there is none."""
        places = self._places.find(keys)
        found = places != NONE
        places[found] = self._offered[places[found]]
        return places

    def post(self, events: Indices) -> int:
        """The events are posted now; how many of them for the first time."""
        new = int((~self._posted[events]).sum())
        self._posted[events] = True
        return new

    def payloads(self, events: Indices) -> memoryview:
        """The JSON of some of the offered events, parted by commas; it is gone once every event has its fate."""
        if self._bodies is None:
            message = "these events were not offered, or each has its fate"
            raise ValueError(message)
        return self._bodies.of(events)

    def parcels(self, events: Indices, most: int, most_bytes: int) -> Iterator[Indices]:
        """The events in order, in as few runs as `most` events and `most_bytes` of JSON allow; never an empty one."""
        ends = np.cumsum(self._sizes[events] + 1)
        start, sent = 0, 0
        while start < len(events):
            fitting = int(np.searchsorted(ends, sent + most_bytes, "right"))
            end = max(start + 1, min(start + most, fitting))
            yield events[start:end]
            start, sent = end, int(ends[end - 1])

    def expire(self, events: Indices, now: float, fate: Outcome) -> Indices:
        """Those of the events that may still be posted; the too old ones have met the fate."""
        late = self.deadlines[events] < now
        self.settle(events[late], fate)
        return events[~late]

    def settle(self, events: Indices, fate: Outcome) -> None:
        """The events' fate is known; the last one resolves the shipment."""
        if not len(events):
            return
        self._fate_of[events] = len(self._fates)
        self._fates.append(fate)
        self._open -= len(events)
        self._end_if_settled()

    def follow(self, event: int, leader: PreparedBatch, led_by: int) -> None:
        """The event is the same sale as one before it, whose fate decides its own."""
        self._leaders[event] = (leader, led_by)
        self._fate_of[event] = NONE - 1
        self._open -= 1
        self._end_if_settled()

    def _end_if_settled(self) -> None:
        if not self._open:
            self._bodies = None
            self.resolved.set()

    def fate(self, event: int) -> Outcome:
        """What became of the event, once it and those it follows are resolved."""
        if event in self._leaders:
            leader, led_by = self._leaders[event]
            return repeat_of(leader.fate(led_by), leader.file, same_file=leader.file == self.file)
        return self._fates[int(self._fate_of[event])]

    def fates(self) -> tuple[list[Outcome], Indices]:
        """The distinct fates, and for each event its place among them."""
        fates, places = list(self._fates), self._fate_of.copy()
        seen = {fate: place for place, fate in enumerate(fates)}
        for event in self._leaders:
            fate = self.fate(event)
            if fate not in seen:
                seen[fate] = len(fates)
                fates.append(fate)
            places[event] = seen[fate]
        return fates, places

    def delivered(self) -> Delivered:
        """The batch with every event's fate written on all of its rows."""
        fates, places = self.fates()
        of_row = np.where(self.event_of_row == NONE, NONE, places[self.event_of_row] if len(places) else NONE)
        indices = pa.array(of_row, mask=of_row == NONE)

        def told(name: str) -> Column:
            values, kind = [getattr(fate, name) for fate in fates], DELIVERED.field(name).type
            if len(set(values)) == 1 and not indices.null_count:  # as nearly every column of nearly every batch
                return one_chunk(pa.repeat(pa.scalar(values[0], kind), self.rows))
            return one_chunk(pa.array(values, kind).take(indices))

        columns = {name: self._prepared.column(name) for name in self._prepared.schema.names}
        for name in ("status", "field", "reason"):
            columns[name] = coalesce([columns[name], told(name)])
        if any(fate.warning for fate in fates):
            warning = one_chunk(pa.array([fate.warning for fate in fates], pa.string()).take(indices))
            columns["warnings"] = join_notes([columns["warnings"], warning], self.rows)
        for name in ("detail", "error_code", "error_subcode", "trace"):
            columns[name] = told(name)
        return Delivered(pa.RecordBatch.from_arrays([columns[name] for name in DELIVERED.names], schema=DELIVERED))


def _without_json(prepared: Prepared) -> Prepared:
    """The batch whose `payload` only marks the rows that bear an event."""
    place = prepared.schema.get_field_index("payload")
    bears = prepared.column(place).is_valid()
    mark = pc.if_else(bears, pa.scalar("", pa.large_string()), pa.scalar(None, pa.large_string()))
    return Prepared(prepared.set_column(place, prepared.schema.field(place), one_chunk(mark)))


def _event_of_row(prepared: Prepared, rows: Indices) -> Indices:
    """For each row the event that it is part of, NONE where its status is set already."""
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
    astray = int((events[open_rows] == NONE).sum())
    if astray:
        message = f"{astray} prepared rows have neither a status nor an order with an event"
        raise ValueError(message)
    return events


def _keys(prepared: Prepared, rows: Indices) -> Keys:
    keys = one_chunk(prepared.column("key").take(pa.array(rows)))
    if keys.null_count:
        message = f"{keys.null_count} prepared events have no key"
        raise ValueError(message)
    return keys_of(keys.buffers()[1])[keys.offset : keys.offset + len(keys)] if len(keys) else keys_of(b"")


def _windows(prepared: Prepared, rows: Indices) -> Indices:
    """Seconds that each event may be old when it is sent."""
    source = prepared.column("action_source").take(pa.array(rows))
    in_store = np.asarray(pc.equal(source, "physical_store").fill_null(False))
    return np.where(in_store, STORE_WINDOW_SECONDS, WINDOW_SECONDS) - WINDOW_MARGIN_SECONDS


def _sizes(prepared: Prepared, rows: Indices) -> Indices:
    """Bytes of each event's JSON."""
    sizes = pc.binary_length(prepared.column("payload")).fill_null(0)
    return np.asarray(sizes)[rows].astype(np.int64)
