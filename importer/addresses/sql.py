"""The answer of a database to a query, streamed as Arrow into a private Parquet file, its true types kept.

The drivers are ADBC's. Each connection is opened for reading only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from importer.addresses.databases import SqlSource, database, require_connection
from importer.addresses.fetched_file import DiskError, Fetched, on_disk, private_path
from importer.addresses.numerics import Numerics, require_types, with_decimals
from importer.addresses.patience import Patience
from importer.addresses.sql_errors import BrokenError, sentence
from importer.errors import FileError, UsageError
from importer.private_files import create_private

NAME = "sql"
"""What the answer is called in reports; the query itself may hold what is nobody's business."""


def fetch_sql(address: str, folder: Path, connection: str | None, environ: Mapping[str, str]) -> list[Fetched]:
    """Bring the rows of `sql:QUERY` into the folder as one Parquet file.

    UsageError: the connection or the query is wrong. FileError: the server cannot be reached, or broke off for good.
    """
    query = address.partition(":")[2].strip()
    if not query:
        message = 'sql: needs a query, like "sql:SELECT * FROM sales".'
        raise UsageError(message)
    source = database(require_connection(connection, environ), environ)
    path, patience = private_path(folder, NAME), Patience()
    while True:
        try:
            _spool(source, query, path)
            return [Fetched(NAME, path, f"sql:{source.shown}")]
        except BrokenError as error:  # a query cannot be resumed: its rows are asked for again, from the first
            path.unlink(missing_ok=True)
            if not patience.more():
                raise FileError(error.sentence) from error
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _spool(source: SqlSource, query: str, path: Path) -> None:
    """Write all rows of the query into the file."""
    column = None
    for options in source.attempts:
        with _translated(source), closing(source.connect()) as connection, connection.cursor() as cursor:
            if source.read_only:
                cursor.execute(source.read_only)
            cursor.adbc_statement.set_options(**options)
            cursor.execute(query)
            try:
                reader = cursor.fetch_record_batch()
                if source.kind == "postgresql":
                    require_types(reader.schema)
                _write(reader, path)
            except OSError as error:
                if "Type mismatch" not in str(error):
                    raise
                path.unlink(missing_ok=True)
                column = re.search(r"column (\d+)", str(error))
                continue
        return
    place = int(column[1]) + 1 if column else "one"
    message = f"Column {place} of the query holds values of several types; name one, like CAST(total AS TEXT) AS total."
    raise FileError(message)


def _write(reader: pa.RecordBatchReader, path: Path) -> None:
    """Write batches as Parquet; numbers that the driver gives as text become decimals."""
    import pyarrow.parquet as pq  # noqa: PLC0415  slow to import, with all its file systems

    numerics = Numerics.of(reader.schema)
    raw = path.with_name("raw.parquet") if numerics.open else path
    try:
        with _private(raw) as stream, pq.ParquetWriter(stream, numerics.schema, compression="zstd") as writer:
            for batch in reader:
                converted = numerics.convert(batch)
                with on_disk():
                    writer.write_batch(converted)
        if numerics.open:
            with on_disk(), _private(path) as stream:
                with_decimals(raw, stream, numerics)
    finally:
        if raw != path:
            raw.unlink(missing_ok=True)


@contextmanager
def _private(path: Path) -> Iterator[Any]:
    with on_disk():
        stream = create_private(path)
    with stream:
        yield stream


@contextmanager
def _translated(source: SqlSource) -> Iterator[None]:
    """Turn the driver's errors, which may quote rows, into sentences that do not."""
    try:
        yield
    except DiskError as error:
        message = "The rows of the query do not fit on this machine's disk; make room and run the command again."
        raise FileError(message) from error
    except (FileError, UsageError):
        raise
    except Exception as error:  # drivers raise errors of their own kinds, and Arrow's
        raise sentence(error, source) from error
