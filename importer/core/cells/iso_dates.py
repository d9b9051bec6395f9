"""Columns whose dates are all written alike, as ISO 8601 has them: many exports of programs hold no others.

They are read without a grammar, 15 ns a row; by their shapes it takes 150.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from importer.core.kernels.arrays import Indices, Mask
from importer.core.kernels.bytes import Bytes, text_bytes
from importer.core.kernels.hash64 import Words
from importer.core.kernels.swar import against, each, follows, pairs
from importer.core.model import DAY, Column

_DATE, _MINUTES, _SECONDS, _ZULU = (
    len(form) for form in ("2026-10-31", "2026-10-31 14:05", "2026-10-31 14:05:00", "2026-10-31 14:05:00Z")
)
_DAY_BEFORE = np.arange("1999-12", "2100-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
_MONTH_DAYS = np.diff(_DAY_BEFORE).astype(np.uint8)
"""By months since December 1999: the day before the month, and how many days it has."""
_MONTHS, _HOURS, _SIXTY = 12, 24, 60


@dataclass(frozen=True)
class Iso:
    """filled: which cells hold a date, the others being empty.

    One entry for each filled cell: days since 1970, and seconds of the day, None where the column has dates only.
    utc: the cells end in Z.
    """

    filled: Mask
    days: Indices
    clock: Indices | None
    utc: bool

    @property
    def seconds(self) -> Indices:
        """Seconds since 1970, local ones where not utc."""
        return self.days * DAY if self.clock is None else self.days * DAY + self.clock


def read_iso(column: Column) -> Iso | None:
    """The dates of a string column, None where they are not all of one form, right, and from 2000 to 2099."""
    cells = text_bytes(column)
    width, data = int(cells.lengths.max(initial=0)), cells.data
    if width not in (_DATE, _MINUTES, _SECONDS, _ZULU) or len(data) != width * np.count_nonzero(cells.filled):
        return None
    utc = width == _ZULU
    if (
        not _all_at(data, width, 0, b"2")
        or not _all_at(data, width, 1, b"0")
        or (utc and not _all_at(data, width, 19, b"Z"))
    ):
        return None
    days = _days(each(data, width, 2))
    if days is None or width == _DATE:
        return None if days is None else Iso(cells.filled, days, None, utc)
    clock = _clock(data, width)
    return None if clock is None else Iso(cells.filled, days, clock, utc)


def _all_at(data: Bytes, width: int, place: int, sign: bytes) -> bool:
    return bool((data[place::width] == sign[0]).all())


def _days(words: Words) -> Indices | None:
    """Days since 1970 of `26-10-31`; None where one is no date."""
    found = against(words, "00-00-00")
    year, month, day = pairs(found).T[[0, 3, 6]]
    if not follows(found, "00-00-00").all() or month.min() < 1 or month.max() > _MONTHS or day.min() < 1:
        return None
    months = year.astype(np.int16) * np.int16(_MONTHS) + month
    return None if (day > _MONTH_DAYS.take(months)).any() else _DAY_BEFORE.take(months) + day


def _clock(data: Bytes, width: int) -> Indices | None:
    """Seconds of the day; None where one is no time of day. Leap seconds and 24:00 are left to the grammar."""
    between = data[10:11].tobytes()
    if between not in (b"T", b" ") or not _all_at(data, width, 10, between):
        return None
    start, pattern = (8, f"00{between.decode()}00:00") if width == _MINUTES else (11, "00:00:00")
    found = against(each(data, width, start), pattern)
    if not follows(found, pattern).all():
        return None
    hour, minute, second = pairs(found).T[[0, 3, 6]] if width > _MINUTES else _hour_and_minute(found)
    if hour.max() >= _HOURS or minute.max() >= _SIXTY or second.max() >= _SIXTY:
        return None
    seconds: Indices = (hour.astype(np.int64) * _SIXTY + minute) * _SIXTY + second
    return seconds


def _hour_and_minute(found: Words) -> Bytes:
    """The numbers of `31 14:05`, in which the seconds are 0."""
    numbers = pairs(found).T[[3, 6, 6]]
    numbers[2] = 0
    return numbers
