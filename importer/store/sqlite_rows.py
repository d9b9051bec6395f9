"""Rows of the ledger's file that are what was written, and the care of the whole file."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from importer.core.model import KEY_BYTES
from importer.errors import LedgerError
from importer.store.keys import Keys, keys_of
from importer.store.ledger_sales import Sales
from importer.store.sqlite_file import DAMAGED, ledger_errors, transaction
from importer.store.sqlite_schema import HEAD, Head, checksum_of


def verified_head(row: Sequence[Any], path: Path | str) -> Head:
    """Return the row without its checksum; `LedgerError` if that does not fit it."""
    head = Head(*row[:-1])
    if head.checksum != row[-1]:
        raise damaged(path)
    return head


def verified_keys(blob: bytes, checksum: int, path: Path | str) -> Keys:
    """Return the keys of a row; `LedgerError` if they are not what was written."""
    if checksum_of(blob) != checksum or len(blob) % KEY_BYTES:
        raise damaged(path)
    return keys_of(blob)


def verified_sales(keys: bytes, columns: bytes | None, head: Head, path: Path | str) -> Sales:
    """Return the sales of a row, of a row of version 1 their keys alone; `LedgerError` as above."""
    held = verified_keys(keys, head.keys_sum, path)
    if columns is None:
        return Sales.of_keys(held)
    if checksum_of(columns) != head.sales_sum:
        raise damaged(path)
    try:
        return Sales.from_bytes(keys, columns)
    except (pa.ArrowException, OSError) as error:
        raise damaged(path) from error


def damaged(path: Path | str) -> LedgerError:
    """Return the error of a ledger that is not what was written."""
    return LedgerError(f"{DAMAGED} ({path})")


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
