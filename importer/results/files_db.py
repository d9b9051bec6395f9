"""What this program wrote on this machine: path, size and SHA-256 of each file, in `files.db`.

It lies in the user's state folder. A file is the program's own as long as it is, byte for byte, what was written there.
Nothing depends on `files.db` but that: where it is gone, damaged or cannot be written, its files count as somebody
else's, and a run goes on.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from enum import StrEnum, auto
from pathlib import Path
from typing import Any, TypeVar

from importer.state_folders import files_db

LOG = logging.getLogger("importer")

WAIT = 10.0
"""Seconds to wait for other runs that write `files.db` at the same time."""

_TABLE = """CREATE TABLE IF NOT EXISTS files
(path BLOB, size INTEGER, sha256 TEXT, kind TEXT, written TEXT, PRIMARY KEY (path, sha256)) WITHOUT ROWID"""

T = TypeVar("T")


class FileKind(StrEnum):
    """What a written file is, in words."""

    REPORT = "report"
    REJECTS = "rejects file"
    UNSENT = "rejects file with unsent rows"
    SUMMARY = "summary page"
    SCHEMA = "schema"


class Standing(StrEnum):
    """Whose a file is."""

    ABSENT = auto()
    OWN = auto()
    CHANGED = auto()
    FOREIGN = auto()


def remember(written: Path, place: Path, kind: FileKind) -> None:
    """Note that a file is about to stand at a place; before it does, so that a run killed in between is no riddle.

    A warning where that cannot be noted; it never ends a run.
    """
    try:
        size, digest = written.stat().st_size, file_sha256(written)
    except OSError as error:
        _warn(place, error)
        return
    row = (_key(place), size, digest, str(kind), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    try:
        _noting(lambda db: db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row))
    except (OSError, sqlite3.Error) as error:
        _warn(place, error)


def standing(path: Path) -> Standing:
    """Tell whose the file at a path is."""
    if not os.path.lexists(path):
        return Standing.ABSENT
    known = _known("path = ?", _key(path))
    if not known:
        return Standing.FOREIGN
    return Standing.OWN if _fitting(path, known) else Standing.CHANGED


def kind_of(path: Path) -> FileKind | None:
    """Tell as what this program wrote a file, wherever it lies now; None where it did not, or the file was changed."""
    try:
        size = path.stat().st_size
    except OSError:
        return None
    kind = _fitting(path, _known("size = ?", size))
    return FileKind(kind) if kind in set(FileKind) else None


def written_at(path: Path) -> str | None:
    """Return when this program wrote the file, ISO 8601, UTC; None where that is not known."""
    with suppress(OSError, sqlite3.Error):
        size, digest = path.stat().st_size, file_sha256(path)
        found = _asking("SELECT max(written) FROM files WHERE size = ? AND sha256 = ?", (size, digest))
        return None if not found else found[0][0]
    return None


def _known(condition: str, value: bytes | int) -> list[tuple[Any, ...]]:
    """Return size, SHA-256 and kind of the files that fulfill the condition; none where `files.db` cannot be read."""
    try:
        return _asking(f"SELECT size, sha256, kind FROM files WHERE {condition}", (value,))  # noqa: S608  our own words
    except (OSError, sqlite3.Error):
        return []


def _fitting(path: Path, known: list[tuple[Any, ...]]) -> str | None:
    """Return the kind of the known file that this is, byte for byte."""
    try:
        if not path.is_file() or path.stat().st_size not in {size for size, _, _ in known}:
            return None
        digest = file_sha256(path)
    except OSError:
        return None
    return next((kind for _, sha256, kind in known if sha256 == digest), None)


def _asking(query: str, values: tuple[bytes | int | str, ...]) -> list[tuple[Any, ...]]:
    if not files_db().exists():
        return []
    with closing(sqlite3.connect(f"{files_db().absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT)) as db:
        return db.execute(query, values).fetchall()


def _noting(write: Callable[[sqlite3.Connection], T]) -> T:
    """Write to `files.db`; one that is damaged is put aside, and a new one begun."""
    try:
        return _written(write)
    except sqlite3.OperationalError:
        raise  # locked, full or not writable
    except sqlite3.DatabaseError:
        files_db().replace(files_db().with_name("files.db.damaged"))
        return _written(write)


def _written(write: Callable[[sqlite3.Connection], T]) -> T:
    place = files_db()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(place, timeout=WAIT)) as db, db:
        db.execute(_TABLE)
        return write(db)


def _warn(place: Path, error: Exception) -> None:
    LOG.warning(
        "%s cannot be noted in %s (%s); a later check will take it for another's and not replace it.",
        place, files_db(), error,
    )  # fmt: skip


def _key(path: Path) -> bytes:
    """Return a path as it is noted: its folder resolved, its own name as it is, be it a link's."""
    return os.fsencode(path.parent.resolve() / path.name)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hex. OSError: it cannot be read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
