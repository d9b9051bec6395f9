"""Preparing on Dask's workers: processes of this machine, or of a cluster whose nodes see the same files and folder.

The workers survey the files, each its stretches; what they found is added up here in the files' order, and every
question answered, once. Then each worker reads stretches again and prepares their batches, which are those of one
process, so that orders are whole, and values, ids and bodies the same. It spreads its rows over buckets by the hash of
their sale's key; at last each bucket is put together by one task, in the files' order. Workers never post, and get
neither token nor ledger, so a task may be done again wherever a worker died: it writes the same bytes, and a file
appears when it is whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from threading import Event
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from importer.cluster.bucket_files import GROUP_ROWS, BucketWriter, spread
from importer.cluster.dask_client import Client, connected, count_workers, results
from importer.cluster.manifest import BUCKET_SCHEMA, bucket_name
from importer.cluster.prepared_folder import Folder
from importer.cluster.shares import EVERY, TASK_ROWS, LastRowsFile, OfWhole, Share, shares, stretches
from importer.cluster.status_words import with_words
from importer.core.binding import Binding
from importer.core.guards import without_guards
from importer.core.model import ROWS_WITHOUT_BODIES, Prepared, Raw, Status
from importer.core.prepare import prepare
from importer.core.survey import Look, Survey, look, survey
from importer.errors import STOPPED, Interrupted
from importer.intake import Intake, survey_here
from importer.parallel import in_order
from importer.private_files import SpillFile
from importer.read import Export
from importer.read.stretches import Cut, Stretch

SHARDS = "shards"

PrepareEach: TypeAlias = Callable[[Iterable[Raw], Callable[[Raw], Prepared]], Iterator[tuple[Raw, Prepared]]]


@dataclass(frozen=True)
class Task:
    """What one task prepares. source: the number of its file; number: its own number among those of all files."""

    folder: Folder
    source: int
    number: int
    share: Share
    buckets: int

    @property
    def shard(self) -> str:
        """The folder of its rows, in that of the prepared ones."""
        return f"{SHARDS}/{self.number}/"


class Workers:
    """Dask's workers, who survey files and prepare them. stop: is set when the run is to end."""

    def __init__(self, client: Client, stop: Event) -> None:
        self._client, self._stop = client, stop
        self._cuts: dict[tuple[Path | None, str], Sequence[Cut]] = {}

    def survey(self, export: Export, binding: Binding, columns: frozenset[str], *, zeros: bool) -> Survey:
        """Survey a whole file; in this process, by threads, where it cannot be cut. The rest: see `SurveyWhole`."""
        cuts = self._cuts_of(export)
        if len(cuts) < 2:  # noqa: PLR2004 - the file's beginning and its end
            return survey_here(export, binding, columns, zeros=zeros)
        parts = stretches(cuts, ROWS_WITHOUT_BODIES, max(2 * self._count, -(-cuts[-1].row // TASK_ROWS)))
        found = self._results(partial(survey_stretch, export, binding, columns, zeros=zeros), parts)
        if any(looks is None for looks in found):
            return survey_here(export, binding, columns, zeros=zeros)
        return survey([], binding, lambda *_: chain.from_iterable(found), zeros=zeros, new_file=SpillFile)

    def prepare(self, folder: Folder, intakes: Sequence[Intake], buckets: int) -> tuple[int, Counter[str]]:
        """Prepare into the folder's buckets; return the number of batches, and of rows that ended, by status."""
        folder = folder.absolute()
        tasks: list[Task] = []
        for source, intake in enumerate(intakes):
            tasks += [Task(folder, source, 0, share, buckets) for share in self._shares(folder, source, intake)]
        tasks = [replace(task, number=number) for number, task in enumerate(tasks)]
        shipped = [_shipped(intake) for intake in intakes]
        # what was scattered would be lost with the workers that hold it
        here = [task for task in tasks if _is_here(intakes[task.source])]
        sent = [task for task in tasks if not _is_here(intakes[task.source])]
        futures = [self._client.submit(prepare_task, shipped[task.source], task, pure=False) for task in sent]
        found = {task.number: prepare_task(intakes[task.source], task, self._prepare_here) for task in here}
        found |= dict(zip((task.number for task in sent), results(self._client, futures, self._stop), strict=True))
        batches = [found[number][0] for number in range(len(tasks))]
        shards = [task.shard for task in tasks]
        self._results(partial(join_bucket, folder, shards, batches), range(buckets))
        folder.remove_folder(SHARDS)
        return sum(batches), sum((ended for _, ended in found.values()), Counter[str]())

    def _shares(self, folder: Folder, source: int, intake: Intake) -> list[Share]:
        if _is_here(intake):
            return [OfWhole()]
        last_rows = None
        if intake.found.scattered:
            last_rows = LastRowsFile(folder, f"{SHARDS}/last-rows-{source}.npy")
            last_rows.write(intake.found.last_rows)
        return shares(intake, self._cuts_of(intake.export), self._count, last_rows)

    def _cuts_of(self, export: Export) -> Sequence[Cut]:
        key = export.path, export.sheet
        if key not in self._cuts:
            self._cuts[key] = export.cuts(EVERY)
        return self._cuts[key]

    def _prepare_here(self, batches: Iterable[Raw], work: Callable[[Raw], Prepared]) -> Iterator[tuple[Raw, Prepared]]:
        for pair in in_order(batches, work):
            if self._stop.is_set():
                raise Interrupted(STOPPED)
            yield pair

    def _results(self, work: Callable[..., object], items: Iterable[object]) -> list[Any]:
        futures = self._client.map(work, items, pure=False)
        return results(self._client, futures, self._stop)

    @property
    def _count(self) -> int:
        return max(1, count_workers(self._client))


@contextmanager
def workers_of(scheduler: str, stop: Event) -> Iterator[Workers]:
    """Connect to a scheduler's workers, or start some on this machine."""
    with connected(scheduler) as client:
        yield Workers(client, stop)


def survey_stretch(
    export: Export, binding: Binding, columns: frozenset[str], stretch: Stretch, *, zeros: bool
) -> list[Look] | None:
    """Look at the batches of a stretch; None where they are not those of one process, since its rows are very long."""
    batches = export.batches(columns, ROWS_WITHOUT_BODIES, stretch)
    found = [look(without_guards(raw, binding), binding, zeros=zeros) for raw in batches]
    return found if len(found) == -(-stretch.rows // ROWS_WITHOUT_BODIES) else None


def one_by_one(batches: Iterable[Raw], work: Callable[[Raw], Prepared]) -> Iterator[tuple[Raw, Prepared]]:
    """Yield each batch with what was prepared of it, as `in_order` does, in this thread."""
    return ((raw, work(raw)) for raw in batches)


def prepare_task(intake: Intake, task: Task, each: PrepareEach = one_by_one) -> tuple[int, Counter[str]]:
    """Prepare the batches of one task into shards; return how many there are, and what ended, by status."""
    counts: Counter[str] = Counter()
    number = -1
    with BucketWriter(task.folder, range(task.buckets), task.shard) as writer:
        batches = each(task.share.batches(intake), partial(prepare, preparation=intake.preparation, refunds=True))
        for number, (raw, prepared) in enumerate(batches):
            writer.write(*spread(with_words(prepared, raw, intake), task.source, number, task.buckets))
            for status in prepared.column("status").drop_null().to_pylist():
                counts[str(Status(status))] += 1
    return number + 1, counts


def join_bucket(folder: Folder, shards: Sequence[str], batches: Sequence[int], bucket: int) -> None:
    """Put the shards of one bucket together, in the files' order; batches: how many each shard has."""
    with (
        folder.new_file(bucket_name(bucket)) as file,
        pq.ParquetWriter(file, BUCKET_SCHEMA, compression="zstd", use_dictionary=False) as writer,
    ):
        waiting: list[pa.RecordBatch] = []
        for part in _numbered(folder, shards, batches, bucket):
            waiting.append(part)
            if sum(each.num_rows for each in waiting) >= GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(waiting, BUCKET_SCHEMA), GROUP_ROWS)
                waiting = []
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting, BUCKET_SCHEMA), GROUP_ROWS)


def _numbered(folder: Folder, shards: Sequence[str], batches: Sequence[int], bucket: int) -> Iterator[pa.RecordBatch]:
    """Yield a bucket's rows with batches numbered through all files."""
    place, first = BUCKET_SCHEMA.get_field_index("batch"), 0
    for shard, count in zip(shards, batches, strict=True):
        with folder.local(bucket_name(bucket, shard)) as path, pq.ParquetFile(path) as file:
            for part in file.iter_batches(GROUP_ROWS):
                numbers = pc.add(part.column(place), pa.scalar(first, pa.int32()))
                yield part.set_column(place, BUCKET_SCHEMA.field(place), numbers)
        first += count


def _is_here(intake: Intake) -> bool:
    """Tell whether the rows are in this process's memory: they are prepared here rather than sent to workers."""
    return intake.export.format not in ("csv", "parquet")


def _shipped(intake: Intake) -> Intake:
    """Return what workers need: without what the survey knows of every row."""
    return replace(intake, found=Survey(rows=intake.found.rows, words=intake.found.words))
