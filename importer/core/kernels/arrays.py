"""Small tools on Arrow columns that several stages share: distinct values first, and lists of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.model import Column

Mask: TypeAlias = npt.NDArray[np.bool_]
Indices: TypeAlias = npt.NDArray[np.int64]

_TABLE = 1 << 18
"""Up to so many numbers are looked up in a table, 2 ns a row, rather than by a hash, 10."""

_SAMPLE, _FEW = 1_000, 250
"""Values looked at, and how many may differ for distinct values first to be worth it, where nothing else is said."""


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
    return spread([function(text) for text in encoded.dictionary.to_pylist()], encoded.indices)


def by_distinct_pair(column: Column, function: Callable[[str], tuple[str | None, str | None]]) -> tuple[Column, Column]:
    """Like `by_distinct` for a function of two results, such as a normal form and the code of what was wrong."""
    first, second = by_distinct_each(column, function, width=2)
    return first, second


def by_distinct_each(
    column: Column, function: Callable[[str], tuple[str | None, ...]], *, width: int
) -> tuple[Column, ...]:
    """The same for a function of `width` results."""
    encoded = column.dictionary_encode()
    results = [function(text) for text in encoded.dictionary.to_pylist()]
    return tuple(spread([result[place] for result in results], encoded.indices) for place in range(width))


def spread(values: Sequence[str | None], indices: Column) -> Column:
    """The value of each index; most codes are null, which costs nothing."""
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
    """Like `by_distinct_pair` for a function of (text, context)."""
    texts, others = column.dictionary_encode(), context.dictionary_encode()
    text_values, other_values = [*texts.dictionary.to_pylist(), None], [*others.dictionary.to_pylist(), None]
    width = len(other_values)
    codes = codes_of(texts).astype(np.int64) * width + codes_of(others)
    distinct, indices = _distinct(codes, len(text_values) * width)
    pairs = [
        (None, None) if (text := text_values[code // width]) is None else function(text, other_values[code % width])
        for code in distinct.tolist()
    ]
    return spread([pair[0] for pair in pairs], indices), spread([pair[1] for pair in pairs], indices)


def codes_of(encoded: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """The indices of a dictionary column; for null the number behind the last, as for the last of a Python list."""
    indices = encoded.indices
    return np.asarray(indices.fill_null(len(encoded.dictionary)) if indices.null_count else indices)


def _distinct(codes: Indices, limit: int) -> tuple[Indices, Column]:
    """The distinct numbers from 0 to the limit, and for each code its place among them."""
    if limit > _TABLE:
        encoded = pa.array(codes).dictionary_encode()
        return np.asarray(encoded.dictionary), encoded.indices
    places = np.zeros(limit, np.int32)
    places[codes] = 1
    distinct = np.flatnonzero(places)
    places[distinct] = np.arange(len(distinct))
    return distinct, pa.array(places[codes])


def repeats(column: Column, distinct: int = _FEW) -> bool:
    """Whether texts come so often that it is worth to look at the distinct ones only: so many in a sample of 1,000."""
    sample = column.slice(0, _SAMPLE)
    return len(sample) == _SAMPLE and len(sample.unique()) <= distinct


def lists_of(columns: Sequence[Column]) -> Column:
    """Several string columns side by side as one column of lists, nulls left out, in the columns' order."""
    count = len(columns[0])
    if count and len(columns) == 1:
        return _one_or_none(columns[0])
    flat = one_chunk(pa.concat_arrays([column.cast(pa.string()) for column in columns]))
    order = np.arange(len(flat)).reshape(len(columns), count).T.ravel()
    parents = np.repeat(np.arange(count), len(columns))
    return from_flat(one_chunk(flat.take(pa.array(order))), parents, count)


def _one_or_none(column: Column) -> Column:
    """Each value as a list of its own, each null as an empty one."""
    offsets = np.arange(len(column) + 1, dtype=np.int32)
    if column.null_count:
        np.cumsum(np.asarray(column.is_valid()), out=offsets[1:])
    lists: Column = pa.ListArray.from_arrays(pa.array(offsets), one_chunk(column.drop_null()))
    return lists


def parents_of(lists: Column) -> Indices:
    """For each value of the flattened lists, the row that its list stands in."""
    if lists.null_count:
        return np.asarray(pc.list_parent_indices(lists)).astype(np.int64)
    lengths = np.asarray(pc.list_value_length(lists))
    return np.flatnonzero(lengths) if lengths.max(initial=0) <= 1 else np.repeat(np.arange(len(lists)), lengths)


def from_flat(flat: Column, parents: Indices, count: int, *, first_only: bool = False) -> Column:
    """Values and the rows they belong to (ascending) as `count` lists: nulls and repeats within a list left out."""
    values, rows = flat, parents
    if flat.null_count:
        present = np.asarray(flat.is_valid())
        values, rows = one_chunk(flat.drop_null()), parents[present]
    beside = rows[1:] == rows[:-1]
    if beside.any():  # only then can a list hold a value twice
        kept = _firsts(rows, beside) if first_only else _without_repeats(values, rows, beside)
        if not kept.all():
            values, rows = one_chunk(values.filter(pa.array(kept))), rows[kept]
    elif len(rows) == count:
        return _one_or_none(values)
    offsets = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=count), out=offsets[1:])
    lists: Column = pa.ListArray.from_arrays(pa.array(offsets), values)
    return lists


def _firsts(rows: Indices, beside: Mask) -> Mask:
    """Which values are the first of their row; beside: whether a value's row is that of the next one."""
    kept = np.ones(len(rows), np.bool_)
    kept[1:] = ~beside
    return kept


def _without_repeats(values: Column, rows: Indices, beside: Mask) -> Mask:
    """Which values do not come before in their row."""
    kept = np.ones(len(rows), np.bool_)
    pairs = np.flatnonzero(beside)
    if not (beside[1:] & beside[:-1]).any():  # no row of three values: to compare two costs a tenth of sorting
        kept[pairs + 1] = ~np.asarray(pc.equal(values.take(pa.array(pairs)), values.take(pa.array(pairs + 1))))
        return kept
    codes = np.asarray(values.dictionary_encode().indices).astype(np.int64)
    _, firsts = np.unique(rows * (codes.max() + 1) + codes, return_index=True)
    kept[:] = False
    kept[firsts] = True
    return kept


def first_of(lists: Column) -> Column:
    """The first value of each list, null where the list is empty."""
    lengths = np.asarray(pc.list_value_length(lists).fill_null(0))
    if (lengths == 1).all():
        return one_chunk(pc.list_flatten(lists))
    whole = cast("pa.ListArray", lists)
    starts = np.asarray(whole.offsets)[:-1]
    return one_chunk(whole.values.take(pa.array(np.where(lengths > 0, starts, 0), mask=lengths == 0)))


def where(mask: Mask | Column, text: str) -> Column:
    """A string column that holds the text where the mask is true and null elsewhere."""
    flags = np.asarray(mask)
    if not flags.any():
        return nulls(len(flags))
    return one_chunk(pa.array([text]).take(pa.array(np.zeros(len(flags), np.int32), mask=~flags)))


def on_every_row(text: str | None, count: int) -> Column:
    """A string column with the same text, or null, on every row."""
    return nulls(count) if text is None else one_chunk(pa.repeat(pa.scalar(text, pa.string()), count))


def text_or_null(column: Column, text: str | None) -> Column:
    """The column with its nulls filled by a text, if there is one."""
    if text is None or not column.null_count:
        return column
    return one_chunk(column.fill_null(text)) if column.null_count < len(column) else on_every_row(text, len(column))


def coalesce(columns: Sequence[Column]) -> Column:
    """For each row the first value that is not null."""
    told = [column for column in columns if column.null_count < len(column)]
    if len(told) > 1 and told[0].null_count:
        return one_chunk(pc.coalesce(*told))
    return told[0] if told else columns[0]


def nulls(count: int, kind: pa.DataType | None = None) -> Column:
    """A column of nulls, of text unless told otherwise."""
    return _nulls(count, kind if kind is not None else pa.string())


@lru_cache(maxsize=32)
def _nulls(count: int, kind: pa.DataType) -> Column:
    """One column serves all: a batch needs some fifty, which cost 70 ns a row to make."""
    return one_chunk(pa.nulls(count, kind))


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
    full = sum(batch.column(name).null_count == 0 for name in names)
    filled = np.full(batch.num_rows, full, np.int64)
    for name in names:
        if batch.column(name).null_count:
            filled += np.asarray(batch.column(name).is_valid())
    return filled


def join_notes(columns: Sequence[Column], count: int) -> Column:
    """Several columns of notes as one, joined by `; `, null where there is none."""
    noted = [column for column in columns if column.null_count < count]
    if not noted:
        return nulls(count)
    return null_if_empty(join_present(noted, "; "))
