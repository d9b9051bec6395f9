"""What is imported: files on this disk, rows in memory, and what lies elsewhere and is fetched to a private file first.

`expand` turns what was given into inputs and reads nothing yet; `fetched` brings what has to be fetched, for as long as
the run lasts. To take something new (a folder, a pattern, an address), begin with `expand`.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeGuard

import pyarrow as pa
from pyarrow import ipc

from importer.addresses import fetch, is_address, local_files, name_of, shown
from importer.errors import FileError, UsageError
from importer.inputs.tables import table_of_frame, table_of_mappings
from importer.private_files import PrivateFolder, create_private

if TYPE_CHECKING:
    import pandas as pd

STANDARD_INPUT = "-"
LONGEST_NAME = 200
CHUNK_BYTES = 1 << 20


class ArrowStream(Protocol):
    """Rows of any library that speaks Arrow's PyCapsule interface: polars, DuckDB, a RecordBatchReader."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the rows as a capsule."""
        ...


class BinaryStream(Protocol):
    """A file opened in binary mode, or what reads like one."""

    def read(self, size: int = ..., /) -> bytes:
        """Return the next bytes, none at the end."""
        ...


Importable: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryStream | pd.DataFrame | pa.Table | pa.RecordBatch"
    " | ArrowStream | Sequence[Mapping[str, Any]]"
)
"""What `send`, `check` and `columns` import."""


@dataclass(frozen=True)
class RunInput:
    """One thing to import.

    name: what messages, the report and the ledger call it. place: where it lies in the user's words, without a secret.
    path: its bytes on this disk, the user's own file or, once fetched, a private one.
    table: its rows, where they are in memory.
    fetch: makes of an input that has neither, and of a private folder, inputs that have; a folder elsewhere is many.
    report: where its report goes by default; None: nothing is written unasked.
    """

    name: str
    place: str
    path: Path | None = None
    table: pa.Table | None = field(default=None, repr=False, compare=False)
    fetch: Callable[[RunInput, Path], Sequence[RunInput]] | None = field(default=None, repr=False, compare=False)
    report: Path | None = None


def expand(
    given: Iterable[Importable],
    name: str | None = None,
    connection: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> tuple[RunInput, ...]:
    """Return the inputs that were given, in order; folders and patterns are their files, and nothing is read yet.

    name: what the only one of them is called. connection: the database of `sql:QUERY`. environ: where credentials are.
    UsageError: something cannot be imported, or the name is none. FileError: a folder or a pattern has no file.
    """
    bring = partial(_brought_from, connection=connection, environ={} if environ is None else environ)
    found = [one for source in given for one in _inputs_of(source, bring)]
    if name is None:
        return tuple(_told_apart(found))
    if len(found) != 1:
        message = "name= is the name of one input; give each run one, or leave name= out."
        raise UsageError(message)
    return (replace(found[0], name=_checked(name)),)


@contextmanager
def fetched(files: Sequence[RunInput]) -> Iterator[tuple[RunInput, ...]]:
    """Yield the inputs with a path or a table each; private copies are removed at the end. FileError: one cannot come.

    Each private copy bears its input's name, so that messages about the file are right.
    """
    if all(file.fetch is None for file in files):
        yield tuple(files)
        return
    with PrivateFolder() as folder:
        yield tuple(one for at, file in enumerate(files) for one in _brought(file, folder / str(at)))


def _brought(file: RunInput, folder: Path) -> Sequence[RunInput]:
    if file.fetch is None:
        return [file]
    try:
        folder.mkdir(mode=0o700)
        return file.fetch(file, folder)
    except OSError as error:
        message = (
            f"{file.name} cannot be copied to {folder} ({error.strerror or 'it cannot be read'}); make room there."
        )
        raise FileError(message) from error


def _inputs_of(source: Importable, bring: Callable[..., Sequence[RunInput]]) -> Sequence[RunInput]:
    """Return one input, or those of a folder or a pattern. bring: fetches an address."""
    if not isinstance(source, str | os.PathLike):
        return [_input_of(source)]
    text = os.fsdecode(source)
    if text == STANDARD_INPUT:
        return [_standard_input()]
    if is_address(text):
        name = name_of(text)
        return [RunInput(name, shown(text), fetch=partial(bring, text), report=Path(f"{name}.report.csv"))]
    return [_of_file(path) for path in local_files(text)]


def _brought_from(
    address: str, file: RunInput, folder: Path, *, connection: str | None, environ: Mapping[str, str]
) -> list[RunInput]:
    """Bring the files of an address into the folder."""
    found = fetch(address, folder, environ, connection)
    return [replace(file, name=one.name, place=one.address, path=one.path, fetch=None) for one in found]


def _input_of(source: Importable) -> RunInput:
    if (table := _table_of(source)) is not None:
        return RunInput("table", "table", table=table)
    if _is_arrow_stream(source):
        return RunInput("table", "table", fetch=partial(_spooled_table, source))
    if isinstance(source, bytes | bytearray | memoryview):
        return RunInput("data", "data", fetch=partial(_spooled, BytesIO(source)))
    if _is_readable(source):
        name = _name_of(source)
        return RunInput(name, name, fetch=partial(_spooled, source))
    message = (
        f"A {type(source).__name__} cannot be imported; give paths, bytes, files opened with mode 'rb', data frames, "
        "Arrow tables or lists of mappings, each as an argument of its own."
    )
    raise UsageError(message)


def _table_of(source: Importable) -> pa.Table | None:
    """Return rows that are in memory as a table."""
    if isinstance(source, pa.RecordBatch):
        return pa.Table.from_batches([source])
    if isinstance(source, pa.Table):
        return source
    if _is_frame(source):
        return table_of_frame(source)
    return table_of_mappings(source) if _is_mappings(source) else None


def _of_file(path: Path) -> RunInput:
    return RunInput(path.name, str(path), path, report=path.with_name(f"{path.name}.report.csv"))


def _standard_input() -> RunInput:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        message = "There is no standard input here, as in a notebook; give the file, its bytes or a table."
        raise UsageError(message)
    fetch = partial(_spooled, stream)
    return RunInput("stdin", "standard input", fetch=fetch, report=Path("stdin.report.csv"))


def _is_frame(source: object) -> TypeGuard[pd.DataFrame]:
    pandas = sys.modules.get("pandas")  # whoever has a DataFrame has imported it
    return pandas is not None and isinstance(source, pandas.DataFrame)


def _is_arrow_stream(source: object) -> TypeGuard[ArrowStream]:
    return hasattr(source, "__arrow_c_stream__")


def _is_readable(source: object) -> TypeGuard[BinaryStream]:
    return callable(getattr(source, "read", None))


def _is_mappings(source: object) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return isinstance(source, list | tuple) and all(isinstance(row, Mapping) for row in source)


def _name_of(stream: BinaryStream) -> str:
    """Return the last part of an open file's name; what has none, or a number, is called data."""
    name = getattr(stream, "name", None)
    last = Path(os.fsdecode(name)).name if isinstance(name, str | bytes | os.PathLike) else ""
    return last if 0 < len(os.fsencode(last)) <= LONGEST_NAME else "data"


def _told_apart(files: Iterable[RunInput]) -> Iterator[RunInput]:
    """Yield the inputs, numbered where they have no name of their own, so that the report tells each: table-2."""
    seen: Counter[str] = Counter()
    for file in files:
        seen[file.name] += file.path is None
        numbered = file.path is None and seen[file.name] > 1
        yield replace(file, name=f"{file.name}-{seen[file.name]}") if numbered else file


def _checked(name: object) -> str:
    if isinstance(name, str) and name.isprintable() and name not in ("", ".", "..") and _fits_a_file(name):
        return name
    message = f"name= is what messages and the report call the input: at most {LONGEST_NAME} letters, without a slash."
    raise UsageError(message)


def _fits_a_file(name: str) -> bool:
    return len(name.encode(errors="replace")) <= LONGEST_NAME and not {"/", "\\"} & {*name}


def _spooled(stream: BinaryStream, file: RunInput, folder: Path) -> list[RunInput]:
    """Copy a stream of bytes to a private file, since an import reads its input more than once."""
    path = folder / file.name
    with create_private(path) as copy:
        while chunk := stream.read(CHUNK_BYTES):
            if isinstance(chunk, str):
                message = f"{file.name} was opened as text; open it with mode 'rb', so that its encoding is recognized."
                raise UsageError(message)
            copy.write(chunk)
    return [replace(file, path=path, fetch=None)]


def _spooled_table(source: ArrowStream, file: RunInput, folder: Path) -> list[RunInput]:
    """Copy a stream of rows to a private file, which stands for a table in memory: it may be larger than that."""
    path = folder / "rows.arrow"
    try:
        reader = pa.RecordBatchReader.from_stream(source)
        with create_private(path) as copy, ipc.new_stream(copy, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
    except pa.ArrowException as error:
        message = f"{file.name} cannot be read as a stream of Arrow batches; give a table instead."
        raise FileError(message) from error
    return [replace(file, table=ipc.open_stream(pa.memory_map(str(path))).read_all(), fetch=None)]
