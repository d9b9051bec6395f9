"""The first pass over a file: what the whole of it says that no single row can say.

Whether 03/04 is in March or April, whether 1.234 is a thousand, whether times need a zone and amounts a currency,
whether the lines of an order stand together: all is decided once, before anything is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding, Source
from importer.core.cells import amounts
from importer.core.cells import times as dates
from importer.core.cells.cell_text import as_text
from importer.core.cells.order_ids import plain_ids
from importer.core.channels import NO_COUNTS, ChannelCounts, count_channels
from importer.core.decimal_marks import currencies_told, settle_decimals
from importer.core.kernels.arrays import Indices, Mask, nulls
from importer.core.kernels.hash64 import text_hashes
from importer.core.model import MONEY, Column, Raw
from importer.core.money_columns import settle_currency, without_currency
from importer.core.sales import amount_key, verdicts
from importer.core.time_columns import (
    NO_DATES,
    TimeColumn,
    clock_cells,
    is_clock,
    of_rows,
    rows_read,
    settle_birthdays,
    settle_times,
    time_columns,
)
from importer.core.unknown_words import Words, added, unknown_words
from importer.errors import NeedsAnswer
from importer.questions import Kind, Question, listed

AMOUNTS = ("value", "net_revenue", "predicted_ltv")
ITEM_AMOUNTS = ("item_price", "line_total", "quantity")


@dataclass(frozen=True)
class Survey:
    """What one batch says, or several added up: those of neighboring parts of a file too, whatever they are made of.

    rows: source rows; sales: those that no status column rules out; times: by column of times.
    currencies: those that the file names, where amounts leave their mark open.
    no_currency: sales whose row, cell and header name no currency. by_header: those whose header alone does, by column
    of amounts. clocks: sales whose second column tells a time of day, and those where it holds other digits.
    run_starts, run_ends: hashes of the order ids where a run of equal ones begins, and the row where it ends.
    channels: what the sales say of where they were made.
    ids: hashes of the order ids where each row is an order: 8 bytes a row.
    paid: the columns of payment times that have any.
    words: the words of its status columns that nobody knows.
    """

    rows: int = 0
    sales: int = 0
    times: Mapping[str, TimeColumn] = field(default_factory=dict)
    birthdays: Mapping[str, dates.DateEvidence] = field(default_factory=dict)
    decimals: Mapping[str, amounts.DecimalEvidence] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()
    no_currency: int = 0
    channels: ChannelCounts = NO_COUNTS
    by_header: Mapping[str, int] = field(default_factory=dict)
    clocks: tuple[int, int] = (0, 0)
    run_starts: tuple[Indices, ...] = ()
    run_ends: tuple[Indices, ...] = ()
    ids: tuple[Indices, ...] = ()
    paid: frozenset[str] = frozenset()
    words: Words = field(default_factory=dict)

    def __add__(self, other: Survey) -> Survey:
        none = amounts.DecimalEvidence()
        starts, ends = self.run_starts, self.run_ends
        if starts and other.run_starts and starts[-1][-1] == other.run_starts[0][0]:  # one order in both
            starts, ends = _without_last(starts), _without_last(ends)
        return Survey(
            rows=self.rows + other.rows,
            sales=self.sales + other.sales,
            times={name: self.times.get(name, TimeColumn()) + column for name, column in other.times.items()}
            or self.times,
            birthdays={
                name: self.birthdays.get(name, NO_DATES) + other.birthdays.get(name, NO_DATES)
                for name in {**self.birthdays, **other.birthdays}
            },
            decimals={
                name: self.decimals.get(name, none) + other.decimals.get(name, none)
                for name in {**self.decimals, **other.decimals}
            },
            currencies=self.currencies | other.currencies,
            no_currency=self.no_currency + other.no_currency,
            channels=self.channels.plus(other.channels),
            clocks=(self.clocks[0] + other.clocks[0], self.clocks[1] + other.clocks[1]),
            by_header=Counter(self.by_header) + Counter(other.by_header),
            run_starts=starts + other.run_starts,
            run_ends=ends + other.run_ends,
            ids=self.ids + other.ids,
            paid=self.paid | other.paid,
            words=added(self.words, other.words),
        )

    @cached_property
    def repeated_ids(self) -> Indices:
        """The hashes, ascending, of order ids that stand on several rows, where each row is an order."""
        hashes = np.concatenate(self.ids) if self.ids else np.zeros(0, np.int64)
        hashes.sort()
        return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])

    @property
    def scattered(self) -> bool:
        """Tell whether the lines of some order do not stand one after another."""
        starts = np.concatenate(self.run_starts) if self.run_starts else np.zeros(0, np.int64)
        return len(np.unique(starts)) < len(starts)

    def rows_before_orders(self, rows: Sequence[int]) -> list[int]:
        """Return for each row one before which no line is of the last order that begins up to it; not if scattered."""
        ends = np.concatenate(self.run_ends) if self.run_ends else np.zeros(0, np.int64)
        runs = np.searchsorted(ends, rows, side="right") - 2
        return np.where(runs >= 0, ends[np.maximum(runs, 0)], 0).tolist() if len(ends) else [0] * len(rows)

    def last_rows(self) -> tuple[Indices, Indices]:
        """Return the hashes of all order ids, ascending, and the last row that each stands on; 16 bytes an order."""
        starts, ends = (
            np.concatenate(part) if part else np.zeros(0, np.int64) for part in (self.run_starts, self.run_ends)
        )
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
        last = np.append(starts[1:] != starts[:-1], len(starts) > 0)[: len(starts)]
        return starts[last], ends[last]


def _without_last(parts: tuple[Indices, ...]) -> tuple[Indices, ...]:
    """Return the arrays without the last number; none of them is ever empty."""
    return parts[:-1] if len(parts[-1]) == 1 else (*parts[:-1], parts[-1][:-1])


Each = Callable[[Callable[[Raw], Survey], Iterable[Raw]], Iterable[Survey]]


def survey(batches: Iterable[Raw], binding: Binding, each: Each = map) -> Survey:
    """Add up the whole file's evidence; each: applies a function to every batch, as `map` does or by all cores."""
    return sum(each(lambda raw: survey_batch(raw, binding), batches), Survey())


def survey_batch(raw: Raw, binding: Binding) -> Survey:
    """Collect what one batch says."""
    paid = frozenset(name for rule, name in binding.sale if rule.paid_time and _any_filled(raw.column(name)))
    timeless = replace(binding, sale=tuple(one for one in binding.sale if not one[0].paid_time))
    told = verdicts(raw, timeless, nulls(raw.num_rows, MONEY), {})
    sale = np.asarray(told.is_null())
    unknown = binding.plan.from_headers or pc.any(pc.equal(told, "unknown_status")).as_py()
    sales = raw if sale.all() else Raw(raw.filter(pa.array(sale)))
    birthdays = binding.columns["db"].names if "db" in binding.columns else ()
    starts, ends = _runs(raw, binding)
    no_currency, by_header = without_currency(sales, binding)
    decimals = {
        name: sum((amounts.evidence(part) for part in _cells_read(sales, source)), amounts.DecimalEvidence())
        for name, source in amount_sources(binding).items()
    }
    return Survey(
        rows=raw.num_rows,
        sales=sales.num_rows,
        times=time_columns(raw, sales, binding),
        birthdays={name: dates.evidence(sales.column(name), sales.column("line")) for name in birthdays},
        decimals=decimals,
        currencies=currencies_told(sales, binding, decimals),
        no_currency=no_currency,
        by_header=by_header,
        clocks=clock_cells(sales, binding),
        channels=count_channels(sales, binding),
        run_starts=starts,
        run_ends=ends,
        ids=_ids(raw, binding),
        paid=paid,
        words=unknown_words(raw, binding) if unknown else {},
    )


def _any_filled(column: Column) -> bool:
    return as_text(column).null_count < len(column)


def surveyed_columns(binding: Binding) -> frozenset[str]:
    """Return the columns of the file that the survey looks at."""
    fields = ("event_time", "event_clock", "event_zone", "db", "currency", "order_id", "action_source", *AMOUNTS)
    sources = [binding.columns[name] for name in fields if name in binding.columns]
    sources += amount_sources(binding).values()
    return frozenset(
        [name for source in sources for name in (*source.names, *source.minus)]
        + [name for _, name in binding.sale]
        + [channel.name for channel in binding.channels]
    )


def amount_sources(binding: Binding) -> dict[str, Source]:
    """Return all columns of amounts and quantities, by the name under which their decimal mark is settled."""
    items = {name: source for name, source in binding.items.items() if name in ITEM_AMOUNTS}
    refunds = {amount_key(name): Source((name,), "first") for rule, name in binding.sale if rule.of_amounts}
    own = {name: binding.columns[name] for name in AMOUNTS if name in binding.columns}
    return own | items | refunds


def _cells_read(raw: Raw, source: Source) -> list[Column]:
    """Return the cells of a source that will be read: all to be summed, else the first filled one of each row."""
    if source.take == "sum":
        return [raw.column(name) for name in (*source.names, *source.minus)]
    if len(source.names) == 1:
        return [raw.column(source.names[0])]
    return [of_rows(raw.column(name), rows) for name, rows in rows_read(raw, source)]


def order_keys(raw: Raw, binding: Binding) -> Column:
    """Return the order id of each row in its plain form, null where it has none."""
    source = binding.columns.get("order_id")
    if source is None:
        return nulls(raw.num_rows)
    return plain_ids([raw.column(name) for name in source.names], keep_others=binding.plan.orders.blank_key)


def key_hashes(keys: Column) -> tuple[Indices, Mask]:
    """Return a number for each row's order id, equal where the ids are, and which rows have one."""
    return text_hashes(keys).view(np.int64), np.asarray(keys.is_valid())


def _ids(raw: Raw, binding: Binding) -> tuple[Indices, ...]:
    """Return the hashes of the order ids, where each row is an order."""
    if binding.plan.orders.rows == "lines" or "order_id" not in binding.columns:
        return ()
    hashes, present = key_hashes(order_keys(raw, binding))
    return (hashes if present.all() else hashes[present],)


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


def provisional(found: Survey, binding: Binding, options: Answers) -> Answers:
    """Return answers to look at rows by before all questions are settled: days differ in any zone and any order."""
    plan, times = binding.plan, settle_times(found.times, binding, options)
    header_currencies = settle_currency(found.by_header, binding, options)[0]
    return Answers(
        zone=options.zone or plan.time.zone or "UTC",
        date_order=times.order or "mdy",
        exchanged=times.exchanged,
        clock=is_clock(*found.clocks),
        header_currencies=header_currencies,
        decimals=settle_decimals(found.decimals, _told(found, header_currencies, binding, options), binding, options)[
            0
        ],
    )


def settle(found: Survey, binding: Binding, options: Answers) -> Answers:
    """Settle the answers for every row: the user's options first, then the schema, then the file's own evidence.

    Raises NeedsAnswer with every open question at once, each with the option that answers it.
    """
    plan, questions = binding.plan, list[Question]()
    times = settle_times(found.times, binding, options)
    questions += times.questions
    birthdays = settle_birthdays(found.birthdays, options, times.order)
    questions += birthdays.questions
    currency = options.currency or plan.money.currency
    header_currencies, contradictions = settle_currency(found.by_header, binding, options)
    questions += contradictions
    if currency is None and found.sales and found.no_currency == found.sales:
        where = (
            f"the amounts in the column {listed(binding.amount_columns)}" if binding.amount_columns else "its amounts"
        )
        text = f"In which currency are {where}? Give its ISO 4217 code, such as"
        questions.append(Question(Kind.CURRENCY, text, ("--currency EUR", "--currency USD"), "currency"))
    told = _told(found, header_currencies, binding, options)
    decimals, of_marks = settle_decimals(found.decimals, told, binding, options)
    questions += [] if any(question.kind == Kind.CURRENCY for question in questions) else of_marks
    if questions:
        raise NeedsAnswer(questions)
    return Answers(
        event_name=options.event_name,
        action_source=options.action_source,
        currency=currency,
        header_currencies=header_currencies,
        country=options.country or (plan.match.country or "").lower() or None,
        zone=times.zone,
        header_zones=times.header_zones,
        date_order=times.order,
        exchanged=times.exchanged | birthdays.exchanged,
        clock=is_clock(*found.clocks),
        birthday_order=birthdays.order,
        decimals=decimals,
        already_hashed=options.already_hashed,
        limited_data_use=options.limited_data_use,
        event_source_url=options.event_source_url,
    )


def _told(found: Survey, headers: Mapping[str, str], binding: Binding, options: Answers) -> frozenset[str]:
    """Return all currencies of the file's amounts, as far as they are known."""
    default = options.currency or binding.plan.money.currency
    return (
        found.currencies | frozenset(headers.values()) | ({default} if default and found.no_currency else frozenset())
    )
