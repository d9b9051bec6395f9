"""Runs, what they sent, and refunds in the ledger's file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.sqlite_rows import verified_head, verified_sales
from importer.store.sqlite_schema import ACCEPTED, HEAD


def past_runs(connection: sqlite3.Connection) -> list[PastRun]:
    """Return every run, the newest first."""
    rows = connection.execute("SELECT id, dataset, files, started, ended, summary FROM run ORDER BY id DESC")
    return [PastRun(number, dataset, tuple(json.loads(files)), *rest) for number, dataset, files, *rest in rows]


def note_refunds(
    connection: sqlite3.Connection, dataset: str, run: int, sales: Sequence[AcceptedSale], at: int
) -> None:
    """Add the sales that are not in the table of refunds yet."""
    connection.executemany(
        "INSERT OR IGNORE INTO refund (dataset, key, event_time, run, at, order_id, event_name, value, currency) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (dataset, one.key, one.event_time, run, at, one.order_id, one.event_name, _text(one.value), one.currency)
            for one in sales
        ],
    )


def refunded_sales(connection: sqlite3.Connection) -> list[RefundedSale]:
    """Return the table of refunds by the sales' time."""
    rows = connection.execute(
        "SELECT dataset, run, at, key, event_time, order_id, event_name, value, currency FROM refund "
        "ORDER BY event_time, dataset, order_id, key"
    )
    return [
        RefundedSale(dataset, AcceptedSale(key, time, order_id, key.hex(), name, _amount(value), currency), run, at)
        for dataset, run, at, key, time, order_id, name, value, currency in rows
    ]


def sent_sales(connection: sqlite3.Connection, path: Path, run: int) -> Iterator[SentSale]:
    """Yield the sales of a run's requests in the order of the claims; LedgerError where one is not what was written."""
    numbers = connection.execute("SELECT id FROM batch WHERE run = ? ORDER BY id", (run,)).fetchall()
    for number in numbers:
        query = f"SELECT keys, sales, {HEAD}, head_sum FROM batch WHERE id = ?"  # noqa: S608
        keys, columns, *row = connection.execute(query, number).fetchone()
        head = verified_head(row, path)
        sales = verified_sales(keys, columns, head, path)
        bodies = sales.columns.column("body").to_pylist()
        for place in range(head.n):
            is_accepted = head.state == ACCEPTED
            yield SentSale(head.at, head.dataset, sales.sale(place), is_accepted, head.trace, bodies[place])


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
