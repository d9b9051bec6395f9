"""What became of each bucket's rows, and the rows of all buckets put together again in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from importer.cluster.manifest import Manifest, outcome_name
from importer.cluster.prepared_folder import Folder
from importer.core.kernels.arrays import Indices, one_chunk
from importer.core.model import DELIVERED, Delivered, Status

OUTCOME_SCHEMA = pa.schema([*DELIVERED, pa.field("input", pa.int32()), pa.field("batch", pa.int32())])
_COUNTS = b"requests"


@dataclass(frozen=True)
class Requests:
    """How many requests a bucket took, how many of them were repeats, and for how many seconds Meta asked to wait."""

    requests: int = 0
    retries: int = 0
    paused: float = 0.0

    def __add__(self, other: Requests) -> Requests:
        return Requests(self.requests + other.requests, self.retries + other.retries, self.paused + other.paused)

    def __sub__(self, other: Requests) -> Requests:
        return Requests(self.requests - other.requests, self.retries - other.retries, self.paused - other.paused)


class OutcomeWriter:
    """Writes what became of one bucket's rows; the file appears when `finish` is called."""

    def __init__(self, folder: Folder, bucket: int) -> None:
        self._folder = folder
        with ExitStack() as opening:
            file = opening.enter_context(folder.new_file(outcome_name(bucket)))
            writer = pq.ParquetWriter(file, OUTCOME_SCHEMA, compression="zstd")
            self._writer = opening.enter_context(writer)
            self._stack = opening.pop_all()

    def write(self, source: int, batches: Indices, delivered: Delivered) -> None:
        """Append delivered rows without their bodies."""
        columns = {name: delivered.column(name) for name in DELIVERED.names}
        bears = columns["payload"].is_valid()
        text = DELIVERED.field("payload").type
        columns["payload"] = one_chunk(pc.if_else(bears, pa.scalar("", text), pa.scalar(None, text)))
        columns["input"] = one_chunk(pa.repeat(pa.scalar(source, pa.int32()), len(batches)))
        columns["batch"] = pa.array(batches.astype(np.int32))
        with self._folder.errors():
            self._writer.write_batch(pa.RecordBatch.from_arrays(list(columns.values()), schema=OUTCOME_SCHEMA))

    def finish(self, requests: Requests) -> None:
        """Put the file under its name. FileError: the disk refuses."""
        counts = {_COUNTS: f"{requests.requests},{requests.retries},{requests.paused}".encode()}
        with self._folder.errors():
            self._writer.add_key_value_metadata(counts)
            self._stack.close()

    def discard(self) -> None:
        """Give the file up: not all of the bucket is delivered."""
        self._stack.__exit__(_Unfinished, _Unfinished(), None)


class _Unfinished(Exception):
    """The bucket was not delivered to its end."""


class Merged:
    """The outcomes of all buckets; batch by batch as the files were prepared."""

    def __init__(self, folder: Folder, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest
        self._stack = ExitStack()
        self.requests = Requests()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def batches(self) -> Iterator[tuple[int, Delivered]]:
        """Yield each batch of rows with the number of its file, in the order in which they were prepared."""
        streams = [self._open(bucket) for bucket in range(self._manifest.buckets)]
        for batch in range(self._manifest.batches):
            parts = [part for stream in streams for part in stream.take(batch)]
            if parts:
                rows = pa.concat_batches(parts)
                rows = rows.take(pc.sort_indices(rows, sort_keys=[("row", "ascending")]))
                yield rows.column("input")[0].as_py(), Delivered(rows.select(DELIVERED.names))

    def _open(self, bucket: int) -> BatchStream:
        path = self._stack.enter_context(self._folder.local(outcome_name(bucket)))
        file = self._stack.enter_context(pq.ParquetFile(path))
        requests, retries, paused = (file.metadata.metadata or {})[_COUNTS].split(b",")
        self.requests += Requests(int(requests), int(retries), float(paused))
        return BatchStream(file)


class BatchStream:
    """The rows of one bucket, drawn batch by batch."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self._parts = file.iter_batches(8_000)
        self._held: pa.RecordBatch | None = next(self._parts, None)

    def take(self, batch: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a batch; batches are asked for in ascending order."""
        while self._held is not None:
            end = int(np.searchsorted(np.asarray(self._held.column("batch")), batch, "right"))
            if end:
                yield self._held.slice(0, end)
            if end < self._held.num_rows:
                self._held = self._held.slice(end)
                return
            self._held = next(self._parts, None)


def has_unsent(path: Path) -> bool:
    """Tell whether rows of a delivered bucket were not sent, so that it is to be delivered again."""
    with pq.ParquetFile(path) as file:
        for part in file.iter_batches(columns=["status"]):
            if pc.any(pc.equal(part.column("status"), str(Status.UNSENT))).as_py():
                return True
    return False
