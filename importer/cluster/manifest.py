"""The folder that `prepare` leaves: buckets of prepared rows, and a manifest that says what they are.

    manifest.json              written last: without it the folder is not whole
    bucket=N/part-0.parquet    the rows of some orders, each order whole, in the files' order
    outcomes/N.parquet         once a bucket is delivered: what became of its rows
    runs/N                     the runs of `deliver`, by their numbers in the ledger
    delivered.json             once every bucket is delivered, and the report written

Folders are for their owner only (0700), files too (0600); each appears under its name when it is whole.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from importer.core.model import PREPARED
from importer.errors import FileError, UsageError
from importer.private_files import create_private
from importer.results.facts import Facts, facts_as_json, facts_from_json

SCHEMA_VERSION = 1
MANIFEST, DELIVERED_MARK = "manifest.json", "delivered.json"

BUCKET_SCHEMA = pa.schema([*PREPARED, pa.field("input", pa.int32()), pa.field("batch", pa.int32())])
"""Prepared rows, the number of their file (or sheet) in the manifest, and of the batch in which they were prepared."""


@dataclass(frozen=True)
class PreparedSource:
    """One file, or sheet of one, as the report names it.

    in_lines: its rows stand in lines. columns: what the report's sentences say of its columns (`results.at_fault`).
    """

    file: str
    sheet: str
    in_lines: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What `prepare` knows when it is done. settings: the options that were given; facts: of the summary."""

    rows: int
    buckets: int
    batches: int
    now: int
    sources: tuple[PreparedSource, ...]
    facts: Facts
    settings: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    def write(self, folder: Path) -> None:
        """Write the manifest, with which the folder is whole."""
        with new_file(folder / MANIFEST) as file:
            told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "facts"}
            told["facts"] = orjson.Fragment(facts_as_json(self.facts))
            file.write(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        (folder / PREPARING).unlink(missing_ok=True)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a folder's manifest; `UsageError` where there is none, or it is of a later version."""
        try:
            told = orjson.loads((folder / MANIFEST).read_bytes())
            facts = facts_from_json(orjson.dumps(told.pop("facts")))
            sources = tuple(PreparedSource(**source) for source in told.pop("sources"))
            version = told["schema_version"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{folder} is not a folder of prepared rows (its {MANIFEST} is missing or not whole); prepare it."
            raise UsageError(message) from error
        if version != SCHEMA_VERSION or facts is None:
            message = f"{folder} was prepared by another version of capi-import; prepare it again with this one."
            raise UsageError(message)
        return cls(sources=sources, facts=facts, **told)


def bucket_file(folder: Path, bucket: int) -> Path:
    """Return where the rows of a bucket stand."""
    return folder / f"bucket={bucket}" / "part-0.parquet"


def outcome_file(folder: Path, bucket: int) -> Path:
    """Return where it stands what became of a bucket's rows."""
    return folder / "outcomes" / f"{bucket}.parquet"


PREPARING = ".preparing"
"""The file that stands in a folder while one process prepares into it."""


def claim_empty(folder: Path) -> None:
    """Make the folder, or take an empty one, for this process alone; `UsageError` where it holds something."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()) or not _claimed(folder):
            message = f"The folder {folder} holds something already; give --out a new or empty one."
            raise UsageError(message)
        folder.chmod(0o700)
    except OSError as error:
        message = f"The folder {folder} cannot be made or written; give --out another one."
        raise UsageError(message) from error


def _claimed(folder: Path) -> bool:
    """Put the mark into a folder; False where another process prepares into it, or has by now."""
    try:
        create_private(folder / PREPARING).close()
    except FileExistsError:
        return False
    if all(path.name == PREPARING for path in folder.iterdir()):
        return True
    (folder / PREPARING).unlink()
    return False


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for its owner only that appears under its name when it is whole. FileError: the disk refuses."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with folder_errors(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with create_private(part) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
        finally:
            with suppress(OSError):
                part.unlink()


@contextmanager
def folder_errors(path: Path) -> Iterator[None]:
    """Raise what the disk refuses as a FileError that says what to do."""
    try:
        yield
    except OSError as error:
        what = error.strerror or "the disk refuses"
        message = f"{path.parent} cannot be written ({what}); make room there, then run the same command again."
        raise FileError(message) from error


def as_text(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values as text, for the manifest."""
    return {name: str(value) for name, value in values.items()}
