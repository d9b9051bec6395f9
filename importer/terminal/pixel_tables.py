"""Datasets for a person at a terminal: a list, and one dataset's hours as a table with bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from importer.graph.models import Count, Pixel, PixelReport, Quality
from importer.terminal.console import plain_table, print_whole

if TYPE_CHECKING:  # rich is imported when something is shown, not before
    from rich.console import Console
    from rich.table import Table

BAR = 30
MOST_VALUES = 5
"""Columns of the table of hours; what is rarer is counted under `others`."""
MOST_HOURS = 48
"""Hours that are shown, the newest; `--json` has all of them."""
OFFLINE = {True: "yes", False: "no: it takes no offline events", None: "not known"}
FACTS = (
    ("created", "creation_time"), ("last event", "last_fired_time"), ("owner", "owner_business"), ("CRM", "is_crm"),
    ("unavailable", "is_unavailable"), ("events taken", "valid_entries"), ("matched", "matched_entries"),
    ("repeats", "duplicate_entries"), ("match rate, per cent", "match_rate_approx"),
)  # fmt: skip
"""What is shown of the details, where Meta gives it."""


def show_pixels(found: Sequence[Pixel], console: Console) -> None:
    """Show the datasets as a table."""
    if not found:
        console.print("There is no dataset that this token can see.")
        return
    table = plain_table("id", "name", "offline events", "last event", "ad accounts")
    for one in found:
        offline = {True: "yes", False: "no", None: "?"}[one.takes_offline]
        table.add_row(one.id, one.name, offline, one.last_fired or "never", " ".join(one.ad_accounts))
    print_whole(table, console)
    console.print(f"{len(found)} dataset{'' if len(found) == 1 else 's'}.", highlight=False)


def show_pixel(report: PixelReport, console: Console) -> None:
    """Show details, totals as bars, the hours as a table, and the offline quality where it could be read."""
    from rich.text import Text  # noqa: PLC0415  slow to import

    def heading(words: str) -> None:
        console.print(Text(f"\n{words}", "bold"))

    console.print(Text(f"{report.pixel.name or 'Dataset'}  {report.pixel.id}", "bold"))
    for label, value in _facts(report.pixel):
        console.print(f"  {label:<22}{value}", highlight=False, markup=False)
    if report.counts:
        heading(f"By {report.aggregation}, {report.since} to {report.until}")
        console.print(_bars(report.totals), highlight=False, markup=False)
        heading("By hour (UTC)")
        console.print(_hours(report), highlight=False, markup=False)
    elif not any(note.startswith("No statistics") for note in report.notes):
        console.print(f"\nMeta counted nothing from {report.since} to {report.until}.", highlight=False)
    if report.quality:
        heading("Offline quality, out of 10 (8.5 opens omnichannel ads)")
        console.print(_quality(report.quality), highlight=False, markup=False)
        for advice in dict.fromkeys(words for one in report.quality for words in one.recommendations):
            console.print(f"  -  {advice}", highlight=False, markup=False)
    for note in report.notes:
        console.print(f"\n{note}", highlight=False, markup=False, soft_wrap=True)


def _facts(pixel: Pixel) -> Iterator[tuple[str, str]]:
    yield "takes offline events", OFFLINE[pixel.takes_offline]
    for label, name in FACTS:
        value = pixel.details.get(name)
        if isinstance(value, dict):
            value = value.get("name") or value.get("id")
        if name == "creation_time":
            value = pixel.created
        elif name == "last_fired_time":
            value = pixel.last_fired
        if value is not None:
            yield label, {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _bars(totals: dict[str, int]) -> Table:
    table = plain_table("", "count", "", right=[1])
    most = max(totals.values(), default=1)
    for value, count in totals.items():
        table.add_row(value or "all", f"{count:,}", _bar(count, most))
    return table


def _hours(report: PixelReport) -> Table:
    """Return a line for each hour that has a count: the most frequent values as columns, and a bar of their sum."""
    values = list(report.totals)[:MOST_VALUES]
    others = len(report.totals) > MOST_VALUES
    shown = [value or "all" for value in values] + (["others"] if others else [])
    table = plain_table("hour", *shown, "", right=range(1, 1 + len(shown)))
    hours = _by_hour(report.counts)
    most = max((sum(hour.values()) for hour in hours.values()), default=1)
    for name in sorted(hours)[-MOST_HOURS:]:
        counts = hours[name]
        rest = sum(count for value, count in counts.items() if value not in values)
        cells = [f"{counts[value]:,}" if value in counts else "" for value in values] + (
            [f"{rest or ''}"] if others else []
        )
        table.add_row(
            name.removesuffix(":00:00Z").replace("T", " ") + "h" if name else "",
            *cells,
            _bar(sum(counts.values()), most),
        )
    return table


def _by_hour(counts: Sequence[Count]) -> dict[str, dict[str, int]]:
    hours: dict[str, dict[str, int]] = {}
    for one in counts:
        hour = hours.setdefault(one.hour, {})
        hour[one.value] = hour.get(one.value, 0) + one.count
    return hours


def _quality(found: Sequence[Quality]) -> Table:
    names = list(dict.fromkeys(name for one in found for name in one.scores))
    covered = list(dict.fromkeys(name for one in found for name in one.coverage))
    numbers = [name.replace("_", " ") for name in names] + [f"with {name}" for name in covered]
    table = plain_table("event", *numbers, right=range(1, 1 + len(numbers)))
    for one in found:
        scores = [f"{one.scores[name]:g}" if name in one.scores else "" for name in names]
        shares = [f"{one.coverage[name]:g} %" if name in one.coverage else "" for name in covered]
        table.add_row(one.event_name, *scores, *shares)
    return table


def _bar(count: int, most: int) -> str:
    """Return a bar of blocks, at least one for any count."""
    return "■" * max(1, round(BAR * count / most)) if count > 0 and most > 0 else ""
