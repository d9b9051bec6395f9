"""One run's delivery: batches are pulled in a thread, carried by several workers, and yielded in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.core.kernels.arrays import Indices
from importer.core.model import BATCH_ROWS, MAX_BODY_BYTES, MAX_EVENTS, Delivered, Prepared
from importer.delivery.background import BackgroundTasks
from importer.delivery.counters import Stats, Tally
from importer.delivery.duplicates import DuplicateFilter
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.rate import PATIENCE_SECONDS, Pace
from importer.delivery.sender import Sender
from importer.delivery.stop import Sleep, Stop
from importer.errors import CapiImportError, Interrupted
from importer.progress import Progress
from importer.store import Ledger

if TYPE_CHECKING:
    from importer.graph.client import GraphClient

ENVELOPE_BYTES = 1_000
"""Room in a body for what stands around the events."""

MOST_ROWS = 2 * BATCH_ROWS
MOST_BATCHES = 64
"""Rows and batches that are pulled and not yet handed back: what bounds the memory of a run."""

SPARE_WORKERS = 3
"""Workers beyond the concurrency: they claim and settle while the others' requests are in flight."""

POLL_SECONDS = 0.1

DRAIN_SECONDS = 10.0
"""How long requests in flight may still take after the user stopped the run."""


@dataclass(frozen=True)
class Delivery:
    """Where to and how. files: the names of the run's files, for the ledger; patience: see `pace.PATIENCE_SECONDS`."""

    dataset: str
    files: tuple[str, ...] = ()
    batch_size: int = MAX_EVENTS
    concurrency: int = 8
    test_event_code: str | None = None
    patience: float = PATIENCE_SECONDS


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
) -> DeliveryRun:
    """The delivery of the batches, each with its file's name; iterate it once, then read `stopped` and `stats`.

    clock: the current UTC second, by which ages are judged; stop_requested: asked ten times a second; true ends
    the run early.
    """
    return DeliveryRun(
        batches,
        client=client,
        ledger=ledger,
        delivery=delivery,
        clock=clock,
        on_progress=on_progress,
        stop_requested=stop_requested,
        sleep=sleep,
        jitter=jitter,
        drain_seconds=drain_seconds,
    )


class DeliveryRun:
    """Yields (file, batch) in order, one for each prepared batch, with every row's outcome.

    Errors that stop the sending (a dead token, a full disk, Ctrl-C) are in `stopped` afterwards; the batches still come
    to their end, since each row gets its line. Errors of the batches themselves are raised after what came before them.
    """

    def __init__(
        self,
        batches: Iterator[tuple[str, Prepared]],
        *,
        client: GraphClient,
        ledger: Ledger,
        delivery: Delivery,
        clock: Callable[[], float],
        on_progress: Callable[[Progress], None] | None,
        stop_requested: Callable[[], bool] | None,
        sleep: Sleep,
        jitter: Callable[[], float],
        drain_seconds: float,
    ) -> None:
        self._batches = batches
        self._on_progress = on_progress
        self._stop_requested = stop_requested
        self._drain_seconds = drain_seconds
        self._delivery = delivery
        self._halt = Stop(sleep)
        self._tally = Tally()
        self._desk = LedgerThread(ledger, delivery.dataset, self._halt, clock)
        self._pace = Pace(delivery.concurrency, delivery.batch_size, self._halt, delivery.patience)
        self._sorter = DuplicateFilter(self._desk, clock)
        self._courier = Sender(
            client,
            self._desk,
            dataset=delivery.dataset,
            test_event_code=delivery.test_event_code,
            pace=self._pace,
            halt=self._halt,
            tally=self._tally,
            clock=clock,
            jitter=jitter,
        )
        self._reader = ThreadPoolExecutor(1, "prepare")
        self._parcels: asyncio.Queue[tuple[PreparedBatch, Indices]] = asyncio.Queue()
        self._order: asyncio.Queue[PreparedBatch | None] = asyncio.Queue()
        self._yielded = asyncio.Condition()

    @property
    def stopped(self) -> CapiImportError | None:
        """Why the run stopped sending, if it did."""
        return self._halt.error

    @property
    def stats(self) -> Stats:
        """What the run has done so far."""
        return self._tally.stats(self._pace.paused)

    async def __aiter__(self) -> AsyncIterator[tuple[str, Delivered]]:
        await self._desk.begin(self._delivery.files)
        pulling = asyncio.ensure_future(self._pull())
        works = [self._work() for _ in range(self._delivery.concurrency + SPARE_WORKERS)]
        helpers = BackgroundTasks([*works, self._heed_the_user()])
        try:
            while (shipment := await helpers.unless_broken(self._order.get())) is not None:
                await helpers.unless_broken(shipment.resolved.wait())
                delivered = await asyncio.to_thread(shipment.delivered)
                self._tally.rows += shipment.rows
                self._tell()
                yield shipment.file, delivered
                await self._close(shipment)
            await pulling
        finally:
            await helpers.end()
            pulling.cancel()
            await asyncio.wait({pulling})
            pulling.cancelled() or pulling.exception()
            await asyncio.to_thread(self._reader.shutdown)
            await self._desk.end()

    async def _pull(self) -> None:
        """Every batch is pulled, sorted, and its events handed to the workers; None ends the order."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                async with self._yielded:
                    await self._yielded.wait_for(self._has_room)
                shipment = await loop.run_in_executor(self._reader, self._next)
                if shipment is None:
                    return
                events = await self._sorter.sort(shipment, self._reader)
                self._order.put_nowait(shipment)
                most_bytes = MAX_BODY_BYTES - ENVELOPE_BYTES
                for parcel in shipment.parcels(events, self._delivery.batch_size, most_bytes):
                    self._parcels.put_nowait((shipment, parcel))
        finally:
            self._order.put_nowait(None)

    def _next(self) -> PreparedBatch | None:
        pair = next(self._batches, None)
        return None if pair is None else PreparedBatch(*pair)

    def _has_room(self) -> bool:
        waiting = self._sorter.unresolved
        return len(waiting) < MOST_BATCHES and sum(shipment.rows for shipment in waiting) < MOST_ROWS

    async def _close(self, shipment: PreparedBatch) -> None:
        self._sorter.close(shipment)
        async with self._yielded:
            self._yielded.notify_all()

    async def _work(self) -> None:
        while True:
            shipment, events = await self._parcels.get()
            await self._courier.carry(shipment, events)
            self._tell()

    async def _heed_the_user(self) -> None:
        if self._stop_requested is not None:
            while not self._stop_requested():
                await asyncio.sleep(POLL_SECONDS)
                self._tell()
            self._halt.stop(Interrupted("Stopped; run the same command again to go on where it was."))
            await asyncio.sleep(self._drain_seconds)
            self._halt.abandon()

    def _tell(self) -> None:
        if self._on_progress is not None:
            self._on_progress(self._tally.progress(self._pace))
