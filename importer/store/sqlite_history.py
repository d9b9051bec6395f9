"""Runs and refunds in the ledger's file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from decimal import Decimal

from importer.store.history import AcceptedSale, PastRun, RefundedSale


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


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
