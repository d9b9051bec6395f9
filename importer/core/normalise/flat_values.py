"""Values of many rows laid out flat: what the keys are worked on as, between two columns of lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, one_chunk, parents_of
from importer.core.model import Column


@dataclass(frozen=True)
class Flat:
    """Values of many rows, one after the other: the row of each (ascending), its normal form, and its code."""

    rows: Indices
    forms: Column
    codes: Column


def flatten(column: Column) -> tuple[Column, Indices]:
    """The values of a column of lists, and the row of each."""
    return one_chunk(pc.list_flatten(column)), parents_of(column)


def of_rows(column: Column, rows: Indices) -> Column:
    """The column's values for the row of each flat value."""
    if len(rows) == len(column) and (rows[1:] != rows[:-1]).all():
        return column  # ascending rows, as many as there are, each once: all of them
    return one_chunk(column.take(pa.array(rows)))


def without(column: Column, taken: list[Flat]) -> tuple[Column, Indices]:
    """The values of the rows that none of the other keys has a normal form for."""
    flat, parents = flatten(column)
    has = np.zeros(len(column), dtype=np.bool_)
    for other in taken:
        has[other.rows[np.asarray(other.forms.is_valid())]] = True
    free = ~has[parents]
    return one_chunk(flat.filter(pa.array(free))), parents[free]


def joined(old: Flat | None, new: Flat) -> Flat:
    """Both, by rows; where a row has values of both the old come first."""
    if old is None:
        return new
    rows = np.concatenate([old.rows, new.rows])
    order = np.argsort(rows, kind="stable")
    forms = one_chunk(pa.concat_arrays([old.forms, new.forms]).take(pa.array(order)))
    codes = pa.concat_arrays([old.codes, new.codes])
    return Flat(rows[order], forms, codes if codes.null_count == len(codes) else one_chunk(codes.take(pa.array(order))))


def parted(flat: Column, rows: Indices, pattern: str, split: Callable[[str], list[str]]) -> tuple[Column, Indices]:
    """The values with cells that hold several taken apart; only texts that match the pattern are looked at."""
    encoded = flat.dictionary_encode()
    texts = encoded.dictionary
    candidates = np.flatnonzero(np.asarray(pc.match_substring_regex(texts, f"(?s){pattern}").fill_null(False)))
    parted = {index: split(texts[index].as_py()) for index in candidates.tolist()}
    if all(parts == [texts[index].as_py()] for index, parts in parted.items()):
        return flat, rows
    pieces = [parted.get(index, [text]) for index, text in enumerate(texts.to_pylist())]
    taken = one_chunk(pa.array(pieces, pa.list_(pa.string())).take(encoded.indices))
    lengths = np.asarray(pc.list_value_length(taken).fill_null(0))
    return one_chunk(pc.list_flatten(taken)), np.repeat(rows, lengths)
