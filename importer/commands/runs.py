"""`runs`: what was done with this ledger, newest first."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from importer.errors import UsageError
from importer.results.audit import write_audit
from importer.settings import ledger_path
from importer.store import PastRun, RefundedSale, open_ledger
from importer.terminal.plain_text import fitted

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Run:
    """A run of `send`. rows: source rows by status; value: money by currency; host: of a rehearsal, None for Meta's.

    Of a run that was cut off (a crash, a power failure) only the beginning is known. dataset: of a run to several, all
    of them.
    """

    run: int
    started: datetime
    ended: datetime | None
    dataset: str | tuple[str, ...]
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
            "dataset": self.dataset if isinstance(self.dataset, str) else list(self.dataset),
            "host": self.host,
            "files": list(self.files),
            "rows": {"total": sum(self.rows.values()), **self.rows} if self.rows else {},
            "value": {currency: float(amount) for currency, amount in self.value.items()},
            "report": None if self.report is None else str(self.report),
        }


@dataclass(frozen=True)
class Refund:
    """A sale that was refunded or canceled after Meta had accepted it, as Meta has it; host: as of a `Run`."""

    order_id: str | None
    dataset: str
    host: str | None
    event_time: datetime
    value: Decimal | None
    currency: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        value = None if self.value is None else float(self.value)
        return asdict(self) | {"event_time": iso(self.event_time), "value": value}


@dataclass(frozen=True)
class RefundTotal:
    """How much Meta counts too high of one month's sales, in one dataset and currency. month: of the sale, UTC."""

    month: str
    dataset: str
    host: str | None
    currency: str | None
    sales: int
    value: Decimal

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return asdict(self) | {"value": float(self.value)}


@dataclass(frozen=True)
class Refunds:
    """Each sale once, the earliest first."""

    refunds: tuple[Refund, ...]

    @property
    def totals(self) -> tuple[RefundTotal, ...]:
        """What they come to by month, dataset and currency."""
        counts: Counter[tuple[str, str, str, str]] = Counter()
        sums: dict[tuple[str, str, str, str], Decimal] = {}
        for one in self.refunds:
            key = (f"{one.event_time:%Y-%m}", one.dataset, one.host or "", one.currency or "")
            counts[key] += 1
            sums[key] = sums.get(key, Decimal(0)) + (one.value or 0)
        return tuple(
            RefundTotal(month, dataset, host or None, currency or None, counts[key], total)
            for key, total in sorted(sums.items())
            for month, dataset, host, currency in [key]
        )

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {"refunds": [one.as_json() for one in self.refunds], "totals": [one.as_json() for one in self.totals]}


@overload
def runs(
    run: int | None = None, *, audit: str | Path | None = None, ledger: str | Path | None = None
) -> tuple[Run, ...]: ...
@overload
def runs(*, refunds: Literal[True], ledger: str | Path | None = None) -> Refunds: ...
def runs(
    run: int | None = None,
    *,
    refunds: bool = False,
    audit: str | Path | None = None,
    ledger: str | Path | None = None,
) -> tuple[Run, ...] | Refunds:
    """Return the runs of a ledger, the newest first, or the one of that number; UsageError where it has none such.

    refunds: return the sales that were refunded after Meta had accepted them instead, of all runs. audit: a new file
    for what the run sent, one JSON object a line, no customer in it.
    """
    if audit is not None and run is None:
        message = "--audit FILE is of one run; name it by its number: capi-import runs 3 --audit run3.jsonl."
        raise UsageError(message)
    with open_ledger(ledger_path(ledger), read_only=True) as held:
        if refunds:
            return Refunds(tuple(_refund(found) for found in held.refunds()))
        parts = _parts(held.runs())
        found = tuple(_run(past) for past in parts.values())
        if run is None:
            return found
        chosen = tuple(one for one in found if one.run == run)
        if not chosen:
            message = f"The ledger has no run {run}; capi-import runs lists them."
            raise UsageError(message)
        if audit is not None:
            write_audit(Path(audit), chain.from_iterable(held.sent(past.number) for past in parts[run]))
    return chosen


def _refund(found: RefundedSale) -> Refund:
    dataset, _, host = found.dataset.partition("@")
    sale = found.sale
    return Refund(sale.order_id, dataset, host or None, moment(sale.event_time or 0), sale.value, sale.currency)


def _parts(runs: Sequence[PastRun]) -> dict[int, list[PastRun]]:
    """Return the runs by number; a run to several datasets is one in the ledger for each, the first of which counts."""
    parts: dict[int, list[PastRun]] = {}
    for past in runs:
        parts.setdefault(json.loads(past.summary or "{}").get("part_of", past.number), []).insert(0, past)
    return parts


def _run(parts: Sequence[PastRun]) -> Run:
    past = parts[0]
    host = past.dataset.partition("@")[2]
    datasets = tuple(dict.fromkeys(part.dataset.partition("@")[0] for part in parts))
    told = json.loads(past.summary or "{}")
    return Run(
        run=past.number,
        started=moment(past.started),
        ended=None if past.ended is None else moment(past.ended),
        dataset=datasets if len(datasets) > 1 else datasets[0],
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
        datasets = one.dataset if isinstance(one.dataset, str) else ", ".join(one.dataset)
        to = datasets + (f" at {one.host}" if one.host else "")
        rows = ", ".join(f"{count:,} {status}" for status, count in one.rows.items() if count)
        money = amounts({currency: value for currency, value in one.value.items() if value})
        shown = {
            f"Run {one.run}": f"{one.started:%Y-%m-%d %H:%M} UTC to {to}",
            "  files": ", ".join(one.files),
            "  rows": rows or ("none" if one.rows else "not known: the run was cut off, or an older version made it"),
            "  money": money,
        }
        for name, text in shown.items():
            if text:
                _print(console, fitted(f"{name:<9} {text}", sys.stdout, indent=10))
        if one.report is not None:  # a path is never broken
            _print(console, f"  report  {one.report}")


def _print(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def show_refunds(found: Refunds, console: Console) -> None:
    """Print what Meta counts too high by month, then each sale."""
    from importer.results.phrases import amount  # noqa: PLC0415
    from importer.terminal.console import plain_table  # noqa: PLC0415

    if not found.refunds:
        console.print("No sale is known that was refunded after Meta had accepted it.")
        return
    console.print("Meta counts too high by:")
    table = plain_table("month", "dataset", "sales", "value", "currency", right=(2, 3))
    for total in found.totals:
        to = total.dataset + (f" at {total.host}" if total.host else "")
        money = amount(total.value, total.currency or "")
        table.add_row(total.month, to, f"{total.sales:,}", money, total.currency or "")
    console.print(table, highlight=False, markup=False)
    console.print()
    table = plain_table("sale of", "order id", "value", "currency", "dataset", right=(2,))
    for one in found.refunds:
        money = "" if one.value is None else amount(one.value, one.currency or "")
        table.add_row(f"{one.event_time:%Y-%m-%d}", one.order_id or "", money, one.currency or "", one.dataset)
    console.print(table, highlight=False, markup=False)
