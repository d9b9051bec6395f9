"""A column of amounts, however an export writes them, as exact decimals with a reason where that cannot be.

The decimal mark is decided by the whole column; a mistyped grouping is not a number. Decisions:
docs/decisions/0004-dates-and-amounts.md. Rules: spec, section 0, 15 to 18.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amount_grammar import Mark, Numeral, numeral
from importer.core.cells.cell_text import as_text, cast_all
from importer.core.cells.currency import PENCE_BESIDE
from importer.core.cells.text_shapes import Digits, Group, by_shape
from importer.core.kernels.arrays import Indices, Mask, nulls, one_chunk
from importer.core.kernels.bytes import text_bytes
from importer.core.model import MONEY, Column
from importer.core.tables.currencies import MINOR_DIGITS

_SCALE_DIGITS = 6
_SCALE = 10**_SCALE_DIGITS
_ZERO = pa.scalar(Decimal(0), MONEY)
LARGEST = 10**12
"""Amounts above this, in any currency, are not a sale's."""
_USUAL, _NEARLY_WHOLE = 10**8, 1e-3
"""Amounts below the one, whose millionths are whole but for the other, need not be written out to be read."""
_MOST_WHOLE_DIGITS = 13
_MOST_PLAIN_BYTES = 12
"""Numbers of so many bytes are below LARGEST, and those in millionths fit 64 bits."""
_ROUND_UP = 5

_REASONS = (None, "bad_value", "ambiguous_value", "value_too_large")
_FINE, _BAD, _AMBIGUOUS, _TOO_LARGE = range(len(_REASONS))


@dataclass(frozen=True)
class DecimalEvidence:
    """Counts of a column's values; those of two batches add up.

    point, comma: values that prove this decimal mark. weak_comma: `1,2345`, a decimal comma or a mistyped thousand.
    open_point, open_comma: `1.234`, `1,234`. plain: numbers without any proof. unread: not a number. filled: not blank.
    """

    point: int = 0
    comma: int = 0
    weak_comma: int = 0
    open_point: int = 0
    open_comma: int = 0
    plain: int = 0
    unread: int = 0
    filled: int = 0

    def __add__(self, other: DecimalEvidence) -> DecimalEvidence:
        return DecimalEvidence(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Amounts:
    """Three columns as long as the one that was read.

    values: model.MONEY, null where blank or not read. reason: null (also where blank) or a code of reasons.REASONS.
    currency: the ISO code that stands in the cell beside the number, else null. symbol: the folded symbol of several
    currencies that stands there (`$`); None where no cell has one.
    """

    values: Column
    reason: Column
    currency: Column
    symbol: Column | None = None


def _is_number(column: Column) -> bool:
    kind = column.type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _texts(column: Column) -> Column:
    return column if pa.types.is_string(column.type) else as_text(column)


def _starts_with_zero(group: Group[Numeral]) -> Mask:
    """Tell where the number begins with 0, as no grouped number does: `0,750`."""
    return np.asarray(group.digits.columns[0] == 0)


def evidence(column: Column) -> DecimalEvidence:
    """Count what a column says about its decimal mark; batches add up with `+`. Typed numbers say nothing."""
    if _is_number(column):
        filled = len(column) - column.null_count
        return DecimalEvidence(plain=filled, filled=filled)
    counts = dict.fromkeys((each.name for each in fields(DecimalEvidence)), 0)
    read, blank = 0, 0
    for group in by_shape(_texts(column), numeral):
        read += len(group.rows)
        blank += len(group.rows) if group.layout.blank else 0
        for name, count in _kinds(group):
            counts[name] += count
    counts["unread"], counts["filled"] = len(column) - read, len(column) - blank
    return DecimalEvidence(**counts)


_NAMES: dict[Mark, tuple[str, str]] = {".": ("point", "open_point"), ",": ("comma", "open_comma")}


def _kinds(group: Group[Numeral]) -> list[tuple[str, int]]:
    """Count of which kind the rows of one shape are as evidence."""
    found, count = group.layout, len(group.rows)
    if found.open:
        proof, doubt = _NAMES[found.open]
        proving = int(np.count_nonzero(_starts_with_zero(group)))
        return [(proof, proving), (doubt, count - proving)]
    if found.weak:
        return [("weak_comma", count)]
    if found.decimal:
        return [(_NAMES[found.decimal][0], count)]
    return [] if found.blank else [("plain", count)]


def decide(evidence: DecimalEvidence) -> Mark | None:
    """Return the decimal mark that the column's values prove; None where nothing does, or they contradict one another.

    Without proof, `1,234` is a thousand and more: amounts have three decimals in a few currencies only. `1.234` stays
    open, because machines write a point before any number of decimals.
    """
    if evidence.point and evidence.comma:
        return None
    if evidence.point:
        return "."
    if evidence.comma or evidence.weak_comma:
        return ","
    return "." if evidence.open_comma and not evidence.open_point else None


def read_amounts(column: Column, *, decimal: str | None) -> Amounts:
    """Read every value as an exact amount, rounded half up to six decimals, or tell the reason why not.

    decimal: the column's decimal mark; a value that contradicts it is bad. None: only what proves itself is read.
    """
    count = len(column)
    direct = _typed_millionths(column)
    if direct is not None:
        return Amounts(_money(direct, np.asarray(column.is_valid())), nulls(count), nulls(count))
    mark, texts = "." if _is_number(column) else decimal, _texts(column)
    values, others = _plain_millionths(texts, mark)
    if not others.any():
        return Amounts(_money(values), nulls(count), nulls(count))
    reason = np.where(others, np.int8(_BAD), np.int8(_FINE))
    blank, codes = np.zeros(count, np.bool_), np.full(count, -1, np.int64)
    currencies: dict[str, int] = {}
    symbols = np.full(count, -1, np.int64)
    vague: dict[str, int] = {}
    places = np.flatnonzero(others)
    for group in by_shape(_some(texts, others), numeral):
        found, rows = group.layout, places[group.rows]
        blank[rows] = found.blank
        values[rows], reason[rows] = _read(group, mark)
        if found.currency:
            codes[rows] = currencies.setdefault(found.currency, len(currencies))
        if found.symbol:
            symbols[rows] = vague.setdefault(found.symbol, len(vague))
    if currencies:
        named = np.flatnonzero(codes >= 0)
        pence = pc.match_substring_regex(texts.take(pa.array(named)), PENCE_BESIDE)
        reason[named[np.asarray(pence.fill_null(False))]] = _BAD
    if pa.types.is_floating(column.type):  # floats that are written with an exponent are too large, not unreadable
        size = pc.abs(column.cast(pa.float64()))
        large = pc.and_(pc.is_finite(size), pc.greater(size, float(LARGEST)))
        reason[np.asarray(pc.fill_null(large, fill_value=False))] = _TOO_LARGE
    return Amounts(
        values=_money(values, (reason == _FINE) & ~blank),
        reason=one_chunk(pa.array(_REASONS, pa.string()).take(pa.array(reason))) if reason.any() else nulls(count),
        currency=_named(currencies, codes) if currencies else nulls(count),
        symbol=_named(vague, symbols) if vague else None,
    )


def _named(names: Mapping[str, int], codes: Indices) -> Column:
    """Return the name of each code, null for -1."""
    return one_chunk(pa.array(list(names), pa.string()).take(pa.array(codes, mask=codes < 0)))


def _some(texts: Column, rows: Mask) -> Column:
    return texts if rows.all() else one_chunk(texts.filter(pa.array(rows)))


def _plain_millionths(texts: Column, mark: str | None) -> tuple[Indices, Mask]:
    """Read amounts such as `-1250.00` in millionths, and tell which rows hold anything else.

    Arrow's cast to a decimal is exact, and strict: 30 ns a value, by shapes it takes 75.
    mark: the decimal mark; without one only whole numbers are plain.
    """
    cells = text_bytes(texts)
    plain = cells.every(cells.digits | cells.among(f"-{mark or ''}")) & cells.last(cells.digits)
    plain &= cells.lengths <= _MOST_PLAIN_BYTES
    values, numbers = np.zeros(len(texts), np.int64), _some(texts, plain)
    money = cast_all(one_chunk(pc.replace_substring(numbers, ",", ".")) if mark == "," else numbers, MONEY)
    if money is None:  # such as `1.2.3`, or more than six decimals
        return values, np.ones(len(texts), np.bool_)
    low_words = np.frombuffer(money.buffers()[1], np.int64, count=2 * len(money), offset=16 * money.offset)[::2]
    values[plain] = low_words  # a decimal128 is two 64-bit words, the low one first
    return values, ~plain


def _typed_millionths(column: Column) -> Indices | None:
    """Return floats and integers in millionths, if all are of a usual size and no digit lies beyond; else None."""
    if pa.types.is_floating(column.type) and column.type != pa.float16():
        numbers = np.asarray(column.cast(pa.float64()).fill_null(0.0))
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = numbers * _SCALE
            rounded = np.rint(scaled)
            usual = (np.abs(numbers) < _USUAL) & (np.abs(scaled - rounded) < _NEARLY_WHOLE)
        return rounded.astype(np.int64) if usual.all() else None
    if pa.types.is_integer(column.type) and not pa.types.is_uint64(column.type):
        whole = np.asarray(column.fill_null(0)).astype(np.int64)
        return whole * _SCALE if ((whole > -_USUAL) & (whole < _USUAL)).all() else None
    return None


def _read(group: Group[Numeral], decimal: str | None) -> tuple[Indices, npt.NDArray[np.int8]]:
    """Return the amounts of one shape in millionths, and their reasons."""
    found, count = group.layout, len(group.rows)
    if found.blank:
        return np.zeros(count, np.int64), np.full(count, _FINE, np.int8)
    if found.open is None:
        fits = decimal is None or found.decimal in (None, decimal)
        return _millionths(group.digits, found.whole, found, usable=np.full(count, fits))
    zero = _starts_with_zero(group)
    as_decimals = _millionths(group.digits, found.whole, found, usable=np.full(count, fill_value=True))
    as_groups = _millionths(group.digits, found.digits, found, usable=~zero)
    if decimal == found.open:
        return as_decimals
    if decimal is not None:
        return as_groups
    return as_decimals[0], np.where(zero, as_decimals[1], _AMBIGUOUS).astype(np.int8)


def _millionths(digits: Digits, whole: int, found: Numeral, *, usable: Mask) -> tuple[Indices, npt.NDArray[np.int8]]:
    """Return the digits as millionths with the first `whole` of them before the mark, rounded half up; and reasons."""
    surplus = max(whole - _MOST_WHOLE_DIGITS, 0)
    units = digits.number((surplus, whole))
    large = digits.columns[:surplus].any(axis=0) | (units > LARGEST)
    shown = min(found.digits - whole, _SCALE_DIGITS)
    part = digits.number((whole, whole + shown)) * 10 ** (_SCALE_DIGITS - shown)
    if found.digits - whole > _SCALE_DIGITS:
        part += digits.columns[whole + _SCALE_DIGITS] >= _ROUND_UP
    total = np.where(large, 0, units) * _SCALE + part
    large |= total > LARGEST * _SCALE
    reason = np.where(usable, np.where(large, _TOO_LARGE, _FINE), _BAD).astype(np.int8)
    return -total if found.negative else total, reason


def _money(millionths: Indices, valid: Mask | None = None) -> Column:
    """Return millionths as a decimal column, null where not valid: of two 64-bit words each, the low one first."""
    words = np.empty((len(millionths), 2), np.int64)
    words[:, 0] = millionths
    np.right_shift(millionths, 63, out=words[:, 1])
    validity = None if valid is None or valid.all() else pa.array(valid).buffers()[1]
    column: Column = pa.Decimal128Array.from_buffers(MONEY, len(millionths), [validity, pa.py_buffer(words)])
    return column


def is_negative(values: Column) -> Mask:
    """Tell which amounts are below zero; values: model.MONEY."""
    return np.asarray(pc.fill_null(pc.less(values, _ZERO), fill_value=False))


def is_zero(values: Column) -> Mask:
    """Tell which amounts are zero; values: model.MONEY."""
    return np.asarray(pc.fill_null(pc.equal(values, _ZERO), fill_value=False))


def from_minor(values: Column, currency: Column, exceptions: Mapping[str, int] | None = None) -> Column:
    """Turn minor units (cents) into amounts of their currency, null where ISO 4217 does not know it.

    values: model.MONEY. currency: ISO codes. exceptions: digits of currencies that a system counts differently, such
    as tables.currencies.STRIPE_DIGITS.
    """
    digits_of = {**MINOR_DIGITS, **(exceptions or {})}
    encoded = currency.dictionary_encode()
    known = [digits_of.get(code) for code in encoded.dictionary.to_pylist()]
    factors = pa.array([None if digits is None else f"{10**-digits:.3f}" for digits in known], pa.string())
    factor = factors.cast(pa.decimal128(4, 3)).take(encoded.indices)
    return one_chunk(
        pc.round(pc.multiply(values, factor), ndigits=_SCALE_DIGITS, round_mode="half_towards_infinity").cast(MONEY)
    )
