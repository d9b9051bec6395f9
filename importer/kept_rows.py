"""The rows of a run that its summary can still give: of the report, and of private files that go with the summary."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
from pyarrow import ipc

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Outcomes, Raw
from importer.private_files import PrivateFolder, create_private
from importer.results.csv_text import texts
from importer.results.output_files import translated
from importer.results.rejects import added_names, rejected_rows
from importer.results.summary import Kept
from importer.stored_reports import read_outcomes


class KeptRows:
    """Keeps the rejected rows with their own types, and says where the report goes: one that nobody named is private.

    rejected: whether the rejected rows are kept. FileError: the disk refuses.
    """

    def __init__(self, report: Path | None, *, rejected: bool) -> None:
        self._folder = PrivateFolder()
        self.report = report or self._folder.path / "outcomes.parquet"
        self._rejected = rejected
        self._stack = ExitStack()
        self._writers: list[tuple[pa.Schema, ipc.RecordBatchStreamWriter]] = []
        self._columns = pa.schema([])  # of a run without a rejected row: those of its first input

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self.report):
            self._stack.__exit__(kind, error, trace)

    def write(self, raw: Raw, outcomes: Outcomes, headers: Sequence[str]) -> None:
        """Keep the batch's rows that can be fixed or sent again. headers: the names of the export's own columns."""
        if not self._rejected:
            return
        unique = len({*headers, ""}) > len(headers)
        names = list(headers) if unique else raw.schema.names[-len(headers) :]
        rejected = rejected_rows(raw, outcomes, [*names, *added_names(names)])
        self._columns = self._columns if len(self._columns) else rejected.schema
        if rejected.num_rows:
            with translated(self._folder.path):
                self._writer(rejected.schema).write_batch(rejected)

    def _writer(self, schema: pa.Schema) -> ipc.RecordBatchStreamWriter:
        """Return the writer of rows with these columns: the inputs of a run may have different ones."""
        for known, writer in self._writers:
            if known == schema:
                return writer
        file = self._stack.enter_context(create_private(self._folder.path / f"rejected-{len(self._writers)}.arrow"))
        writer = self._stack.enter_context(ipc.new_stream(file, schema))
        self._writers.append((schema, writer))
        return writer

    def kept(self, report: Path) -> Kept:
        """Return how the rows are read again. report: where the report stands."""
        paths = [self._folder.path / f"rejected-{number}.arrow" for number in range(len(self._writers))]
        rejected = partial(read_rejected, paths, self._columns) if self._rejected else None
        return Kept(partial(read_outcomes, report), rejected, self._folder)


def read_rejected(paths: Sequence[Path], columns: pa.Schema) -> pa.Table:
    """Return the rejected rows of all inputs; a column that not all of them have is blank in the others.

    A column that has several types is text. columns: those of a table without a row.
    """
    tables = [_read(path) for path in paths]
    kinds: dict[str, set[pa.DataType]] = {}
    for field in (field for table in tables for field in table.schema):
        kinds.setdefault(field.name, set()).add(field.type)
    mixed = {name for name, found in kinds.items() if len(found) > 1}
    if not tables:
        return columns.empty_table()
    return pa.concat_tables([_as_text(table, mixed) for table in tables], promote_options="default")


def _read(path: Path) -> pa.Table:
    with path.open("rb") as file, ipc.open_stream(file) as stream:
        return stream.read_all()


def _as_text(table: pa.Table, names: Collection[str]) -> pa.Table:
    columns = [
        texts(one_chunk(column)) if name in names else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.Table.from_arrays(columns, names=table.column_names)
