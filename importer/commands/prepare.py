"""`prepare`: the first half of `send`. Source rows become prepared rows in a folder, without token or ledger."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from importer.cluster.bucket_files import BucketWriter, bucket_count, spread
from importer.cluster.manifest import Manifest, PreparedSource, being_prepared
from importer.cluster.prepared_folder import Folder, folder_at
from importer.cluster.status_words import with_words
from importer.commands.send import Pending, prepared_batches, take_in_all
from importer.core.model import BATCH_ROWS, Prepared
from importer.errors import STOPPED, Interrupted, UsageError
from importer.inputs import Importable, fetched
from importer.intake import Intake, require_inputs
from importer.parallel import workers
from importer.progress import Progress, Watch
from importer.read.arrow_table import TABLE
from importer.record import facts_of
from importer.results.at_fault import columns_at_fault
from importer.settings import Settings, read_settings
from importer.store_datasets import require_one_dataset

LOG = logging.getLogger("importer")


@dataclass(frozen=True)
class PreparedFolder:
    """What `prepare` leaves. rows: source rows; ended: those that end here, by status; the others can be delivered."""

    folder: Path | str
    rows: int
    buckets: int
    ended: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {"folder": str(self.folder), "rows": self.rows, "buckets": self.buckets, "ended": self.ended}


def prepare(
    *files: Importable,
    out: str | Path,
    scheduler: str | None = None,
    on_progress: Watch | None = None,
    stop: Event | None = None,
    **options: Any,
) -> PreparedFolder:
    """Prepare the files as `send` does, into a new folder of Parquet files that `deliver` sends.

    out: a path, or an address of a bucket such as s3://BUCKET/november. scheduler: prepare on Dask's workers, at an
    address or `local:N` of them on this machine. Raises NeedsAnswer for open questions, and CapiImportError with a
    sentence that says what to do; nothing of it is left behind then.
    """
    settings = require_one_dataset(read_settings(files, options), "prepare")
    require_inputs(settings)
    folder = folder_at(out)
    with being_prepared(folder), fetched(settings.files) as inputs:
        return _prepared_in(folder, replace(settings, files=inputs), scheduler, on_progress, stop or Event())


def _prepared_in(
    folder: Folder, settings: Settings, scheduler: str | None, watch: Watch | None, stop: Event
) -> PreparedFolder:
    now = settings.now or datetime.now(UTC)
    if scheduler is None:
        intakes = take_in_all(settings, now, watch, stop, check=False)
        _require_one_dataset_in(intakes, settings)
        batches, counts = _by_threads(folder, intakes, _buckets(intakes), watch, stop)
    else:
        from importer.cluster.dask_prepare import workers_of  # noqa: PLC0415  distributed, which few need

        with workers_of(scheduler, stop) as crew:
            settings = _with_whole_paths(settings)
            intakes = take_in_all(settings, now, watch, stop, check=False, survey_whole=crew.survey)
            _require_one_dataset_in(intakes, settings)
            batches, counts = crew.prepare(folder, intakes, _buckets(intakes))
    rows, buckets = sum(intake.found.rows for intake in intakes), _buckets(intakes)
    facts = facts_of(intakes, settings, check=False)
    manifest = Manifest(
        rows=rows,
        buckets=buckets,
        batches=batches,
        now=int(now.timestamp()),
        sources=tuple(_source(intake) for intake in intakes),
        facts=facts,
        settings=facts.options,
        counts=counts,
    )
    manifest.write(folder)
    return PreparedFolder(folder.place, rows, buckets, dict(counts))


def _require_one_dataset_in(intakes: list[Intake], settings: Settings) -> None:
    """Raise UsageError where the rows of a file name datasets of their own."""
    for intake in intakes:
        if intake.preparation.routing is not None and settings.dataset is None:
            message = (
                f"{intake.export.file} names a dataset for each row ({intake.preparation.routing.column}), and prepare "
                "is for one; name it with --dataset, so that rows of others are left out, or send the file with send."
            )
            raise UsageError(message)


def _buckets(intakes: list[Intake]) -> int:
    return bucket_count(sum(intake.found.rows for intake in intakes))


def _with_whole_paths(settings: Settings) -> Settings:
    """Return the settings with paths that hold wherever a worker stands."""
    files = [
        source if source.path is None else replace(source, path=source.path.absolute()) for source in settings.files
    ]
    return replace(settings, files=tuple(files))


def _by_threads(
    folder: Folder, intakes: list[Intake], buckets: int, watch: Watch | None, stop: Event
) -> tuple[int, Counter[str]]:
    """Prepare in this process; return the number of batches, and of rows that ended by status."""
    pending: Pending = deque()
    counts: Counter[str] = Counter()
    number_of = {id(intake): number for number, intake in enumerate(intakes)}
    batch, rows, done = 0, sum(intake.found.rows for intake in intakes), 0
    with BucketWriter(folder, range(buckets)) as writer:
        for batch, (_, prepared) in enumerate(_all(intakes, pending), 1):
            if stop.is_set():
                raise Interrupted(STOPPED)
            intake, raw = pending.popleft()
            writer.write(*spread(with_words(prepared, raw, intake), number_of[id(intake)], batch - 1, buckets))
            counts.update(ended(prepared))
            done += prepared.num_rows
            if watch is not None:
                watch(Progress(rows=done, total=rows, check=True))
    return batch, counts


def _all(intakes: list[Intake], pending: Pending) -> Iterator[tuple[str, Prepared]]:
    return prepared_batches(intakes, pending, BATCH_ROWS, workers(), refunds=True)


def ended(prepared: Prepared) -> Counter[str]:
    """Count the rows that end with their preparation, by status."""
    counted = prepared.column("status").drop_null().value_counts()
    return Counter({entry["values"]: entry["counts"] for entry in counted.to_pylist()})


def _source(intake: Intake) -> PreparedSource:
    export = intake.export
    headers = dict(zip(export.names, export.headers, strict=True))
    columns = columns_at_fault(intake.preparation.binding, headers)
    return PreparedSource(export.file, export.sheet, export.format != TABLE, columns)
