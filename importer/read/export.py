"""An opened export: what is known of the file, and its rows as a stream of record batches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from importer.core.edits import edited
from importer.core.kernels.arrays import one_chunk
from importer.core.model import BATCH_ROWS, Raw
from importer.errors import UsageError
from importer.option_types import Edit
from importer.questions import Question
from importer.read.stretches import Cut, Stretch
from importer.text_form import TextForm

BATCH_BYTES = 64 << 20
"""A batch is handed on earlier when it holds this much."""

CELL_LIMIT = 100_000
"""A longer cell (in UTF-8 bytes for text files) is cut and its row gets the fault cell_too_long."""

MAX_COLUMNS = 5_000
"""A file with more columns is not a sales export."""

MAX_CELLS = 50_000_000
"""Cells of a sheet's rectangle, filled or not; calamine takes up to 100 bytes for each."""

HEAD = (pa.field("row", pa.int64()), pa.field("line", pa.int64()), pa.field("fault", pa.string()))
"""What every batch begins with: record number, line, and a reason code of the model where the record is faulty."""


MIXED = b"mixed cells"
"""Metadata of a column of text whose cells on the sheet are of several kinds."""


def wanted_schema(schema: pa.Schema, wanted: tuple[int, ...]) -> pa.Schema:
    """Return the schema of a batch that has, of the export's own columns, only the wanted ones, by their positions."""
    return pa.schema([*HEAD, *(schema.field(len(HEAD) + place) for place in wanted)])


class RecordReader(Protocol):
    """Reads a file's records."""

    def __call__(
        self, wanted: tuple[int, ...], rows: int, stretch: Stretch | None = None, /
    ) -> Iterator[pa.RecordBatch]:
        """Yield batches of any size: row, line, fault and the columns at the wanted positions.

        rows: how many the caller would like at once. stretch: one between places that `cuts` gave; None: all.
        """
        ...


FindCuts = Callable[[int], Sequence[Cut]]
"""A number of rows -> where every so many records begin, and the file's end; none where it is read as a whole only."""


def _no_cuts(_every: int) -> Sequence[Cut]:
    return ()


@dataclass(frozen=True)
class Export:
    """A file that was recognised as a table with a header; opening has read no more than it needs for that.

    path: where it lies, None for rows in memory.
    file: the name as the user gave it, without the folder.
    format: csv, parquet, xlsx, xls, xlsb or ods; table for rows in memory, which stand in no line of a file.
    sheet: the worksheet's name, empty where there is none.
    headers: as written, trimmed; repeated and empty ones are kept.
    names: the unique names the columns have in batches, see `column_names.unique_names`.
    header_line: line or spreadsheet row of the header; 0 for Parquet.
    preamble: lines before the header that hold something.
    description_line: a second header row that only describes the columns and is no record.
    details: what `columns` shows: encoding, delimiter, quoting, compression, rows, other sheets.
    schema: the schema of a batch with all columns.
    notices: sentences on what of the file is not read, and on what its reader should know.
    alike: other sheets with the same columns, which are not read.
    questions: what only the user can tell of the file as a whole.
    epoch_1904: days without a format are counted from 1904.
    edited: numbers of the records that the user corrected.
    form: how a text file is written.
    cuts: finds where the file can be cut; that may take a pass over it.
    """

    path: Path | None
    file: str
    format: str
    sheet: str
    headers: tuple[str, ...]
    names: tuple[str, ...]
    header_line: int
    preamble: tuple[int, ...]
    description_line: int | None
    details: Mapping[str, str]
    schema: pa.Schema
    reader: RecordReader = field(repr=False, compare=False)
    notices: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    epoch_1904: bool = False
    edited: frozenset[int] = frozenset()
    form: TextForm | None = None
    cuts: FindCuts = field(default=_no_cuts, repr=False, compare=False)

    def batches(
        self, columns: Collection[str] | None = None, rows: int = BATCH_ROWS, stretch: Stretch | None = None
    ) -> Iterator[Raw]:
        """Read every record in the file's order, at most `rows` in one batch; each call reads the file anew.

        columns: names to deliver, all by default; row, line and fault always come first. stretch: of these records.
        """
        positions = self._positions(columns)
        return (Raw(batch) for batch in _rebatched(self.reader(positions, rows, stretch), rows))

    def sample(self, rows: int = 200) -> Raw:
        """Read the first records; an empty batch where the file has none."""
        first = next(self.batches(rows=rows), None)
        return first if first is not None else Raw(pa.RecordBatch.from_pylist([], schema=self.schema))

    def with_edits(self, edits: Iterable[Edit]) -> Export:
        """Return the export as if its cells held what the edits of it say. UsageError: it has no such column."""
        own = [edit for edit in edits if (edit.file, edit.sheet) == (self.file, self.sheet)]
        for edit in own:
            if edit.column not in self.names:
                message = f"{self.file} has no column {edit.column!r} to correct in row {edit.row}."
                raise UsageError(message)

        def reader(positions: tuple[int, ...], rows: int, stretch: Stretch | None = None) -> Iterator[pa.RecordBatch]:
            return (edited(batch, own) for batch in self.reader(positions, rows, stretch))

        return replace(self, reader=reader, edited=frozenset(edit.row for edit in own)) if own else self

    @property
    def mixed(self) -> tuple[int, ...]:
        """Places of the columns whose cells on the sheet are of several kinds, such as dates and texts."""
        own = list(self.schema)[len(HEAD) :]
        return tuple(place for place, column in enumerate(own) if MIXED in (column.metadata or {}))

    def _positions(self, columns: Collection[str] | None) -> tuple[int, ...]:
        if columns is None:
            return tuple(range(len(self.names)))
        wanted = set(columns)
        missing = sorted(wanted.difference(self.names))
        if missing:
            message = f"{self.file} has no column {missing[0]!r}"
            raise KeyError(message)
        return tuple(place for place, name in enumerate(self.names) if name in wanted)


def _rebatched(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the same records in batches of `rows`, or fewer where BATCH_BYTES is reached and at the end."""
    waiting: list[pa.RecordBatch] = []
    count = size = 0
    for batch in batches:
        rest = batch
        while count + rest.num_rows >= rows:
            waiting.append(rest.slice(0, rows - count))
            rest = rest.slice(rows - count)
            yield _joined(waiting)
            waiting, count, size = [], 0, 0
        if rest.num_rows:
            waiting.append(rest)
            count, size = count + rest.num_rows, size + rest.nbytes
        if size >= BATCH_BYTES:
            yield _joined(waiting)
            waiting, count, size = [], 0, 0
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    columns = [
        one_chunk(pa.concat_arrays([batch.column(place) for batch in batches]))
        for place in range(batches[0].num_columns)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batches[0].schema)
