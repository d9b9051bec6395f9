"""Birthdays (`db`) [CIP: YYYYMMDD, year 1900 to now]."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

from importer.core.cells.date_grammar import MONTH_OF, find_date
from importer.core.cells.spelling import fold
from importer.core.normalise.cell import Cell, ascii_digits, placeholder, start

Parts: TypeAlias = tuple[str, str, str]
"""Year, month and day as digits."""

OLDEST = 120
"""Years of age beyond which a birthday is a mistake."""

FIRST_YEAR = 1900
"""Meta takes no earlier year [CIP]."""

_LAST_YEAR = 2100
_MONTHS_A_YEAR, _LONGEST_MONTH, YEAR_DIGITS = 12, 31, 4

NO_DAYS = frozenset(
    {"00000000", "19000101", "18991230", "18991231", "00010101", "17530101", "99991231", "11111111", "99999999"}
)
"""What databases and tills hold for an unknown birthday."""


def normal(text: str, order: str | None, today: date, birth_year: int | None = None) -> Cell:
    """Return the birthday as YYYYMMDD.

    order: `mdy`, `dmy` or `ymd` decides between readings that are both possible; without it these are `ambiguous`.
    birth_year: the year by another column; it picks the century of two digits, and where it disagrees the text's own
    digits stay, with `year_conflict`.
    """
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    readings = _readings(text_or_cell, order)
    if placeholder(text_or_cell) or any("".join((year, m.zfill(2), d.zfill(2))) in NO_DAYS for year, m, d in readings):
        return None, "placeholder"
    days = {day for parts in readings if (day := _day(parts, today, birth_year))}
    if len(days) != 1:
        return None, "ambiguous" if days else "invalid"
    day = days.pop()
    return _written(day), "year_conflict" if birth_year is not None and day.year != birth_year else None


def of_parts(text: str, today: date) -> Cell:
    """Return the birthday of a year, month and day from three columns, joined here by slashes in this order."""
    year, month, day = (ascii_digits(part).strip().removesuffix(".0") for part in (*text.split("/", 2), "", "")[:3])
    letters = re.sub(r"[\W\d_]", "", fold(month))  # `12 - December`
    found = _day((year, str(MONTH_OF.get(letters, month)), day), today, None)
    return (_written(found), None) if found else (None, "invalid")


def _written(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _readings(text: str, order: str | None) -> list[Parts]:
    """Return every way to read the first date in the text; possible or not."""
    folded = fold(text)
    digits = re.sub("[^0-9]", "", folded)
    found = find_date(re.sub("[0-9]", "0", folded))
    if found is None:
        return []
    year, month, day = (
        digits[slice(*part)] if isinstance(part, tuple) else str(part) for part in (found.year, found.month, found.day)
    )
    if found.compact:
        return _compact(year + month + day, order)
    if found.kind == "known":
        return [(year, month, day)] if int(month) <= _MONTHS_A_YEAR else [(year, day, month)]
    # the date is open: "month" and "day" are its first and second number, whatever they mean
    if len(year) < YEAR_DIGITS and (order == "ymd" or int(month) > _LONGEST_MONTH):
        return [(month, day, year)] if int(day) <= _MONTHS_A_YEAR else [(month, year, day)]
    return _year_last(month, day, year, order)


def _year_last(first: str, second: str, year: str, order: str | None) -> list[Parts]:
    """Read month first, day first, or both where neither the numbers nor the order tell."""
    month_first, day_first = (year, first, second), (year, second, first)
    if int(first) > _MONTHS_A_YEAR:
        return [day_first]
    if int(second) > _MONTHS_A_YEAR or order == "mdy":
        return [month_first]
    return [day_first] if order == "dmy" else [month_first, day_first]


def _compact(digits: str, order: str | None) -> list[Parts]:
    """Read eight digits: year first if that can be a year, else last."""
    if FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR and 1 <= int(digits[4:6]) <= _MONTHS_A_YEAR:
        return [(digits[:4], digits[4:6], digits[6:])]
    return _year_last(digits[:2], digits[2:4], digits[4:], order)


def _day(parts: Parts, today: date, birth_year: int | None) -> date | None:
    """Return the day, if the calendar has it and a living person can have been born on it."""
    if not all(part.isdecimal() and len(part) <= YEAR_DIGITS for part in parts):
        return None
    year, month, day = map(int, parts)
    years = [year] if len(parts[0]) == YEAR_DIGITS else [century + year for century in (2000, 1900)]
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
