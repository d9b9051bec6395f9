"""Cells as text: values written plainly, formulas disarmed, CSV quoted; always a whole column at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from importer.core.columns import one_chunk
from importer.core.json_text import merged
from importer.core.model import Column
from importer.core.octets import octets

WHOLE_CURRENCIES = (
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX",
    "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
)  # fmt: skip
"""Currencies without a smaller unit [ISO 4217]."""

EXACT_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""

_OPENING_SIGNS = np.frombuffer(b"=+-@\t\r\n", np.uint8)
_LARGE = pa.large_string()
_CENT_DIGITS = 2
_NUMBER = r"^[+-][ (]*\p{Sc}? *[0-9][0-9 ().,/'\x{A0}\x{202F}-]*\p{Sc}?(?:[A-Z]{3})?$"
_CONSTANT = r'^="[^"]*"$'


def is_text(column: Column) -> bool:
    """The column holds text, plain or dictionary-encoded."""
    kind = column.type.value_type if pt.is_dictionary(column.type) else column.type
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def texts(column: Column) -> Column:
    """Every value as text that reads back as the same value; null stays null."""
    kind = column.type
    if pt.is_dictionary(kind):
        return texts(one_chunk(column.dictionary_decode()))
    if pt.is_floating(kind) or pt.is_nested(kind):
        return _one_by_one(column)
    try:
        text = column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # bytes that are no UTF-8, and rare types
        return _one_by_one(column)
    if pt.is_temporal(kind):
        text = pc.replace_substring_regex(text, r"\.0+(Z|[+-][0-9:]+)?$", r"\1")
    return one_chunk(text)


def _one_by_one(column: Column) -> Column:
    return one_chunk(pa.array([_written(value) for value in column.to_pylist()], pa.string()))


def _written(value: Any) -> str | None:
    """A number without needless `.0` or exponent, anything else as Python writes it."""
    if value is None:
        return None
    if isinstance(value, float) and math.isfinite(value) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        return str(int(value))
    return str(value)


def money(value: Column, currency: Column) -> Column:
    """Amounts in plain decimals: two, more where the amount has more, none for whole amounts of yen and the like."""
    cents = pc.round(value, _CENT_DIGITS)
    if pc.all(pc.equal(cents, value)).as_py() is not False:
        text = cents.cast(pa.decimal128(value.type.precision, _CENT_DIGITS)).cast(pa.string())
    else:
        text = pc.replace_substring_regex(value.cast(pa.string()), r"^(-?\d+\.\d{2}\d*?)0*$", r"\1")
    whole = pc.is_in(currency, value_set=pa.array(WHOLE_CURRENCIES))
    if pc.any(whole).as_py():
        text = pc.if_else(whole, pc.replace_substring_regex(text, r"\.00$", ""), text)
    return one_chunk(text)


def disarmed(column: Column) -> Column:
    """No cell opens like a formula: one that would gets an apostrophe in front, which tells a spreadsheet "text"."""
    return _apostrophe(column, _opens_like_a_formula(column))


def _opens_like_a_formula(column: Column) -> Column:
    return one_chunk(pa.array(np.isin(octets(column).heads, _OPENING_SIGNS)))


def disarmed_for_import(column: Column) -> Column:
    """Like `disarmed`, but signed numbers, phone numbers and `="constant text"` are harmless and stay as they are."""
    opening = _opens_like_a_formula(column)
    if not pc.any(opening).as_py():
        return column
    harmless = pc.or_(pc.match_substring_regex(column, _NUMBER), pc.match_substring_regex(column, _CONSTANT))
    return _apostrophe(column, pc.and_not(opening, harmless))


def _apostrophe(column: Column, mask: Column) -> Column:
    if not pc.any(mask).as_py():
        return column
    marked = pc.binary_join_element_wise(pa.scalar("'", column.type), column, pa.scalar("", column.type))
    return one_chunk(pc.if_else(mask, marked, column))


def csv_bytes(columns: Sequence[Column]) -> memoryview:
    r"""The rows of several text columns as CSV: comma, `\n`, quotes only where needed, nothing for null."""
    if not len(columns[0]):
        return memoryview(b"")
    pieces: list[Column | str] = []
    for place, column in enumerate(columns):
        same = _same_everywhere(column)
        pieces += [_quoted(column) if same is None else same, "," if place + 1 < len(columns) else "\n"]
    large = [pa.scalar(piece, _LARGE) if isinstance(piece, str) else piece.cast(_LARGE) for piece in merged(pieces)]
    nothing = pa.scalar("", _LARGE)
    rows = one_chunk(pc.binary_join_element_wise(*large, nothing, null_handling="replace", null_replacement=""))
    if isinstance(rows, pa.Scalar):  # every column is the same on every row
        return memoryview(rows.as_py().encode() * len(columns[0]))
    _, offsets, data = rows.buffers()
    size = int(np.frombuffer(offsets, np.int64)[len(rows)])
    return memoryview(data)[:size]


def _same_everywhere(column: Column) -> str | None:
    """The CSV of the one value that all rows have, if they do: most columns of a report are such."""
    if column.null_count == len(column):
        return ""
    if column.null_count or not pc.all(pc.equal(column, column[0])).as_py():
        return None
    return str(_quoted(column.slice(0, 1))[0].as_py())


def _quoted(column: Column) -> Column:
    found = octets(column)
    if not (found.data <= ord(",")).any():  # all signs that need quotes are below, and few others
        return column
    special = found.some(found.among('",\r\n'))
    if not special.any():
        return column
    quote, nothing = pa.scalar('"', column.type), pa.scalar("", column.type)
    doubled = pc.replace_substring(column, '"', '""')
    marked = pc.binary_join_element_wise(quote, doubled, quote, nothing)
    return one_chunk(pc.if_else(pa.array(special), marked, column))
