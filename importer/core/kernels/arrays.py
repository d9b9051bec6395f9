"""Operations on Arrow columns that several stages share: distinct values first, and lists of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = pa.Array
Mask: TypeAlias = npt.NDArray[np.bool_]
Indices: TypeAlias = npt.NDArray[np.int64]

_SAMPLE, _FEW = 1_000, 250
"""Values looked at, and how many may differ for distinct values first to be worth it, unless a caller knows better."""


def one_chunk(column: Column | pa.ChunkedArray) -> Column:
    """Return the column as one array, whatever the kernel that made it returned."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    whole: Column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()  # combining copies even one
    return whole


def by_distinct(column: Column, function: Callable[[str], str | None]) -> Column:
    """Apply a function of one text to each distinct value of a string column; null stays null."""
    if column.null_count == len(column):
        return column
    encoded = column.dictionary_encode()
    return spread([function(text) for text in encoded.dictionary.to_pylist()], encoded.indices)


def by_distinct_pair(column: Column, function: Callable[[str], tuple[str | None, str | None]]) -> tuple[Column, Column]:
    """Do the same by a function of two results, such as a normal form and the code of what was wrong."""
    encoded = column.dictionary_encode()
    results = [function(text) for text in encoded.dictionary.to_pylist()]
    first, second = ([result[place] for result in results] for place in range(2))
    return spread(first, encoded.indices), spread(second, encoded.indices)


def spread(values: Sequence[str | None], indices: Column) -> Column:
    """Return the value at each index, null for null; where all values are null, as most codes are, at no cost."""
    if all(value is None for value in values):
        return nulls(len(indices))
    return one_chunk(pa.array(values, pa.string()).take(indices))


def with_context(column: Column, context: Column, function: Callable[[str, str | None], str | None]) -> Column:
    """Apply a function of (text, context) to each distinct pair, such as a phone number and its country."""
    first, _ = with_context_pair(column, context, lambda text, other: (function(text, other), None))
    return first


def with_context_pair(
    column: Column, context: Column, function: Callable[[str, str | None], tuple[str | None, str | None]]
) -> tuple[Column, Column]:
    """Do the same by a function of two results; null stays null in both."""
    texts, others = column.dictionary_encode(), context.dictionary_encode()
    text_values, other_values = [*texts.dictionary.to_pylist(), None], [*others.dictionary.to_pylist(), None]
    width = len(other_values)
    encoded = pa.array(codes_of(texts).astype(np.int64) * width + codes_of(others)).dictionary_encode()
    pairs = [
        (None, None) if (text := text_values[code // width]) is None else function(text, other_values[code % width])
        for code in encoded.dictionary.to_pylist()
    ]
    return spread([pair[0] for pair in pairs], encoded.indices), spread([pair[1] for pair in pairs], encoded.indices)


def codes_of(encoded: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Return the indices of a dictionary column, and for null the number of its values."""
    indices = encoded.indices
    return np.asarray(indices.fill_null(len(encoded.dictionary)) if indices.null_count else indices)


def repeats(column: Column, distinct: int = _FEW) -> bool:
    """Tell whether at most so many of the first 1,000 texts differ; never of a shorter column."""
    sample = column.slice(0, _SAMPLE)
    return len(sample) == _SAMPLE and len(sample.unique()) <= distinct


def lists_of(columns: Sequence[Column]) -> Column:
    """Return the string columns side by side as one column of lists, nulls and repeats left out."""
    count = len(columns[0])
    if len(columns) == 1:
        return from_flat(columns[0], np.arange(count), count)
    flat = one_chunk(pa.concat_arrays([column.cast(pa.string()) for column in columns]))
    order = np.arange(len(flat)).reshape(len(columns), count).T.ravel()
    parents = np.repeat(np.arange(count), len(columns))
    return from_flat(one_chunk(flat.take(pa.array(order))), parents, count)


def parents_of(lists: Column) -> Indices:
    """Return for each value of the flattened lists the row of its list."""
    return np.asarray(pc.list_parent_indices(lists)).astype(np.int64)


def from_flat(flat: Column, parents: Indices, count: int, *, first_only: bool = False) -> Column:
    """Return values and the rows they belong to, ascending, as `count` lists, nulls and repeats within a list left out.

    first_only: of each list only the first value is kept.
    """
    values, rows = flat, parents
    if flat.null_count:
        present = np.asarray(flat.is_valid())
        values, rows = one_chunk(flat.drop_null()), parents[present]
    beside = rows[1:] == rows[:-1]
    if beside.any():  # only then can a list hold a value twice
        kept = np.append(True, ~beside)
        if not first_only:
            shared = np.flatnonzero(np.append(beside, False) | ~kept)  # the values of lists of several
            codes = np.asarray(values.take(pa.array(shared)).dictionary_encode().indices).astype(np.int64)
            firsts = np.unique(rows[shared] * (codes.max() + 1) + codes, return_index=True)[1]
            kept[shared[firsts]] = True
        values, rows = one_chunk(values.filter(pa.array(kept))), rows[kept]
    offsets = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=count), out=offsets[1:])
    lists: Column = pa.ListArray.from_arrays(pa.array(offsets), values)
    return lists


def as_lists(column: Column) -> pa.ListArray:
    """Return a column that holds lists, as the type that has their offsets and values."""
    return cast("pa.ListArray", column)


def first_of(column: Column) -> Column:
    """Return the first value of each list, null where the list is empty."""
    lists = as_lists(column)
    lengths = np.asarray(lists.value_lengths().fill_null(0))
    starts = np.asarray(lists.offsets)[:-1]
    return one_chunk(lists.values.take(pa.array(np.where(lengths > 0, starts, 0), mask=lengths == 0)))


def where(mask: Mask | Column, text: str) -> Column:
    """Return a string column that holds the text where the mask is true and null elsewhere."""
    flags = np.asarray(mask)
    if not flags.any():
        return nulls(len(flags))
    return one_chunk(pc.if_else(pa.array(flags), text, None))


def only_listed(texts: Column, allowed: Sequence[str]) -> Column:
    """Return the texts in lower case, null where one is none of those allowed."""
    lower = pc.utf8_lower(texts)
    return one_chunk(pc.if_else(pc.is_in(lower, value_set=pa.array(allowed, pa.string())), lower, None))


def on_every_row(text: str | None, count: int) -> Column:
    """Return a string column with the same text, or null, on every row."""
    return one_chunk(pa.repeat(pa.scalar(text, pa.string()), count))


def one_text(column: Column) -> str | None:
    """Return the text that stands in every row of a string column; None where rows differ or are null."""
    if column.null_count or not len(column) or not pc.all(pc.equal(column, column[0])).as_py():
        return None
    text: str = column[0].as_py()
    return text


def text_or_null(column: Column, text: str | None) -> Column:
    """Return the column with its nulls filled by a text, if there is one."""
    return column if text is None or not column.null_count else one_chunk(column.fill_null(text))


def coalesce(columns: Sequence[Column]) -> Column:
    """Return for each row the first value that is not null."""
    filled = [column for column in columns if column.null_count < len(column)]
    if len(filled) > 1 and filled[0].null_count:
        return one_chunk(pc.coalesce(*filled))
    return filled[0] if filled else columns[0]


def nulls(count: int, kind: pa.DataType | None = None) -> Column:
    """Return a column of nulls, of strings unless another type is given."""
    return one_chunk(pa.nulls(count, pa.string() if kind is None else kind))


def column_of(batch: pa.RecordBatch, name: str, kind: pa.DataType | None = None) -> Column:
    """Return the batch's column of that name, or nulls if it has none."""
    place = batch.schema.get_field_index(name)
    return one_chunk(batch.column(place)) if place >= 0 else nulls(batch.num_rows, kind)


def join_present(columns: Sequence[Column], separator: str) -> Column:
    """Join the values of each row that are not null; an empty text where there is none.

    pyarrow 26.0.1 leaves out a row whose values are all null, so such a row is given an empty text first.
    """
    kind = columns[0].type
    if all(column.null_count for column in columns):
        empty = np.logical_and.reduce([np.asarray(column.is_null()) for column in columns])
        columns = [*columns, where(empty, "").cast(kind)] if empty.any() else columns
    return one_chunk(pc.binary_join_element_wise(*columns, pa.scalar(separator, kind), null_handling="skip"))


def null_if_empty(column: Column) -> Column:
    """Return the text column with null for empty texts."""
    empty = pc.equal(pc.binary_length(column), 0)
    return one_chunk(pc.if_else(empty, None, column)) if pc.any(empty).as_py() else column


def filled_cells(batch: pa.RecordBatch, names: Sequence[str]) -> Indices:
    """Count for each row the cells in these columns that are not null."""
    filled = np.zeros(batch.num_rows, np.int64)
    for column in map(batch.column, names):
        filled += np.asarray(column.is_valid()) if column.null_count else 1
    return filled


def join_notes(columns: Sequence[Column], count: int) -> Column:
    """Join several columns of notes by `; `, null where there is none."""
    noted = [column for column in columns if column.null_count < count]
    return null_if_empty(join_present(noted, "; ")) if noted else nulls(count)
