"""Birthdays of a whole column in the two shapes that nearly all are written in; `birthday` decides the others."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.date_parts import civil_days
from importer.core.kernels.arrays import Mask, one_chunk
from importer.core.kernels.bytes import Bytes, TextBytes, text_bytes, texts_of
from importer.core.model import Column
from importer.core.normalise.birthday import FIRST_YEAR, NO_DAYS, OLDEST
from importer.core.normalise.fast.plain_cells import Plain

_LENGTH, _DIGITS = 10, 8
"""Of `1987-06-05`."""
_NOBODY = one_chunk(pa.array(sorted(NO_DAYS)))


def days(column: Column, order: str | None, today: date) -> Plain:
    """The birthdays like 1987-06-05 or 19870605, and like 05/06/1987 where the order of day and month is told."""
    found = text_bytes(column)
    of_eight = found.count(found.digits) == _DIGITS
    ten, compact = of_eight & (found.lengths == _LENGTH), of_eight & (found.lengths == _DIGITS)
    digits = np.zeros((len(column), _DIGITS), np.uint8)
    cells = np.zeros(len(column), np.bool_)
    for mask, places in (_year_first(found, ten), _year_last(found, ten, order), (compact, tuple(range(_DIGITS)))):
        rows = np.flatnonzero(mask)
        if len(rows):
            digits[rows] = found.data[found.bounds[:-1][rows][:, np.newaxis] + np.array(places)]
            cells[rows] = True
    cells &= _real(digits, today)
    return Plain(texts_of(digits.ravel(), np.full(len(column), _DIGITS)), cells & ~_of_nobody(digits))


def _year_first(found: TextBytes, ten: Mask) -> tuple[Mask, tuple[int, ...]]:
    return _written_as(found, ten, (4, 7), "-"), (0, 1, 2, 3, 5, 6, 8, 9)


def _year_last(found: TextBytes, ten: Mask, order: str | None) -> tuple[Mask, tuple[int, ...]]:
    if order not in ("mdy", "dmy"):
        return np.zeros(len(ten), np.bool_), ()
    month, day = (0, 3) if order == "mdy" else (3, 0)
    places = (6, 7, 8, 9, month, month + 1, day, day + 1)
    return _written_as(found, ten, (2, 5), "/") | _written_as(found, ten, (2, 5), "."), places


def _written_as(found: TextBytes, ten: Mask, separators: tuple[int, int], sign: str) -> Mask:
    """Which of the cells of ten bytes and eight digits have the sign at both places."""
    cells, rows = ten.copy(), np.flatnonzero(ten)
    for place in separators:
        cells[rows] &= found.data.take(found.bounds[rows] + place) == ord(sign)
    return cells


def _real(digits: Bytes, today: date) -> Mask:
    """Which days the calendar has, and a living person can have been born on."""
    numbers = digits.astype(np.int64) - ord("0")
    year, month, day = (_number(numbers[:, part]) for part in (slice(0, 4), slice(4, 6), slice(6, 8)))
    _, right = civil_days(year, month, day)
    born = (year * 100 + month) * 100 + day
    young = (year >= FIRST_YEAR) & (today.year - year <= OLDEST)
    return np.asarray(right & young & (born <= (today.year * 100 + today.month) * 100 + today.day))


def _of_nobody(digits: Bytes) -> Mask:
    texts = texts_of(digits.ravel(), np.full(len(digits), _DIGITS))
    return np.asarray(pc.is_in(texts, value_set=_NOBODY))


def _number(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.asarray(digits @ 10 ** np.arange(digits.shape[1])[::-1])
