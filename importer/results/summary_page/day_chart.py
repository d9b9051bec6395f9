"""Sales and value by day against Meta's windows, as plots and as the table behind them."""

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
ALL_DAYS = 400
"""Days of several reports that are drawn one by one."""
LEAST_DAYS = 21
MOST_MONTHS = 36
MOST_CURRENCIES = 2
WINDOWS = (WINDOW_SECONDS // DAY, STORE_WINDOW_SECONDS // DAY)

GROUPS: Sequence[tuple[str, str, Sequence[str]]] = (
    ("", "", TAKEN),
    ("duplicate", "sent before", (Status.DUPLICATE,)),
    ("fix", "refused or unsent", TO_FIX),
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
        """Return money by group in one currency."""
        return self.money.get(currency, [NOTHING] * len(GROUPS))

    def total(self, currency: str) -> Decimal:
        """Return the money of all groups together in one currency."""
        return sum(self.value(currency), NOTHING)


@dataclass(frozen=True)
class Days:
    """Sales over time. currencies: the most money first; note: what is not drawn; unit: day or month."""

    plots: Sequence[Plot]
    slots: Sequence[Slot]
    groups: Sequence[str]
    currencies: Sequence[str]
    unit: str
    note: str

    @property
    def used(self) -> Sequence[int]:
        """The groups that have a sale on some day."""
        return [number for number in range(len(self.groups)) if any(slot.sales[number] for slot in self.slots)]

    def lines(self, most: int) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield each day's label and its cells: sales of the groups used, then money; the rarest currencies as one."""
        for slot in self.slots:
            money = {unit: slot.total(unit) for unit in self.currencies}
            cells = [f"{slot.sales[number]:,}" if slot.sales[number] else "" for number in self.used]
            cells += [amount(money[unit], unit) if money[unit] else "" for unit in self.currencies[:most]]
            if len(self.currencies) > most:
                cells.append(amounts({unit: money[unit] for unit in self.currencies[most:] if money[unit]}, most=99))
            yield slot.label, cells


def by_day(totals: Totals, now: int | None, *, check: bool, several: bool = False) -> Days | None:
    """Return the sales with a date, by day; by month where none is within the days that are drawn; None without any.

    several: of several reports all days are drawn, by month where they are too many.
    """
    dated = sorted(date.fromisoformat(cell.day) for cell in totals.sales if cell.day)
    if not dated:
        return None
    today = datetime.fromtimestamp(now, UTC).date() if now is not None else dated[-1]
    first_drawn = today - timedelta(days=(ALL_DAYS if several else DRAWN_DAYS) - 1)
    daily = (
        dated[0] >= first_drawn if several else any(first_drawn <= day <= today + timedelta(days=1) for day in dated)
    )
    slots = _slots(dated, today, first_drawn, daily=daily)
    undated = _fill(slots, totals, daily=daily)
    names = ["ready to send" if check else "accepted by Meta", *(name for _, name, _ in GROUPS[1:])]
    drawn = [slot for slot in slots if slot.drawn]
    bands = _bands(len(drawn), (date.fromisoformat(drawn[-1].label) - today).days) if daily and not several else ()
    kinds = ["ready" if check else "accepted", *(kind for kind, _, _ in GROUPS[1:])]
    plots = list(_plots(drawn, kinds, names, bands, "day" if daily else "month"))
    shown = [slot for slot in slots if any(slot.sales)]
    money = {unit: total for unit, total in _totals(shown).items() if total}
    currencies = sorted(money, key=lambda unit: -money[unit])
    return Days(plots, shown, names, currencies, "day" if daily else "month", _note(slots, undated))


def _slots(dated: Sequence[date], today: date, first_drawn: date, *, daily: bool) -> list[Slot]:
    """Return the days or months that are drawn, between slots for what is older and later. dated: in order."""
    if daily:
        first = max(first_drawn, min(dated[0], today - timedelta(days=LEAST_DAYS - 1)))
        last = min(max(today, dated[-1]), today + timedelta(days=1))
        labels = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    else:
        end = 12 * dated[-1].year + dated[-1].month - 1
        start = max(12 * dated[0].year + dated[0].month - 1, end - MOST_MONTHS + 1)
        labels = [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]
    return [Slot("older", drawn=False), *(Slot(label) for label in labels), Slot("later", drawn=False)]


def _fill(slots: Sequence[Slot], totals: Totals, *, daily: bool) -> int:
    """Count the sales into the slots; return the number without a date."""
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
    """Return the windows in which Meta takes sales, counted back from today, as areas behind the columns."""
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
    words = []
    for slot in drawn:
        parts = [f"{sales:,} {name}" for sales, name in zip(slot.sales, names, strict=True) if sales]
        words.append(f"{slot.label}: {', '.join(parts) or 'no sales'}")
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
    """Return the money of what is drawn, by currency."""
    totals: dict[str, Decimal] = {}
    for slot in drawn:
        for currency, parts in slot.money.items():
            if currency:
                totals[currency] = totals.get(currency, NOTHING) + sum(parts, NOTHING)
    return totals


def _drawn(plot: Plot, columns: Sequence[Sequence[float]], kinds: Sequence[str], words: Sequence[str]) -> Plot:
    """Return the plot with its columns."""
    top = nice_top(max((sum(parts) for parts in columns), default=0))
    about = plot.words + " The table below has the numbers."
    return replace(plot, words=about, boxes=stacked(columns, kinds, words, top), up=up_ticks(top, shortened))


def _span(drawn: Sequence[Slot], unit: str) -> str:
    most = max(drawn, key=lambda slot: sum(slot.sales))
    return (
        f"{counted(len(drawn), unit)} from {drawn[0].label} to {drawn[-1].label}; most sales on {most.label}: "
        f"{sum(most.sales):,}."
    )


def _note(slots: Sequence[Slot], undated: int) -> str:
    """Say what is not in the plot."""
    ends = (slots[1].label, slots[-2].label)
    outside = [(sum(slot.sales), slot.label, end) for slot, end in zip((slots[0], slots[-1]), ends, strict=True)]
    parts = [f"{counted(sales, 'sale')} {word} than {end}" for sales, word, end in outside if sales]
    parts += [f"{undated:,} without a valid date"] if undated else []
    return f"Not drawn: {', '.join(parts)}." if parts else ""
