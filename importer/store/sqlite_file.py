"""The ledger's file: created for its owner only, migrated to the newest version, its errors in plain sentences."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from importer.errors import FileError, LedgerError
from importer.store.request_row import DAMAGED
from importer.store.sqlite_schema import MIGRATIONS

BUSY_SECONDS = 30.0

_SENTENCES = {
    "SQLITE_FULL": "The disk that holds the ledger is full; free some space, then run the same command again.",
    "SQLITE_READONLY": "The ledger cannot be written; make its file and folder writable or give --ledger another path.",
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": "The file given as ledger is not a ledger; give --ledger the path of a ledger or a new path.",
    "SQLITE_CANTOPEN": "The ledger cannot be opened; check that its path is right and its folder writable.",
    "SQLITE_BUSY": "The ledger is in use by another program; close that, then run the same command again.",
    "SQLITE_IOERR": "The ledger cannot be read or written; check its disk, then run the same command again.",
}


@contextmanager
def ledger_errors(path: Path) -> Iterator[None]:
    """Raise SQLite's errors inside, and those of the index's file, as a `LedgerError` that says what to do."""
    try:
        yield
    except FileError as error:
        raise LedgerError(str(error)) from error
    except sqlite3.ProgrammingError:  # our own mistake, which no backup puts right
        raise
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or "SQLITE_CORRUPT"  # Python's own: a text that is not UTF-8
        known = next((text for key, text in _SENTENCES.items() if name.startswith(key)), _SENTENCES["SQLITE_IOERR"])
        message = f"{known} ({path})"
        raise LedgerError(message) from error


@contextmanager
def transaction(connection: sqlite3.Connection, kind: Literal["IMMEDIATE", "DEFERRED"]) -> Iterator[None]:
    """Commit all of the block's writes or none. IMMEDIATE locks for writing, DEFERRED reads as of one moment."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def open_for_writing(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open the ledger at the path, created if missing and brought to the newest version, durable at each commit.

    The second value tells whether it is a new one.
    """
    _require_file(path)
    try:  # the file and each new folder are for the owner's eyes only
        for folder in reversed(path.absolute().parents):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        message = f"The ledger cannot be created or written at {path}; give --ledger a path in a folder you may write."
        raise LedgerError(message) from error
    _require_one_name(path)
    with ledger_errors(path):
        connection = _connect(path, "rw")
        try:
            is_new = checked_version(connection, path) == 0
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection, is_new


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log, once others that make the same new ledger let it; SQLite waits for them not here."""
    deadline = time.monotonic() + BUSY_SECONDS
    switched = False
    while not switched:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            switched = True
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(0.02)


def open_for_reading(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open the ledger at the path without writing anything; a missing one is empty and is not created.

    The second value tells whether it is missing.
    """
    _require_file(path)
    if not path.exists() or not path.stat().st_size:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        migrate(connection, path)
        return connection, True
    _require_one_name(path)
    with ledger_errors(path):
        connection = _connect_to_read(path)
        try:
            connection.execute("PRAGMA query_only = 1")
            version = checked_version(connection, path)
        except BaseException:
            connection.close()
            raise
    return (_brought_up_to_date(connection, path) if version < len(MIGRATIONS) else connection), False


def _require_file(path: Path) -> None:
    """Raise LedgerError for a folder, a device or a pipe, which `check` would take for a ledger yet to be made."""
    if path.exists() and not path.is_file():
        message = f"The ledger {path} is a folder, a device or a pipe, not a file; give --ledger the path of a file."
        raise LedgerError(message)


def _require_one_name(path: Path) -> None:
    """Raise LedgerError for a file with several hard links: under each name it would have other side files."""
    if path.stat().st_nlink > 1:
        message = (
            f"The ledger has more than one name (hard links), under which two runs would not see each other: {path}. "
            "Remove the other names, or copy it with: capi-import ledger backup FILE."
        )
        raise LedgerError(message)


def _brought_up_to_date(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Return a copy in memory of a ledger of an older version, in the newest one; the next send changes the file."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with ledger_errors(path), closing(connection):
        connection.backup(copy)
        migrate(copy, path)
    return copy


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the ledger to the newest version; each step is one transaction, so a crash between two is harmless."""
    while checked_version(connection, path) < len(MIGRATIONS):
        with transaction(connection, "IMMEDIATE"):
            version = checked_version(connection, path)  # another process may have been faster
            if version < len(MIGRATIONS):
                for step in MIGRATIONS[version]:
                    if callable(step):
                        step(connection)
                    else:
                        connection.execute(step)
                connection.execute(f"PRAGMA user_version = {version + 1}")


def checked_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the number of migrations that the ledger has seen.

    `LedgerError` if they are more than there are, or if the file is another program's.
    """
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]  # first: both come in one commit
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if tables and not version:
        message = f"{_SENTENCES['SQLITE_NOTADB']} ({path})"
        raise LedgerError(message)
    if version > len(MIGRATIONS):
        message = f"The ledger was written by a newer capi-import (version {version}); update this one. ({path})"
        raise LedgerError(message)
    return version


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Open the file like any other, so that no side files stay behind; in a read-only folder as it is (immutable)."""
    connection = _connect(path, "rw")
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise
        return _connect(path, "ro&immutable=1")
    return connection
