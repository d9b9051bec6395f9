"""Runs, what they sent, and refunds in the ledger's file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.ledger_sales import Sales
from importer.store.sqlite_rows import verified_head, verified_sales
from importer.store.sqlite_schema import ACCEPTED, HEAD, Head


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
        refund_rows(dataset, run, sales, at),
    )


def refund_rows(dataset: str, run: int, sales: Sequence[AcceptedSale], at: int) -> list[tuple[object, ...]]:
    """Return the sales as rows of the table of refunds."""
    return [
        (dataset, one.key, one.event_time, run, at, one.order_id, one.event_name, _text(one.value), one.currency)
        for one in sales
    ]


def refunded_sales(connection: sqlite3.Connection) -> list[RefundedSale]:
    """Return the table of refunds by the sales' time."""
    query = f"SELECT {REFUND_COLUMNS} FROM refund ORDER BY event_time, dataset, order_id, key"  # noqa: S608
    return [refund_of(*row) for row in connection.execute(query)]


REFUND_COLUMNS = "dataset, run, at, key, event_time, order_id, event_name, value, currency"
"""The columns that `refund_of` takes."""


def refund_of(  # noqa: PLR0917  a row
    dataset: str,
    run: int,
    at: int,
    key: bytes,
    event_time: int,
    order_id: str | None,
    event_name: str | None,
    value: str | None,
    currency: str | None,
) -> RefundedSale:
    """Return what a row of the table of refunds says."""
    sale = AcceptedSale(key, event_time, order_id, key.hex(), event_name, _amount(value), currency)
    return RefundedSale(dataset, sale, run, at)


def sent_sales(connection: sqlite3.Connection, path: Path, run: int) -> Iterator[SentSale]:
    """Yield the sales of a run's requests in the order of the claims; LedgerError where one is not what was written."""
    numbers = connection.execute("SELECT id FROM batch WHERE run = ? ORDER BY id", (run,)).fetchall()
    for number in numbers:
        query = f"SELECT keys, sales, {HEAD}, head_sum FROM batch WHERE id = ?"  # noqa: S608
        keys, columns, *row = connection.execute(query, number).fetchone()
        head = verified_head(row, path)
        sales = verified_sales(keys, columns, head, path)
        yield from sent_of(head, sales)


def sent_of(head: Head, sales: Sales) -> Iterator[SentSale]:
    """Yield the sales of one request."""
    bodies = sales.columns.column("body").to_pylist()
    is_accepted = head.state == ACCEPTED
    for place in range(head.n):
        yield SentSale(head.at, head.dataset, sales.sale(place), is_accepted, head.trace, bodies[place])


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
