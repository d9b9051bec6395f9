"""A table in memory as an Export: a DataFrame, an Arrow table, a list of mappings."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from importer.read.export import Export
from importer.read.stretches import Stretch
from importer.read.typed_columns import typed_export


def open_table(table: pa.Table, name: str) -> Export:
    """Open a table; its rows stand in no line of a file. FileError where it is too wide."""

    def rows_of(names: list[str] | None, rows: int, _stretch: Stretch | None) -> Iterator[pa.RecordBatch]:
        yield from (table if names is None else table.select(names)).to_batches(max_chunksize=rows)

    return typed_export(name, TABLE, list(table.schema), rows_of, {"rows": f"{table.num_rows:,}"})


TABLE = "table"
"""The format of rows in memory."""
