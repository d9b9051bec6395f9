"""The totals of a run: what went in, what became of it and why; those of several runs can be added up.

It is made from the report's own columns, batch by batch, so that `send`, `check` and a stored report render the same.
It grows with the number of days, codes and currencies, never with the number of rows, and holds no customer's value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask
from importer.core.model import Column, Outcomes, Status
from importer.results.first_rows import FirstRows
from importer.results.summary import SENDABLE, TAKEN, Place
from importer.results.value_counts import among, counts, those

MOST_PLACES = 10
"""Rows that are named for each reason."""

MOST_NAMES = 100
"""Event names that are counted one by one."""

OTHER_NAMES = "(other names)"
DATE_LETTERS = len("2026-11-23")
NOTHING = Decimal(0)
K = TypeVar("K")


class Sum(NamedTuple):
    """Sales and their money, in one currency."""

    sales: int = 0
    value: Decimal = NOTHING

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        return Sum(self.sales + other.sales, self.value + other.value)


class Cell(NamedTuple):
    """Where a sale is counted: its day (ISO, UTC), status and currency, empty where the row does not say."""

    day: str
    status: str
    currency: str


class Why(NamedTuple):
    """Why rows ended: status, reason code and the field at fault."""

    status: str
    reason: str
    field: str


@dataclass
class Totals:
    """Counts of rows, and of sales with their money; a sale counts once, by the first row of its order."""

    rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # file, sheet, status: rows
    sales: dict[Cell, Sum] = field(default_factory=dict)
    reasons: Counter[Why] = field(default_factory=Counter)  # rows
    costs: dict[tuple[str, str, str], Sum] = field(default_factory=dict)  # status, reason, currency
    places: dict[tuple[str, str], list[Place]] = field(default_factory=dict)  # status, reason: the first rows
    keys: Counter[str] = field(default_factory=Counter)  # em+ph+fn: sendable sales
    unnumbered: int = 0  # sendable sales without an order number
    names: Counter[str] = field(default_factory=Counter)  # event name: sendable sales
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)  # field, code: rows

    def add(self, rows: Outcomes, leads: FirstRows) -> None:
        """The lines of the report are counted; they may come from several files."""
        for file, part in by_file(rows):
            self._add_rows(file, part)
            self._add_reasons(file, part, leads.of(file, part))

    def plus(self, other: Totals) -> Totals:
        """Both together, as if one run had written both reports."""
        both = Totals(
            self.rows + other.rows,
            added(self.sales, other.sales),
            self.reasons + other.reasons,
            added(self.costs, other.costs),
            {key: list(places) for key, places in self.places.items()},
            self.keys + other.keys,
            self.unnumbered + other.unnumbered,
            self.names + other.names,
            self.warnings + other.warnings,
        )
        for code, places in other.places.items():
            both.places[code] = [*both.places.get(code, ()), *places][:MOST_PLACES]
        return both

    def _add_rows(self, file: str, rows: Outcomes) -> None:
        sheet = rows.column("sheet")[0].as_py() or ""
        for status, count in counts(rows.column("status")).items():
            self.rows[file, sheet, status] += count
        for notes, count in counts(rows.column("warnings")).items():
            for note in {note for note in notes.split("; ") if note}:
                name, _, code = note.rpartition(":")
                self.warnings[name, code] += count

    def _add_reasons(self, file: str, rows: Outcomes, lead: Mask) -> None:
        explained = np.asarray(rows.column("reason").is_valid()).astype(np.bool_)
        self._add_sales(those(rows.select(_OF_SALES), lead))
        if not explained.any():
            return
        mask = pa.array(explained)
        why = [rows.column(name).filter(mask) for name in ("status", "reason", "field", "currency", "value", "line")]
        status, reason, at, currency, value, line = why
        first = pa.array(lead[explained])
        for *code, count in _grouped({"s": status, "r": reason, "f": at}, [("s", "count")]):
            self.reasons[Why(*(part or "" for part in code))] += count
        led = {"s": status.filter(first), "r": reason.filter(first), "c": currency.filter(first)}
        for its, because, unit, sales, money in _grouped(led, MONEYED, value.filter(first)):
            _put(self.costs, (its, because, unit or ""), Sum(sales, money or NOTHING))
        self._add_places(file, status, reason, line)

    def _add_places(self, file: str, status: Column, reason: Column, line: Column) -> None:
        for its, because in _grouped({"s": status, "r": reason}, []):
            held = self.places.setdefault((its, because), [])
            room = MOST_PLACES - len(held)
            if room:
                such = pc.and_(pc.equal(status, its), pc.equal(reason, because))
                held += [Place(file, number) for number in line.filter(such).slice(0, room).to_pylist()]

    def _add_sales(self, leads: pa.RecordBatch) -> None:
        day = pc.binary_slice(leads.column("event_time").cast(pa.binary()), 0, DATE_LETTERS).cast(pa.string())
        keys = {"d": day, "s": leads.column("status"), "c": leads.column("currency")}
        for at, its, unit, sales, money in _grouped(keys, MONEYED, leads.column("value")):
            _put(self.sales, Cell(at or "", its, unit or ""), Sum(sales, money or NOTHING))
        offered = among(leads.column("status"), SENDABLE)
        if offered.any():
            self._add_offered(those(leads, offered))

    def _add_offered(self, sales: pa.RecordBatch) -> None:
        self.keys.update(counts(sales.column("match_keys").fill_null("")))
        self.unnumbered += sales.column("order_id").null_count
        for name, count in counts(sales.column("event_name")).items():
            self.names[name if name in self.names or len(self.names) < MOST_NAMES else OTHER_NAMES] += count

    # ------------------------------------------------------------------ what it comes to

    @property
    def total(self) -> int:
        """All rows."""
        return self.rows.total()

    def by_status(self) -> dict[str, int]:
        """Rows of each status, every status."""
        counts: Counter[str] = Counter()
        for (_, _, status), count in self.rows.items():
            counts[status] += count
        return {str(status): counts[status] for status in Status}

    def money(self, *statuses: str) -> dict[str, Sum]:
        """Sales and money by currency, of sales with these statuses."""
        found: dict[str, Sum] = {}
        for cell, total in self.sales.items():
            if cell.status in statuses:
                _put(found, cell.currency, total)
        return dict(sorted(found.items(), key=lambda item: (-item[1].value, item[0])))

    def count(self, *statuses: str) -> int:
        """Sales with these statuses."""
        return sum(total.sales for cell, total in self.sales.items() if cell.status in statuses)

    @property
    def taken(self) -> int:
        """Sales that Meta took, or for `check` would be offered."""
        return self.count(*TAKEN)

    @property
    def sendable(self) -> int:
        """Sales that passed our own checks and had not been sent before."""
        return self.count(*SENDABLE)

    def key_counts(self) -> Counter[str]:
        """Sendable sales by customer key."""
        counts: Counter[str] = Counter()
        for keys, sales in self.keys.items():
            for key in keys.split("+") if keys else ():
                counts[key] += sales
        return counts

    def cost(self, status: str, reason: str) -> dict[str, Sum]:
        """Sales and money that ended for a reason, by currency, the most first."""
        found = {
            unit: total for (its, because, unit), total in self.costs.items() if (its, because) == (status, reason)
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1].value, item[0])))


MONEYED = [("v", "count"), ("v", "sum")]
_OF_SALES = ["event_time", "status", "currency", "value", "match_keys", "order_id", "event_name"]


def by_file(rows: Outcomes) -> Iterator[tuple[str, Outcomes]]:
    """The batch in runs of rows of one file and sheet, in their order; nearly always all of it at once."""
    files = rows.column("file")
    if not rows.num_rows:
        return
    ends = np.flatnonzero(np.asarray(pc.not_equal(files.slice(1), files.slice(0, len(files) - 1))).astype(np.bool_)) + 1
    for start, end in zip([0, *ends.tolist()], [*ends.tolist(), len(files)], strict=True):
        part = Outcomes(rows.slice(start, end - start))
        yield part.column("file")[0].as_py(), part


def added(first: Mapping[K, Sum], second: Mapping[K, Sum]) -> dict[K, Sum]:
    """The sums of both, key by key."""
    both = dict(first)
    for key, total in second.items():
        _put(both, key, total)
    return both


def _put(sums: dict[K, Sum], key: K, total: Sum) -> None:
    sums[key] = sums.get(key, Sum()).plus(total)


def _grouped(
    keys: Mapping[str, Column], wanted: list[tuple[str, str]], value: Column | None = None
) -> Iterator[tuple[Any, ...]]:
    """Each different combination of the keys, with what is wanted of its rows."""
    columns = dict(keys) if value is None else {**keys, "v": value}
    table = pa.Table.from_arrays(list(columns.values()), names=list(columns))
    aggregates = [(name, how, pc.CountOptions(mode="all") if how == "count" else None) for name, how in wanted]
    found = table.group_by(list(keys), use_threads=False).aggregate(aggregates)
    order = [*keys, *(f"{name}_{how}" for name, how in wanted)]
    yield from zip(*(found.column(name).to_pylist() for name in order), strict=True)
