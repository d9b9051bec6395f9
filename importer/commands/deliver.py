"""`deliver`: the second half of `send`. Prepared rows go to Meta, by any number of processes that share a ledger."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from importer.clock import clock_from
from importer.cluster.bucket_files import read_bucket
from importer.cluster.manifest import Manifest, bucket_file
from importer.cluster.outcome_files import Merged, OutcomeWriter, Requests
from importer.cluster.sharing import (
    Runs,
    buckets_to_deliver,
    delivered,
    drop_unsent,
    mark_delivered,
    merging,
    remove_buckets,
    remove_outcomes,
    shared,
)
from importer.commands.send import NEW_LEDGER, tell_of_ledger
from importer.core.kernels.arrays import Indices
from importer.core.model import Delivered, Prepared
from importer.delivery import Delivery, DeliveryRun, Stats
from importer.delivery import deliver as start_delivery
from importer.errors import CapiImportError, LedgerError
from importer.event_loop import run as run_coroutine
from importer.graph.hosts import check_token_host, dataset_in_ledger
from importer.graph.preflight import ask_before_sending
from importer.graph.webhook import check_webhook, post_summary
from importer.progress import Watch
from importer.record import RunRecord
from importer.results import Summary, outcomes
from importer.results.outcomes import readable
from importer.results.written_files import check_outputs, free_outputs
from importer.settings import Settings, read_delivery_settings, require_access
from importer.state_folders import ledger_memory
from importer.store import Ledger, open_ledger
from importer.store_datasets import require_one_dataset

LOG = logging.getLogger("importer")


def deliver(
    folder: str | Path,
    *,
    keep: bool = False,
    on_progress: Watch | None = None,
    stop: Event | None = None,
    **options: Any,
) -> Summary:
    """Send what `prepare` left in a folder; the process that settles the last row writes the report of all of them.

    It returns the summary of the whole; every other process that of its own rows. keep: the prepared rows stay.
    Several processes at once need a ledger in PostgreSQL. Raises CapiImportError with a sentence that says what to do.
    """
    place = Path(folder)
    manifest = Manifest.read(place)
    settings = require_access(require_one_dataset(read_delivery_settings(place, options), "deliver"))
    check_token_host(settings.graph_url, settings.trust_host)
    check_webhook(settings.webhook)
    check_outputs(settings)
    work = _Work(place, manifest, settings, stop or Event())
    mark = delivered(place)
    if mark is not None:  # perhaps by processes that began before this one
        LOG.warning("%s is delivered already, so nothing was sent; its report is %s.", place, mark["report"])
        return work.nothing()
    ask_before_sending(settings)
    with shared(place, alone=isinstance(settings.ledger, Path)):
        with open_ledger(settings.ledger, memory=ledger_memory()) as ledger:
            stopped = run_coroutine(work.send(ledger, on_progress), work.stop)
        if stopped is not None:
            stopped.summary = work.own_summary()
            raise stopped
        with merging(place) as is_ours:
            if not is_ours:
                if delivered(place) is not None:
                    remove_outcomes(place)
                return work.own_summary()
            summary = work.merged()
            if summary.rows["unsent"]:  # the same command sends these
                drop_unsent(place, manifest)
            else:
                mark_delivered(place, summary.report)
                remove_outcomes(place) if keep else remove_buckets(place, manifest)
    post_summary(settings.webhook, summary.as_json())
    return summary


class _Work:
    """One process's part in the delivery of a folder."""

    def __init__(self, folder: Path, manifest: Manifest, settings: Settings, stop: Event) -> None:
        self._folder, self._manifest, self._settings, self.stop = folder, manifest, settings, stop
        self._pending: deque[tuple[int, int, Indices, bool]] = deque()
        self._writers: dict[int, OutcomeWriter] = {}
        self._facts = replace(
            manifest.facts,
            command="send",
            dataset=settings.dataset,
            report="" if settings.report_path is None else readable(settings.report_path.name),
        )
        private = replace(settings, report=None, files=tuple(replace(file, report=None) for file in settings.files))
        self._own = RunRecord(private, (), check=False, facts=self._facts)
        self._counted = Requests()

    async def send(self, ledger: Ledger, watch: Watch | None) -> CapiImportError | None:
        """Deliver bucket after bucket until all are delivered; return why this process stopped early, if it did."""
        from importer.graph.client import GraphClient  # noqa: PLC0415  httpx, 0.1 s

        settings, runs = self._settings, Runs(self._folder)
        now = settings.now or datetime.now(UTC)
        loop = asyncio.get_running_loop()
        with self._own as record:
            if ledger.is_new:
                tell_of_ledger(NEW_LEDGER, settings, record)
            async with GraphClient.of(settings, settings.concurrency) as client:
                delivery: DeliveryRun = start_delivery(
                    self._batches(loop, lambda: delivery, runs),
                    client=client,
                    ledger=ledger,
                    delivery=Delivery(
                        dataset=settings.dataset or "",
                        files=tuple(dict.fromkeys(source.file for source in self._manifest.sources)),
                        batch_size=settings.batch_size,
                        concurrency=settings.concurrency,
                        test_event_code=settings.test_event_code,
                        in_ledger=lambda dataset: dataset_in_ledger(dataset, settings.graph_url),
                    ),
                    clock=clock_from(now),
                    on_progress=lambda progress: record.tell(watch, progress),
                    stop_requested=self.stop.is_set,
                    resumes=runs.hold,
                )
                try:
                    async for _, batch in delivery:
                        await asyncio.to_thread(self._keep, batch, delivery.stats, delivery.stopped is None)
                finally:
                    for writer in self._writers.values():
                        writer.discard()
                record.end(delivery.stats, delivery.stopped)
                with suppress(LedgerError):
                    ledger.summarize(delivery.first_run, record.outline())
                return delivery.stopped

    def _batches(self, loop: asyncio.AbstractEventLoop, delivery: Any, runs: Runs) -> Iterator[tuple[str, Prepared]]:
        """Yield the rows of this process's buckets; run in the delivery's reading thread."""
        run: DeliveryRun = delivery()
        (lane,) = run.lanes.values()  # of the one dataset, opened before anything is read
        ledger = lane.sender.ledger
        runs.add(ledger.run)

        def take(bucket: int) -> bool:
            return asyncio.run_coroutine_threadsafe(ledger.take(self._manifest.id, bucket), loop).result()

        def is_stopped() -> bool:
            return run.stopped is not None or self.stop.is_set()

        for bucket in buckets_to_deliver(self._folder, self._manifest, take, is_stopped):
            parts = read_bucket(bucket_file(self._folder, bucket))
            part = next(parts, None)
            if part is None:
                OutcomeWriter(self._folder, bucket).finish(Requests())
            while part is not None:
                following = next(parts, None)
                source, batches, prepared = part
                self._pending.append((bucket, source, batches, following is None))
                yield self._manifest.sources[source].file, prepared
                part = following

    def _keep(self, batch: Delivered, stats: Stats, whole: bool) -> None:  # noqa: FBT001
        """Write what became of some rows; a bucket is delivered when its last rows are, unless the run has stopped."""
        bucket, source, batches, is_last = self._pending.popleft()
        if bucket not in self._writers:
            self._writers[bucket] = OutcomeWriter(self._folder, bucket)
        self._writers[bucket].write(source, batches, batch)
        self._own.add_outcomes(source, self._report_rows(source, batch), batch)
        if is_last and whole:
            total = Requests(stats.requests, stats.retries)
            self._writers.pop(bucket).finish(
                Requests(total.requests - self._counted.requests, total.retries - self._counted.retries)
            )
            self._counted = total

    def _report_rows(self, source: int, batch: Delivered) -> Any:
        told = self._manifest.sources[source]
        return outcomes(told.file, told.sheet, batch, self._manifest.now, told.columns, in_lines=told.in_lines)

    def nothing(self) -> Summary:
        """Return the summary of a process that had nothing to do."""
        with self._own:
            return self.own_summary()

    def own_summary(self) -> Summary:
        """Return what this process delivered."""
        return replace(self._own.summary(), report=self._settings.report_path, kept=None)

    def merged(self) -> Summary:
        """Write the report of all rows in the order of the files, and return its summary."""
        sources = self._manifest.sources
        with (
            RunRecord(free_outputs(self._settings), (), check=False, facts=self._facts) as record,
            Merged(self._folder, self._manifest) as merged,
        ):
            for source, batch in merged.batches():
                record.add_outcomes(sources[source], self._report_rows(source, batch), batch)
            record.end(_stats_of(merged.requests), None)
        return record.summary()


def _stats_of(requests: Requests) -> Stats:
    return Stats(requests.requests, requests.retries, 0, 0, 0, 0.0, ())
