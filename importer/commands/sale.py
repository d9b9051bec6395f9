"""One sale's whole life: every line about it in the stored reports of a ledger's runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer.commands.runs import Run, runs
from importer.errors import CapiImportError
from importer.stored_reports import rows_of_order


@dataclass(frozen=True)
class SaleLine:
    """What one run said of one source row of the sale. cells: the report's columns."""

    run: Run
    cells: Mapping[str, Any]


def sale(order_id: str, *, ledger: str | Path | None = None) -> tuple[SaleLine, ...]:
    """Return what the runs of a ledger said of the sale with this order id, the oldest first.

    Runs whose report is gone or was moved say nothing.
    """
    return tuple(_lines(order_id.strip(), ledger))


def _lines(order_id: str, ledger: str | Path | None) -> Iterator[SaleLine]:
    for run in reversed(runs(ledger=ledger)):
        if run.report is None or not order_id:
            continue
        try:
            for cells in rows_of_order(run.report, order_id):
                yield SaleLine(run, cells)
        except CapiImportError:  # moved, or changed since
            continue
