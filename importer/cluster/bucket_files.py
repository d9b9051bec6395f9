"""Buckets as Parquet files: written side by side, read one by one in batches of whole orders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from importer.cluster.buckets import buckets_of
from importer.cluster.manifest import BUCKET_SCHEMA, bucket_name
from importer.cluster.prepared_folder import Folder
from importer.core.kernels.arrays import Indices
from importer.core.model import BATCH_ROWS, PREPARED, Column, Prepared

ROWS_OF_BUCKET = 250_000
MIN_BUCKETS, MAX_BUCKETS = 8, 64
GROUP_ROWS, WAITING_ROWS = 8_000, 64_000
"""Rows of a bucket that wait in memory until they are written together, and of all buckets at most."""


def bucket_count(rows: int) -> int:
    """Return how many buckets so many rows make: a bucket is what one process delivers, or sends again if it dies."""
    return min(max(MIN_BUCKETS, -(-rows // ROWS_OF_BUCKET)), MAX_BUCKETS)


class BucketWriter:
    """Writes rows into buckets; the files appear when it is closed without an error.

    within: the folder of a shard, with a slash at its end.
    """

    def __init__(self, folder: Folder, buckets: range, within: str = "") -> None:
        self._folder, self._buckets, self._within = folder, buckets, within
        self._group = min(GROUP_ROWS, WAITING_ROWS // len(buckets))
        self._stack = ExitStack()
        self._waiting: dict[int, list[pa.RecordBatch]] = {bucket: [] for bucket in buckets}
        self._writers: dict[int, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            for bucket in self._buckets:
                file = opening.enter_context(self._folder.new_file(bucket_name(bucket, self._within)))
                writer = pq.ParquetWriter(file, BUCKET_SCHEMA, compression="zstd", use_dictionary=False)
                self._writers[bucket] = opening.enter_context(writer)
            self._stack = opening.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        with self._folder.errors():
            try:
                if error is None:
                    for bucket in self._buckets:
                        self._flush(bucket)
            except BaseException as broken:
                self._stack.__exit__(type(broken), broken, broken.__traceback__)
                raise
            self._stack.__exit__(kind, error, None)

    def write(self, rows: pa.RecordBatch, buckets: Indices) -> None:
        """Append rows, each to its bucket, in their order."""
        order = np.argsort(buckets, kind="stable")
        ordered = rows.take(pa.array(order))
        bounds = np.searchsorted(buckets[order], np.arange(self._buckets.start, self._buckets.stop + 1))
        for bucket, start, end in zip(self._buckets, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            if end > start:
                self._waiting[bucket].append(ordered.slice(start, end - start))
                if sum(part.num_rows for part in self._waiting[bucket]) >= self._group:
                    self._flush(bucket)

    def _flush(self, bucket: int) -> None:
        parts, self._waiting[bucket] = self._waiting[bucket], []
        if parts:
            with self._folder.errors():
                self._writers[bucket].write_table(pa.Table.from_batches(parts, BUCKET_SCHEMA))


def numbered(prepared: Prepared, source: int, batch: int) -> pa.RecordBatch:
    """Return prepared rows as they stand in a bucket."""
    count = prepared.num_rows
    own = [pa.repeat(pa.scalar(number, pa.int32()), count) for number in (source, batch)]
    return pa.RecordBatch.from_arrays([*prepared.columns, *own], schema=BUCKET_SCHEMA)


def spread(prepared: Prepared, source: int, batch: int, count: int) -> tuple[pa.RecordBatch, Indices]:
    """Return prepared rows as they stand in buckets, and the bucket of each."""
    return numbered(prepared, source, batch), buckets_of(prepared, count)


def read_bucket(path: Path, rows: int = BATCH_ROWS) -> Iterator[tuple[int, Indices, Prepared]]:
    """Yield a bucket's rows in batches of about `rows`: the number of their file, each row's batch, and the rows.

    Orders are whole, and numbered anew within the batch.
    """
    held: list[pa.RecordBatch] = []
    with pq.ParquetFile(path) as file:
        for part in file.iter_batches(rows):
            held.append(part)
            if sum(batch.num_rows for batch in held) >= rows:
                table = pa.concat_batches(held)
                end = _last_whole(table)
                yield from _by_source(table.slice(0, end))
                held = [table.slice(end)]
    if held:
        yield from _by_source(pa.concat_batches(held))


def _last_whole(rows: pa.RecordBatch) -> int:
    """Return where the last batch among the rows begins, which may go on; 0 where there is one only."""
    batches = np.asarray(rows.column("batch"))
    return int(np.searchsorted(batches, batches[-1])) if len(batches) else 0


def _by_source(rows: pa.RecordBatch) -> Iterator[tuple[int, Indices, Prepared]]:
    sources = np.asarray(rows.column("input")).astype(np.int64)
    starts = np.flatnonzero(np.append(True, sources[1:] != sources[:-1])[: len(sources)]).tolist()
    for start, end in zip(starts, [*starts[1:], len(sources)], strict=bool(starts)):
        some = rows.slice(start, end - start)
        batches = np.asarray(some.column("batch")).astype(np.int64)
        columns: list[Column] = [some.column(name) for name in PREPARED.names]
        columns[PREPARED.get_field_index("order")] = _orders(some.column("order"), batches)
        yield int(sources[start]), batches, Prepared(pa.RecordBatch.from_arrays(columns, schema=PREPARED))


def _orders(orders: Column, batches: Indices) -> Column:
    """Return numbers of the orders that differ over several batches."""
    present = np.asarray(orders.is_valid()).astype(np.bool_)
    words = batches << 32 | np.asarray(orders.fill_null(0)).astype(np.int64)
    _, numbers = np.unique(words, return_inverse=True)
    column: Column = pa.array(numbers.astype(np.int32), mask=~present)
    return column
