"""Sales and value by day against Meta's windows, as pictures and as the table behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from importer.core.model import DAY, STORE_WINDOW_SECONDS, WINDOW_SECONDS, Status
from importer.results.phrases import amount, amounts, counted
from importer.results.summary_page.plots import (
    HEIGHT,
    WIDTH,
    Box,
    Plot,
    across_ticks,
    nice_top,
    shortened,
    stacked,
    up_ticks,
)
from importer.results.totals import NOTHING, TAKEN, TO_FIX, Totals

DRAWN_DAYS = 70
LEAST_DAYS = 21
MOST_MONTHS = 36
MOST_CURRENCIES = 2
WINDOWS = (WINDOW_SECONDS // DAY, STORE_WINDOW_SECONDS // DAY)

GROUPS: Sequence[tuple[str, str, Sequence[str]]] = (
    ("", "", TAKEN),
    ("duplicate", "sent before", (Status.DUPLICATE,)),
    ("fix", "to fix or to send again", TO_FIX),
    ("skipped", "not a sale to send", (Status.SKIPPED,)),
)
"""Colour class, name and statuses of what is stacked; the first depends on whether anything was sent."""


@dataclass
class Slot:
    """A day, a month, or everything older or later: sales by group, and money by currency and group."""

    label: str
    drawn: bool = True
    sales: list[int] = field(default_factory=lambda: [0] * len(GROUPS))
    money: dict[str, list[Decimal]] = field(default_factory=dict)

    def value(self, currency: str) -> list[Decimal]:
        """Money by group in one currency."""
        return self.money.get(currency, [NOTHING] * len(GROUPS))

    @property
    def total(self) -> str:
        """The money of all groups together, by currency."""
        return amounts({unit: sum(parts, NOTHING) for unit, parts in self.money.items() if unit and any(parts)})


@dataclass(frozen=True)
class Days:
    """What is told of sales over time. note: what is not drawn; unit: day or month."""

    plots: Sequence[Plot]
    slots: Sequence[Slot]
    groups: Sequence[str]
    unit: str
    note: str


def by_day(totals: Totals, now: int | None, *, check: bool) -> Days | None:
    """The sales with a date, by day; by month where none lies within the days that are drawn. None without any."""
    dated = sorted(date.fromisoformat(cell.day) for cell in totals.sales if cell.day)
    if not dated:
        return None
    today = datetime.fromtimestamp(now, UTC).date() if now is not None else dated[-1]
    first_drawn = today - timedelta(days=DRAWN_DAYS - 1)
    daily = any(first_drawn <= day <= today + timedelta(days=1) for day in dated)
    slots = _daily(dated, today, first_drawn) if daily else _monthly(dated)
    undated = _fill(slots, totals, daily=daily)
    names = ["ready to send" if check else "accepted by Meta", *(name for _, name, _ in GROUPS[1:])]
    drawn = [slot for slot in slots if slot.drawn]
    bands = _bands(len(drawn), (drawn_end(drawn) - today).days) if daily else ()
    kinds = ["ready" if check else "accepted", *(kind for kind, _, _ in GROUPS[1:])]
    plots = list(_plots(drawn, kinds, names, bands, "day" if daily else "month"))
    shown = [slot for slot in slots if any(slot.sales)]
    return Days(plots, shown, names, "day" if daily else "month", _note(slots, undated))


def drawn_end(drawn: Sequence[Slot]) -> date:
    """The last day that is drawn."""
    return date.fromisoformat(drawn[-1].label)


def _daily(dated: Sequence[date], today: date, first_drawn: date) -> list[Slot]:
    first = max(first_drawn, min(dated[0], today - timedelta(days=LEAST_DAYS - 1)))
    last = min(max(today, dated[-1]), today + timedelta(days=1))
    days = [Slot((first + timedelta(days=number)).isoformat()) for number in range((last - first).days + 1)]
    return [Slot("older", drawn=False), *days, Slot("later", drawn=False)]


def _monthly(dated: Sequence[date]) -> list[Slot]:
    last = 12 * dated[-1].year + dated[-1].month - 1
    first = max(12 * dated[0].year + dated[0].month - 1, last - MOST_MONTHS + 1)
    months = [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]
    return [Slot("older", drawn=False), *(Slot(month) for month in months), Slot("later", drawn=False)]


def _fill(slots: Sequence[Slot], totals: Totals, *, daily: bool) -> int:
    """The sales are counted into the slots; returns those without a date."""
    places = {slot.label: slot for slot in slots}
    first = slots[1].label
    groups = {str(status): number for number, (_, _, statuses) in enumerate(GROUPS) for status in statuses}
    undated = 0
    for cell, total in totals.sales.items():
        if not cell.day:
            undated += total.sales
            continue
        label = cell.day if daily else cell.day[:7]
        slot = places.get(label) or places["older" if label < first else "later"]
        slot.sales[groups[cell.status]] += total.sales
        slot.money.setdefault(cell.currency, [NOTHING] * len(GROUPS))[groups[cell.status]] += total.value
    return undated


def _bands(days: int, ahead: int) -> list[Box]:
    """The windows in which Meta takes sales, counted back from today, as areas behind the columns."""
    room = WIDTH / days
    today = days - ahead
    near, far = (max(0, today - window) for window in WINDOWS)
    bands = [
        Box(0, 0, far * room, HEIGHT, "old", f"older than {WINDOWS[1]} days: too old for Meta"),
        Box(far * room, 0, (near - far) * room, HEIGHT, "store", f"up to {WINDOWS[1]} days: store sales only"),
        Box(near * room, 0, (today - near) * room, HEIGHT, "fresh", f"the last {WINDOWS[0]} days: every sale"),
    ]
    return [band for band in bands if band.width > 0]


def _plots(
    drawn: Sequence[Slot], kinds: Sequence[str], names: Sequence[str], bands: Sequence[Box], unit: str
) -> Iterator[Plot]:
    used = [any(slot.sales[number] for slot in drawn) for number in range(len(GROUPS))]
    legend = [pair for pair, is_used in zip(zip(kinds, names, strict=True), used, strict=True) if is_used]
    labels = [slot.label[5:] if unit == "day" else slot.label for slot in drawn]
    words = [f"{slot.label}: {_parts(slot, names)}" for slot in drawn]
    windows = [(band.kind, band.words) for band in reversed(bands)]
    frame = Plot("", "", "", bands=bands, across=across_ticks(labels))
    columns: list[list[float]] = [list(map(float, slot.sales)) for slot in drawn]
    sales = replace(frame, name=f"sales-by-{unit}", title=f"Sales by {unit}", words=_span(drawn, unit))
    yield _drawn(replace(sales, legend=[*legend, *windows]), columns, kinds, words)
    totals = _totals(drawn)
    greatest = sorted((currency for currency in totals if totals[currency]), key=lambda one: -totals[one])
    for currency in greatest[:MOST_CURRENCIES]:
        columns = [list(map(float, slot.value(currency))) for slot in drawn]
        words = [f"{slot.label}: {amount(sum(slot.value(currency), NOTHING), currency)} {currency}" for slot in drawn]
        about = f"{amount(totals[currency], currency)} {currency} in all. {_span(drawn, unit)}"
        value = replace(frame, name=f"value-{currency}", title=f"Value by {unit} in {currency}", words=about)
        yield _drawn(replace(value, legend=legend), columns, kinds, words)


def _totals(drawn: Sequence[Slot]) -> dict[str, Decimal]:
    """The money of what is drawn, by currency."""
    totals: dict[str, Decimal] = {}
    for slot in drawn:
        for currency, parts in slot.money.items():
            if currency:
                totals[currency] = totals.get(currency, NOTHING) + sum(parts, NOTHING)
    return totals


def _drawn(plot: Plot, columns: Sequence[Sequence[float]], kinds: Sequence[str], words: Sequence[str]) -> Plot:
    """The picture with its columns."""
    top = nice_top(max((sum(parts) for parts in columns), default=0))
    about = plot.words + " The table below has the numbers."
    return replace(plot, words=about, boxes=stacked(columns, kinds, words, top), up=up_ticks(top, shortened))


def _parts(slot: Slot, names: Sequence[str]) -> str:
    parts = [f"{sales:,} {name}" for sales, name in zip(slot.sales, names, strict=True) if sales]
    return ", ".join(parts) or "no sales"


def _span(drawn: Sequence[Slot], unit: str) -> str:
    most = max(drawn, key=lambda slot: sum(slot.sales))
    return (
        f"{counted(len(drawn), unit)} from {drawn[0].label} to {drawn[-1].label}; most sales on {most.label}: "
        f"{sum(most.sales):,}."
    )


def _note(slots: Sequence[Slot], undated: int) -> str:
    """What is not in the picture."""
    ends = (slots[1].label, slots[-2].label)
    outside = [(sum(slot.sales), slot.label, end) for slot, end in zip((slots[0], slots[-1]), ends, strict=True)]
    parts = [f"{counted(sales, 'sale')} {word} than {end}" for sales, word, end in outside if sales]
    parts += [f"{undated:,} without a valid date"] if undated else []
    return f"Not drawn: {', '.join(parts)}." if parts else ""
