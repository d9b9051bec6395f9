"""`deliver`: the second half of `send`. Prepared rows go to Meta, by any number of processes that share a ledger."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from importer.bucket_report import report_brought, take_free_address
from importer.clock import clock_from
from importer.cluster.bucket_files import read_bucket
from importer.cluster.manifest import Manifest, bucket_name
from importer.cluster.outcome_files import Merged, OutcomeWriter, Requests
from importer.cluster.prepared_folder import Folder, folder_at
from importer.cluster.sharing import (
    Runs,
    all_delivered,
    buckets_to_deliver,
    delivered,
    drop_unsent,
    mark_delivered,
    remove_buckets,
    remove_outcomes,
    require_one_ledger,
    shared,
)
from importer.commands.send import NEW_LEDGER, tell_of_ledger, tell_of_versions
from importer.core.kernels.arrays import Indices
from importer.core.model import Delivered, Prepared
from importer.delivery import Delivery, DeliveryRun, Stats
from importer.delivery import deliver as start_delivery
from importer.errors import STOPPED, CapiImportError, FileError, Interrupted, LedgerError
from importer.event_loop import run as run_coroutine
from importer.graph.hosts import check_token_host, dataset_in_ledger
from importer.graph.preflight import Preflight, ask_before_sending, ask_quality
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
    place = folder_at(folder)
    settings = require_access(require_one_dataset(read_delivery_settings(place.place, options), "deliver"))
    check_token_host(settings.graph_url, settings.trust_host)
    check_webhook(settings.webhook)
    check_outputs(settings)
    place.require_reachable()
    work = _Work(place, Manifest.read(place), settings, keep=keep, stop=stop or Event())
    mark = delivered(place)
    if mark is not None:  # perhaps by processes that began before this one
        LOG.warning("%s is delivered already, so nothing was sent; its report is %s.", place, mark["report"])
        return work.nothing()
    work.ready = ask_before_sending(settings)
    with shared(place, alone=isinstance(settings.ledger, Path)):
        with open_ledger(settings.ledger, memory=ledger_memory()) as ledger:
            stopped = run_coroutine(work.send(ledger, on_progress), work.stop)
        if work.whole is None and stopped is not None:
            stopped.summary = work.own_summary()
            raise stopped
        if work.whole is None and delivered(place) is not None:
            remove_outcomes(place)
    if work.whole is None:
        return work.own_summary()
    post_summary(settings.webhook, work.whole.as_json())
    return work.whole


class _Work:
    """One process's part in the delivery of a folder."""

    def __init__(self, folder: Folder, manifest: Manifest, settings: Settings, *, keep: bool, stop: Event) -> None:
        self._folder, self._manifest, self._settings, self.stop = folder, manifest, settings, stop
        self._keep = keep
        self._refused: CapiImportError | None = None
        self.ready = Preflight()
        self.whole: Summary | None = None
        self._pending: deque[tuple[int, int, Indices, bool]] = deque()
        self._writers: dict[int, OutcomeWriter] = {}
        self._facts = replace(
            manifest.facts,
            command="send",
            dataset=settings.dataset,
            report="" if settings.report_path is None else readable(settings.report_path.name),
        )
        files = tuple(replace(file, report=None) for file in settings.files)
        private = replace(settings, report=None, summary=None, files=files)
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
                    stop_requested=self._is_to_stop,
                    resumes=runs.hold,
                )
                try:
                    async for _, batch in delivery:
                        whole = delivery.stopped is None and self._refused is None
                        await asyncio.to_thread(self._note, batch, delivery.stats, whole)
                finally:
                    for writer in self._writers.values():
                        with suppress(CapiImportError):  # a full disk refuses that as well
                            writer.discard()
                record.end(delivery.stats, delivery.stopped)
                with suppress(LedgerError):
                    ledger.summarize(delivery.first_run, record.outline())
                return self._refused or delivery.stopped

    def _is_to_stop(self) -> bool:
        """Tell whether the user, or a folder that takes no more, ends the run: what is in flight is settled first."""
        return self.stop.is_set() or self._refused is not None

    def _batches(self, loop: asyncio.AbstractEventLoop, delivery: Any, runs: Runs) -> Iterator[tuple[str, Prepared]]:
        """Yield the rows of this process's buckets, then perhaps put together what became of all.

        This is run in the delivery's reading thread, so that the run lives, and holds what it has taken, to the end.
        """
        run: DeliveryRun = delivery()
        (lane,) = run.lanes.values()  # of the one dataset, opened before anything is read
        ledger = lane.sender.ledger
        try:
            require_one_ledger(self._folder, ledger.id, ledger.dataset)
            runs.add(ledger.run)
        except FileError:
            if delivered(self._folder) is None:
                raise
            return  # another one has just finished, and removed what was being noted

        def take(part: int) -> bool:
            return asyncio.run_coroutine_threadsafe(ledger.take(self._manifest.id, part), loop).result()

        def is_stopped() -> bool:
            return run.stopped is not None or self._is_to_stop()

        for bucket in buckets_to_deliver(self._folder, self._manifest, take, is_stopped):
            with self._folder.local(bucket_name(bucket)) as path:
                yield from self._rows_of(bucket, path)
        if not is_stopped() and all_delivered(self._folder, self._manifest):
            self._put_together(lambda: take(self._manifest.buckets))

    def _rows_of(self, bucket: int, path: Path) -> Iterator[tuple[str, Prepared]]:
        """Yield the rows of a bucket, and remember which is its last part."""
        parts = read_bucket(path)
        part = next(parts, None)
        if part is None:
            OutcomeWriter(self._folder, bucket).finish(Requests())
        while part is not None:
            following = next(parts, None)
            source, batches, prepared = part
            self._pending.append((bucket, source, batches, following is None))
            yield self._manifest.sources[source].file, prepared
            part = following

    def _put_together(self, take: Callable[[], bool]) -> None:
        """Write the report of all, if nobody else does: it is one more part of the work, which one run takes."""
        if not take() or delivered(self._folder) is not None:
            return
        summary = self._merged()
        if not take():  # this run was taken for dead, and another one does it
            return
        if summary.rows["unsent"]:  # the same command sends these
            drop_unsent(self._folder, self._manifest)
        else:
            mark_delivered(self._folder, summary.report)
            remove_outcomes(self._folder) if self._keep else remove_buckets(self._folder, self._manifest)
        self.whole = summary

    def _note(self, batch: Delivered, stats: Stats, whole: bool) -> None:  # noqa: FBT001
        """Write what became of some rows; a bucket is delivered when its last rows are, unless the run has stopped."""
        bucket, source, batches, is_last = self._pending.popleft()
        self._own.add_outcomes(source, self._report_rows(source, batch), batch)
        if self._refused is not None:
            return
        try:
            if bucket not in self._writers:
                self._writers[bucket] = OutcomeWriter(self._folder, bucket)
            self._writers[bucket].write(source, batches, batch)
            if is_last and whole:
                total = Requests(stats.requests, stats.retries, stats.paused)
                self._writers.pop(bucket).finish(total - self._counted)
                self._counted = total
        except CapiImportError as refusal:
            self._refused = refusal

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

    def _merged(self) -> Summary:
        """Write the report of all rows in the order of the files, and return its summary."""
        sources, settings = self._manifest.sources, self._settings
        take_free_address(settings)
        with (
            RunRecord(
                free_outputs(settings), (), check=False, facts=self._facts, seconds=Runs(self._folder).seconds()
            ) as record,
            Merged(self._folder, self._manifest) as merged,
        ):
            tell_of_versions(settings, self.ready.warned, record)
            record.scored(ask_quality(settings))
            for source, batch in merged.batches():
                if self.stop.is_set():
                    raise Interrupted(STOPPED)
                record.add_outcomes(sources[source], self._report_rows(source, batch), batch)
            record.end(_stats_of(merged.requests), None)
        return report_brought(record.summary(), settings)


def _stats_of(requests: Requests) -> Stats:
    return Stats(requests.requests, requests.retries, 0, 0, 0, requests.paused, ())
