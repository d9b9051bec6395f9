"""`runs`: what was done with this ledger, newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.errors import UsageError
from importer.settings import ledger_path
from importer.store import PastRun, open_ledger

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Run:
    """A run of `send`. rows: source rows by status; value: money by currency; host: of a rehearsal, None for Meta's.

    Of a run that was cut off (a crash, a power failure) only the beginning is known.
    """

    run: int
    started: datetime
    ended: datetime | None
    dataset: str
    host: str | None
    files: tuple[str, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    value: Mapping[str, Decimal] = field(default_factory=dict)
    report: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "run": self.run,
            "started": iso(self.started),
            "ended": None if self.ended is None else iso(self.ended),
            "dataset": self.dataset,
            "host": self.host,
            "files": list(self.files),
            "rows": {"total": sum(self.rows.values()), **self.rows} if self.rows else {},
            "value": {currency: float(amount) for currency, amount in self.value.items()},
            "report": None if self.report is None else str(self.report),
        }


def runs(run: int | None = None, *, ledger: str | Path | None = None) -> tuple[Run, ...]:
    """Return the runs of a ledger, the newest first, or the one of that number; UsageError where it has none such."""
    with open_ledger(ledger_path(ledger), read_only=True) as held:
        found = [_run(past) for past in held.runs()]
    if run is None:
        return tuple(found)
    chosen = tuple(one for one in found if one.run == run)
    if not chosen:
        message = f"The ledger has no run {run}; capi-import runs lists them."
        raise UsageError(message)
    return chosen


def _run(past: PastRun) -> Run:
    dataset, _, host = past.dataset.partition("@")
    told = json.loads(past.summary or "{}")
    return Run(
        run=past.number,
        started=moment(past.started),
        ended=None if past.ended is None else moment(past.ended),
        dataset=dataset,
        host=host or None,
        files=past.files,
        rows=told.get("rows", {}),
        value={currency: Decimal(amount) for currency, amount in told.get("value", {}).items()},
        report=Path(told["report"]) if told.get("report") else None,
    )


def moment(seconds: int) -> datetime:
    """Return a moment of UTC seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(time: datetime) -> str:
    """Write a moment as the report does: 2026-11-23T23:00:00Z."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def show(found: Sequence[Run], console: Console) -> None:
    """Print each run in a few lines: when, where to, the files, the rows by status, the money, the report."""
    from importer.results.phrases import amounts  # noqa: PLC0415  needed where something is shown only

    if not found:
        console.print("The ledger knows of no run yet.")
    for one in found:
        to = one.dataset + (f" at {one.host}" if one.host else "")
        rows = ", ".join(f"{count:,} {status}" for status, count in one.rows.items() if count)
        money = amounts({currency: value for currency, value in one.value.items() if value})
        lines = {
            f"Run {one.run}": f"{one.started:%Y-%m-%d %H:%M} UTC to {to}",
            "  files": ", ".join(one.files),
            "  rows": rows or ("none" if one.rows else "not known: the run was cut off, or an older version made it"),
            "  money": money,
            "  report": "" if one.report is None else str(one.report),
        }
        for name, text in lines.items():
            if text:
                console.print(f"{name:<9} {text}", highlight=False, markup=False, soft_wrap=True)
