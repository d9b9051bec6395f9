"""Batches on disk as CSV, Parquet or Excel, by the path's ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self, TypeAlias

import pyarrow as pa

from importer.core.model import Column
from importer.errors import CapiImportError, FileError
from importer.results.csv_text import csv_bytes
from importer.results.files_db import FileKind
from importer.results.output_files import Output, Overwrite, ending, translated

if TYPE_CHECKING:
    import pyarrow.parquet as pq

Written: TypeAlias = Callable[[pa.RecordBatch], Sequence[Column]]
"""How the columns of a batch are written in CSV: each as text."""


class Format(Protocol):
    """How a table is written: batches, then its end. readable_in_part: it can be read without its end."""

    readable_in_part: bool

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of the batch."""

    def close(self) -> None:
        """Complete the table in its stream."""


class TableFile:
    """A table that stands under its path when closed, even when an error cut it short.

    The file is created at once, readable by its owner only, so that a path that cannot be written stops a run before
    anything is sent. Batches are written by a thread of the file's own, one at a time; what the disk refuses is raised
    with the next one. UsageError: the ending is none of .csv, .parquet, .xlsx. FileError: the disk refuses.
    """

    kind: FileKind | None = FileKind.REPORT

    def __init__(self, path: Path, schema: pa.Schema, written: Written, overwrite: Overwrite = Overwrite.ANY) -> None:
        end = ending(path)
        self._output = Output(path, self.kind, overwrite)
        self._open, self._broken, self._holds_rows = True, False, False
        self._thread = ThreadPoolExecutor(1, "report")
        self._under_way: Future[None] | None = None
        try:
            with translated(path):
                self._format = self._opened(end, self._output.stream, schema, written)
        except CapiImportError:
            self._output.discard()
            raise

    def _opened(self, end: str, stream: BinaryIO, schema: pa.Schema, written: Written) -> Format:
        """Return the format that the ending stands for."""
        return _format(end, stream, schema, written)

    @property
    def path(self) -> Path:
        """Where the file stands when it is closed, will stand until then."""
        return self._output.path

    def append(self, batch: pa.RecordBatch) -> None:
        """Append the rows of the batch. FileError: the disk refused those before."""
        self._holds_rows = True
        self._settle()
        self._under_way = self._thread.submit(self._format.write, batch)

    def _settle(self) -> None:
        """Wait until what was handed over is written."""
        written, self._under_way = self._under_way, None
        if written is not None:
            with self._watched():
                written.result()

    def close(self) -> None:
        """Put the file under its name. FileError: the disk refuses; then a CSV stands as far as it came."""
        if not self._open:
            return
        self._open = False
        try:
            try:
                self._settle()
            finally:
                with self._watched():
                    self._format.close()
                    self._output.sync()
        finally:
            self._thread.shutdown()
            if self._broken and not self._format.readable_in_part:
                self._output.discard()
            else:
                self._output.publish()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            with translated(self._output.path):
                yield
        except FileError:
            self._broken = True
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; trouble in doing so is only a note on the error that ended the work, if there is one.

        An error before the first row leaves an older file as it was.
        """
        if error is None:
            self.close()
            return
        if self._open and not self._holds_rows:
            self._open = False
            self._thread.shutdown()
            with suppress(FileError), self._watched():
                self._format.close()
            self._output.discard()
            return
        try:
            self.close()
        except FileError as second:
            error.add_note(str(second))


def _format(end: str, stream: BinaryIO, schema: pa.Schema, written: Written) -> Format:
    if end == ".csv":
        return _Csv(stream, schema, written)
    if end == ".parquet":
        return ParquetTable(stream, schema)
    from importer.results.excel_writer import ExcelTable  # noqa: PLC0415  only then is xlsxwriter worth its import

    return ExcelTable(stream, schema)


def header_of(schema: pa.Schema) -> pa.RecordBatch:
    """Return the columns' names as a row, the first of a CSV."""
    return pa.RecordBatch.from_arrays([pa.array([name], pa.string()) for name in schema.names], names=schema.names)


class _Csv:
    """UTF-8 without a byte order mark; a comma, a header, lines that end in a line feed."""

    readable_in_part = True

    def __init__(self, stream: BinaryIO, schema: pa.Schema, written: Written) -> None:
        self._stream, self._written = stream, written
        self.write(header_of(schema))

    def write(self, batch: pa.RecordBatch) -> None:
        self._stream.write(csv_bytes(self._written(batch)))

    def close(self) -> None:
        """Do nothing; a CSV file has no end."""


class ParquetTable:
    """A Parquet file with the types of the first batch, or of the given schema where none comes."""

    readable_in_part = False

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._stream, self._schema = stream, schema
        self._writer: pq.ParquetWriter | None = None
        self.notes: dict[bytes, bytes] = {}

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of the batch."""
        self._opened(batch.schema).write_batch(batch)

    def close(self) -> None:
        """Complete the table in its stream, its notes in its metadata."""
        writer = self._opened(self._schema)
        if self.notes:
            writer.add_key_value_metadata(self.notes)
        writer.close()

    def _opened(self, schema: pa.Schema) -> pq.ParquetWriter:
        import pyarrow.parquet as pq  # noqa: PLC0415  slow to import, with all its file systems

        if self._writer is None:
            self._writer = pq.ParquetWriter(self._stream, schema, compression="zstd")
        return self._writer
