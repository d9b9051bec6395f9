"""One run's delivery: batches are read in a thread, sent by several workers, and yielded in order."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importer.core.kernels.arrays import Indices
from importer.core.model import BATCH_ROWS, MAX_BODY_BYTES, MAX_EVENTS, Delivered, Prepared
from importer.delivery.background import BackgroundTasks
from importer.delivery.counters import Counters, Stats
from importer.delivery.duplicates import DuplicateFilter
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.rate import PATIENCE_SECONDS, RateLimiter
from importer.delivery.sender import Sender
from importer.delivery.stop import Sleep, StopSignal
from importer.errors import STOPPED, CapiImportError, Interrupted
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

    files: the names of the run's files, for the ledger; patience: see `rate.PATIENCE_SECONDS`; in_ledger: the ledger's
    name for the dataset (see `graph.hosts`), its id unless told.
    """

    dataset: str
    files: tuple[str, ...] = ()
    batch_size: int = MAX_EVENTS
    concurrency: int = 8
    test_event_code: str | None = None
    patience: float = PATIENCE_SECONDS
    in_ledger: str | None = None


def deliver(
    batches: Iterator[tuple[str, Prepared]],
    *,
    client: GraphClient,
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

    clock: the current UTC second, by which ages are judged; stop_requested: asked ten times a second; true ends
    the run early. on_progress receives what delivery knows of `Progress`. resumes: see `ResumedSales`.
    """
    stop, counters = StopSignal(sleep), Counters()
    rate = RateLimiter(delivery.concurrency, delivery.batch_size, stop, delivery.patience)
    ledger_thread = LedgerThread(ledger, delivery.in_ledger or delivery.dataset, stop, clock)
    duplicates = DuplicateFilter(ledger_thread, clock, resumes)
    sender = Sender(
        client=client,
        dataset=delivery.dataset,
        test_event_code=delivery.test_event_code,
        ledger=ledger_thread,
        rate=rate,
        stop=stop,
        counters=counters,
        clock=clock,
        jitter=jitter,
        recheck=duplicates.recheck,
    )
    return DeliveryRun(batches, delivery, sender, duplicates, on_progress, stop_requested, drain_seconds)


@dataclass(eq=False, repr=False)
class DeliveryRun:
    """Yields (file, batch) in order, one for each prepared batch, with every row's outcome.

    Errors that stop the sending (a dead token, a full disk, Ctrl-C) are in `stopped` afterwards; the batches still come
    to their end, since each row gets its line. Errors of the batches themselves are raised after what came before them.
    """

    batches: Iterator[tuple[str, Prepared]]
    delivery: Delivery
    sender: Sender
    duplicates: DuplicateFilter
    on_progress: Callable[[Progress], None] | None
    stop_requested: Callable[[], bool] | None
    drain_seconds: float
    _queue: asyncio.Queue[tuple[PreparedBatch, Indices]] = field(default_factory=asyncio.Queue)
    _in_order: asyncio.Queue[PreparedBatch | None] = field(default_factory=asyncio.Queue)
    _handed_back: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def stopped(self) -> CapiImportError | None:
        """Why the run stopped sending, if it did."""
        return self.sender.stop.error

    @property
    def stats(self) -> Stats:
        """What the run has done so far."""
        return self.sender.counters.stats(self.sender.rate.paused)

    async def __aiter__(self) -> AsyncIterator[tuple[str, Delivered]]:
        await self.sender.ledger.begin(self.delivery.files)
        thread = ThreadPoolExecutor(1, "prepare")
        reading = asyncio.ensure_future(self._read_batches(thread))
        workers = [self._work() for _ in range(self.delivery.concurrency + SPARE_WORKERS)]
        background = BackgroundTasks([*workers, self._watch_for_stop(), self._watch_for_silence()])
        try:
            while (batch := await background.wait_for(self._in_order.get())) is not None:
                await background.wait_for(batch.resolved.wait())
                await background.wait_for(self.duplicates.take_back(batch))
                delivered = await asyncio.to_thread(batch.delivered)
                self.sender.counters.rows += batch.rows
                self._report_progress()
                yield batch.file, delivered
                self.duplicates.finish(batch)
                async with self._handed_back:
                    self._handed_back.notify_all()
            await reading
        finally:
            await background.cancel()
            reading.cancel()
            await asyncio.wait({reading})
            reading.cancelled() or reading.exception()
            await asyncio.to_thread(thread.shutdown)
            self.duplicates.close()
            await self.sender.ledger.end()

    async def _read_batches(self, thread: ThreadPoolExecutor) -> None:
        """Read every batch and hand what is to be posted to the workers; None ends the order."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                async with self._handed_back:
                    await self._handed_back.wait_for(self._has_room)
                batch = await loop.run_in_executor(thread, self._next_batch)
                if batch is None:
                    return
                events = await self.duplicates.filter(batch, thread)
                self._in_order.put_nowait(batch)
                most_bytes = MAX_BODY_BYTES - ENVELOPE_BYTES
                for part in batch.split(events, self.delivery.batch_size, most_bytes):
                    self._queue.put_nowait((batch, part))
        finally:
            self._in_order.put_nowait(None)

    def _next_batch(self) -> PreparedBatch | None:
        pair = next(self.batches, None)
        return None if pair is None else PreparedBatch(*pair)

    def _has_room(self) -> bool:
        unresolved = self.duplicates.unresolved
        return (
            len(unresolved) < MAX_UNRESOLVED_BATCHES and sum(batch.rows for batch in unresolved) < MAX_UNRESOLVED_ROWS
        )

    async def _work(self) -> None:
        while True:
            batch, events = await self._queue.get()
            await self.sender.send(batch, events)
            self._report_progress()

    async def _watch_for_stop(self) -> None:
        """Stop the run when the user asks for it, and cancel what is in flight after `drain_seconds`."""
        if self.stop_requested is not None:
            while not self.stop_requested():
                await asyncio.sleep(POLL_SECONDS)
                self._report_progress()
            self.sender.stop.set(Interrupted(STOPPED))
            await asyncio.sleep(self.drain_seconds)
            self.sender.stop.cancel_requests()

    async def _watch_for_silence(self) -> None:
        """Say when Meta does not answer for a minute; the requests go on with their retries."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if sentence := self.sender.counters.silence():
                LOG.warning("%s", sentence)

    def _report_progress(self) -> None:
        if self.on_progress is not None:
            self.on_progress(self.sender.counters.progress(self.sender.rate))
