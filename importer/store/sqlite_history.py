"""Runs, what they sent, and refunds in the ledger's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.history_rows import REFUND_COLUMNS, past_run_of, refund_of, refund_rows, sent_of
from importer.store.request_row import HEAD, verified_head, verified_sales


def past_runs(connection: sqlite3.Connection) -> list[PastRun]:
    """Return every run, the newest first."""
    rows = connection.execute("SELECT id, dataset, files, started, ended, summary FROM run ORDER BY id DESC")
    return [past_run_of(*row) for row in rows]


def note_refunds(
    connection: sqlite3.Connection, dataset: str, run: int, sales: Sequence[AcceptedSale], at: int
) -> None:
    """Add the sales that are not in the table of refunds yet."""
    connection.executemany(
        "INSERT OR IGNORE INTO refund (dataset, key, event_time, run, at, order_id, event_name, value, currency) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        refund_rows(dataset, run, sales, at),
    )


def refunded_sales(connection: sqlite3.Connection) -> list[RefundedSale]:
    """Return the table of refunds by the sales' time."""
    query = f"SELECT {REFUND_COLUMNS} FROM refund ORDER BY event_time, dataset, order_id, key"  # noqa: S608
    return [refund_of(*row) for row in connection.execute(query)]


def sent_sales(connection: sqlite3.Connection, path: Path, run: int) -> Iterator[SentSale]:
    """Yield the sales of a run's requests in the order of the claims; LedgerError where one is not what was written."""
    numbers = connection.execute("SELECT id FROM batch WHERE run = ? ORDER BY id", (run,)).fetchall()
    for number in numbers:
        query = f"SELECT keys, sales, {HEAD}, head_sum FROM batch WHERE id = ?"  # noqa: S608
        keys, columns, *row = connection.execute(query, number).fetchone()
        head = verified_head(row, path)
        sales = verified_sales(keys, columns, head, path)
        yield from sent_of(head, sales)
