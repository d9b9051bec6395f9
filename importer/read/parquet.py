"""Parquet as an Export: true dates, decimals and numbers stay typed, everything else becomes text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from importer.core.model import Column
from importer.errors import FileError
from importer.read.byte_sources import reading
from importer.read.column_names import clean_header, unique_names
from importer.read.export import HEAD, MAX_COLUMNS, Export
from importer.read.parquet_types import Faults, kept_column, kept_type

if TYPE_CHECKING:
    import pyarrow.parquet as pq


def open_parquet(path: Path) -> Export:
    """Open a Parquet file by its schema; no row is read yet. FileError where it is damaged or too wide."""
    with _open(path) as file:
        fields = list(file.schema_arrow)
        rows = file.metadata.num_rows
        groups = file.metadata.num_row_groups
    if not 0 < len(fields) <= MAX_COLUMNS:
        message = f"{path.name} has {len(fields):,} columns; a sales export has 1 to {MAX_COLUMNS:,}."
        raise FileError(message)
    headers = tuple(clean_header(field.name) for field in fields)
    names = unique_names(headers)
    columns = [pa.field(name, kept_type(field.type)) for name, field in zip(names, fields, strict=True)]
    schema = pa.schema([*HEAD, *columns])
    return Export(
        path=path,
        file=path.name,
        format="parquet",
        sheet="",
        headers=headers,
        names=names,
        header_line=0,
        preamble=(),
        description_line=None,
        details={"rows": f"{rows:,}", "row groups": f"{groups:,}"},
        schema=schema,
        reader=lambda wanted, rows: _batches(path, [field.name for field in fields], schema, wanted, rows),
    )


@contextmanager
def _open(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; whatever is wrong with it is a FileError."""
    import pyarrow.parquet as pq  # noqa: PLC0415  slow to import, with all its file systems

    try:
        with reading(path), pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, ValueError, TypeError, MemoryError) as error:
        message = f"{path.name} is damaged or not a Parquet file that can be read; export or copy it again."
        raise FileError(message) from error


def _batches(
    path: Path, names: list[str], schema: pa.Schema, wanted: tuple[int, ...], rows: int
) -> Iterator[pa.RecordBatch]:
    kept = pa.schema([*HEAD, *(schema.field(len(HEAD) + place) for place in wanted)])
    row = 1
    with _open(path) as file:
        for count, raw in _columns(file, names, wanted, rows):
            faults: Faults = [None] * count
            columns = [kept_column(column, faults) for column in raw]
            numbers = pa.array(np.arange(row, row + count))
            head = [numbers, numbers, pa.array(faults, pa.string())]
            yield pa.RecordBatch.from_arrays([*head, *columns], schema=kept)
            row += count


def _columns(
    file: pq.ParquetFile, names: list[str], wanted: tuple[int, ...], rows: int
) -> Iterator[tuple[int, list[Column]]]:
    """Yield counts of records and their wanted columns; where names repeat, all are read and chosen by position."""
    chosen = [names[place] for place in wanted]
    by_name = bool(chosen) and len(set(names)) == len(names)
    for batch in file.iter_batches(batch_size=rows, columns=chosen if by_name else None):
        places = [batch.schema.get_field_index(name) for name in chosen] if by_name else list(wanted)
        yield batch.num_rows, [batch.column(place) for place in places]
