"""One run's delivery: batches are read in a thread, sent by several workers, and yielded in order."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from importer.core.model import BATCH_ROWS, MAX_BODY_BYTES, MAX_EVENTS, Delivered, Prepared
from importer.delivery.background import BackgroundTasks
from importer.delivery.counters import Counters, Stats, total_progress, total_stats
from importer.delivery.duplicates import DuplicateFilter
from importer.delivery.lanes import Lane
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.rate import PATIENCE_SECONDS, RateLimiter
from importer.delivery.sender import Sender
from importer.delivery.split_batch import Part, SplitBatch, split
from importer.delivery.stop import Sleep, StopSignal
from importer.errors import STOPPED, CapiImportError, Interrupted, LedgerError
from importer.progress import Progress
from importer.store import Ledger

if TYPE_CHECKING:
    from importer.graph.client import GraphClient

LOG = logging.getLogger("importer")

ENVELOPE_BYTES = 1_000
"""Room in a body for what stands around the events."""

MAX_UNRESOLVED_ROWS = 2 * BATCH_ROWS
MAX_UNRESOLVED_BATCHES = 64
"""Rows and batches that are read and not yet handed back: what bounds the memory of a run."""

SPARE_WORKERS = 3
"""Workers beyond the concurrency: they claim and settle while the others' requests are in flight."""

POLL_SECONDS = 0.1

DRAIN_SECONDS = 10.0
"""How long requests in flight may still take after the user stopped the run."""


@dataclass(frozen=True)
class Delivery:
    """Where to and how.

    dataset: None where each row has its own (`Prepared.dataset`); files: the names of the run's files, for the ledger;
    patience: see `rate.PATIENCE_SECONDS`; in_ledger: the ledger's name for a dataset (see `graph.hosts`), its id unless
    told.
    """

    dataset: str | None
    files: tuple[str, ...] = ()
    batch_size: int = MAX_EVENTS
    concurrency: int = 8
    test_event_code: str | None = None
    patience: float = PATIENCE_SECONDS
    in_ledger: Callable[[str], str] = str


def deliver(
    batches: Iterator[tuple[str, Prepared]],
    *,
    client: GraphClient | Callable[[str], GraphClient],
    ledger: Ledger,
    delivery: Delivery,
    clock: Callable[[], float],
    on_progress: Callable[[Progress], None] | None = None,
    stop_requested: Callable[[], bool] | None = None,
    sleep: Sleep = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
    drain_seconds: float = DRAIN_SECONDS,
    resumes: Callable[[int], bool] | None = None,
) -> DeliveryRun:
    """Return the delivery of the batches, each with its file's name; iterate it once, then read `stopped` and `stats`.

    client: of the dataset, or a function that gives that of each; clock: the current UTC second, by which ages are
    judged; stop_requested: asked ten times a second; true ends the run early. on_progress receives what delivery knows
    of `Progress`. resumes: see `ResumedSales`.
    """
    thread, slots = ThreadPoolExecutor(1, "ledger"), asyncio.Semaphore(delivery.concurrency)

    def open_lane(dataset: str) -> Lane:
        stop = StopSignal(sleep)
        ledger_thread = LedgerThread(ledger, delivery.in_ledger(dataset), stop, clock, thread)
        duplicates = DuplicateFilter(ledger_thread, clock, resumes)
        sender = Sender(
            client=client(dataset) if callable(client) else client,
            dataset=dataset,
            test_event_code=delivery.test_event_code,
            ledger=ledger_thread,
            rate=RateLimiter(delivery.concurrency, delivery.batch_size, stop, delivery.patience),
            slots=slots,
            stop=stop,
            counters=Counters(),
            clock=clock,
            jitter=jitter,
            recheck=duplicates.recheck,
        )
        return Lane(dataset, sender, duplicates)

    return DeliveryRun(batches, delivery, open_lane, thread, on_progress, stop_requested, drain_seconds)


@dataclass(eq=False, repr=False)
class DeliveryRun:
    """Yields (file, batch) in order, one for each prepared batch, with every row's outcome.

    Errors that stop the sending (a dead token, a full disk, Ctrl-C) are in `stopped` afterwards; the batches still come
    to their end, since each row gets its line. Of several datasets one that stops leaves the others going. Errors of
    the batches themselves are raised after what came before them.
    """

    batches: Iterator[tuple[str, Prepared]]
    delivery: Delivery
    open_lane: Callable[[str], Lane]
    ledger_thread: ThreadPoolExecutor
    on_progress: Callable[[Progress], None] | None
    stop_requested: Callable[[], bool] | None
    drain_seconds: float
    lanes: dict[str, Lane] = field(default_factory=dict)
    _rows: int = 0
    _interrupted: Interrupted | None = None
    _unresolved: list[SplitBatch] = field(default_factory=list)
    _in_order: asyncio.Queue[SplitBatch | None] = field(default_factory=asyncio.Queue)
    _handed_back: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def stops(self) -> dict[str, CapiImportError]:
        """Why the sending to a dataset stopped, where it did."""
        return {name: lane.sender.stop.error for name, lane in self.lanes.items() if lane.sender.stop.error is not None}

    @property
    def stopped(self) -> CapiImportError | None:
        """Why the run stopped sending, if it did: it was asked to, or there is no dataset left that can be sent to."""
        stops = list(self.stops.values())
        return self._interrupted or (stops[0] if stops and len(stops) == len(self.lanes) else None)

    @property
    def first_run(self) -> int:
        """The number of the run in the ledger; of several datasets that of the first."""
        return next((lane.sender.ledger.run for lane in self.lanes.values()), 0)

    @property
    def stats(self) -> Stats:
        """What the run has done so far."""
        return total_stats([lane.sender.counters.stats(lane.sender.rate.paused) for lane in self.lanes.values()])

    async def __aiter__(self) -> AsyncIterator[tuple[str, Delivered]]:
        thread = ThreadPoolExecutor(1, "prepare")
        background = BackgroundTasks([self._watch_for_stop(), self._watch_for_silence()])
        reading: asyncio.Future[None] | None = None
        try:
            if self.delivery.dataset is not None:
                await self._open(self.delivery.dataset, background)
            reading = asyncio.ensure_future(self._read_batches(thread, background))
            while (batch := await background.wait_for(self._in_order.get())) is not None:
                for part in batch.parts:
                    await background.wait_for(part.batch.resolved.wait())
                    if (lane := self._lane_of(part)) is not None:
                        await background.wait_for(lane.duplicates.take_back(part.batch))
                delivered = await asyncio.to_thread(batch.delivered)
                self._rows += batch.rows
                self._report_progress()
                yield batch.file, delivered
                for part in batch.parts:
                    if (lane := self._lane_of(part)) is not None:
                        lane.duplicates.finish(part.batch)
                self._unresolved.remove(batch)
                async with self._handed_back:
                    self._handed_back.notify_all()
            await reading
        finally:
            await background.cancel()
            if reading is not None:
                reading.cancel()
                await asyncio.wait({reading})
                reading.cancelled() or reading.exception()
            await asyncio.to_thread(thread.shutdown)
            try:
                for lane in self.lanes.values():
                    lane.duplicates.close()
                    await lane.sender.ledger.end()
            finally:
                await asyncio.to_thread(self.ledger_thread.shutdown)

    async def _open(self, dataset: str, background: BackgroundTasks) -> Lane:
        """Return the dataset's lane; on first use begin its run in the ledger, and let its workers work.

        Of several datasets one that another run holds is stopped, and the others go on.
        """
        if dataset in self.lanes:
            return self.lanes[dataset]
        lane = self.open_lane(dataset)
        try:
            await lane.sender.ledger.begin(self.delivery.files)
        except LedgerError as error:
            if self.delivery.dataset is not None:
                raise
            lane.sender.stop.set(error)
        if self._interrupted is not None:
            lane.sender.stop.set(self._interrupted)
        if (first := next(iter(self.lanes.values()), None)) is not None:
            await lane.sender.ledger.belongs_to(first.sender.ledger.run)
        self.lanes[dataset] = lane
        background.add([self._work(lane) for _ in range(self.delivery.concurrency + SPARE_WORKERS)])
        return lane

    def _lane_of(self, part: Part) -> Lane | None:
        dataset = self.delivery.dataset or part.dataset
        return None if dataset is None else self.lanes[dataset]

    async def _read_batches(self, thread: ThreadPoolExecutor, background: BackgroundTasks) -> None:
        """Read every batch and hand what is to be posted to the workers; None ends the order."""
        loop = asyncio.get_running_loop()
        most_bytes = MAX_BODY_BYTES - ENVELOPE_BYTES
        try:
            while True:
                async with self._handed_back:
                    await self._handed_back.wait_for(self._has_room)
                batch = await loop.run_in_executor(thread, self._next_batch)
                if batch is None:
                    return
                self._unresolved.append(batch)
                queued = []
                for part in batch.parts:
                    if (dataset := self.delivery.dataset or part.dataset) is not None:
                        lane = await self._open(dataset, background)
                        queued.append((lane, part.batch, await lane.duplicates.filter(part.batch, thread)))
                self._in_order.put_nowait(batch)
                for lane, some, events in queued:
                    for request in some.split(events, self.delivery.batch_size, most_bytes):
                        lane.queue.put_nowait((some, request))
        finally:
            self._in_order.put_nowait(None)

    def _next_batch(self) -> SplitBatch | None:
        pair = next(self.batches, None)
        return None if pair is None else split(*pair, by_dataset=self.delivery.dataset is None)

    def _has_room(self) -> bool:
        few = len(self._unresolved) < MAX_UNRESOLVED_BATCHES
        return few and sum(batch.rows for batch in self._unresolved) < MAX_UNRESOLVED_ROWS

    async def _work(self, lane: Lane) -> None:
        while True:
            await lane.sender.send(*await lane.queue.get())
            self._report_progress()

    async def _watch_for_stop(self) -> None:
        """Stop the run when the user asks for it, and cancel what is in flight after `drain_seconds`."""
        if self.stop_requested is not None:
            while not self.stop_requested():
                await asyncio.sleep(POLL_SECONDS)
                self._report_progress()
            self._interrupted = Interrupted(STOPPED)
            for lane in self.lanes.values():
                lane.sender.stop.set(self._interrupted)
            await asyncio.sleep(self.drain_seconds)
            for lane in self.lanes.values():
                lane.sender.stop.cancel_requests()

    async def _watch_for_silence(self) -> None:
        """Say when Meta does not answer for a minute; the requests go on with their retries."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            for lane in self.lanes.values():
                if sentence := lane.sender.counters.silence():
                    LOG.warning("%s", sentence)

    def _report_progress(self) -> None:
        if self.on_progress is not None:
            lanes = [lane.sender.counters.progress(lane.sender.rate) for lane in self.lanes.values()]
            self.on_progress(replace(total_progress(lanes), rows=self._rows))
