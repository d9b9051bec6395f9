"""A prepared batch in parts, one for each dataset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import Indices
from importer.core.model import DELIVERED, Delivered, Prepared
from importer.delivery.prepared_batch import PreparedBatch


@dataclass(frozen=True, eq=False)
class Part:
    """The rows of a batch that are for one dataset; None: for none, they have ended."""

    dataset: str | None
    batch: PreparedBatch
    rows: Indices


@dataclass(frozen=True, eq=False)
class SplitBatch:
    """A prepared batch in parts, one for each dataset, and their outcomes together again."""

    file: str
    rows: int
    parts: tuple[Part, ...]

    def delivered(self) -> Delivered:
        """Return the batch with every row's outcome, in the order of the source."""
        done = [part.batch.delivered() for part in self.parts]
        if len(done) == 1:
            return done[0]
        order = np.argsort(np.concatenate([part.rows for part in self.parts]), kind="stable")
        table = pa.Table.from_batches(done, DELIVERED).take(pa.array(order)).combine_chunks()
        return Delivered(table.to_batches()[0])


def split(file: str, prepared: Prepared, *, by_dataset: bool) -> SplitBatch:
    """Split a batch by dataset; where the run has one, it is one part."""
    count = prepared.num_rows
    column = prepared.column("dataset")
    if not by_dataset or not count:
        return SplitBatch(file, count, (Part(None, PreparedBatch(file, prepared), np.arange(count)),))
    datasets = column.unique().to_pylist()
    codes = np.asarray(pa.array(column).dictionary_encode("encode").indices).astype(np.int64)
    parts = []
    for number, dataset in enumerate(datasets):
        rows = np.flatnonzero(codes == number)
        some = prepared if len(datasets) == 1 else Prepared(prepared.take(pa.array(rows)))
        parts.append(Part(dataset, PreparedBatch(file, some), rows))
    return SplitBatch(file, count, tuple(parts))
