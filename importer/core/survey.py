"""The first pass over a file: what the whole of it says that no single row can say.

Whether 03/04 is in March or April, whether 1.234 is a thousand, whether times need a zone and amounts a currency,
whether the lines of an order stand together: all is decided once, before anything is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding, Source
from importer.core.cells import amounts
from importer.core.cells import times as dates
from importer.core.cells.cell_text import as_text
from importer.core.channels import NO_COUNTS, ChannelCounts, count_channels
from importer.core.decimal_marks import currencies_told, settle_decimals
from importer.core.kernels.arrays import Indices, nulls
from importer.core.kernels.spill import NewFile
from importer.core.model import MONEY, Column, Raw
from importer.core.money_columns import settle_currency, without_currency
from importer.core.refund_rows import ITEM_AMOUNTS, refund_columns, refund_rows
from importer.core.repeated_ids import NONE_SCATTERED, Ids, LastRows, SeenIds, ids_of
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


@dataclass(frozen=True)
class Survey:
    """What one batch says, or several added up.

    rows: source rows; sales: those that no status column rules out; times: by column of times.
    currencies: those that the file names, where amounts leave their mark open.
    no_currency: sales whose row, cell and header name no currency. by_header: those whose header alone does, by column
    of amounts. clocks: sales whose second column tells a time of day, and those where it holds other digits.
    channels: what the sales say of where they were made.
    paid: the columns of payment times that have any.
    words: the words of its status columns that nobody knows.
    refunds: rows that may take a sale back, as they were read.
    repeated_ids: the hashes, ascending, of order ids that stand on several rows, where each row is an order.
    last_rows: where rows are lines, the orders whose lines do not stand together. Both are of a whole file only.
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
    paid: frozenset[str] = frozenset()
    words: Words = field(default_factory=dict)
    refunds: tuple[Raw, ...] = ()
    repeated_ids: Indices = field(default_factory=lambda: np.empty(0, np.int64))
    last_rows: LastRows = NONE_SCATTERED

    def __add__(self, other: Survey) -> Survey:
        none = amounts.DecimalEvidence()
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
            paid=self.paid | other.paid,
            words=added(self.words, other.words),
            refunds=self.refunds + other.refunds,
        )

    @property
    def scattered(self) -> bool:
        """Tell whether the lines of some order do not stand one after another."""
        return len(self.last_rows.hashes) > 0


Look: TypeAlias = tuple[Survey, Ids]
Each: TypeAlias = Callable[[Callable[[Raw], Look], Iterable[Raw]], Iterable[Look]]


def survey(
    batches: Iterable[Raw], binding: Binding, each: Each = map, *, zeros: bool = False, new_file: NewFile | None = None
) -> Survey:
    """Add up the whole file's evidence; each: applies a function to every batch, as `map` does or by all cores.

    zeros: a total of zero may take another file's sale back. new_file: makes the file in which order ids are remembered
    that do not fit in memory.
    """
    whole, ids = Survey(), SeenIds(binding, new_file)
    for found, those in each(lambda raw: look(raw, binding, zeros=zeros), batches):
        whole += found
        ids.add(those)
    return replace(whole, repeated_ids=ids.repeated(), last_rows=ids.scattered())


def look(raw: Raw, binding: Binding, *, zeros: bool = False) -> Look:
    """Return what one batch says, and its order ids: what `survey` adds up, in the file's order."""
    return survey_batch(raw, binding, zeros=zeros), ids_of(raw, binding)


def survey_batch(raw: Raw, binding: Binding, *, zeros: bool = False) -> Survey:
    """Collect what one batch says."""
    paid = frozenset(name for rule, name in binding.sale if rule.paid_time and _any_filled(raw.column(name)))
    timeless = replace(binding, sale=tuple(one for one in binding.sale if not one[0].paid_time))
    told = verdicts(raw, timeless, nulls(raw.num_rows, MONEY), {})
    sale = np.asarray(told.is_null())
    unknown = binding.plan.from_headers or pc.any(pc.equal(told, "unknown_status")).as_py()
    sales = raw if sale.all() else Raw(raw.filter(pa.array(sale)))
    birthdays = binding.columns["db"].names if "db" in binding.columns else ()
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
        paid=paid,
        words=unknown_words(raw, binding) if unknown else {},
        refunds=refund_rows(raw, binding, told, zeros=zeros),
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
        + [name for name in (binding.store,) if name is not None]
    ) | refund_columns(binding)


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
