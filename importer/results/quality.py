"""Offline data quality by Meta's published criteria, estimated from the rows [OMNI] [DQO].

Meta scores a dataset from 0 to 10 over the last 28 days, from everything it got and matched; a file shows only a part
of that, so each criterion stands with what it was measured by. 8.5 is what omnichannel ads ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from importer.core.model import Status
from importer.results.facts import Score
from importer.results.phrases import percent
from importer.results.totals import SENDABLE, Totals

FREQUENCY_DAYS, ENOUGH_DAYS = 14, 12
"""Meta wants sales on at least 12 of 14 days [OMNI]."""
FRESH_DAYS = 3
"""And none older than 3 days when it arrives [OMNI]."""
STRONG_KEYS = ("em", "ph", "madid")
"""The keys that Meta counts for the coverage of offline sales [OMNI]."""
GOOD_COVERAGE, GOOD_VALUES, GOOD_FRESH = 0.8, 0.99, 0.9
"""Our own marks for "well"; Meta publishes none."""
MIDDLING = 0.5
WITHOUT_VALUE = (
    "zero_value", "negative_value", "missing_value", "bad_value", "ambiguous_value", "value_too_large",
    "missing_currency", "bad_currency",
)  # fmt: skip
KNOWN = (*SENDABLE, Status.DUPLICATE)
"""Sales that Meta has, gets, or would get."""

Grade = Literal["well", "middling", "poor", "unknown"]


@dataclass(frozen=True)
class Criterion:
    """One of Meta's criteria. measured: by what, with its figure; aim: what Meta asks for; advice: empty where well."""

    name: str
    grade: Grade
    measured: str
    aim: str
    advice: str = ""


def criteria(totals: Totals, now: int | None) -> Iterator[Criterion]:
    """Yield each criterion that the rows tell something about, then those that Meta alone knows. now: UTC seconds."""
    days = _days(totals)
    today = None if now is None else datetime.fromtimestamp(now, UTC).date()
    yield _frequency(days, today)
    yield _freshness(days, today)
    yield _coverage(totals)
    yield _values(totals)
    yield _baskets(totals)
    total = sum(days.values())
    yield Criterion(
        "Volume",
        "unknown",
        f"{total:,} sales, those sent before included",
        "as many as there are; Meta publishes no number",
    )
    yield Criterion("Attribution and accuracy", "unknown", "not in any file", "Meta compares with its own data")


def _days(totals: Totals) -> dict[date, int]:
    """Return sales by day, of those that Meta has, gets or would get."""
    found: dict[date, int] = {}
    for cell, total in totals.sales.items():
        if cell.day and cell.status in KNOWN:
            day = date.fromisoformat(cell.day)
            found[day] = found.get(day, 0) + total.sales
    return found


def _frequency(days: Mapping[date, int], today: date | None) -> Criterion:
    aim = f"sales on at least {ENOUGH_DAYS} of the last {FREQUENCY_DAYS} days"
    if today is None:
        return Criterion("Frequency", "unknown", "the run's date is not known", aim)
    first = today - timedelta(days=FREQUENCY_DAYS - 1)
    filled = sum(first <= day <= today for day in days)
    measured = f"sales on {filled} of the last {FREQUENCY_DAYS} days"
    if filled >= ENOUGH_DAYS:
        return Criterion("Frequency", "well", measured, aim)
    advice = "Import every day, or combine the reports of earlier runs: this file may be one of several."
    return Criterion("Frequency", "middling" if filled >= FREQUENCY_DAYS * MIDDLING else "poor", measured, aim, advice)


def _freshness(days: Mapping[date, int], today: date | None) -> Criterion:
    aim = f"sales arrive within {FRESH_DAYS} days"
    total = sum(days.values())
    if today is None or not total:
        return Criterion("Freshness", "unknown", "there is no sale with a date", aim)
    fresh = sum(sales for day, sales in days.items() if (today - day).days <= FRESH_DAYS) / total
    measured = f"{percent(fresh)} of the sales are at most {FRESH_DAYS} days old"
    advice = "Import every day. The effect on delivery falls after two hours and strongly after a day."
    return _graded(Criterion("Freshness", "well", measured, aim, advice), fresh, GOOD_FRESH)


def _coverage(totals: Totals) -> Criterion:
    aim = "an e-mail, a phone or a mobile advertising id in every sale"
    total = totals.sendable
    if not total:
        return Criterion("Match-key coverage", "unknown", "there are no sales", aim)
    strong = sum(n for keys, n in totals.keys.items() if set(STRONG_KEYS).intersection(keys.split("+"))) / total
    counts = totals.key_counts()
    parts = ", ".join(f"{name} {percent(counts[key] / total)}" for key, name in (("em", "e-mail"), ("ph", "phone")))
    measured = f"{percent(strong)} of the sales have one ({parts})"
    advice = "Ask for an e-mail or a phone at the till, or join a customer file with --customers."
    return _graded(Criterion("Match-key coverage", "well", measured, aim, advice), strong, GOOD_COVERAGE)


def _values(totals: Totals) -> Criterion:
    aim = "a value above zero and a currency in every sale"
    bad = sum(rows for why, rows in totals.reasons.items() if why.reason in WITHOUT_VALUE)
    total = totals.count(*KNOWN)
    if not total + bad:
        return Criterion("Valid values", "unknown", "there are no sales", aim)
    good = total / (total + bad)
    measured = f"{percent(good)} of the sales have them" + (f"; {bad:,} rows were held back" if bad else "")
    advice = "Fix the amounts that the reasons above name."
    return _graded(Criterion("Valid values", "well", measured, aim, advice), good, GOOD_VALUES)


def _baskets(totals: Totals) -> Criterion:
    aim = "one event for each basket, not one for each item"
    total = totals.sendable
    repeated = sum(rows for why, rows in totals.reasons.items() if why.reason == "same_file")
    if not total + repeated:
        return Criterion("Basket splitting", "unknown", "there are no sales", aim)
    if totals.unnumbered:
        measured = f"{totals.unnumbered:,} of {total:,} sales have no order number, so their items cannot be grouped"
        return Criterion("Basket splitting", "middling", measured, aim, "Export the order number.")
    if repeated:
        measured = f"{repeated:,} rows repeat an order number and were sent once"
        advice = 'If they are lines of one order, set rows = "lines" in a schema; then the items are sent with it.'
        return Criterion("Basket splitting", "middling", measured, aim, advice)
    return Criterion("Basket splitting", "well", "every order is one event", aim)


def _graded(criterion: Criterion, share: float, good: float) -> Criterion:
    """Return the criterion graded by its share, without advice where all is well."""
    if share >= good:
        return replace(criterion, advice="")
    return replace(criterion, grade="middling" if share >= MIDDLING else "poor")


def meta_scores(quality: Mapping[str, Any] | None) -> tuple[Score, ...]:
    """Return Meta's own scores in the answer of `dataset_quality?fields=offline` [DQO]; read leniently, () for None."""
    offline = (quality or {}).get("offline")
    if isinstance(offline, Mapping):
        offline = [offline]
    return tuple(score for entry in offline or () if isinstance(entry, Mapping) for score in _scores(entry))


def _scores(entry: Mapping[str, Any]) -> Iterator[Score]:
    event = str(entry.get("event_name") or "")
    for name, part in entry.items():
        if isinstance(part, Mapping) and ("score" in part or "recommendation" in part):
            words = str(part.get("recommendation") or "")
            score = part.get("score")
            yield Score(event, name.replace("_", " "), "" if score is None else f"{score}", words)
