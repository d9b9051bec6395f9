"""The folder that `prepare` leaves: buckets of prepared rows, and a manifest that says what they are.

    manifest.json              written last: without it the folder is not whole
    bucket=N/part-0.parquet    the rows of some orders, each order whole, in the files' order
    outcomes/N.parquet         once a bucket is delivered: what became of its rows
    runs/N                     the runs of `deliver`, by their numbers in the ledger
    delivered.json             once every bucket is delivered, and the report written

    senders/X                  which ledger and dataset they go to
    .preparing                 while `prepare` is at it (in a bucket with a word of its own at the end)

On a disk folders are for their owner only (0700), files too (0600). Each appears under its name when it is whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson
import pyarrow as pa

from importer.cluster.prepared_folder import Folder
from importer.core.model import PREPARED
from importer.errors import UsageError
from importer.results.facts import Facts, facts_as_json, facts_from_json

SCHEMA_VERSION = 1
MANIFEST, DELIVERED_MARK = "manifest.json", "delivered.json"
OUTCOMES, RUNS, SENDERS = "outcomes", "runs", "senders"
PREPARING = ".preparing"

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

    def write(self, folder: Folder) -> None:
        """Write the manifest, with which the folder is whole."""
        with folder.new_file(MANIFEST) as file:
            told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "facts"}
            told["facts"] = orjson.Fragment(facts_as_json(self.facts))
            file.write(orjson.dumps(told, option=orjson.OPT_INDENT_2))

    @classmethod
    def read(cls, folder: Folder) -> Manifest:
        """Read a folder's manifest; `UsageError` where there is none, or it is of a later version."""
        try:
            told = orjson.loads(folder.read(MANIFEST) or b"")
            facts = facts_from_json(orjson.dumps(told.pop("facts")))
            sources = tuple(PreparedSource(**source) for source in told.pop("sources"))
            version = told["schema_version"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{folder} is not a folder of prepared rows (its {MANIFEST} is missing or not whole); prepare it."
            raise UsageError(message) from error
        if version != SCHEMA_VERSION or facts is None:
            message = f"{folder} was prepared by another version of capi-import; prepare it again with this one."
            raise UsageError(message)
        return cls(sources=sources, facts=facts, **told)


def bucket_name(bucket: int, within: str = "") -> str:
    """Return the file of the rows of a bucket. within: the folder of a shard, with a slash at its end."""
    return f"{within}bucket={bucket}/part-0.parquet"


def outcome_name(bucket: int) -> str:
    """Return the file that says what became of a bucket's rows."""
    return f"{OUTCOMES}/{bucket}.parquet"


@contextmanager
def being_prepared(folder: Folder) -> Iterator[None]:
    """Take a new or empty folder for as long as it is prepared; where that fails, leave it empty.

    UsageError: something is there, be it of another `prepare` that began at the same moment.
    """
    folder.make()
    _require_empty(folder)
    mark = folder.mark(PREPARING)
    try:
        _require_empty(folder, but_for=mark)
    except BaseException:
        if mark:
            folder.remove(mark)
        raise
    try:
        yield
    except BaseException:
        folder.remove_folder()
        raise
    folder.remove(mark)


def _require_empty(folder: Folder, *, but_for: str = "") -> None:
    if folder.is_empty(but_for=but_for):
        return
    names = folder.names()
    if MANIFEST in names:
        message = f"The folder {folder} holds prepared rows already; give --out a new or empty one."
    elif any(name.startswith(PREPARING) and name != but_for for name in names):
        message = (
            f"The folder {folder} holds something already: a `prepare` is at it, or was and did not come to its end; "
            "empty it, or give --out another one."
        )
    else:
        message = f"The folder {folder} holds something already; give --out a new or empty one."
    raise UsageError(message)
