"""Which events of a batch are to be posted, and what the others already are: repeats, or too old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.kernels.hash64 import repeated
from importer.core.model import Status
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.outcome import RUN_STOPPED, TOO_MANY_REQUESTS, TOO_OLD, Outcome, earlier_run, repeat_of
from importer.delivery.prepared_batch import NONE, PreparedBatch
from importer.store import Acceptance, Keys

FORGOTTEN = (RUN_STOPPED, TOO_MANY_REQUESTS)
"""Fates that are not remembered for repeats in later batches: after them a repeat fares no better by itself."""


class DuplicateFilter:
    """Knows the sales of this run: those on their way, those settled in the ledger, those that failed.

    Batches are sorted one at a time. Memory: 8 bytes for each accepted sale (in the ledger's index), and an entry
    for each one that failed.
    """

    def __init__(self, desk: LedgerThread, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._clock = clock
        self._failed: dict[bytes, tuple[Outcome, str]] = {}
        self.unresolved: list[PreparedBatch] = []

    async def sort(self, shipment: PreparedBatch, thread: Executor) -> Indices:
        """The events to be posted, one for each sale; each of the others has its fate or follows an event before it."""
        before = tuple(self.unresolved)  # taken first: what is resolved meanwhile must be found here or in the ledger
        found = await self._desk.accepted(shipment.keys)
        settle_accepted(shipment, found, lambda batch: self._of_acceptance(shipment, self._desk.acceptance(batch)))
        shipment.expire(shipment.open_events, self._clock(), TOO_OLD)
        self._settle_failed(shipment)
        loop = asyncio.get_running_loop()
        events, followed = await loop.run_in_executor(thread, _leaders, shipment, before)
        for event, leader, led_by in followed:
            shipment.follow(event, leader, led_by)
        self.unresolved.append(shipment)
        return events

    def close(self, shipment: PreparedBatch) -> None:
        """The batch is handed back; what failed in it is remembered."""
        fates, places = shipment.fates()
        for place, fate in enumerate(fates):
            if fate.status in {Status.REJECTED, Status.UNSENT} and fate not in FORGOTTEN:
                for key in _texts(shipment.keys[places == place]):
                    self._failed.setdefault(key, (fate, shipment.file))
        self.unresolved.remove(shipment)

    def _of_acceptance(self, shipment: PreparedBatch, acceptance: Acceptance) -> Outcome:
        if acceptance.run != self._desk.run:
            return earlier_run(acceptance)
        same_file = acceptance.file == Path(shipment.file).name
        return repeat_of(Outcome(Status.ACCEPTED), acceptance.file, same_file=same_file)

    def _settle_failed(self, shipment: PreparedBatch) -> None:
        if not self._failed:
            return
        events = shipment.open_events
        for event, key in zip(events.tolist(), _texts(shipment.keys[events]), strict=True):
            if key in self._failed:
                fate, file = self._failed[key]
                again = repeat_of(fate, file, same_file=file == shipment.file)
                shipment.settle(np.array([event]), again)


def _leaders(
    shipment: PreparedBatch, before: tuple[PreparedBatch, ...]
) -> tuple[Indices, list[tuple[int, PreparedBatch, int]]]:
    """The open events that are the first of their sale, and for the others (event, batch, event before it)."""
    events = shipment.open_events
    followed: list[tuple[int, PreparedBatch, int]] = []
    for other in before:
        led_by = other.offered(shipment.keys[events])
        follows = led_by != NONE
        pairs = zip(events[follows].tolist(), led_by[follows].tolist(), strict=True)
        followed.extend((event, other, first) for event, first in pairs)
        events = events[~follows]
    firsts = first_places(shipment.keys[events])
    is_first = firsts == np.arange(len(events))
    pairs = zip(events[~is_first].tolist(), events[firsts[~is_first]].tolist(), strict=True)
    followed.extend((event, shipment, first) for event, first in pairs)
    shipment.offer(events[is_first])
    return events[is_first], followed


def settle_accepted(shipment: PreparedBatch, found: Indices, fate_of: Callable[[int], Outcome]) -> None:
    """Events that the ledger holds have the fate of their request; `found` has its number for each event, or -1."""
    batches: dict[Outcome, list[int]] = {}  # a day's requests of one file have one fate
    for batch in np.unique(found[found >= 0]).tolist():
        batches.setdefault(fate_of(batch), []).append(batch)
    for fate, some in batches.items():
        shipment.settle(np.flatnonzero(np.isin(found, some)), fate)


def first_places(keys: Keys) -> Indices:
    """For each key the place of the first one that equals it."""
    places = np.arange(len(keys))
    doubtful = repeated(keys[:, 0])
    if len(doubtful):
        _, firsts, inverse = np.unique(keys[doubtful].view("S16").ravel(), return_index=True, return_inverse=True)
        places[doubtful] = doubtful[firsts[inverse]]
    return places


def _texts(keys: Keys) -> list[bytes]:
    """The keys as Python's bytes, all 16 of them."""
    blob = keys.tobytes()
    return [blob[start : start + 16] for start in range(0, len(blob), 16)]
