"""A field by column: plain cells by its short cuts, every other cell by its own function, once for each text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import Indices, by_distinct_pair, nulls, one_chunk, repeats, with_context_pair
from importer.core.model import Column
from importer.core.normalise.cell import Cell
from importer.core.normalise.fast.plain_cells import Plain, none_plain
from importer.core.normalise.fast.table import SHORT_CUTS
from importer.core.normalise.normalise_options import NormaliseOptions


def by_text(field: str, texts: Column, rule: Callable[[str], Cell], options: NormaliseOptions) -> tuple[Column, Column]:
    """Return the normal forms and the codes of a column of texts."""
    plain, rest = plain_cells(field, texts, None, options)
    return with_rest(plain, rest, by_distinct_pair(at(texts, rest), rule))


def by_context(
    field: str, texts: Column, contexts: Column, rule: Callable[[str, str | None], Cell], options: NormaliseOptions
) -> tuple[Column, Column]:
    """Return the same of texts that are read by a context, such as phone numbers by the row's country."""
    plain, rest = plain_cells(field, texts, contexts, options)
    return with_rest(plain, rest, with_context_pair(at(texts, rest), at(contexts, rest), rule))


def plain_cells(field: str, texts: Column, contexts: Column | None, options: NormaliseOptions) -> tuple[Plain, Indices]:
    """Return what the field's short cuts find, and the places of the other cells.

    Texts that repeat are not worth a short cut: the field's own function is asked about the distinct ones.
    """
    plain, rest = none_plain(texts), np.arange(len(texts))
    for short_cut in () if repeats(texts) else SHORT_CUTS.get(field, ()):
        if not len(rest):
            break
        found = short_cut(at(texts, rest), None if contexts is None else at(contexts, rest), options)
        if found.cells.any():
            plain.cells[rest] = found.cells
            plain = Plain(with_texts(plain.forms, rest, found.forms), plain.cells)
            rest = rest[~found.cells]
    return plain, rest


def with_rest(plain: Plain, rest: Indices, others: tuple[Column, Column]) -> tuple[Column, Column]:
    """Return the forms and codes of all cells: of the plain ones, which have no code, and of the others."""
    forms, codes = others
    return with_texts(plain.forms, rest, forms), with_texts(nulls(len(plain.cells)), rest, codes)


def at(column: Column, rows: Indices) -> Column:
    """Return the column's values in these rows, each row at most once."""
    return column if len(rows) == len(column) else one_chunk(column.take(pa.array(rows)))


def with_texts(column: Column, rows: Indices, texts: Column) -> Column:
    """Return the column with other texts in some rows: 12 ns a row, half of what `replace_with_mask` takes."""
    if not len(rows) or len(rows) == len(column):
        return texts if len(rows) else column
    if column.null_count == len(column) and texts.null_count == len(texts):
        return column
    places = np.arange(len(column))
    places[rows] = len(column) + np.arange(len(rows))
    return one_chunk(pa.concat_arrays([column, texts]).take(pa.array(places)))
