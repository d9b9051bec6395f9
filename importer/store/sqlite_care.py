"""The care of the ledger's file as a whole: looked through, and copied."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from importer.errors import LedgerError
from importer.store.request_row import HEAD, verified_head, verified_sales
from importer.store.sqlite_file import ledger_errors, transaction


def faults(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Return what SQLite finds in the whole file, and each row that is not what was written, in sentences."""
    with ledger_errors(path), transaction(connection, "DEFERRED"):
        told = [text for (text,) in connection.execute("PRAGMA integrity_check")]
        found = [] if told == ["ok"] else told
        count = 0
        for batch, keys, sales, *row in connection.execute(f"SELECT id, keys, sales, {HEAD}, head_sum FROM batch"):  # noqa: S608
            count += 1
            try:
                verified_sales(keys, sales, verified_head(row, path), path)
            except LedgerError:
                found.append(f"Request {batch} is not what was written.")
        if connection.execute("SELECT value FROM meta WHERE name = 'batches'").fetchone() != (count,):
            found.append("Requests are missing.")
    return found


def backup(connection: sqlite3.Connection, path: Path, target: Path) -> None:
    """Copy the file by SQLite's own means, as of one moment; never over a file that is there."""
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with ledger_errors(path), closing(sqlite3.connect(part)) as copy:
            connection.backup(copy)
        os.link(part, target)  # which never replaces a file
    except OSError as error:
        message = f"The copy {target} cannot be written; give the path of a new file in a folder you may write."
        raise LedgerError(message) from error
    finally:
        part.unlink(missing_ok=True)
