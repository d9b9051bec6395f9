"""`ledger` and `ledger forget`: show what the ledger holds, and remove it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import UsageError
from importer.settings import ledger_path
from importer.store import Total, open_ledger

if TYPE_CHECKING:
    from rich.console import Console


def ledger(path: str | Path | None = None) -> tuple[Total, ...]:
    """Count the sales accepted and in doubt per dataset and file, with their first and last day."""
    with open_ledger(ledger_path(path), read_only=True) as held:
        return tuple(held.totals())


def forget(dataset: str, before: str | date, path: str | Path | None = None) -> int:
    """Forget the sales of a dataset before a day, so that they would be sent again; return how many."""
    try:
        day = before if isinstance(before, date) else date.fromisoformat(before)
    except ValueError as error:
        message = f"--before {before} is not a valid date; write it like 2026-10-31."
        raise UsageError(message) from error
    place = ledger_path(path)
    if not place.exists():
        message = f"There is no ledger at {place}; correct --ledger (or CAPI_LEDGER)."
        raise UsageError(message)
    with open_ledger(place) as held:
        return held.forget(dataset, day)


def show(totals: tuple[Total, ...], console: Console) -> None:
    """Print the totals as a table."""
    from rich.table import Table  # noqa: PLC0415  slow to import

    if not totals:
        console.print("The ledger holds nothing yet.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("dataset", "file", "accepted", "in doubt", "sales from", "to", "sent"):
        table.add_column(heading, justify="right" if heading in ("accepted", "in doubt") else "left")
    for row in totals:
        table.add_row(row.dataset, row.file, f"{row.accepted:,}", f"{row.in_doubt:,}", row.first, row.last, row.sent)
    console.print(table, highlight=False, markup=False)
