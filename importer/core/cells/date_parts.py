"""A column of dates as arrays of numbers, before day and month are told apart and a zone is applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.cell_text import cast_all
from importer.core.cells.date_grammar import Layout, clock_layout, layout
from importer.core.cells.text_shapes import Digits, Span, by_shape
from importer.core.kernels.arrays import Indices, Mask
from importer.core.model import DAY, Column

NONE = np.iinfo(np.int64).min
"""No time of day, no offset."""

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Dates of other years are none of a sale; 1900-01-01 and the like are placeholders."""
_PIVOT = 69
"""Two-digit years from here on belong to the 20th century, as POSIX has it."""
_FIRST_SERIAL, _LAST_SERIAL, _SERIAL_OF_1970 = 20_000, 80_000, 25_569
_FIRST_INSTANT, _LAST_INSTANT = 946_684_800, 4_133_980_799
_HOUR, _MINUTE, _NOON, _FARTHEST_HOURS = 3_600, 60, 12, 14
_LAST_HOUR, _LAST_MINUTE, _LEAP_SECOND = 23, 59, 60
_FIRST_OF_MONTH = np.arange("0000-01", "10000-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)
_MONTH_DAYS = np.diff(_FIRST_OF_MONTH)
_MONTHS, _SHORT_YEAR_DIGITS = 12, 2
_FIRST_BUDDHIST, _LAST_BUDDHIST, _BUDDHIST = 2_400, 2_699, 543
"""Years of the Thai calendar, and how many more they count."""
_CALENDAR = np.arange("1900-01-01", f"{LAST_YEAR + 1}-01-01", dtype="datetime64[D]")
_FIRST_DAY = int(_CALENDAR[0].astype(np.int64))
_EARLY = np.concatenate([[False], (_CALENDAR - _CALENDAR.astype("datetime64[M]")).astype(np.int64) < _MONTHS, [False]])
"""Which days, of the years of sales and birthdays, are of their month's first twelve and can change places with it."""


_ISO_TYPES = {
    len("2026-10-31"): pa.timestamp("s"),
    len("2026-10-31 14:05"): pa.timestamp("s"),
    len("2026-10-31 14:05:00"): pa.timestamp("s"),
    len("2026-10-31 14:05:00Z"): pa.timestamp("s", "UTC"),
}
"""By their lengths, the forms of ISO 8601 that Arrow reads as the grammar does; `2026-10-31 14` it takes for 14:00."""


class DateKind(IntEnum):
    """What is known of a cell's date. BAD is 0, so that rows which no layout claims are bad."""

    BAD = 0
    NOTHING = 1
    KNOWN = 2
    OPEN = 3
    OPEN_SHORT = 4
    INSTANT = 5


@dataclass(frozen=True)
class Moments:
    """One entry for each row.

    days: since 1970, local, of KNOWN. year: with its century. first, second: the other numbers of OPEN and OPEN_SHORT.
    clock: second of the day, NONE without a time. offset: seconds east of UTC, NONE without one.
    zone: index into `zones`, the zones' words in the cells; -1 without. instant: UTC seconds of INSTANT.
    units: how many of the cell's units made a second. dotted: year-last numbers separated by full stops.
    """

    kind: npt.NDArray[np.int8]
    days: Indices
    year: Indices
    first: Indices
    second: Indices
    clock: Indices
    offset: Indices
    zone: Indices
    instant: Indices
    units: Indices
    dotted: Mask
    zones: list[str] = field(default_factory=list)

    @property
    def aware(self) -> Mask:
        """Tell where the cell says itself which instant is meant."""
        return np.asarray((self.kind == DateKind.INSTANT) | (self.offset != NONE) | (self.zone >= 0))


def _blank(count: int) -> Moments:
    """Return moments of which no row is read yet."""
    zeros = [np.zeros(count, np.int64) for _ in range(6)]
    nones = [np.full(count, NONE, np.int64) for _ in range(2)]
    return Moments(
        kind=np.zeros(count, np.int8),
        days=zeros[0],
        year=zeros[1],
        first=zeros[2],
        second=zeros[3],
        clock=nones[0],
        offset=nones[1],
        zone=np.full(count, -1, np.int64),
        instant=zeros[4],
        units=zeros[5],
        dotted=np.zeros(count, np.bool_),
    )


def civil_days(year: Indices, month: Indices, day: Indices) -> tuple[Indices, Mask]:
    """Return days since 1970-01-01 of a Gregorian date, and where there is such a date (30 February there is not).

    year: of at most four digits.
    """
    right = (month >= 1) & (month <= _MONTHS) & (day >= 1)
    months = np.where(right, year * _MONTHS + month - 1, 0)
    return _FIRST_OF_MONTH.take(months) + day - 1, right & (day <= _MONTH_DAYS.take(months))


def in_range(year: Indices) -> Mask:
    """Tell where a year can be a sale's."""
    return np.asarray((year >= FIRST_YEAR) & (year <= LAST_YEAR))


def is_early(days: Indices) -> Mask:
    """Tell which days are one of their month's first twelve."""
    return np.asarray(_EARLY.take(days - _FIRST_DAY + 1, mode="clip"))


def early_and_late(days: Indices) -> tuple[frozenset[int], frozenset[int]]:
    """Return the different days that are one of their month's first twelve, and the others; 3 ns a value."""
    if not len(days):
        return frozenset(), frozenset()
    places = np.clip(days - (_FIRST_DAY - 1), 0, len(_EARLY) - 1)
    found = np.flatnonzero(np.bincount(places, minlength=len(_EARLY))[1:-1]) + 1
    early, late = found[_EARLY[found]], found[~_EARLY[found]]
    return (
        frozenset((early + (_FIRST_DAY - 1)).tolist()),
        frozenset((late + (_FIRST_DAY - 1)).tolist()),
    )


def exchanged_days(days: Indices) -> Indices:
    """Return the days whose day and month have changed places; each must be one of its month's first twelve."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    month, day = months.astype(np.int64) % _MONTHS + 1, (dates - months).astype(np.int64) + 1
    return civil_days(months.astype(np.int64) // _MONTHS + 1970, day, month)[0]


def full_year(short: Indices) -> Indices:
    """Return two-digit years with their century."""
    return np.where(short >= _PIVOT, 1900, 2000) + short


def _clock(found: Layout, digits: Digits) -> tuple[Indices, Mask]:
    """Return the second of the day and where it is right; 24:00 is the day's end, a leap second the second before."""
    hour, minute, second = (digits.number(span) for span in (found.hour, found.minute, found.second))
    right = (minute <= _LAST_MINUTE) & (second <= _LEAP_SECOND)
    if found.half == "am":
        right &= hour <= _NOON
        hour = np.where(hour == _NOON, 0, hour)
    elif found.half == "pm":
        right &= (hour >= 1) & (hour <= _LAST_HOUR)
        hour = np.where(hour < _NOON, hour + _NOON, hour)
    seconds = hour * _HOUR + minute * _MINUTE + np.minimum(second, _LAST_MINUTE)
    midnight = (hour == _LAST_HOUR + 1) & (minute == 0) & (second == 0)
    return seconds, right & ((hour <= _LAST_HOUR) | midnight)


def _share_of_day(digits: Digits, span: Span | None) -> Indices:
    """Return the second of the day that a decimal fraction of a day rounds to."""
    if span is None or span[0] == span[1]:
        return digits.number(None)
    scale = 10 ** (span[1] - span[0])
    return np.asarray((digits.number(span) * DAY + scale // 2) // scale)


def _fill_number(moments: Moments, found: Layout, rows: Indices, digits: Digits) -> Mask:
    """Enter Excel serials and counts since 1970, and return where they are right."""
    if found.kind == "epoch":
        width = found.whole[1] - found.whole[0] if found.whole else 0
        count = digits.number((0, min(width, 18)))
        seconds = count // (found.units // 10 if width > 18 else found.units)  # noqa: PLR2004 # int64 holds 18 digits
        moments.kind[rows], moments.instant[rows], moments.units[rows] = DateKind.INSTANT, seconds, found.units
        return np.asarray((seconds >= _FIRST_INSTANT) & (seconds <= _LAST_INSTANT))
    serial, second = digits.number(found.whole), _share_of_day(digits, found.part)
    moments.kind[rows], moments.days[rows] = DateKind.KNOWN, serial - _SERIAL_OF_1970
    moments.clock[rows] = np.where(second > 0, second, NONE)
    moments.year[rows] = FIRST_YEAR  # whichever: the serial's own range is narrower
    return np.asarray((serial >= _FIRST_SERIAL) & (serial <= _LAST_SERIAL))


def _fill_date(moments: Moments, found: Layout, rows: Indices, digits: Digits) -> Mask:
    """Enter the numbers of the dates, and return where they are right as far as they are known."""
    year, month, day = (digits.number(part) for part in (found.year, found.month, found.day))
    short = found.year is not None and found.year[1] - found.year[0] == _SHORT_YEAR_DIGITS
    buddhist = (year >= _FIRST_BUDDHIST) & (year <= _LAST_BUDDHIST)
    year = full_year(year) if short else np.where(buddhist, year - _BUDDHIST, year)
    if found.kind == "known":
        days, right = civil_days(year, month, day)
        moments.kind[rows], moments.days[rows], moments.year[rows] = DateKind.KNOWN, days, year
        return right
    moments.kind[rows] = DateKind.OPEN_SHORT if short else DateKind.OPEN
    moments.year[rows], moments.first[rows], moments.second[rows] = year, month, day
    moments.dotted[rows] = found.dotted
    return np.full(len(rows), fill_value=True)


def _fill(moments: Moments, found: Layout, rows: Indices, digits: Digits) -> None:
    """Enter the rows of one layout; where something in them cannot be, they are bad."""
    if found.kind == "nothing":
        moments.kind[rows] = DateKind.NOTHING
        return
    right = np.full(len(rows), fill_value=True)
    if found.kind in ("serial", "epoch"):
        right &= _fill_number(moments, found, rows, digits)
    elif found.kind == "share":
        moments.clock[rows] = _share_of_day(digits, found.part)
        moments.kind[rows] = DateKind.KNOWN
    elif found.kind == "clock":
        moments.kind[rows] = DateKind.KNOWN
    else:
        right &= _fill_date(moments, found, rows, digits)
    if found.hour:
        moments.clock[rows], fits = _clock(found, digits)
        right &= fits
    if found.away:
        hours, minutes = digits.number(found.away), digits.number(found.past)
        away = hours * _HOUR + minutes * _MINUTE
        moments.offset[rows] = found.sign * away
        right &= (minutes <= _LAST_MINUTE) & (away <= _FARTHEST_HOURS * _HOUR)
    if found.zone and not found.away:
        if found.zone not in moments.zones:
            moments.zones.append(found.zone)
        moments.zone[rows] = moments.zones.index(found.zone)
    if found.zero:
        right &= digits.number(found.zero) == 0
    moments.kind[rows[~right]] = DateKind.BAD


def _read(column: Column, grammar: Callable[[str], Layout | None]) -> Moments:
    moments = _blank(len(column))
    for group in by_shape(column, grammar):
        _fill(moments, group.layout, group.rows, group.digits)
    return moments


def instants(seconds: Indices, valid: Mask) -> Moments:
    """Return UTC seconds as moments; nothing where not valid, bad where no sale can be of that year."""
    right = (seconds >= _FIRST_INSTANT) & (seconds <= _LAST_INSTANT)
    kind = np.where(valid, np.where(right, np.int8(DateKind.INSTANT), np.int8(DateKind.BAD)), np.int8(DateKind.NOTHING))
    return replace(_blank(len(seconds)), kind=kind, instant=seconds, units=np.ones_like(seconds))


def read_moments(column: Column, *, clocked: bool = False) -> Moments:
    """Read what each text of a string column says about a date and a time.

    clocked: a time of day from another column is to be added, so that a time in UTC is no instant yet.
    """
    iso = _read_iso(column, clocked=clocked)
    return _read(column, layout) if iso is None else iso


def _read_iso(column: Column, *, clocked: bool) -> Moments | None:
    """Read a column of ISO 8601 dates that all have one length; None where a cell is anything else.

    Arrow's cast is strict, so that 30 February or 24:00 leave the column to the grammar: 25 ns a value, not 90.
    """
    lengths = pc.min_max(pc.binary_length(column)).as_py()
    kind = _ISO_TYPES.get(lengths["min"])
    if kind is None or lengths["min"] != lengths["max"] or (clocked and kind.tz):
        return None
    cast = cast_all(column, kind)
    if cast is None:
        return None
    seconds = np.asarray(cast.cast(pa.int64()).fill_null(_FIRST_INSTANT))
    if seconds.min() < _FIRST_INSTANT or seconds.max() > _LAST_INSTANT:
        return None
    valid = np.asarray(column.is_valid())
    if kind.tz:
        return instants(seconds, valid)
    days = seconds // DAY
    return replace(
        _blank(len(column)),
        kind=np.where(valid, np.int8(DateKind.KNOWN), np.int8(DateKind.NOTHING)),
        days=days,
        year=np.full(len(column), FIRST_YEAR),  # whichever: they are all in range
        clock=np.full(len(column), NONE) if lengths["min"] == len("2026-10-31") else seconds - days * DAY,
    )


def read_clocks(column: Column) -> Moments:
    """Read what each text says about a time of day: only `kind`, `clock`, `offset` and `zone` mean something."""
    return _read(column, clock_layout)
