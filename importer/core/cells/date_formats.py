"""What the shape of a date, a time, or both means: which digits are the year, which the hour, and so on.

Shapes are folded (`letters.fold`) and have 0 for every digit; names of months and zones stand in them as they are.
Dates of three numbers with the year last leave open which is the month: that is decided by the whole column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from importer.core.cells import date_patterns as patterns
from importer.core.cells.spelling import NOTHING
from importer.core.cells.text_shapes import Span

_MOST_PART_DIGITS = 12


@dataclass(frozen=True)
class Layout:
    """Where a shape's digits belong.

    kind: `known` (year, month and day are told apart), `open` (they are not), `serial` (Excel's days and their
    fraction), `epoch` (a count since 1970), `clock` (no date), `share` (a fraction of a day), `nothing`.
    month: a span, or the number that a month's name means. zero: a span that must be 0 for the layout to be right.
    half: `am` or `pm`. sign, away, past: the offset's sign, hours and minutes. zone: the zone's words.
    units: how many of the epoch's units make a second. dotted: year-last numbers parted by full stops.
    """

    kind: Literal["known", "open", "serial", "epoch", "clock", "share", "nothing"]
    year: Span | None = None
    month: Span | int | None = None
    day: Span | None = None
    hour: Span | None = None
    minute: Span | None = None
    second: Span | None = None
    half: str | None = None
    sign: int = 1
    away: Span | None = None
    past: Span | None = None
    zone: str | None = None
    whole: Span | None = None
    part: Span | None = None
    zero: Span | None = None
    units: int = 1
    dotted: bool = False


def _span(text: str, found: re.Match[str], name: str) -> Span | None:
    """The digits of a named group, counted among all digits of the text; None where it matched nothing."""
    if name not in found.re.groupindex or not found.group(name):
        return None
    start = text.count("0", 0, found.start(name))
    return start, start + found.group(name).count("0")


def _group(found: re.Match[str], name: str) -> str | None:
    """What a named group matched, or None where it did not or does not exist."""
    return found.group(name) if name in found.re.groupindex else None


def _date(text: str, found: re.Match[str]) -> Layout | None:
    """The layout of a matched date; None where a word in it is no month's name."""
    year, day = _span(text, found, "year"), _span(text, found, "day")
    if first := _span(text, found, "first"):
        dotted = "." in found.group("mark")
        return Layout("open", year, first, _span(text, found, "second_number"), dotted=dotted)
    word = _group(found, "word")
    month = _span(text, found, "month") if word is None else patterns.MONTH_OF.get(word)
    return None if month is None else Layout("known", year, month, day)


def _with_time(text: str, date: Layout, found: re.Match[str]) -> Layout:
    """The date with the time of day and the zone that were matched beside it."""
    half = _group(found, "aft") or _group(found, "fore")
    sign = -1 if _group(found, "sign") == "-" else 1
    return Layout(
        kind=date.kind,
        year=date.year,
        month=date.month,
        day=date.day,
        dotted=date.dotted,
        hour=_span(text, found, "hour"),
        minute=_span(text, found, "minute"),
        second=_span(text, found, "second"),
        half=patterns.HALVES[half] if half else None,
        sign=-sign if _group(found, "base") == "etc/gmt" else sign,  # POSIX counts west as positive
        away=_span(text, found, "away"),
        past=_span(text, found, "past"),
        zone=(_group(found, "zone") or "").strip() or None,
    )


def _dates_at(text: str, start: int) -> Iterator[tuple[re.Match[str], Layout]]:
    """Every way to read a date that begins there."""
    for pattern in patterns.DATES:
        found = pattern.match(text, start)
        if found and (layout := _date(text, found)):
            yield found, layout


def _after_weekday(text: str, start: int) -> int:
    """Where the text goes on behind a weekday that follows a date, such as `(Mon)`."""
    found = patterns.TRAILING_WEEKDAY.match(text, start)
    return found.end() if found and found.group("name") in patterns.DAY_NAMES else start


def _is_leading(word: re.Match[str]) -> bool:
    """Whether the word may stand before a date and mean nothing for it."""
    name = word.group("name")
    return name in patterns.LEADING or name.rstrip(".") in patterns.LEADING


def _date_first(text: str, start: int) -> Layout | None:
    """A date, then perhaps a time and a zone, to the end of the text."""
    for found, date in _dates_at(text, start):
        clocks = (
            (*patterns.AFTER_DATE, patterns.AFTER_COMPACT, patterns.AFTER_ALL)
            if found.re is patterns.COMPACT
            else (*patterns.AFTER_DATE, patterns.AFTER_ALL)
        )
        for behind in dict.fromkeys((found.end(), _after_weekday(text, found.end()))):
            for pattern in clocks:
                if clock := pattern.fullmatch(text, behind):
                    return _with_time(text, date, clock)
    return None


def _time_first(text: str) -> Layout | None:
    """A time, perhaps a zone, then a date, to the end of the text."""
    for pattern in patterns.BEFORE_DATE:
        if clock := pattern.match(text):
            starts = [clock.end()]
            if (word := patterns.LEADING_WORD.match(text, clock.end())) and _is_leading(word):
                starts.append(word.end())
            for start in starts:
                for found, date in _dates_at(text, start):
                    if found.end() == len(text):
                        return _with_time(text, date, clock)
    return None


def _c_library(text: str) -> Layout | None:
    """`Mon Oct 05 14:03:22 PDT 2026`, as C, Java and `date` print it."""
    found = patterns.C_LIBRARY.fullmatch(text)
    if found is None or _group(found, "lead") not in {None, *patterns.DAY_NAMES}:
        return None
    date = _date(text, found)
    return date and _with_time(text, date, found)


def _number(text: str) -> Layout | None:
    """Dates that are one number: yyyymmddhhmmss, a count since 1970, an Excel serial."""
    if found := patterns.EPOCH.fullmatch(text):
        return Layout("epoch", whole=_span(text, found, "whole"), units=patterns.EPOCHS[len(found.group("whole"))])
    if found := patterns.SERIAL.fullmatch(text):
        return Layout("serial", whole=_span(text, found, "whole"), part=_capped(_span(text, found, "part")))
    if found := patterns.DAY_NUMBER.fullmatch(text):
        year, month, day = (_span(text, found, name) for name in ("year", "month", "day"))
        return Layout("known", year, month, day, zero=_capped(_span(text, found, "zero")))
    if (found := patterns.NUMBER_ALONE.fullmatch(text)) and (date := _date(text, found)):
        return _with_time(text, date, found)
    return None


def _capped(span: Span | None) -> Span | None:
    """The span without the digits that no second depends on."""
    return span and (span[0], min(span[1], span[0] + _MOST_PART_DIGITS))


def _plain(shape: str) -> str:
    """The shape without the apostrophe or the quotes around it."""
    return shape.strip("'\" ")


@lru_cache(maxsize=16_384)
def layout(shape: str) -> Layout | None:
    """What a date, perhaps with a time and a zone, is made of; None for anything else.

    >>> layout("00/00/0000 0:00 pm").kind
    'open'
    """
    text = _plain(shape)
    if text in NOTHING:
        return Layout("nothing")
    if "0" not in text:
        return None
    if read := _number(text):
        return read
    start = 0
    for _ in range(3):  # `Mon, ` or `le lundi ` may come first, but `mar` can be a month
        if read := _date_first(text, start):
            return read
        word = patterns.LEADING_WORD.match(text, start)
        if word is None or not _is_leading(word):
            break
        start = word.end()
    return _c_library(text) or _time_first(text)


@lru_cache(maxsize=4_096)
def clock_layout(shape: str) -> Layout | None:
    """What a time of day in a column of its own is made of; a date beside it is passed over; None for anything else."""
    text = _plain(shape)
    if text in NOTHING:
        return Layout("nothing")
    if "0" not in text:
        return None
    for pattern in patterns.CLOCK_ALONE:
        if found := pattern.fullmatch(text):
            return _with_time(text, Layout("clock"), found)
    if found := patterns.SHARE.fullmatch(text):
        return Layout("share", part=_capped(_span(text, found, "part")), zero=_span(text, found, "zero"))
    whole = layout(shape)
    return whole if whole and whole.hour else None
