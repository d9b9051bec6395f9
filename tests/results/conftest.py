"""Builders of delivered rows, which say what differs from a plain accepted sale, and of what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from importer.core.model import DELIVERED, Delivered, Outcomes
from importer.results.facts import Facts, FileFacts
from importer.results.first_rows import FirstRows
from importer.results.outcomes import outcomes
from importer.results.run_totals import RunTotals
from importer.results.summary import Summary, summary_of
from importer.results.totals import Totals

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


@pytest.fixture
def totals_of(delivered: Callable[..., Delivered]) -> Callable[..., Totals]:
    """Count batches as those of a stored report."""

    def build(*batches: Sequence[Mapping[str, Any]], layout: str = "orders", file: str = "sales.csv") -> Totals:
        totals, first_rows = Totals(), FirstRows({file: layout})
        for rows in batches:
            batch = outcomes(file, "", delivered(*rows))
            totals.add(batch, first_rows.of(file, batch))
        return totals

    return build


@pytest.fixture
def summarized(delivered: Callable[..., Delivered]) -> Callable[..., Summary]:
    """Count batches as those of a run, of a file each."""

    def build(
        *batches: Sequence[Mapping[str, Any]],
        check: bool = False,
        names: Sequence[str] = ("file1.csv", "file2.csv"),
        **facts: Any,
    ) -> Summary:
        names = names[: len(batches)]
        counted = RunTotals({})
        for name, rows in zip(names, batches, strict=True):
            batch = delivered(*rows)
            counted.add(outcomes(name, "", batch), batch)
        files = tuple(FileFacts(name) for name in names)
        return summary_of(counted.totals, [Facts("check" if check else "send", files=files, **facts)])

    return build
