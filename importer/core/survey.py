"""The first pass over a file: what the whole of it says that no single row can say.

Whether 03/04 is in March or April, whether 1.234 is a thousand, whether times need a zone and amounts a currency,
whether the lines of an order stand together: all is decided once, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding, Source
from importer.core.cells import amounts
from importer.core.cells import times as dates
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import Indices, Mask, coalesce, nulls, one_chunk
from importer.core.kernels.hash64 import text_hashes
from importer.core.model import MONEY, Column, Raw
from importer.core.sales import verdicts
from importer.core.unknown_words import Words, added, unknown_words
from importer.errors import NeedsAnswer
from importer.questions import Kind, Question

ENOUGH_ROWS = 500_000
"""Rows that tell whether a file has one row an order or several."""

AMOUNTS = ("value", "net_revenue", "predicted_ltv")
ITEM_AMOUNTS = ("item_price", "line_total", "quantity")


@dataclass(frozen=True)
class Survey:
    """What one batch says, or several added up.

    rows: source rows; sales: those that no status column rules out; times: of the sales; days: of every row, since a
    refund's date tells day from month as well as a sale's.
    no_currency: sales whose row and cell name no currency.
    run_starts, run_ends: hashes of the order ids where a run of equal ones begins, and the row where it ends.
    first_ids: the order ids of the first half million rows, where the layout is not known yet.
    words: of a file that no schema describes the words of its status columns that nobody knows.
    """

    rows: int = 0
    sales: int = 0
    times: dates.DateEvidence = field(default_factory=dates.DateEvidence)
    days: dates.DateEvidence = field(default_factory=dates.DateEvidence)
    birthdays: dates.DateEvidence = field(default_factory=dates.DateEvidence)
    decimals: Mapping[str, amounts.DecimalEvidence] = field(default_factory=dict)
    no_currency: int = 0
    run_starts: tuple[Indices, ...] = ()
    run_ends: tuple[Indices, ...] = ()
    first_ids: tuple[Column, ...] = ()
    words: Words = field(default_factory=dict)

    def __add__(self, other: Survey) -> Survey:
        none = amounts.DecimalEvidence()
        starts, ends = self.run_starts, self.run_ends
        if starts and len(starts[-1]) and other.run_starts and starts[-1][-1] == other.run_starts[0][0]:
            starts, ends = (*starts[:-1], starts[-1][:-1]), (*ends[:-1], ends[-1][:-1])  # one order in both batches
        return Survey(
            rows=self.rows + other.rows,
            sales=self.sales + other.sales,
            times=self.times + other.times,
            days=self.days + other.days,
            birthdays=self.birthdays + other.birthdays,
            decimals={
                name: self.decimals.get(name, none) + other.decimals.get(name, none)
                for name in {*self.decimals, *other.decimals}
            },
            no_currency=self.no_currency + other.no_currency,
            run_starts=starts + other.run_starts,
            run_ends=ends + other.run_ends,
            first_ids=self.first_ids + other.first_ids,
            words=added(self.words, other.words),
        )

    @property
    def some_id_repeats(self) -> bool:
        """Tell whether some order id of the first half million rows stands on two of them."""
        hashes = np.sort(np.concatenate([text_hashes(ids) for ids in self.first_ids] or [np.zeros(0, np.uint64)]))
        if not (hashes[1:] == hashes[:-1]).any():  # 12 ns an id, where to count the different ones takes 140
            return False
        ids = pa.chunked_array(self.first_ids, pa.string())
        return int(pc.count_distinct(ids).as_py()) < len(ids)

    @property
    def scattered(self) -> bool:
        """Tell whether the lines of some order do not stand one after another."""
        starts = np.concatenate(self.run_starts) if self.run_starts else np.zeros(0, np.int64)
        return len(np.unique(starts)) < len(starts)

    def last_rows(self) -> dict[int, int]:
        """Return for each order id's hash the last row that it stands on."""
        starts, ends = (
            np.concatenate(part) if part else np.zeros(0, np.int64) for part in (self.run_starts, self.run_ends)
        )
        return dict(zip(starts.tolist(), ends.tolist(), strict=True))  # later runs overwrite earlier ones


Each = Callable[[Callable[[Raw], Survey], Iterable[Raw]], Iterable[Survey]]


def survey(batches: Iterable[Raw], binding: Binding, each: Each = map) -> Survey:
    """Add up the whole file's evidence; each: applies a function to every batch, as `map` does or by all cores."""
    return sum(each(lambda raw: survey_batch(raw, binding), batches), Survey())


def survey_batch(raw: Raw, binding: Binding) -> Survey:
    """Collect what one batch says."""
    sale = np.asarray(verdicts(raw, binding, nulls(raw.num_rows, MONEY), {}).is_null())
    sales = raw if sale.all() else Raw(raw.filter(pa.array(sale)))
    times = _time_evidence(sales, binding)
    birthdays = binding.columns["db"].names if "db" in binding.columns else ()
    starts, ends = _runs(raw, binding)
    unknown_layout = binding.plan.from_headers and raw.num_rows > 0 and raw.column("row")[0].as_py() <= ENOUGH_ROWS
    return Survey(
        rows=raw.num_rows,
        sales=sales.num_rows,
        times=times,
        days=times if sales.num_rows == raw.num_rows else _time_evidence(raw, binding),
        birthdays=sum((dates.evidence(sales.column(name)) for name in birthdays), dates.DateEvidence()),
        decimals={
            name: sum((amounts.evidence(part) for part in _cells_read(sales, source)), amounts.DecimalEvidence())
            for name, source in amount_sources(binding).items()
        },
        no_currency=_no_currency(sales, binding),
        run_starts=starts,
        run_ends=ends,
        first_ids=(order_keys(raw, binding).drop_null(),) if unknown_layout else (),
        words=unknown_words(raw, binding) if binding.plan.from_headers else {},
    )


def surveyed_columns(binding: Binding) -> frozenset[str]:
    """Return the columns of the file that the survey looks at."""
    fields = ("event_time", "event_zone", "db", "currency", "order_id", *AMOUNTS)
    sources = [binding.columns[name] for name in fields if name in binding.columns]
    sources += amount_sources(binding).values()
    return frozenset(
        [name for source in sources for name in (*source.names, *source.minus)] + [name for _, name in binding.sale]
    )


def amount_sources(binding: Binding) -> dict[str, Source]:
    """Return all columns of amounts and quantities, by the name under which their decimal mark is settled."""
    items = {name: source for name, source in binding.items.items() if name in ITEM_AMOUNTS}
    refunds = {f"refund {name}": Source((name,), "first") for rule, name in binding.sale if rule.full_refund}
    own = {name: binding.columns[name] for name in AMOUNTS if name in binding.columns}
    return own | items | refunds


def _cells_read(raw: Raw, source: Source) -> list[Column]:
    """Return the cells of a source that will be read: all to be summed, else the first filled one of each row."""
    if source.take == "sum":
        return [raw.column(name) for name in (*source.names, *source.minus)]
    if len(source.names) == 1:
        return [raw.column(source.names[0])]
    return [_of_rows(raw.column(name), rows) for name, rows in _rows_read(raw, source)]


def _rows_read(raw: Raw, source: Source) -> Iterator[tuple[str, Mask]]:
    """Yield each column of the source with the rows of which it is the first filled one."""
    missing = np.ones(raw.num_rows, np.bool_)
    for name in source.names:
        column = raw.column(name)
        shown = column if pa.types.is_temporal(column.type) else as_text(column)  # a true date needs no text
        filled = missing & np.asarray(shown.is_valid())
        yield name, filled
        missing &= ~filled


def _time_evidence(sales: Raw, binding: Binding) -> dates.DateEvidence:
    """Count what the times of these rows say; those whose zone stands beside them need none."""
    found = dates.DateEvidence()
    if "event_time" not in binding.columns:
        return found
    zoned = np.zeros(sales.num_rows, np.bool_)
    if "event_zone" in binding.columns:
        zoned = np.asarray(as_text(sales.column(binding.columns["event_zone"].names[0])).is_valid())
    for name, filled in _rows_read(sales, binding.columns["event_time"]):
        utc = binding.plan.time.utc or "utc" in name.casefold()
        for rows, zone_known in ((filled & zoned, True), (filled & ~zoned, utc)) if zoned.any() else ((filled, utc),):
            evidence = dates.evidence(_of_rows(sales.column(name), rows))
            found += dates.without_naive(evidence) if zone_known else evidence
    return found


def _of_rows(column: Column, rows: Mask) -> Column:
    return column if rows.all() else one_chunk(column.filter(pa.array(rows)))


def _no_currency(sales: Raw, binding: Binding) -> int:
    """Count the sales whose row and amount name no currency."""
    if not binding.amount_columns:
        return 0
    columns = binding.columns["currency"].names if "currency" in binding.columns else ()
    known = coalesce([nulls(sales.num_rows), *(as_text(sales.column(name)) for name in columns)])
    for name in binding.amount_columns if known.null_count else ():
        known = coalesce([known, amounts.read_amounts(sales.column(name), decimal=".").currency])  # whatever the mark
    return int(known.null_count)


def order_keys(raw: Raw, binding: Binding) -> Column:
    """Return the order id of each row as text, null where it has none."""
    source = binding.columns.get("order_id")
    return nulls(raw.num_rows) if source is None else coalesce([as_text(raw.column(name)) for name in source.names])


def key_hashes(keys: Column) -> tuple[Indices, Mask]:
    """Return a number for each row's order id, equal where the ids are, and which rows have one."""
    return text_hashes(keys).view(np.int64), np.asarray(keys.is_valid())


def _runs(raw: Raw, binding: Binding) -> tuple[tuple[Indices, ...], tuple[Indices, ...]]:
    """Find the runs of equal order ids in this batch: their hashes and the rows where they end."""
    if binding.plan.orders.rows == "orders" or raw.num_rows == 0:
        return (), ()
    hashes, present = key_hashes(order_keys(raw, binding))
    hashes, rows = hashes[present], np.asarray(raw.column("row"))[present].astype(np.int64)
    if len(hashes) == 0:
        return (), ()
    last = np.append(hashes[1:] != hashes[:-1], True)
    return (hashes[last],), (rows[last],)


def settle(found: Survey, binding: Binding, options: Answers) -> Answers:
    """Settle the answers for every row: the user's options first, then the schema, then the file's own evidence.

    Raises NeedsAnswer with every open question at once, each with the option that answers it.
    """
    plan, questions = binding.plan, list[Question]()
    order = options.date_order or plan.time.order or dates.decide(found.days)
    if order is None and found.times.ambiguous:
        text = "Are dates such as 03/04/2026 in March (month first) or in April (day first)?"
        questions.append(Question(Kind.DATE_ORDER, text, ("--date-order mdy", "--date-order dmy"), "event_time"))
    zone = options.zone or plan.time.zone
    if zone is None and found.times.naive:
        text = "In which time zone are its times? Give its IANA name, such as"
        questions.append(Question(Kind.ZONE, text, ("--timezone Europe/Berlin",), "event_time"))
    currency = options.currency or plan.money.currency
    if currency is None and found.sales and found.no_currency == found.sales:
        text = "In which currency are its amounts? Give its ISO 4217 code, such as"
        questions.append(Question(Kind.CURRENCY, text, ("--currency EUR", "--currency USD"), "currency"))
    if questions:
        raise NeedsAnswer(questions)
    birthdays = options.date_order or dates.decide(found.birthdays) or order
    decimal = options.decimal or plan.money.decimal
    decimals = {name: decimal or amounts.decide(evidence) for name, evidence in found.decimals.items()}
    return Answers(
        event_name=options.event_name,
        action_source=options.action_source,
        currency=currency,
        country=options.country or (plan.match.country or "").lower() or None,
        zone=zone,
        date_order=order,
        birthday_order=birthdays,
        decimals=decimals,
        already_hashed=options.already_hashed,
        limited_data_use=options.limited_data_use,
    )
