"""Any Arrow column as the text that an export would show."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask, one_chunk
from importer.core.kernels.bytes import ASCII_END, TextBytes, text_bytes
from importer.core.model import Column

LARGEST_PLAIN = 1e15
"""Floats from here on are written with an exponent: a spreadsheet keeps 15 digits, so such a number has lost some."""

_APOSTROPHE_BEFORE_VALUE = r"^'([-0-9+=@.(\p{Sc}\p{L}])"
_GUARD = r'^(?:=\s*)?"((?:[^"]|"")*)"$'
"""A formula of nothing but a text, and a text in its own quotation marks: `="007"`, `"007"`."""
_FORMULA_OF_NUMBER = r"^=\s*([-+]?[0-9][0-9.,]*)$"
_MARGIN = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Invisible marks that programs leave around a value."""
_BLANKS = "\t\n\v\f\r \x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_LEAD_BYTES = frozenset(letter.encode()[0] for letter in _BLANKS + _MARGIN if not letter.isascii())
"""The first bytes of what is trimmed beyond ASCII; accented letters of Europe begin with others."""
_FIRST_PRINTED, _MOST_DOUBTFUL = ord("!"), 4
_APOSTROPHE, _EQUALS, _QUOTATION_MARK = ord("'"), ord("="), ord('"')
_TRIED_FIRST = 16
_ALL_ZERO_FRACTION = r"\.0+($|[Z+-])"


def trim(column: Column) -> Column:
    """Trim a string column: no white space around its values, no NUL in them, null for what is empty then.

    What guards a value from a spreadsheet goes too: an apostrophe before a number or word (`'20001`), `="20001"`.
    """
    found = text_bytes(column)
    lowest = found.data.min(initial=_FIRST_PRINTED)
    if lowest == 0:
        return _trimmed(one_chunk(pc.replace_substring(column, "\0", "")))
    doubtful = _guarded(found) | ~found.filled
    if lowest < _FIRST_PRINTED:
        doubtful |= (found.heads < _FIRST_PRINTED) | (found.tails < _FIRST_PRINTED)
    if found.data.max(initial=0) >= ASCII_END and any((found.data == lead).any() for lead in _LEAD_BYTES):
        doubtful |= (found.heads >= ASCII_END) | (found.tails >= ASCII_END)
    if column.null_count:
        doubtful &= np.asarray(column.is_valid())
    rows = np.flatnonzero(doubtful)
    if not len(rows):
        return column
    if len(rows) * _MOST_DOUBTFUL > len(column):
        return _trimmed(column)
    texts = _trimmed(one_chunk(column.take(pa.array(rows))))
    return one_chunk(pc.replace_with_mask(column, pa.array(doubtful), texts))


def unguarded(column: Column) -> Column:
    """Return a string column trimmed where a cell is guarded from a spreadsheet; any other column itself."""
    if not pa.types.is_string(column.type) or not len(column) or not _guarded(text_bytes(column)).any():
        return column
    return trim(column)


def _guarded(texts: TextBytes) -> Mask:
    heads = texts.heads
    found: Mask = (heads == _APOSTROPHE) | (heads == _EQUALS) | (heads == _QUOTATION_MARK)
    return found


def cast_all(texts: Column, kind: pa.DataType) -> Column | None:
    """Cast a string column by Arrow, strictly; None where a text is not of the kind.

    A few are tried first, because Arrow writes an error for each text that is not, 500 ns.
    """
    try:
        texts.slice(0, _TRIED_FIRST).cast(kind)
        return one_chunk(texts.cast(kind))
    except pa.ArrowInvalid:
        return None


def _trimmed(column: Column) -> Column:
    """Do the same for cells of which some have a blank or a character beyond ASCII at an end."""
    trimmed = pc.utf8_trim(column, characters=_BLANKS + _MARGIN)
    if pc.any(pc.starts_with(trimmed, "'")).as_py():
        trimmed = pc.replace_substring_regex(trimmed, _APOSTROPHE_BEFORE_VALUE, r"\1")
    if pc.any(pc.match_substring_regex(trimmed, '^[="]')).as_py():
        trimmed = pc.utf8_trim(pc.replace_substring_regex(trimmed, _GUARD, r"\1"), characters=_BLANKS + _MARGIN)
        trimmed = pc.replace_substring_regex(trimmed, _FORMULA_OF_NUMBER, r"\1")
    return one_chunk(pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed))


def _patched(texts: Column, wrong: Column, source: Column, write: Callable[[object], str | None]) -> Column:
    """Return the texts, with those of the wrong rows written anew from the source, value by value."""
    if not pc.any(wrong).as_py():
        return texts
    values = [write(value) for value in source.filter(wrong).to_pylist()]
    return one_chunk(pc.replace_with_mask(texts, wrong, pa.array(values, pa.string())))


def _plain(value: object) -> str:
    """Write a number without an exponent, from the text that identifies it."""
    return format(Decimal(str(value)), "f")


def _floats(column: Column) -> Column:
    """Write whole numbers without a point, others with the fewest digits that identify them; NaN as null."""
    if column.type == pa.float16():
        column = column.cast(pa.float32())
    numbers = column.cast(pa.float64())
    finite = pc.fill_null(pc.is_finite(numbers), fill_value=False)
    numbers = pc.if_else(finite, numbers, pa.scalar(None, pa.float64()))
    large = pc.fill_null(pc.greater_equal(pc.abs(numbers), LARGEST_PLAIN), fill_value=False)
    whole = pc.and_(pc.invert(large), pc.fill_null(pc.equal(numbers, pc.floor(numbers)), fill_value=False))
    integers = pc.if_else(whole, numbers, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.string())
    shortest = pc.if_else(finite, column, pa.scalar(None, column.type)).cast(pa.string())
    texts = one_chunk(pc.if_else(whole, integers, shortest))
    tiny = pc.and_(pc.invert(large), pc.fill_null(pc.match_substring(texts, "e"), fill_value=False))
    texts = _patched(texts, tiny, texts, _plain)
    return _patched(texts, large, numbers, lambda value: f"{Decimal(repr(value)).normalize():E}")


def _decimals(column: Column) -> Column:
    """Write decimals as stored, zeros at the end included, never with an exponent."""
    texts = column.cast(pa.string())
    exponent = pc.fill_null(pc.match_substring(texts, "E"), fill_value=False)
    return _patched(texts, exponent, texts, _plain)


def _times(column: Column) -> Column:
    """Write ISO 8601 with a blank, the fraction only where there is one; a zone's local time with its offset."""
    if pa.types.is_timestamp(column.type) and column.type.tz == "UTC":  # written without a zone ten times as fast
        texts = column.cast(pa.timestamp(column.type.unit)).cast(pa.string())
        texts = pc.binary_join_element_wise(texts, "Z", "")
    else:
        texts = column.cast(pa.string())
    if pa.types.is_timestamp(column.type) and column.type.unit == "s":
        return one_chunk(texts)
    return one_chunk(pc.replace_substring_regex(texts, _ALL_ZERO_FRACTION, r"\1"))


def _written(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _decoded(column: Column) -> Column:
    """Return the values themselves where the column only points at them."""
    if isinstance(column, pa.ExtensionArray):
        return _decoded(column.storage)
    if isinstance(column, pa.DictionaryArray):
        return _decoded(column.dictionary_decode())
    if pa.types.is_run_end_encoded(column.type):
        return _decoded(one_chunk(pc.run_end_decode(column)))
    return column


_WRITERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[Column], Column]], ...] = (
    (pa.types.is_floating, _floats),
    (pa.types.is_decimal, _decimals),
    (pa.types.is_timestamp, _times),
    (pa.types.is_time, _times),
)


def _shown(column: Column) -> Column:
    """Write a typed column as text, not yet trimmed."""
    kind = column.type
    for fits, write in _WRITERS:
        if fits(kind):
            return write(column)
    simple = (pa.types.is_integer, pa.types.is_boolean, pa.types.is_date, pa.types.is_null, pa.types.is_duration)
    if any(fits(kind) for fits in (*simple, pa.types.is_large_string, pa.types.is_string_view)):
        return one_chunk(column.cast(pa.string()))
    return one_chunk(pa.array([_written(value) for value in column.to_pylist()], pa.string()))


def as_text(column: Column) -> Column:
    """Return the column as strings, trimmed, null where it holds nothing.

    Whole floats have no `.0`; floats from 1e15 on have an exponent (`1.69E+18`), because they have lost digits.
    Decimals are as stored, dates and times ISO 8601, booleans `true` and `false`.
    """
    column = _decoded(column)
    return trim(one_chunk(column if pa.types.is_string(column.type) else _shown(column)))
