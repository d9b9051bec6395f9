"""Values of many rows laid out flat: what the keys are worked on as, between two columns of lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, one_chunk, parents_of
from importer.core.model import Column


@dataclass(frozen=True)
class FlatValues:
    """Values of many rows, one after the other: the row of each (ascending), its normal form, and its code."""

    rows: Indices
    forms: Column
    codes: Column


def flatten(column: Column) -> tuple[Column, Indices]:
    """Return the values of a column of lists, and the row of each."""
    return one_chunk(pc.list_flatten(column)), parents_of(column)


def at_rows(column: Column, rows: Indices) -> Column:
    """Return the column's value for the row of each flat value; rows ascend."""
    if len(rows) == len(column) and (rows[1:] != rows[:-1]).all():
        return column  # ascending rows, as many as there are, each once: all of them
    return one_chunk(column.take(pa.array(rows)))


def of_rows_without(column: Column, others: list[FlatValues]) -> tuple[Column, Indices]:
    """Return the values of a column of lists, and their rows, where none of the other keys has a normal form."""
    flat, parents = flatten(column)
    has = np.zeros(len(column), dtype=np.bool_)
    for other in others:
        has[other.rows[np.asarray(other.forms.is_valid())]] = True
    free = ~has[parents]
    return one_chunk(flat.filter(pa.array(free))), parents[free]


def merge(old: FlatValues | None, new: FlatValues) -> FlatValues:
    """Merge both by rows; where a row has values of both the old ones come first."""
    if old is None:
        return new
    rows = np.concatenate([old.rows, new.rows])
    order = np.argsort(rows, kind="stable")
    forms = one_chunk(pa.concat_arrays([old.forms, new.forms]).take(pa.array(order)))
    codes = pa.concat_arrays([old.codes, new.codes])
    if codes.null_count < len(codes):
        codes = one_chunk(codes.take(pa.array(order)))
    return FlatValues(rows[order], forms, codes)
