"""Preparing on Dask's workers: processes of this machine, or of a cluster whose nodes see the same files and folder.

The files are surveyed here, once, and every question answered. A worker gets the intakes, reads the files itself, and
prepares each batch whose number is its own: the batches are those of one process, so orders are whole, headings carried
forward, and values, ids and bodies the same. It shuffles its rows into buckets by the hash of their sale's key; then
each bucket is put together by one task, in the files' order. Workers never post, and get neither token nor ledger, so
a task may be done again wherever a worker died: it writes the same bytes, and a file appears when it is whole.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from threading import Event
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from importer.cluster.bucket_files import GROUP_ROWS, BucketWriter, spread
from importer.cluster.manifest import BUCKET_SCHEMA, bucket_name
from importer.cluster.outcome_files import BatchStream
from importer.cluster.prepared_folder import Folder
from importer.cluster.status_words import with_words
from importer.core.model import BATCH_ROWS, Status
from importer.core.prepare import prepare
from importer.errors import STOPPED, Interrupted, UsageError
from importer.intake import Intake
from importer.parallel import workers
from importer.private_files import PrivateFolder

Client: TypeAlias = Any
"""`distributed.Client`, which has no types."""

SHARDS = "shards"
SECRETS = ("CAPI_ACCESS_TOKEN", "CAPI_APP_SECRET", "PGPASSWORD")
"""Variables of the environment that no worker shall inherit."""

POLL_SECONDS = 0.5
CONNECT_SECONDS = 20
STARTS = 5

CONFIG: dict[str, Any] = {
    "distributed.scheduler.allowed-failures": 100,  # a worker that is killed is no fault of its task
    "distributed.worker.memory.spill": False,  # results are counts; nothing may be written elsewhere
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.diagnostics.nvml": False,
    "distributed.admin.large-graph-warning-threshold": "1 GiB",
    "distributed.admin.low-level-log-length": 0,
    "distributed.scheduler.http.routes": [],  # no dashboard, nor anything else over HTTP
    "distributed.worker.http.routes": [],
    "distributed.worker.preload": [],
    "distributed.nanny.preload": [],
    "logging": {"distributed": "critical"},  # its own log, which would stand amid ours
}


@dataclass(frozen=True)
class Piece:
    """What one task prepares: each batch of a file whose number is `piece` modulo `pieces`."""

    folder: Folder
    source: int
    piece: int
    pieces: int
    buckets: int

    @property
    def shard(self) -> str:
        """The folder of its rows, in that of the prepared ones."""
        return f"{SHARDS}/{self.source}-{self.piece}/"


def prepare_on_workers(
    scheduler: str, folder: Folder, intakes: Sequence[Intake], buckets: int, stop: Event
) -> tuple[int, Counter[str]]:
    """Prepare into the folder's buckets; return the number of batches, and of rows that ended, by status."""
    folder = folder.absolute()
    with connected(scheduler) as client:
        pieces = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        futures = []
        for source, intake in enumerate(intakes):
            tasks = [Piece(folder, source, piece, pieces, buckets) for piece in range(pieces)]
            # with each task, since what was scattered would be lost with the workers that hold it
            futures += [client.submit(prepare_piece, intake, task, pure=False) for task in tasks]
        found = _results(client, futures, stop)
        batches = [found[source * pieces][0] for source in range(len(intakes))]
        merged = [client.submit(join_bucket, folder, bucket, batches, pieces, pure=False) for bucket in range(buckets)]
        _results(client, merged, stop)
    folder.remove_folder(SHARDS)
    counts: Counter[str] = Counter()
    for _, ended in found:
        counts.update(ended)
    return sum(batches), counts


def prepare_piece(intake: Intake, task: Piece) -> tuple[int, Counter[str]]:
    """Prepare the batches of one task into shards; return how many batches the file has, and what ended, by status."""
    counts: Counter[str] = Counter()
    number = -1
    with BucketWriter(task.folder, range(task.buckets), task.shard) as writer:
        for number, raw in enumerate(intake.batches(BATCH_ROWS)):
            if number % task.pieces == task.piece:
                prepared = with_words(prepare(raw, intake.preparation, refunds=True), raw, intake)
                writer.write(*spread(prepared, task.source, number, task.buckets))
                for status in prepared.column("status").drop_null().to_pylist():
                    counts[str(Status(status))] += 1
    return number + 1, counts


def join_bucket(folder: Folder, bucket: int, batches: Sequence[int], pieces: int) -> None:
    """Put the shards of one bucket together in the files' order."""
    first = 0
    with folder.new_file(bucket_name(bucket)) as file, ExitStack() as stack:
        writer = stack.enter_context(pq.ParquetWriter(file, BUCKET_SCHEMA, compression="zstd", use_dictionary=False))
        for source, count in enumerate(batches):
            names = [bucket_name(bucket, Piece(folder, source, piece, pieces, 0).shard) for piece in range(pieces)]
            paths = [stack.enter_context(folder.local(name)) for name in names]
            files = [stack.enter_context(pq.ParquetFile(path)) for path in paths]
            parts = _numbered(_in_order([BatchStream(one) for one in files], count), first)
            while waiting := list(islice(parts, 64)):
                table = pa.Table.from_batches(waiting, BUCKET_SCHEMA)
                if table.num_rows:
                    writer.write_table(table, GROUP_ROWS)
            first += count


def _in_order(streams: Sequence[BatchStream], count: int) -> Iterator[pa.RecordBatch]:
    for number in range(count):
        yield from streams[number % len(streams)].take(number)


def _numbered(parts: Iterator[pa.RecordBatch], first: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows with batches numbered through all files."""
    place = BUCKET_SCHEMA.get_field_index("batch")
    for part in parts:
        numbers = pa.array([number + first for number in part.column(place).to_pylist()], pa.int32())
        yield part.set_column(place, BUCKET_SCHEMA.field(place), numbers)


def _results(client: Client, futures: list[Any], stop: Event) -> list[Any]:
    """Wait for all results, or until the run is to stop."""
    from distributed import wait  # noqa: PLC0415

    while True:
        if stop.is_set():
            client.cancel(futures, force=True)
            raise Interrupted(STOPPED)
        try:
            _untyped(wait)(futures, timeout=POLL_SECONDS)
        except TimeoutError:
            if not any(future.status == "error" for future in futures):
                continue
        return list(client.gather(futures))


@contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """Connect to a scheduler, or start one with workers on this machine; of those none is left afterwards."""
    try:
        import dask  # noqa: PLC0415  few need it
        import distributed  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = "--scheduler needs one more package: pip install 'capi-import[dask]'."
        raise UsageError(message) from error
    for name in ("distributed", "tornado", "asyncio", "bokeh"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set(CONFIG), ExitStack() as stack:
        if scheduler == "local" or scheduler.startswith("local:"):
            yield stack.enter_context(_local(stack, _count(scheduler)))
            return
        try:
            client = _untyped(distributed.Client)(scheduler, timeout=CONNECT_SECONDS)
        except (OSError, ValueError, TypeError) as error:  # TypeError: tls:// without certificates
            message = (
                f"There is no Dask scheduler at {scheduler}, or its certificates are missing (docs/scale.md); correct "
                "--scheduler, or start one: dask scheduler."
            )
            raise UsageError(message) from error
        with client:
            if not client.scheduler_info(n_workers=-1)["workers"]:
                message = f"The Dask scheduler at {scheduler} has no workers; start some: dask worker {scheduler}."
                raise UsageError(message)
            yield client


def _local(stack: ExitStack, count: int) -> Client:
    """Start workers on this machine: encrypted, with keys of this run's own, without a dashboard, without secrets."""
    from distributed import LocalCluster  # noqa: PLC0415

    folder = stack.enter_context(PrivateFolder())
    stack.enter_context(_without_secrets())
    options = {
        "n_workers": count,
        "threads_per_worker": 1,
        "processes": True,
        "host": "127.0.0.1",
        "protocol": "tls://",
        "security": True,
        "dashboard_address": "127.0.0.1:0",
        "worker_dashboard_address": "127.0.0.1:0",
        "scheduler_kwargs": {"dashboard": False},
        "local_directory": str(folder),
        "silence_logs": logging.CRITICAL,
        "memory_limit": 0,
    }
    for tries_left in reversed(range(STARTS)):
        with suppress(*([RuntimeError] if tries_left else [])):  # a worker was killed before it was there
            cluster = _untyped(LocalCluster)(**options)
            break
    stack.enter_context(cluster)
    return cluster.get_client()


def _untyped(thing: Any) -> Any:
    return thing


def _count(scheduler: str) -> int:
    text = scheduler.partition(":")[2]
    if not text and scheduler == "local":
        return workers()
    if not text.isdigit() or not 1 <= int(text) <= 512:  # noqa: PLR2004
        message = f"--scheduler {scheduler} is not valid; write local:4, or the address of a Dask scheduler."
        raise UsageError(message)
    return int(text)


@contextmanager
def _without_secrets() -> Iterator[None]:
    """Take secrets out of the environment while processes are started that would inherit them."""
    held = {name: os.environ.pop(name) for name in SECRETS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(held)
