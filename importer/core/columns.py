"""Small tools on Arrow columns that several stages share: distinct values first, and lists of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.model import Column

Mask: TypeAlias = npt.NDArray[np.bool_]
Indices: TypeAlias = npt.NDArray[np.int64]


def one_chunk(column: Column | pa.ChunkedArray) -> Column:
    """The column as one array, whatever the kernel that made it returned."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    whole: Column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()  # combining copies even one
    return whole


def by_distinct(column: Column, function: Callable[[str], str | None]) -> Column:
    """Apply a function of one text to each distinct value of a string column; null stays null."""
    if column.null_count == len(column):
        return column
    encoded = column.dictionary_encode()
    values = pa.array([function(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return one_chunk(values.take(encoded.indices))


def by_distinct_pair(column: Column, function: Callable[[str], tuple[str | None, str | None]]) -> tuple[Column, Column]:
    """Like `by_distinct` for a function of two results, such as a normal form and the code of what was wrong."""
    encoded = column.dictionary_encode()
    pairs = [function(text) for text in encoded.dictionary.to_pylist()]
    first = pa.array([pair[0] for pair in pairs], pa.string())
    second = pa.array([pair[1] for pair in pairs], pa.string())
    return one_chunk(first.take(encoded.indices)), one_chunk(second.take(encoded.indices))


def with_context(column: Column, context: Column, function: Callable[[str, str | None], str | None]) -> Column:
    """Apply a function of (text, context) to each distinct pair, such as a phone number and its country."""
    first, _ = with_context_pair(column, context, lambda text, other: (function(text, other), None))
    return first


def with_context_pair(
    column: Column, context: Column, function: Callable[[str, str | None], tuple[str | None, str | None]]
) -> tuple[Column, Column]:
    """Like `by_distinct_pair` for a function of (text, context)."""
    texts = column.dictionary_encode()
    others = context.dictionary_encode()
    width = len(others.dictionary) + 1
    text_codes = texts.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    other_codes = others.indices.fill_null(width - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    codes = np.where(text_codes < 0, -1, text_codes * width + other_codes)
    encoded = pa.array(codes).dictionary_encode()
    distinct, inverse = np.asarray(encoded.dictionary), np.asarray(encoded.indices)
    text_values = texts.dictionary.to_pylist()
    other_values = [*others.dictionary.to_pylist(), None]
    pairs = [
        (None, None) if code < 0 else function(text_values[code // width], other_values[code % width])
        for code in distinct.tolist()
    ]
    indices = pa.array(inverse)
    first = pa.array([pair[0] for pair in pairs], pa.string())
    second = pa.array([pair[1] for pair in pairs], pa.string())
    return one_chunk(first.take(indices)), one_chunk(second.take(indices))


def lists_of(columns: Sequence[Column]) -> Column:
    """Several string columns side by side as one column of lists, nulls left out, in the columns' order."""
    count = len(columns[0])
    if count and len(columns) == 1:
        present = np.asarray(columns[0].is_valid())
        return _lists(one_chunk(columns[0].drop_null()), np.flatnonzero(present), count)
    flat = one_chunk(pa.concat_arrays([column.cast(pa.string()) for column in columns]))
    order = np.arange(len(flat)).reshape(len(columns), count).T.ravel()
    parents = np.repeat(np.arange(count), len(columns))
    return from_flat(one_chunk(flat.take(pa.array(order))), parents, count)


def parents_of(lists: Column) -> Indices:
    """For each value of the flattened lists, the row that its list stands in."""
    return np.asarray(pc.list_parent_indices(lists)).astype(np.int64)


def from_flat(flat: Column, parents: Indices, count: int, *, first_only: bool = False) -> Column:
    """Values and the rows they belong to (ascending) as `count` lists: nulls and repeats within a list left out."""
    values, rows = flat, parents
    if flat.null_count:
        present = np.asarray(flat.is_valid())
        values, rows = one_chunk(flat.filter(pa.array(present))), parents[present]
    if (rows[1:] == rows[:-1]).any():  # only then can a list hold a value twice
        codes = np.asarray(values.dictionary_encode().indices).astype(np.int64)
        _, firsts = np.unique(rows * (codes.max() + 1) + codes, return_index=True)
        keep = np.sort(firsts)
        if first_only:
            _, heads = np.unique(rows[keep], return_index=True)
            keep = keep[heads]
        values, rows = one_chunk(values.take(pa.array(keep))), rows[keep]
    return _lists(values, rows, count)


def _lists(values: Column, rows: Indices, count: int) -> Column:
    """Values and the rows they belong to (ascending) as `count` lists."""
    offsets = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=count), out=offsets[1:])
    lists: Column = pa.ListArray.from_arrays(pa.array(offsets), values)
    return lists


def first_of(lists: Column) -> Column:
    """The first value of each list, null where the list is empty."""
    lengths = np.asarray(lists.value_lengths().fill_null(0))
    starts = np.asarray(lists.offsets)[:-1]
    return one_chunk(lists.values.take(pa.array(np.where(lengths > 0, starts, 0), mask=lengths == 0)))


def where(mask: Mask | Column, text: str) -> Column:
    """A string column that holds the text where the mask is true and null elsewhere."""
    flags = np.asarray(mask)
    return one_chunk(pa.array([text]).take(pa.array(np.zeros(len(flags), np.int32), mask=~flags)))


def text_or_null(column: Column, text: str | None) -> Column:
    """The column with its nulls filled by a text, if there is one."""
    return column if text is None else one_chunk(column.fill_null(text))


def coalesce(columns: Sequence[Column]) -> Column:
    """For each row the first value that is not null."""
    return columns[0] if len(columns) == 1 else one_chunk(pc.coalesce(*columns))


def nulls(count: int, kind: pa.DataType | None = None) -> Column:
    """A column of nulls, of text unless told otherwise."""
    return one_chunk(pa.nulls(count, kind if kind is not None else pa.string()))


def column_of(batch: pa.RecordBatch, name: str, kind: pa.DataType | None = None) -> Column:
    """The batch's column of that name, or nulls if it has none."""
    place = batch.schema.get_field_index(name)
    return one_chunk(batch.column(place)) if place >= 0 else nulls(batch.num_rows, kind)


def join_present(columns: Sequence[Column], separator: str) -> Column:
    """The values of each row that are not null, joined; an empty text where there is none.

    pyarrow 26.0.1 leaves out a row whose values are all null, so such a row is given an empty text first.
    """
    empty = np.logical_and.reduce([np.asarray(column.is_null()) for column in columns])
    filled = [*columns, where(empty, "")] if empty.any() else columns
    return one_chunk(pc.binary_join_element_wise(*filled, pa.scalar(separator), null_handling="skip"))


def null_if_empty(column: Column) -> Column:
    """The text column with empty texts as nulls."""
    return one_chunk(pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column))


def filled_cells(batch: pa.RecordBatch, names: Sequence[str]) -> Indices:
    """For each row how many of its cells in these columns are filled."""
    filled = np.zeros(batch.num_rows, np.int64)
    for name in names:
        filled += np.asarray(batch.column(name).is_valid())
    return filled


def join_notes(columns: Sequence[Column], count: int) -> Column:
    """Several columns of notes as one, joined by `; `, null where there is none."""
    noted = [column for column in columns if column.null_count < count]
    if not noted:
        return nulls(count)
    return null_if_empty(join_present(noted, "; "))
