"""What the ledger tells afterwards: its runs, the sales of one, and those refunded after Meta had accepted them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PastRun:
    """A run as the ledger keeps it. Times: UTC seconds; summary: what `Ledger.summarize` was given, as JSON."""

    number: int
    dataset: str
    files: tuple[str, ...]
    started: int
    ended: int | None
    summary: str | None


@dataclass(frozen=True)
class AcceptedSale:
    """A sale as Meta accepted it, under the key by which it is told from every other one of its instant.

    Of what ledgers of version 1 hold only the key is known.
    """

    key: bytes
    event_time: int | None
    order_id: str | None
    event_id: str
    event_name: str | None
    value: Decimal | None
    currency: str | None


@dataclass(frozen=True)
class RefundedSale:
    """A sale that a later export shows refunded or cancelled. run, at: when that was found first."""

    dataset: str
    sale: AcceptedSale
    run: int
    at: int


@dataclass(frozen=True)
class SentSale:
    """A sale that was sent, and when Meta accepted it; where its outcome is unknown, when it was claimed.

    body: the SHA-256 of the event's JSON as it was posted, null where an older version sent it.
    """

    at: int
    dataset: str
    sale: AcceptedSale
    is_accepted: bool
    trace: str | None
    body: bytes | None
