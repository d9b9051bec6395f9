"""Runs, what they sent, and refunds as rows of either database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.ledger_sales import Sales
from importer.store.request_row import ACCEPTED, Head


def past_run_of(  # noqa: PLR0917  a row
    number: int, dataset: str, files: str, started: int, ended: int | None, summary: str | None
) -> PastRun:
    """Return what a row of the table of runs says."""
    return PastRun(number, dataset, tuple(json.loads(files)), started, ended, summary)


def sent_of(head: Head, sales: Sales) -> Iterator[SentSale]:
    """Yield the sales of one request."""
    bodies = sales.columns.column("body").to_pylist()
    is_accepted = head.state == ACCEPTED
    for place in range(head.n):
        yield SentSale(head.at, head.dataset, sales.sale(place), is_accepted, head.trace, bodies[place])


def refund_rows(dataset: str, run: int, sales: Sequence[AcceptedSale], at: int) -> list[tuple[object, ...]]:
    """Return the sales as rows of the table of refunds."""
    return [
        (dataset, one.key, one.event_time, run, at, one.order_id, one.event_name, _text(one.value), one.currency)
        for one in sales
    ]


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


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
