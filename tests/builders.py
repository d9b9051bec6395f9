"""Small prepared batches for tests of what comes after `prepare`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa

from importer.core.model import PREPARED, SEPARATOR, Prepared

NOW = int(datetime(2026, 11, 23, 23, tzinfo=UTC).timestamp())
HOUR = 3_600


@dataclass(frozen=True)
class Sale:
    """One event and the source rows that share it."""

    id: str
    time: int = NOW - HOUR
    source: str = "physical_store"
    lines: int = 1
    key: str | None = None
    padding: int = 0

    @property
    def key_bytes(self) -> bytes:
        return hashlib.sha256((self.key or self.id).encode()).digest()[:16]

    @property
    def payload(self) -> str:
        event = {
            "event_name": "Purchase",
            "event_time": self.time,
            "event_id": self.id,
            "action_source": self.source,
            "user_data": {"em": [hashlib.sha256(self.id.encode()).hexdigest()]},
            "custom_data": {
                "value": 12.5,
                "currency": "EUR",
                "order_id": self.key or self.id,
                "note": "x" * self.padding,
            },
        }
        return json.dumps(event, separators=(",", ":")) + SEPARATOR


def sales(count: int, prefix: str = "s", **fields: object) -> list[Sale]:
    return [replace(Sale(f"{prefix}{number}"), **fields) for number in range(count)]


def ended(status: str, reason: str) -> dict[str, object]:
    """A row that prepare has already ended."""
    return {"status": status, "reason": reason}


def prepared(items: Iterable[Sale | dict[str, object]], first_row: int = 1) -> Prepared:
    rows: list[dict[str, object]] = []
    for order, item in enumerate(items):
        for row in _rows(item, order):
            number = first_row + len(rows)
            rows.append({"row": number, "line": number + 1, **row})
    return Prepared(pa.RecordBatch.from_pylist(rows, schema=PREPARED))


def _rows(item: Sale | dict[str, object], order: int) -> Iterator[dict[str, object]]:
    if isinstance(item, dict):
        yield item
        return
    shared = {
        "order": order,
        "order_id": item.key or item.id,
        "event_id": item.id,
        "event_name": "Purchase",
        "event_time": item.time,
        "action_source": item.source,
        "value": Decimal("12.50"),
        "currency": "EUR",
        "match_keys": "em",
    }
    yield {**shared, "key": item.key_bytes, "payload": item.payload}
    for _ in range(item.lines - 1):
        yield dict(shared)
