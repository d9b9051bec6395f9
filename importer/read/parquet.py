"""Parquet as an Export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices
from importer.core.model import ROWS_WITHOUT_BODIES, Column
from importer.errors import FileError
from importer.read.byte_sources import reading, refuse_bomb
from importer.read.export import Export
from importer.read.stretches import Cut, Stretch
from importer.read.typed_columns import told_as_damage, typed_export

if TYPE_CHECKING:
    import pyarrow.parquet as pq


STREAM_BYTES = 1 << 18
"""Packed bytes of a column that are read at once; by default a file is in memory, packed as it is, when it is read."""

MOST_OF_COLUMN = 1 << 30
"""Bytes that one column of a batch may come to."""
_SHORT = MOST_OF_COLUMN // ROWS_WITHOUT_BODIES


def open_parquet(path: Path) -> Export:
    """Open a Parquet file by its schema; no row is read yet. FileError where it is damaged or too wide."""
    with _open(path) as file:
        _refuse_bombs(path, file)
        fields = list(file.schema_arrow)
        count, ends = file.metadata.num_rows, _ends_of_groups(file)
        details = {"rows": f"{count:,}", "row groups": f"{file.metadata.num_row_groups:,}"}

    def rows_of(names: list[str] | None, rows: int, stretch: Stretch | None) -> Iterator[pa.RecordBatch]:
        with _open(path) as file:
            if stretch is None:
                yield from file.iter_batches(batch_size=rows, columns=names)
            else:
                yield from _of_stretch(file, names, rows, stretch)

    def cuts(every: int) -> Sequence[Cut]:
        rows = np.arange(1, count + 1, every)
        before = np.append(0, ends)[np.searchsorted(ends, rows - 1, side="right")]
        skipped = (rows - 1 - before).tolist()
        return [*(Cut(row, skipped=some) for row, some in zip(rows.tolist(), skipped, strict=True)), Cut(count + 1)]

    return replace(typed_export(path, "parquet", fields, rows_of, details), cuts=cuts)


def _ends_of_groups(file: pq.ParquetFile) -> Indices:
    """Return the number of the last record in each row group."""
    groups = range(file.metadata.num_row_groups)
    return np.cumsum([file.metadata.row_group(number).num_rows for number in groups], dtype=np.int64)


def _of_stretch(file: pq.ParquetFile, names: list[str] | None, rows: int, stretch: Stretch) -> Iterator[pa.RecordBatch]:
    """Yield the records of a stretch; only the row groups that hold some of them are read."""
    ends = _ends_of_groups(file)
    first, last = np.searchsorted(ends, [stretch.begin.row - 1, stretch.end.row - 2], side="right").tolist()
    skipped = stretch.begin.skipped
    left = stretch.rows
    for batch in file.iter_batches(batch_size=rows, columns=names, row_groups=range(first, last + 1)):
        some = batch.slice(skipped, left)
        skipped, left = max(0, skipped - batch.num_rows), left - some.num_rows
        if some.num_rows:
            yield some
        if not left:
            return


def streamed(path: Path, dictionaries: Sequence[str] = ()) -> pq.ParquetFile:
    """Open a Parquet file so that only what is being read is in memory. dictionaries: columns to be read as such."""
    import pyarrow.parquet as pq  # noqa: PLC0415  slow to import, with all its file systems

    return pq.ParquetFile(path, read_dictionary=list(dictionaries), pre_buffer=False, buffer_size=STREAM_BYTES)


@contextmanager
def _open(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; whatever is wrong with it is a FileError."""
    with told_as_damage(path.name), reading(path), streamed(path) as file:
        yield file


def _refuse_bombs(path: Path, file: pq.ParquetFile) -> None:
    """Raise FileError where a small file comes to gigabytes: packed pages, or a long text that many rows repeat.

    A text stands once in its column's dictionary, however often it is repeated. So the dictionaries are read, some
    0.1 microseconds a row, unless they are too small to hold a text that could be too long.
    """
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    refuse_bomb(path, path.stat().st_size, sum(group.total_byte_size for group in groups))
    columns = [(place, file.schema.column(place)) for place in range(len(file.schema))]
    long = [
        column.path
        for place, column in columns
        if column.physical_type == "BYTE_ARRAY"
        and "." not in column.path
        and any(group.column(place).total_uncompressed_size > _SHORT for group in groups)
    ]
    if not long:
        return
    with streamed(path, long) as packed:
        for number, group in enumerate(groups):
            first = next(packed.iter_batches(1, row_groups=[number], columns=long), None)
            longest = max(map(_longest_text, first.columns)) if first is not None else 0
            if longest * min(group.num_rows, ROWS_WITHOUT_BODIES) > MOST_OF_COLUMN:
                message = f"{path.name} repeats a text of {longest:,} bytes on many rows; no sales export does."
                raise FileError(message)


def _longest_text(column: Column) -> int:
    """Return the bytes of the longest text in a column's dictionary."""
    words = column.dictionary if isinstance(column, pa.DictionaryArray) else column
    return pc.max(pc.binary_length(words)).as_py() or 0
