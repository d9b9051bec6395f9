"""Columns as what Excel can hold without loss: text, numbers of at most 15 digits, true and false, dates."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column
from importer.results.csv_text import EXACT_DIGITS, is_text, texts

MAX_CHARACTERS = 32_767
"""What Excel allows in a cell; it counts characters in UTF-16."""

FIRST_DATE = date(1900, 3, 1)
"""Before it Excel counts a day that never was (29 February 1900)."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)([.][0-9]*[1-9])?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{3})?")
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"


def cells(column: Column) -> list[Any]:
    """Return a column as what Excel can hold without loss: text, numbers of at most 15 digits, booleans, dates."""
    kind = column.type
    if pt.is_boolean(kind):
        return list(column.to_pylist())
    if pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind):
        return _kept(column, column.to_pylist(), _is_exact)
    if pt.is_date(kind) or (pt.is_timestamp(kind) and kind.tz is None):
        return _moments(column)
    return _clean(column if is_text(column) else texts(column))


def true_cell(text: str | None) -> str | float | date | None:
    """Return what a cell of a column of several kinds was before all of them were read as text."""
    if text is None or not text[-1:].isdigit():
        return text
    with suppress(ValueError):
        if _NUMBER.fullmatch(text) and sum(map(str.isdigit, text)) <= EXACT_DIGITS:
            return float(text)
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return day if _is_date(day) else text
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment if _is_date(moment) else text
    return text


def _moments(column: Column) -> list[Any]:
    try:
        finest = column.cast(pa.timestamp("us")) if pt.is_timestamp(column.type) else column
        values = finest.to_pylist()
    except (ValueError, OverflowError):  # nanoseconds, or a year beyond the calendar
        return _clean(texts(column))
    return _kept(column, values, _is_date)


def _kept(column: Column, values: list[Any], fits: Callable[[Any], bool]) -> list[Any]:
    """Return the values that fit as they are, the others as text."""
    if all(value is None or fits(value) for value in values):
        return values
    spare = texts(column).to_pylist()
    return [value if value is None or fits(value) else text for value, text in zip(values, spare, strict=True)]


def _is_exact(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    digits = Decimal(value).normalize().as_tuple().digits if isinstance(value, Decimal) else str(abs(value))
    return len(digits) <= EXACT_DIGITS


def _is_date(value: date) -> bool:
    if not isinstance(value, datetime):
        return value >= FIRST_DATE
    return value.date() >= FIRST_DATE and value.microsecond % 1000 == 0


def _clean(column: Column) -> list[str | None]:
    """Return text without what a workbook cannot hold: control characters, and more than 32,767 characters."""
    text = one_chunk(column.cast(pa.string()))
    if pc.any(pc.match_substring_regex(text, r"[\x00-\x1f\x{FFFE}\x{FFFF}]")).as_py():
        text = pc.replace_substring_regex(pc.replace_substring_regex(text, r"\r\n?", "\n"), _CONTROLS, "")
    values: list[str | None] = text.to_pylist()
    if (pc.max(pc.utf8_length(text)).as_py() or 0) > MAX_CHARACTERS // 2:
        return [
            value and value.encode("utf-16-le")[: 2 * MAX_CHARACTERS].decode("utf-16-le", "ignore") for value in values
        ]
    return values
