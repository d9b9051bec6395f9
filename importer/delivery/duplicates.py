"""Events of a batch that are to be posted; the others are repeats, or too old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import Status
from importer.delivery.known_sales import settle_known
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.outcome import (
    RUN_STOPPED,
    TOO_MANY_REQUESTS,
    TOO_OLD,
    Likeness,
    Outcome,
    earlier_run,
    repeat_of,
)
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.repeats import repeats_of, repeats_within
from importer.delivery.resumed import ResumedSales
from importer.store import Acceptance, Known
from importer.store.ledger_sales import lookup_keys
from importer.store.same_sale import OTHER, held_marks, wanted_marks

NOT_KEPT = (RUN_STOPPED, TOO_MANY_REQUESTS)
"""Outcomes that are not kept for repeats in later batches: after them a repeat fares no better by itself."""

Repeats = list[tuple[int, PreparedBatch, int, int]]
"""An event, the batch and number of the first event of the same sale, and a level of `same_sale`."""


class DuplicateFilter:
    """Recognize the sales of this run: those on their way, those accepted in the ledger, those that failed.

    Batches are filtered one at a time. Memory: 8 bytes for each accepted sale (in the ledger's index), and some entries
    for each one that failed.
    """

    def __init__(
        self, ledger: LedgerThread, clock: Callable[[], float], resumes: Callable[[int], bool] | None = None
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._resumes = resumes or (lambda _run: False)
        self._resumed = None if resumes is None else ResumedSales(ledger, resumes)
        self._failed: dict[int, tuple[Outcome, str]] = {}
        self._files: set[str] = set()
        self.unresolved: list[PreparedBatch] = []

    async def filter(self, batch: PreparedBatch, thread: Executor) -> Indices:
        """Return the events to be posted, one for each sale, and settle the others."""
        before = tuple(self.unresolved)  # taken first: what is resolved meanwhile must be found here or in the ledger
        known = await self._ledger.known(batch.sales)
        resumed = np.empty(0, np.int64) if self._resumed is None else self._resumed.set_apart(batch, known)
        settle_known(batch, known, lambda claim, likeness: self._outcome_of(batch, claim, likeness))
        batch.expire(batch.open_events, self._clock(), TOO_OLD)
        self._settle_failed(batch)
        loop = asyncio.get_running_loop()
        events, repeats = await loop.run_in_executor(thread, _queue_firsts, batch, before, known)
        for event, other, first, level in repeats:
            batch.settle_repeat(event, other, first, level)
        self.unresolved.append(batch)
        if self._resumed is not None:
            events = self._resumed.settle(batch, events, resumed)
        return events

    async def recheck(self, batch: PreparedBatch, events: Indices) -> Indices:
        """Settle those of the events that another run has had accepted meanwhile; return the others.

        One whose order id another sale now bears gets an event id of its own.
        """
        some = await self._ledger.known(batch.sales.take(events))
        known = Known.nothing(len(batch.sales))
        known.claims[events], known.levels[events] = some.claims, some.levels
        known.amounts.update({int(events[place]): amount for place, amount in some.amounts.items()})
        settle_known(batch, known, lambda claim, likeness: self._outcome_of(batch, claim, likeness))
        batch.reuse(events[(some.claims < 0) & (some.levels == OTHER)])
        return events[some.claims < 0]

    async def take_back(self, batch: PreparedBatch) -> None:
        """Find and note what the batch shows refunded of the sales that Meta accepted before this file."""
        if batch.taken_back is None:
            return
        known = await self._ledger.known(batch.taken_back.sales, facts=True)
        found = {}
        for number, (sale, claim) in batch.taken_back.accepted_ones(known).items():
            acceptance = self._ledger.acceptance(claim)
            is_earlier = acceptance.file in self._files - {Path(batch.file).name}
            if not self._is_own(acceptance.run) or is_earlier:
                found[number] = sale, f"{acceptance.file} on {acceptance.day}"
        if found:
            await self._ledger.refund([sale for sale, _ in found.values()])
            batch.refund(found)

    def close(self) -> None:
        """Give up what is remembered of an earlier run."""
        if self._resumed is not None:
            self._resumed.close()

    def _is_own(self, run: int) -> bool:
        return run == self._ledger.run or self._resumes(run)

    def finish(self, batch: PreparedBatch) -> None:
        """Keep what failed in a batch that is handed back, for its repeats."""
        self._files.add(Path(batch.file).name)
        outcomes, places = batch.outcomes()
        for place, outcome in enumerate(outcomes):
            if outcome.status in {Status.REJECTED, Status.UNSENT} and outcome not in NOT_KEPT:
                for word in held_marks(batch.sales.take(np.flatnonzero(places == place))).words.tolist():
                    self._failed.setdefault(word, (outcome, batch.file))
        self.unresolved.remove(batch)

    def _outcome_of(self, batch: PreparedBatch, claim: int, likeness: Likeness) -> Outcome:
        acceptance: Acceptance = self._ledger.acceptance(claim)
        if not self._is_own(acceptance.run):
            return earlier_run(acceptance, likeness)
        same_file = acceptance.file == Path(batch.file).name
        return repeat_of(Outcome(Status.ACCEPTED), acceptance.file, same_file=same_file, likeness=likeness)

    def _settle_failed(self, batch: PreparedBatch) -> None:
        if not self._failed:
            return
        events = batch.open_events
        some = batch.sales.take(events)
        marks = wanted_marks(some, *lookup_keys(some))
        settled: set[int] = set()
        for word, place in zip(marks.words.tolist(), marks.places.tolist(), strict=True):
            if word in self._failed and place not in settled:
                settled.add(place)
                outcome, file = self._failed[word]
                batch.settle(events[place : place + 1], repeat_of(outcome, file, same_file=file == batch.file))


def _queue_firsts(batch: PreparedBatch, before: tuple[PreparedBatch, ...], known: Known) -> tuple[Indices, Repeats]:
    """Queue the open events that are the first of their sale; return them, and the others as repeats."""
    events = batch.open_events
    is_reused = known.levels == OTHER
    repeats: Repeats = []
    for other in before:
        found, reused = repeats_of(other.sales.take(other.queued), batch.sales.take(events))
        is_reused[events[reused]] = True
        repeats += [(int(events[place]), other, int(other.queued[first]), level) for place, first, level in found]
        events = np.delete(events, [place for place, _, _ in found])
    within, reused = repeats_within(batch.sales.take(events))
    is_reused[events[reused]] = True
    repeats += [(int(events[place]), batch, int(events[first]), level) for place, first, level in within]
    events = np.delete(events, [place for place, _, _ in within])
    batch.reuse(events[is_reused[events]])
    batch.queue(events)
    return events, repeats
