"""Parquet as an Export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from importer.errors import FileError
from importer.read.byte_sources import reading
from importer.read.export import Export
from importer.read.typed_columns import typed_export

if TYPE_CHECKING:
    import pyarrow.parquet as pq


def open_parquet(path: Path) -> Export:
    """Open a Parquet file by its schema; no row is read yet. FileError where it is damaged or too wide."""
    with _open(path) as file:
        fields = list(file.schema_arrow)
        details = {"rows": f"{file.metadata.num_rows:,}", "row groups": f"{file.metadata.num_row_groups:,}"}

    def rows_of(names: list[str] | None, rows: int) -> Iterator[pa.RecordBatch]:
        with _open(path) as file:
            yield from file.iter_batches(batch_size=rows, columns=names)

    return typed_export(path, "parquet", fields, rows_of, details)


@contextmanager
def _open(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; whatever is wrong with it is a FileError."""
    import pyarrow.parquet as pq  # noqa: PLC0415  slow to import, with all its file systems

    try:
        with reading(path), pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, ValueError, TypeError, MemoryError, RecursionError) as error:
        message = f"{path.name} is damaged or not a Parquet file that can be read; export or copy it again."
        raise FileError(message) from error
