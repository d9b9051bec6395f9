"""Birthdays (`db`) [CIP: YYYYMMDD, year 1900 to now]."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from importer.core.normalise.cell import Cell, ascii_digits, placeholder, start
from importer.core.normalise.fold import fold
from importer.core.tables.months import MONTHS

Parts: TypeAlias = tuple[str, str, str]
"""Year, month and day as digits."""

OLDEST = 120
"""Years of age beyond which a birthday is a mistake."""

FIRST_YEAR = 1900
"""Meta takes no earlier year [CIP]."""

_LAST_YEAR = 2100
_MONTHS_A_YEAR, _LONGEST_MONTH, _WHOLE_YEAR = 12, 31, 4

_SEP = r"[\s./,\u2010-\u2015\u2212\u00b7-]{1,3}"
_EAST = re.compile(r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월]\s*([0-9]{1,2})\s*[日일号]?")
_EAST_YEAR_LAST = re.compile(r"([0-9]{1,2})\s*[月월]\s*([0-9]{1,2})\s*[日일号]\s*,?\s*([0-9]{4})\s*[年년]?")
_NUMBERS = re.compile(
    rf"(?<![0-9:])(?<![0-9][./-])([0-9]{{4}}|[0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{4}}|[0-9]{{2}})(?![0-9:])(?![./-][0-9])"
    rf"|(?<![0-9:])([0-9]{{4}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}})(?![0-9:])(?![./-][0-9])"
)
_COMPACT = re.compile(r"(?<![0-9])([0-9]{8})(?![0-9])")
_WORD = r"([^\W\d_]{3,12})\.?"
_OF = r"[\s.,/-]*(?:de\s+|del\s+|of\s+|di\s+)?"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th|er|e|\u00ba|\u00b0)?"
_NAMED = (
    (re.compile(rf"(?<![0-9]){_DAY}{_OF}{_WORD}{_OF}'?([0-9]{{4}}|[0-9]{{2}})(?![0-9])", re.IGNORECASE), (3, 2, 1)),
    (re.compile(rf"{_WORD}\s*{_DAY}[\s,]+'?([0-9]{{4}}|[0-9]{{2}})(?![0-9])", re.IGNORECASE), (3, 1, 2)),
    (re.compile(rf"(?<![0-9])([0-9]{{4}})[\s,/-]*{_WORD}[\s,/-]*{_DAY}(?![0-9])", re.IGNORECASE), (1, 2, 3)),
)


def _months() -> dict[str, str]:
    """Folded names of months -> their number, without those that mean two months in two languages."""
    found: dict[str, set[int]] = {}
    for line in MONTHS:
        for number, spellings in enumerate(line.split(), 1):
            for name in spellings.split("/"):
                found.setdefault(fold(name), set()).add(number)
    return {name: str(number) for name, numbers in found.items() if len(numbers) == 1 for number in numbers}


_MONTH_OF = _months()

NO_DAYS = frozenset(
    {"00000000", "19000101", "18991230", "18991231", "00010101", "17530101", "99991231", "11111111", "99999999"}
)
"""What databases and tills hold for a birthday that nobody told."""


def normal(text: str, order: str | None, today: date, birth_year: int | None = None) -> Cell:
    """The birthday as YYYYMMDD.

    order: `mdy`, `dmy` or `ymd` decides between readings that are both possible; without it these are `ambiguous`.
    birth_year: the year by another column; it picks the century of two digits, and where it disagrees the text's own
    digits stay, with `year_conflict`.
    """
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    plain = ascii_digits(text_or_cell)
    readings = _readings(plain, order)
    if placeholder(text_or_cell) or any("".join((year, m.zfill(2), d.zfill(2))) in NO_DAYS for year, m, d in readings):
        return None, "placeholder"
    days = {day for parts in readings if (day := _day(parts, today, birth_year))}
    if len(days) != 1:
        return None, "ambiguous" if days else "invalid"
    day = days.pop()
    return _written(day), "year_conflict" if birth_year is not None and day.year != birth_year else None


def of_parts(text: str, today: date) -> Cell:
    """The birthday out of year, month and day that stand in three columns, joined here by slashes in this order."""
    year, month, day = (ascii_digits(part).strip().removesuffix(".0") for part in (*text.split("/", 2), "", "")[:3])
    found = _day((year, _MONTH_OF.get(fold(month), month), day), today, None)
    return (_written(found), None) if found else (None, "invalid")


def _written(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _readings(text: str, order: str | None) -> list[Parts]:
    """Every way to read the first thing in the text that looks like a date; possible or not."""
    if found := _EAST.search(text):
        return [(found.group(1), found.group(2), found.group(3))]
    if found := _EAST_YEAR_LAST.search(text):
        return [(found.group(3), found.group(1), found.group(2))]
    if found := _NUMBERS.search(text):
        first, second, third = (
            found.group(1) or found.group(4),
            found.group(2) or found.group(5),
            found.group(3) or found.group(6),
        )
        return _in_order(first, second, third, order)
    if found := _COMPACT.search(text):
        return _compact(found.group(1), order)
    return list(_named(text))[:1]


def _in_order(first: str, second: str, third: str, order: str | None) -> list[Parts]:
    """The readings of three numbers: a year of four digits, or above 31, shows where it stands."""
    if len(first) == _WHOLE_YEAR or (len(third) < _WHOLE_YEAR and (order == "ymd" or int(first) > _LONGEST_MONTH)):
        return [(first, second, third)] if int(second) <= _MONTHS_A_YEAR else [(first, third, second)]
    return _year_last(first, second, third, order)


def _year_last(first: str, second: str, year: str, order: str | None) -> list[Parts]:
    """Month first, day first, or both where neither the numbers nor the order tell."""
    month_first, day_first = (year, first, second), (year, second, first)
    if int(first) > _MONTHS_A_YEAR:
        return [day_first]
    if int(second) > _MONTHS_A_YEAR or order == "mdy":
        return [month_first]
    return [day_first] if order == "dmy" else [month_first, day_first]


def _compact(digits: str, order: str | None) -> list[Parts]:
    """The readings of eight digits: year first if that can be a year, else last."""
    if FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR and 1 <= int(digits[4:6]) <= _MONTHS_A_YEAR:
        return [(digits[:4], digits[4:6], digits[6:])]
    return _year_last(digits[:2], digits[2:4], digits[4:], order)


def _named(text: str) -> Iterator[Parts]:
    """The readings in which the month is a word."""
    for pattern, (year, month, day) in _NAMED:
        for found in pattern.finditer(text):
            if number := _MONTH_OF.get(fold(found.group(month))):
                yield found.group(year), number, found.group(day)


def _day(parts: Parts, today: date, birth_year: int | None) -> date | None:
    """The day, if the calendar has it and a living person can have been born on it."""
    if not all(part.isdecimal() and len(part) <= _WHOLE_YEAR for part in parts):
        return None
    year, month, day = map(int, parts)
    years = [year] if len(parts[0]) == _WHOLE_YEAR else [century + year for century in (2000, 1900)]
    if birth_year in years:
        years = [birth_year]
    for candidate in years:
        try:
            born = date(candidate, month, day)
        except ValueError:
            continue
        if born <= today and candidate >= FIRST_YEAR and today.year - candidate <= OLDEST:
            return born
    return None
