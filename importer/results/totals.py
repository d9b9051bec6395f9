"""The one count of a run: what went in, what became of it and why; the totals of several runs add up.

It is made from the report's own columns, batch by batch, so that `send`, `check` and a stored report come to the same.
It grows with the number of days, codes and currencies, never with the number of rows, and holds no customer's value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask
from importer.core.model import Column, Outcomes, Status
from importer.core.run_refunds import ELSEWHERE
from importer.results.value_counts import among, counts, those

TAKEN = (Status.ACCEPTED, Status.READY)
"""A sale that Meta has taken, or for `check` one that would be sent."""

SENDABLE = (*TAKEN, Status.REJECTED, Status.UNSENT)
"""Sales that passed our own checks and were not sent before."""

TO_FIX = (Status.INVALID, Status.REJECTED, Status.UNSENT)
"""Rows that somebody has to fix or to send again, but for those that are too late."""

TOO_LATE = ("too_old", "expired_waiting")
"""Reasons of rows that nobody can fix any more."""

MOST_PLACES = 10
"""Rows that are named for each reason."""

MOST_NAMES = 100
"""Event names that are counted one by one."""

OTHER_NAMES = "(other names)"
NOTHING = Decimal(0)
_DATE_LENGTH = len("2026-11-23")
_OF_SALES = ["event_time", "status", "currency", "value", "match_keys", "order_id", "event_name"]
_OF_SAMPLES = ["message", "order_id", "event_time", "value", "currency"]
K = TypeVar("K")


class Place(NamedTuple):
    """Where a row stands. line: its line in the file; of rows in memory, which have none, the record's number."""

    file: str
    line: int
    counted: str = "line"


class Sample(NamedTuple):
    """What the report says of one row, beside its status and reason; empty where it says nothing."""

    place: Place
    message: str
    order_id: str
    event_time: str
    value: Decimal | None
    currency: str


class Sum(NamedTuple):
    """Sales and their money, in one currency. priced: how many of them have a value."""

    sales: int = 0
    value: Decimal = NOTHING
    priced: int = 0

    def plus(self, other: Sum) -> Sum:
        """Return the sum of both."""
        return Sum(self.sales + other.sales, self.value + other.value, self.priced + other.priced)

    def minus(self, other: Sum) -> Sum:
        """Return what is left of the sum without the other."""
        return Sum(self.sales - other.sales, self.value - other.value, self.priced - other.priced)


class SalesKey(NamedTuple):
    """What sales are counted by: day (ISO, UTC), status and currency, each empty where the row does not say."""

    day: str
    status: str
    currency: str


class ReasonKey(NamedTuple):
    """Why rows ended: status, reason code and the field at fault."""

    status: str
    reason: str
    field: str


@dataclass
class Totals:
    """Counts of rows, and of sales with their money; a sale counts once, by the first row of its order."""

    rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # file, sheet, status: rows
    sales: dict[SalesKey, Sum] = field(default_factory=dict)
    reasons: Counter[ReasonKey] = field(default_factory=Counter)  # rows
    costs: dict[tuple[str, str, str], Sum] = field(default_factory=dict)  # status, reason, currency
    places: dict[tuple[str, str], list[Place]] = field(default_factory=dict)  # status, reason: the first rows
    samples: dict[tuple[str, str], Sample] = field(default_factory=dict)  # status, reason: the first row
    keys: Counter[str] = field(default_factory=Counter)  # em+ph+fn: sendable sales
    unnumbered: int = 0  # sendable sales without an order number
    names: Counter[str] = field(default_factory=Counter)  # event name: sendable sales
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)  # field, code: rows
    refunded: dict[str, Sum] = field(default_factory=dict)  # currency: sales that other rows of the run take back

    def add(self, rows: Outcomes, first: Mask) -> None:
        """Count lines of the report that come from one file and sheet, in any order.

        first: the rows that stand for a sale, one for each.
        """
        if not rows.num_rows:
            return
        file, sheet = (rows.column(name)[0].as_py() or "" for name in ("file", "sheet"))
        for status, count in counts(rows.column("status")).items():
            self.rows[file, sheet, status] += count
        for notes, count in counts(rows.column("warnings")).items():
            for note in dict.fromkeys(note for note in notes.split("; ") if note):
                name, _, code = note.rpartition(":")
                self.warnings[name, code] += count
        self._add_sales(those(rows.select(_OF_SALES), first))
        self._add_refunded(rows, first)
        explained = np.asarray(rows.column("reason").is_valid()).astype(np.bool_)
        if explained.any():
            self._add_reasons(file, those(rows, explained), first[explained])

    def _add_refunded(self, rows: Outcomes, first: Mask) -> None:
        """Add the sales that are not sent since other rows of the run show them refunded or cancelled."""
        said = pc.match_substring(rows.column("warnings"), ELSEWHERE).fill_null(False)
        sales = those(rows, first & np.asarray(said).astype(np.bool_))
        for currency, total in _sums({"currency": sales.column("currency")}, sales.column("value")):
            _put(self.refunded, currency, total)

    def _add_sales(self, sales: pa.RecordBatch) -> None:
        day = pc.binary_slice(sales.column("event_time").cast(pa.binary()), 0, _DATE_LENGTH).cast(pa.string())
        keys = {"day": day, "status": sales.column("status"), "currency": sales.column("currency")}
        for *key, total in _sums(keys, sales.column("value")):
            _put(self.sales, SalesKey(*key), total)
        sendable = those(sales, among(sales.column("status"), SENDABLE))
        self.keys.update(counts(sendable.column("match_keys").fill_null("")))
        self.unnumbered += sendable.column("order_id").null_count
        for name, count in counts(sendable.column("event_name")).items():
            self.names[name if name in self.names or len(self.names) < MOST_NAMES else OTHER_NAMES] += count

    def _add_reasons(self, file: str, rows: pa.RecordBatch, first: Mask) -> None:
        codes = {name: rows.column(name) for name in ("status", "reason", "field")}
        lines = pc.coalesce(rows.column("line"), rows.column("row"))
        counted = "row" if rows.column("line").null_count else "line"
        table = pa.Table.from_arrays([*codes.values(), lines], names=[*codes, "line"])
        found = table.group_by(list(codes), use_threads=False).aggregate([("line", "count"), ("line", "min")])
        for row in found.to_pylist():
            status, reason = row["status"], row["reason"]
            self.reasons[ReasonKey(status, reason, row["field"] or "")] += row["line_count"]
            held = self.places.get((status, reason), [])
            if len(held) < MOST_PLACES or (held[-1].file == file and row["line_min"] < held[-1].line):
                such = pc.and_(pc.equal(codes["status"], status), pc.equal(codes["reason"], reason))
                places = [Place(file, line, counted) for line in np.asarray(lines.filter(such)).tolist()]
                self._add_places((status, reason), places, rows.filter(such))
        sales = those(rows, first)
        for status, reason, currency, total in _sums(
            {name: sales.column(name) for name in ("status", "reason", "currency")}, sales.column("value")
        ):
            _put(self.costs, (status, reason, currency), total)

    def _add_places(self, code: tuple[str, str], places: Sequence[Place], rows: pa.RecordBatch) -> None:
        """Keep the first lines of each file, files in the order in which they came, and what the first row is."""
        order = list(dict.fromkeys(name for name, _, _ in self.rows))
        found = {*self.places.get(code, ()), *sorted(places)[:MOST_PLACES]}
        self.places[code] = sorted(found, key=lambda place: (order.index(place.file), place.line))[:MOST_PLACES]
        first = self.places[code][0]
        if first in places:
            row = rows.select(_OF_SAMPLES).slice(places.index(first), 1).to_pylist()[0]
            texts = {name: row[name] or "" for name in _OF_SAMPLES if name != "value"}
            self.samples[code] = Sample(place=first, value=row["value"], **texts)

    def __add__(self, other: Totals) -> Totals:
        """Return the totals of both, as if one run had written both reports."""
        both = Totals(
            self.rows + other.rows,
            _added(self.sales, other.sales),
            self.reasons + other.reasons,
            _added(self.costs, other.costs),
            {key: list(places) for key, places in self.places.items()},
            other.samples | self.samples,
            self.keys + other.keys,
            self.unnumbered + other.unnumbered,
            self.names + other.names,
            self.warnings + other.warnings,
            _added(self.refunded, other.refunded),
        )
        for code, places in other.places.items():
            both.places[code] = [*both.places.get(code, ()), *places][:MOST_PLACES]
        return both

    @property
    def total(self) -> int:
        """All rows."""
        return self.rows.total()

    def by_status(self) -> dict[str, int]:
        """Return the rows of each status, every status."""
        counts: Counter[str] = Counter()
        for (_, _, status), count in self.rows.items():
            counts[status] += count
        return {str(status): counts[status] for status in Status}

    def by_reason(self) -> dict[str, dict[str, int]]:
        """Return the rows by status and reason, the most frequent reason first."""
        rows: Counter[tuple[str, str]] = Counter()
        for key, count in self.reasons.items():
            rows[key.status, key.reason] += count
        found: dict[str, dict[str, int]] = {}
        for status in Status:
            for (its, reason), count in rows.most_common():
                if its == status:
                    found.setdefault(str(status), {})[reason] = count
        return found

    def money(self, *statuses: str) -> dict[str, Sum]:
        """Return sales and money by currency, the most money first, of sales with these statuses."""
        found: dict[str, Sum] = {}
        for key, total in self.sales.items():
            if key.status in statuses:
                _put(found, key.currency, total)
        return _greatest_first(found)

    def cost(self, status: str, reason: str) -> dict[str, Sum]:
        """Return sales and money that ended for a reason, by currency, the most money first."""
        code = (status, reason)
        return _greatest_first({currency: total for (*its, currency), total in self.costs.items() if (*its,) == code})

    @property
    def too_late(self) -> int:
        """Rows that nobody can fix any more."""
        return sum(rows for key, rows in self.reasons.items() if key.reason in TOO_LATE)

    @property
    def to_fix(self) -> int:
        """Rows that somebody has to fix or to send again."""
        rows = self.by_status()
        return sum(rows[status] for status in TO_FIX) - self.too_late

    def money_to_fix(self) -> dict[str, Sum]:
        """Return sales and money of the rows to fix by currency, the most money first."""
        found = self.money(*TO_FIX)
        for (_, reason, currency), late in self.costs.items():
            if reason in TOO_LATE:
                found[currency] = found[currency].minus(late)
        return _greatest_first({currency: total for currency, total in found.items() if total.sales})

    def count(self, *statuses: str) -> int:
        """Return the number of sales with these statuses."""
        return sum(total.sales for key, total in self.sales.items() if key.status in statuses)

    @property
    def taken(self) -> int:
        """Sales that Meta took, or for `check` would be offered."""
        return self.count(*TAKEN)

    @property
    def sendable(self) -> int:
        """Sales that passed our own checks and had not been sent before."""
        return self.count(*SENDABLE)

    def key_counts(self) -> Counter[str]:
        """Return the number of sendable sales that have each customer key."""
        counts: Counter[str] = Counter()
        for keys, sales in self.keys.items():
            for key in keys.split("+") if keys else ():
                counts[key] += sales
        return counts


def _sums(keys: Mapping[str, Column], value: Column) -> Iterator[tuple[Any, ...]]:
    """Yield each different combination of the keys, "" for null, and the Sum of its rows."""
    table = pa.Table.from_arrays([*keys.values(), value], names=[*keys, "value"])
    how = [("value", "count", pc.CountOptions(mode="all")), ("value", "sum"), ("value", "count")]
    found = table.group_by(list(keys), use_threads=False).aggregate(how)
    for *key, sales, money, priced in zip(*(column.to_pylist() for column in found.columns), strict=True):
        yield *(part or "" for part in key), Sum(sales, money or NOTHING, priced)


def _added(first: Mapping[K, Sum], second: Mapping[K, Sum]) -> dict[K, Sum]:
    both = dict(first)
    for key, total in second.items():
        _put(both, key, total)
    return both


def _put(sums: dict[K, Sum], key: K, total: Sum) -> None:
    sums[key] = sums.get(key, Sum()).plus(total)


def _greatest_first(sums: Mapping[str, Sum]) -> dict[str, Sum]:
    return dict(sorted(sums.items(), key=lambda item: (-item[1].value, item[0])))
