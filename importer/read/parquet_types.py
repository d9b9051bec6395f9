"""Which types of Parquet's columns are kept, and how the others become text."""

from __future__ import annotations

import json
from typing import TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk
from importer.core.kernels.bytes import text_bytes
from importer.core.model import Column
from importer.read.export import CELL_LIMIT

_NO_ASCII = 0x80

Faults: TypeAlias = list[str | None]
"""A reason code for each record of a batch, filled as faults are found."""


def kept_type(kind: pa.DataType) -> pa.DataType:
    """The type a column has in batches: truth values, numbers, dates and timestamps stay, everything else is text."""
    inner = _inner_type(kind)
    if inner is not None:
        return kept_type(inner)
    types = pa.types
    if types.is_float16(kind):
        return pa.float32()
    tests = (types.is_boolean, types.is_integer, types.is_floating, types.is_decimal, types.is_date, types.is_timestamp)
    return kind if any(test(kind) for test in tests) else pa.string()


def kept_column(column: Column, faults: Faults) -> Column:
    """A column in its kept type: dictionaries decoded, bytes read as UTF-8, lists and structs written as JSON."""
    kind = column.type
    if _inner_type(kind) is not None:
        return kept_column(_inner_column(column), faults)
    if kept_type(kind) == kind and kind != pa.string():
        return column
    if pa.types.is_float16(kind):
        return one_chunk(column.cast(pa.float32()))
    if pa.types.is_null(kind):
        return one_chunk(pa.nulls(len(column), pa.string()))
    if pa.types.is_string(kind) and _sound(column):
        return column
    return _text(_as_bytes(column), faults)


def _sound(column: Column) -> bool:
    """Whether a column of text can stay as it is, as nearly all can: UTF-8, no NUL, no cell empty or too long."""
    found = text_bytes(column)
    if not len(found.data):
        return bool(column.null_count == len(column))
    if found.data.min() == 0 or found.lengths.max() > CELL_LIMIT:
        return False
    if found.lengths.min() == 0 and (~found.filled & np.asarray(column.is_valid())).any():
        return False
    return bool(found.data.max() < _NO_ASCII) or _utf8(column)  # for ASCII the full validation, 8 ns a cell, is spared


def _utf8(column: Column) -> bool:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _inner_type(kind: pa.DataType) -> pa.DataType | None:
    """The type of the values that a dictionary, run lengths or an extension wrap."""
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return kind.value_type
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else None


def _inner_column(column: Column) -> Column:
    if isinstance(column, pa.DictionaryArray):
        return one_chunk(column.dictionary_decode())
    if pa.types.is_run_end_encoded(column.type):
        return one_chunk(pc.run_end_decode(column))
    return one_chunk(cast("pa.ExtensionArray", column).storage)


def _as_bytes(column: Column) -> Column:
    """Text, bytes and whatever has a text as binary, unchecked."""
    kind, types = column.type, pa.types
    if types.is_fixed_size_binary(kind) or types.is_large_binary(kind) or types.is_large_string(kind):
        return one_chunk(column.cast(pa.binary()))
    if types.is_string(kind) or types.is_binary(kind) or types.is_string_view(kind) or types.is_binary_view(kind):
        return one_chunk(column.cast(pa.binary()))
    if types.is_time(kind):
        times = pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
        return one_chunk(times.cast(pa.binary()))
    texts = [None if value is None else _json(value, nested=types.is_nested(kind)) for value in column.to_pylist()]
    return one_chunk(pa.array([text.encode("utf-8", "replace") if text else None for text in texts], pa.binary()))


def _json(value: object, *, nested: bool) -> str:
    return json.dumps(value, default=str, ensure_ascii=False) if nested else str(value)


def _text(column: Column, faults: Faults) -> Column:
    """Binary as text, empty as null: what is no UTF-8 or too long is mended with a fault, zero characters go."""
    longest = pc.max(pc.binary_length(column)).as_py() or 0
    try:
        text = one_chunk(column.cast(pa.string()))
    except pa.ArrowInvalid:
        text = None
    if text is None or longest > CELL_LIMIT:
        text = pa.array([_mended(value, place, faults) for place, value in enumerate(column.to_pylist())], pa.string())
    if pc.min(pc.binary_length(text)).as_py() == 0:
        text = one_chunk(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text))
    if pc.any(pc.match_substring(text, "\0")).as_py():
        text = one_chunk(pc.replace_substring(text, "\0", ""))
    return text


def _mended(value: bytes | None, place: int, faults: Faults) -> str | None:
    if value is None:
        return None
    text = value[:CELL_LIMIT].decode("utf-8", "replace")
    if len(value) > CELL_LIMIT:
        faults[place] = "cell_too_long"
    elif "\ufffd" in text and "\ufffd".encode() not in value:
        faults[place] = "bad_encoding"
    return text
