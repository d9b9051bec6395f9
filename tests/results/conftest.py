"""A builder of delivered rows: say what differs from a plain accepted sale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from importer.core.model import DELIVERED, Delivered, Outcomes
from importer.results.outcomes import outcomes

SALE: Mapping[str, Any] = {
    "order": None,
    "key": b"0123456789abcdef",
    "order_id": "1001",
    "event_id": "e-1001",
    "event_name": "Purchase",
    "event_time": 1_793_455_500,
    "action_source": "physical_store",
    "value": Decimal("1049.40"),
    "currency": "USD",
    "match_keys": "em+ph",
    "payload": '{"user_data":{"em":["5e884898"]}}',
    "status": "accepted",
}


@pytest.fixture
def delivered() -> Callable[..., Delivered]:
    def build(*rows: Mapping[str, Any]) -> Delivered:
        made = [
            {"row": number, "line": number + 1, **SALE, "order": number, **row}
            for number, row in enumerate(rows, start=1)
        ]
        full = [{name: row.get(name) for name in DELIVERED.names} for row in made]
        return Delivered(pa.RecordBatch.from_pylist(full, schema=DELIVERED))

    return build


@pytest.fixture
def reported(delivered: Callable[..., Delivered]) -> Callable[..., Outcomes]:
    def build(*rows: Mapping[str, Any]) -> Outcomes:
        return outcomes("sales.csv", "", delivered(*rows))

    return build
