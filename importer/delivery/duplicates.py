"""Events of a batch that are to be posted; the others are repeats, or too old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.kernels.hash64 import repeated
from importer.core.model import KEY_BYTES, Status
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.outcome import RUN_STOPPED, TOO_MANY_REQUESTS, TOO_OLD, Outcome, earlier_run, repeat_of
from importer.delivery.prepared_batch import NONE, PreparedBatch
from importer.store import Acceptance, Keys

NOT_KEPT = (RUN_STOPPED, TOO_MANY_REQUESTS)
"""Outcomes that are not kept for repeats in later batches: after them a repeat fares no better by itself."""

Repeat = tuple[int, PreparedBatch, int]
"""An event, and the batch and number of the first event of the same sale."""


class DuplicateFilter:
    """Recognize the sales of this run: those on their way, those accepted in the ledger, those that failed.

    Batches are filtered one at a time. Memory: 8 bytes for each accepted sale (in the ledger's index), and an entry
    for each one that failed.
    """

    def __init__(self, ledger: LedgerThread, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._failed: dict[bytes, tuple[Outcome, str]] = {}
        self.unresolved: list[PreparedBatch] = []

    async def filter(self, batch: PreparedBatch, thread: Executor) -> Indices:
        """Return the events to be posted, one for each sale, and settle the others."""
        before = tuple(self.unresolved)  # taken first: what is resolved meanwhile must be found here or in the ledger
        found = await self._ledger.accepted(batch.keys)
        settle_accepted(batch, found, lambda request: self._outcome_of(batch, self._ledger.acceptance(request)))
        batch.expire(batch.open_events, self._clock(), TOO_OLD)
        self._settle_failed(batch)
        loop = asyncio.get_running_loop()
        events, repeats = await loop.run_in_executor(thread, _queue_firsts, batch, before)
        for event, other, first in repeats:
            batch.settle_repeat(event, other, first)
        self.unresolved.append(batch)
        return events

    def finish(self, batch: PreparedBatch) -> None:
        """Keep what failed in a batch that is handed back, for its repeats."""
        outcomes, places = batch.outcomes()
        for place, outcome in enumerate(outcomes):
            if outcome.status in {Status.REJECTED, Status.UNSENT} and outcome not in NOT_KEPT:
                for key in _as_bytes(batch.keys[places == place]):
                    self._failed.setdefault(key, (outcome, batch.file))
        self.unresolved.remove(batch)

    def _outcome_of(self, batch: PreparedBatch, acceptance: Acceptance) -> Outcome:
        if acceptance.run != self._ledger.run:
            return earlier_run(acceptance)
        same_file = acceptance.file == Path(batch.file).name
        return repeat_of(Outcome(Status.ACCEPTED), acceptance.file, same_file=same_file)

    def _settle_failed(self, batch: PreparedBatch) -> None:
        if not self._failed:
            return
        events = batch.open_events
        for event, key in zip(events.tolist(), _as_bytes(batch.keys[events]), strict=True):
            if key in self._failed:
                outcome, file = self._failed[key]
                batch.settle(np.array([event]), repeat_of(outcome, file, same_file=file == batch.file))


def _queue_firsts(batch: PreparedBatch, before: tuple[PreparedBatch, ...]) -> tuple[Indices, list[Repeat]]:
    """Queue the open events that are the first of their sale; return them, and the others as repeats."""
    events = batch.open_events
    repeats: list[Repeat] = []
    for other in before:
        firsts = other.queued_with(batch.keys[events])
        is_repeat = firsts != NONE
        pairs = zip(events[is_repeat].tolist(), firsts[is_repeat].tolist(), strict=True)
        repeats.extend((event, other, first) for event, first in pairs)
        events = events[~is_repeat]
    places = first_places(batch.keys[events])
    is_first = places == np.arange(len(events))
    pairs = zip(events[~is_first].tolist(), events[places[~is_first]].tolist(), strict=True)
    repeats.extend((event, batch, first) for event, first in pairs)
    batch.queue(events[is_first])
    return events[is_first], repeats


def settle_accepted(batch: PreparedBatch, found: Indices, outcome_of: Callable[[int], Outcome]) -> None:
    """Settle events that the ledger holds; `found` has the number of the accepted request of each event, or -1."""
    requests: dict[Outcome, list[int]] = {}  # a day's requests of one file have one outcome
    for request in np.unique(found[found >= 0]).tolist():
        requests.setdefault(outcome_of(request), []).append(request)
    for outcome, some in requests.items():
        batch.settle(np.flatnonzero(np.isin(found, some)), outcome)


def first_places(keys: Keys) -> Indices:
    """Return for each key the place of the first one that equals it."""
    places = np.arange(len(keys))
    candidates = repeated(keys[:, 0])
    if len(candidates):
        whole = keys[candidates].view("S16").ravel()
        _, firsts, inverse = np.unique(whole, return_index=True, return_inverse=True)
        places[candidates] = candidates[firsts[inverse]]
    return places


def _as_bytes(keys: Keys) -> list[bytes]:
    blob = keys.tobytes()
    return [blob[start : start + KEY_BYTES] for start in range(0, len(blob), KEY_BYTES)]
