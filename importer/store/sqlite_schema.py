"""The tables of the ledger's file, from version to version."""

from __future__ import annotations

import secrets
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from importer.store.request_row import HEAD, Head, checksum_of

Step: TypeAlias = str | Callable[[sqlite3.Connection], None]


def _identify(connection: sqlite3.Connection) -> None:
    """Give the ledger a name of its own and a secret, under which customers are hashed."""
    rows = [("id", uuid.uuid4().hex), ("secret", secrets.token_bytes(16)), ("commits", 0), ("batches", 0)]
    connection.executemany("INSERT INTO meta (name, value) VALUES (?, ?)", rows)


def _copy_batches(connection: sqlite3.Connection) -> None:
    """Move the rows of version 1 into the new table, with their checksums."""
    for number, *fields, keys in _old_rows(connection):
        head = Head._make([*fields, checksum_of(keys), checksum_of(None)])
        connection.execute(INSERT_WITH_ID, (number, *head, head.checksum, keys, None))


def _old_rows(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    columns = HEAD.removesuffix(", keys_sum, sales_sum")
    last = -1
    while rows := connection.execute(  # in parts, since the table that is read may not be held open for long
        f"SELECT id, {columns}, keys FROM batch_1 WHERE id > ? ORDER BY id LIMIT 100",  # noqa: S608
        (last,),
    ).fetchall():
        yield from rows
        last = rows[-1][0]


_COLUMNS = f"{HEAD}, head_sum, keys, sales"
_PLACES = ", ".join("?" * (len(Head._fields) + 3))
INSERT = f"INSERT INTO batch ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608
INSERT_WITH_ID = f"INSERT INTO batch (id, {_COLUMNS}) VALUES (?, {_PLACES})"  # noqa: S608

MIGRATIONS: tuple[tuple[Step, ...], ...] = (
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
    (
        "DROP INDEX batch_by_time",
        "ALTER TABLE batch RENAME TO batch_1",
        (
            "CREATE TABLE batch (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id), "
            "dataset TEXT NOT NULL, file TEXT NOT NULL, state INTEGER NOT NULL, n INTEGER NOT NULL, "
            "min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, at INTEGER NOT NULL, trace TEXT, "
            "keys_sum INTEGER NOT NULL, sales_sum INTEGER NOT NULL, head_sum INTEGER NOT NULL, "
            "keys BLOB NOT NULL, sales BLOB)"
        ),
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
        (
            "CREATE TRIGGER batch_added AFTER INSERT ON batch BEGIN "
            "UPDATE meta SET value = value + 1 WHERE name = 'batches'; END"
        ),
        (
            "CREATE TRIGGER batch_removed AFTER DELETE ON batch BEGIN "
            "UPDATE meta SET value = value - 1 WHERE name = 'batches'; END"
        ),
        _identify,
        _copy_batches,
        "DROP TABLE batch_1",
        "ALTER TABLE run ADD COLUMN summary TEXT",
        (
            "CREATE TABLE refund (dataset TEXT NOT NULL, key BLOB NOT NULL, event_time INTEGER NOT NULL, "
            "run INTEGER NOT NULL, at INTEGER NOT NULL, order_id TEXT, event_name TEXT NOT NULL, "
            "value TEXT, currency TEXT, PRIMARY KEY (dataset, key, event_time)) WITHOUT ROWID"
        ),
    ),
)
"""Migration n (from 1) takes a ledger from version n - 1 to n. A released one is never changed, only followed."""
