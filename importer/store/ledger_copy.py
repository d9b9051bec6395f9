"""A whole ledger as rows, as both databases keep them: what moves one into the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from importer.errors import LedgerError
from importer.store.keys import keys_of
from importer.store.request_row import HEAD

if TYPE_CHECKING:
    from psycopg import Cursor

RUN = "id, dataset, files, started, ended, pid, summary"
BATCH = f"id, {HEAD}, head_sum, keys, sales"
REFUND = "dataset, key, event_time, run, at, order_id, event_name, value, currency"
TABLES = {"run": RUN, "batch": BATCH, "refund": REFUND}
"""The tables, in the order in which they can be filled, each with its columns."""


class LedgerRow(NamedTuple):
    """A row of one of the tables; of `meta` the ledger's id, its secret in hex, and its number of commits."""

    table: str
    values: tuple[Any, ...]


def sqlite_rows(connection: sqlite3.Connection) -> Iterator[LedgerRow]:
    """Yield every row of a ledger's file; inside a transaction, as of one moment."""
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    yield LedgerRow("meta", (meta["id"], meta["secret"].hex(), int(meta["commits"])))
    for table, columns in TABLES.items():
        for row in connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1"):
            yield LedgerRow(table, tuple(row))


def fill_sqlite(connection: sqlite3.Connection, rows: Iterable[LedgerRow]) -> None:
    """Insert the rows into a file that holds none; inside a transaction."""
    if any(connection.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0] for table in TABLES):
        raise _not_empty()
    for table, values in rows:
        if table == "meta":
            ledger, secret, commits = values
            new = [(ledger, "id"), (bytes.fromhex(secret), "secret"), (commits, "commits")]
            connection.executemany("UPDATE meta SET value = ? WHERE name = ?", new)
        else:
            places = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} ({TABLES[table]}) VALUES ({places})", values)


def postgres_rows(cursor: Cursor[Any]) -> Iterator[LedgerRow]:
    """Yield every row of a ledger in PostgreSQL; in a transaction of its own, as of one moment."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    meta = dict(cursor.execute("SELECT name, value FROM meta").fetchall())
    commits = cursor.execute("SELECT last_value FROM commits").fetchone()
    yield LedgerRow("meta", (meta["id"], meta["secret"], 0 if commits is None else commits[0]))
    for table, columns in TABLES.items():
        with cursor.connection.cursor(f"copy_{table}") as rows:
            rows.itersize = 100
            for row in rows.execute(f"SELECT {columns} FROM {table} ORDER BY 1"):
                yield LedgerRow(table, tuple(row))


def fill_postgres(cursor: Cursor[Any], rows: Iterable[LedgerRow]) -> None:
    """Insert the rows into a database that holds none, and the keys of the sales; in a transaction."""
    from importer.store.postgres_keys import number_of, restore  # noqa: PLC0415  psycopg, which few need

    for table in TABLES:
        if cursor.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone() != (False,):
            raise _not_empty()
    for table, values in rows:
        if table == "meta":
            ledger, secret, commits = values
            cursor.executemany("UPDATE meta SET value = %s WHERE name = %s", [(ledger, "id"), (secret, "secret")])
            cursor.execute("SELECT setval('commits', %s)", (max(commits, 1),))
            continue
        cursor.execute(f"INSERT INTO {table} ({TABLES[table]}) VALUES ({', '.join(['%s'] * len(values))})", values)
        if table == "batch":
            row = dict(zip(BATCH.split(", "), values, strict=True))
            cursor.execute("INSERT INTO dataset (name) VALUES (%s) ON CONFLICT DO NOTHING", (row["dataset"],))
            restore(cursor, number_of(cursor, row["dataset"]), row["id"], keys_of(row["keys"]))
    cursor.execute("SELECT setval('batch_id', max(id)) FROM batch HAVING max(id) > 0")
    cursor.execute("SELECT setval(pg_get_serial_sequence('run', 'id'), max(id)) FROM run HAVING max(id) > 0")


def _not_empty() -> LedgerError:
    return LedgerError("The ledger to be filled holds something already; give the place of a new one.")
