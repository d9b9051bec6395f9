"""The ledger's file: created for its owner only, brought to the newest form, its faults told in plain sentences."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importer.errors import LedgerError

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        (
            "CREATE TABLE run (id INTEGER PRIMARY KEY, dataset TEXT NOT NULL, files TEXT NOT NULL, "
            "started INTEGER NOT NULL, ended INTEGER, pid INTEGER NOT NULL)"
        ),
        (
            "CREATE TABLE batch (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id), "
            "dataset TEXT NOT NULL, file TEXT NOT NULL, state INTEGER NOT NULL, n INTEGER NOT NULL, "
            "min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, at INTEGER NOT NULL, trace TEXT, keys BLOB NOT NULL)"
        ),
        "CREATE INDEX batch_by_time ON batch (dataset, state, max_time)",
    ),
)
"""Migration n (from 1) takes a ledger from version n - 1 to n. A released one is never changed, only followed."""

BUSY_SECONDS = 30.0

_SENTENCES = {
    "SQLITE_FULL": "The disk that holds the ledger is full; free some space, then run the same command again.",
    "SQLITE_READONLY": "The ledger cannot be written; make its file and folder writable or give --ledger another path.",
    "SQLITE_CORRUPT": "The ledger is damaged; restore it from a backup, or give --ledger a new path.",
    "SQLITE_NOTADB": "The file given as ledger is none; give --ledger the path of a ledger or of a file to be made.",
    "SQLITE_CANTOPEN": "The ledger cannot be opened; check that its path is right and its folder writable.",
    "SQLITE_BUSY": "The ledger is kept busy by another program; close that, then run the same command again.",
    "SQLITE_IOERR": "The ledger cannot be read or written; check its disk, then run the same command again.",
}


@contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's errors inside leave as a `LedgerError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        known = next((text for key, text in _SENTENCES.items() if name.startswith(key)), _SENTENCES["SQLITE_IOERR"])
        message = f"{known} ({path})"
        raise LedgerError(message) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block's writes are on the disk afterwards, or none is."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection to the ledger at the path, made if missing, of the newest version, durable at each commit."""
    _make(path)
    with told(path):
        connection = _connect(path, "rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing; a missing ledger is an empty one and is not made."""
    if not path.exists():
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        migrate(connection, path)
        return connection
    with told(path):
        connection = _connect_to_read(path)
        try:
            connection.execute("PRAGMA query_only = 1")
            refuse_newer(version_of(connection), path)
            _refuse_older(version_of(connection), path)
        except BaseException:
            connection.close()
            raise
    return connection


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """The ledger has the newest version; each step is one transaction, so a crash between two is harmless."""
    refuse_newer(version_of(connection), path)
    while version_of(connection) < len(MIGRATIONS):
        with transaction(connection):
            version = version_of(connection)  # another process may have been faster
            if version < len(MIGRATIONS):
                for statement in MIGRATIONS[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")


def version_of(connection: sqlite3.Connection) -> int:
    """The number of migrations that the ledger has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(version: int, path: Path) -> None:
    """`LedgerError` if a newer program has written the ledger."""
    if version > len(MIGRATIONS):
        message = f"The ledger was written by a newer capi-import (version {version}); update this one. ({path})"
        raise LedgerError(message)


def _refuse_older(version: int, path: Path) -> None:
    if version < len(MIGRATIONS):
        message = f"The ledger is of an older version; the next send brings it up to date. ({path})"
        raise LedgerError(message)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Opened like any other, so that no side files stay behind; in a read-only folder, as it lies there."""
    connection = _connect(path, "rw")
    try:
        version_of(connection)
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        return _connect(path, "ro&immutable=1")
    return connection


def _make(path: Path) -> None:
    """The ledger's file exists, it and each folder made for it for the owner's eyes only."""
    try:
        for folder in reversed(path.absolute().parents):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        message = f"The ledger cannot be made or written at {path}; give --ledger a path in a folder you may write."
        raise LedgerError(message) from error
