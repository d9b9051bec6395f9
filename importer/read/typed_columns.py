"""Columns that have types, as an Export: true dates, decimals and numbers stay typed, everything else becomes text.

A struct is as many columns as it has fields, `customer.email`; lists are JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column
from importer.errors import FileError
from importer.read.column_names import clean_header, unique_names
from importer.read.export import CELL_LIMIT, HEAD, MAX_COLUMNS, Export, RecordReader, wanted_schema
from importer.read.stretches import Stretch

Faults: TypeAlias = list[str | None]
"""A reason code for each record of a batch, filled as faults are found."""

TypedRows: TypeAlias = Callable[[list[str] | None, int, Stretch | None], Iterator[pa.RecordBatch]]
"""Names of columns, None for all, and a number of rows -> batches of at most so many rows with these columns.

The stretch says which records; None: all.
"""


class _Leaf(NamedTuple):
    """A column or a field in its structs. path: the column's place, then the field's in each struct."""

    path: tuple[int, ...]
    header: str
    kind: pa.DataType


def _leaves_of(fields: Iterable[pa.Field], above: tuple[int, ...] = (), header: str = "") -> Iterator[_Leaf]:
    """Yield the columns; of a struct its fields."""
    for place, field in enumerate(fields):
        name, path = header + field.name, (*above, place)
        if pa.types.is_struct(field.type) and field.type.num_fields:
            yield from _leaves_of([field.type.field(at) for at in range(field.type.num_fields)], path, f"{name}.")
        else:
            yield _Leaf(path, name, field.type)


def typed_export(
    source: Path | str, kind: str, fields: list[pa.Field], rows: TypedRows, details: Mapping[str, str]
) -> Export:
    """Return typed rows as an Export; no row is read yet. FileError where it has too many columns, or none.

    source: a file's path, or the name of rows in memory. kind: its format.
    """
    path, file = (source, source.name) if isinstance(source, Path) else (None, source)
    leaves = list(_leaves_of(fields))
    if not 0 < len(leaves) <= MAX_COLUMNS:
        message = f"{file} has {len(leaves):,} columns; a sales export has 1 to {MAX_COLUMNS:,}."
        raise FileError(message)
    headers = tuple(clean_header(leaf.header) for leaf in leaves)
    names = unique_names(headers)
    columns = [pa.field(name, _kept_type(leaf.kind)) for name, leaf in zip(names, leaves, strict=True)]
    schema = pa.schema([*HEAD, *columns])
    return Export(
        path=path,
        file=file,
        format=kind,
        sheet="",
        headers=headers,
        names=names,
        header_line=0,
        preamble=(),
        description_line=None,
        details=details,
        schema=schema,
        reader=_reader(file, rows, [field.name for field in fields], leaves, schema),
    )


@contextmanager
def told_as_damage(file: str) -> Iterator[None]:
    """Turn what Arrow raises on columns that are not what they say into a FileError."""
    try:
        yield
    except (pa.ArrowException, ValueError, TypeError, MemoryError, RecursionError) as error:
        message = f"{file} is damaged or cannot be read; export or copy it again."
        raise FileError(message) from error


def _reader(file: str, rows_of: TypedRows, names: list[str], leaves: list[_Leaf], schema: pa.Schema) -> RecordReader:
    """Return the reader of row, line, fault and the wanted columns; `names` are those of the source."""

    def read(wanted: tuple[int, ...], rows: int, stretch: Stretch | None = None) -> Iterator[pa.RecordBatch]:
        kept = wanted_schema(schema, wanted)
        paths = [leaves[place].path for place in wanted]
        chosen = list(dict.fromkeys(names[path[0]] for path in paths))
        by_name = bool(chosen) and len(set(names)) == len(names)  # else all are read and chosen by position
        row = 1 if stretch is None else stretch.begin.row
        for batch in rows_of(chosen if by_name else None, rows, stretch):
            count = batch.num_rows
            faults: Faults = [None] * count
            places = [batch.schema.get_field_index(names[at[0]]) if by_name else at[0] for at in paths]
            with told_as_damage(file):
                columns = [
                    _kept_column(_field_of(batch.column(place), at[1:]), faults)
                    for place, at in zip(places, paths, strict=True)
                ]
            numbers = pa.array(np.arange(row, row + count))
            head = [numbers, numbers, pa.array(faults, pa.string())]
            yield pa.RecordBatch.from_arrays([*head, *columns], schema=kept)
            row += count

    return read


def _field_of(column: Column, path: tuple[int, ...]) -> Column:
    """Return a field in a column of structs; null where the struct is."""
    return one_chunk(pc.struct_field(column, list(path))) if path else column


def _kept_type(kind: pa.DataType) -> pa.DataType:
    """Return the type of a column in batches: booleans, numbers, dates and timestamps stay, everything else is text."""
    inner = _inner_type(kind)
    if inner is not None:
        return _kept_type(inner)
    types = pa.types
    if types.is_float16(kind):
        return pa.float32()
    tests = (types.is_boolean, types.is_integer, types.is_floating, types.is_decimal, types.is_date, types.is_timestamp)
    return kind if any(test(kind) for test in tests) else pa.string()


def _kept_column(column: Column, faults: Faults) -> Column:
    """Convert a column to its kept type: dictionaries decoded, bytes read as UTF-8, lists as JSON."""
    kind = column.type
    if _inner_type(kind) is not None:
        return _kept_column(_inner_column(column), faults)
    if _kept_type(kind) == kind and kind != pa.string():
        return column
    if pa.types.is_float16(kind):
        return one_chunk(column.cast(pa.float32()))
    if pa.types.is_null(kind):
        return one_chunk(pa.nulls(len(column), pa.string()))
    if pa.types.is_string(kind) and _is_clean(column):
        return column
    return _text(_as_bytes(column), faults)


def _is_clean(column: Column) -> bool:
    """Tell whether a column of text can stay as it is, as nearly all can: UTF-8, no NUL, no cell empty or too long."""
    lengths = pc.min_max(pc.binary_length(column)).as_py()
    if lengths["min"] is None:
        return True
    if lengths["min"] == 0 or lengths["max"] > CELL_LIMIT:
        return False
    # the smallest byte of the buffer takes 3 ns a row of 13 columns, match_substring 149
    _, offsets, data = column.buffers()
    start, end = np.frombuffer(offsets, np.int32)[[column.offset, column.offset + len(column)]]
    has_nul = np.frombuffer(data, np.uint8)[start:end].min() == 0
    if has_nul:
        return False
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _inner_type(kind: pa.DataType) -> pa.DataType | None:
    """Return the type of the values that a dictionary, run lengths or an extension wrap."""
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return kind.value_type
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else None


def _inner_column(column: Column) -> Column:
    if isinstance(column, pa.DictionaryArray):
        values = column.dictionary
        if pa.types.is_string_view(values.type) or pa.types.is_binary_view(values.type):  # as polars has them
            values = values.cast(pa.string() if pa.types.is_string_view(values.type) else pa.binary())
        return one_chunk(values.take(column.indices))
    if isinstance(column, pa.ExtensionArray):
        return one_chunk(column.storage)
    return one_chunk(pc.run_end_decode(column))


_OF_BYTES = (
    pa.types.is_string, pa.types.is_binary, pa.types.is_large_string, pa.types.is_large_binary,
    pa.types.is_string_view, pa.types.is_binary_view, pa.types.is_fixed_size_binary,
)  # fmt: skip


def _as_bytes(column: Column) -> Column:
    """Cast text, bytes and whatever has a text to binary, unchecked."""
    kind, types = column.type, pa.types
    if any(test(kind) for test in _OF_BYTES):
        return one_chunk(column.cast(pa.binary()))
    if types.is_time(kind):
        times = pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
        return one_chunk(times.cast(pa.binary()))
    write = partial(json.dumps, default=str, ensure_ascii=False) if types.is_nested(kind) else str
    texts = [None if value is None else write(value) for value in column.to_pylist()]
    return one_chunk(pa.array([text.encode("utf-8", "replace") if text else None for text in texts], pa.binary()))


def _text(column: Column, faults: Faults) -> Column:
    """Cast binary to text, empty to null; repair what is not UTF-8 or too long with a fault, drop zero characters."""
    longest = pc.max(pc.binary_length(column)).as_py() or 0
    try:
        text = one_chunk(column.cast(pa.string()))
    except pa.ArrowInvalid:
        text = None
    if text is None or longest > CELL_LIMIT:
        repaired = [_repaired(value, place, faults) for place, value in enumerate(column.to_pylist())]
        text = pa.array(repaired, pa.string())
    if pc.min(pc.binary_length(text)).as_py() == 0:
        text = one_chunk(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text))
    if pc.any(pc.match_substring(text, "\0")).as_py():
        text = one_chunk(pc.replace_substring(text, "\0", ""))
    return text


def _repaired(value: bytes | None, place: int, faults: Faults) -> str | None:
    if value is None:
        return None
    text = value[:CELL_LIMIT].decode("utf-8", "replace")
    if len(value) > CELL_LIMIT:
        faults[place] = "cell_too_long"
    elif "\ufffd" in text and "\ufffd".encode() not in value:
        faults[place] = "bad_encoding"
    return text
