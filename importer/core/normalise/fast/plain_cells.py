"""Plain cells: what nearly all are, brought into normal form by whole columns.

A field's own function of one text decides what is right; it is slow and obvious, and the tests hold every column
function here against it. Where a cell is not plain, it is asked, once for each distinct text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask, by_distinct_pair, nulls, one_chunk, repeats, with_context_pair
from importer.core.kernels.bytes import DIGIT, SMALL, text_bytes, texts_of, within
from importer.core.kernels.sha256 import HEX_DIGITS, are_hashes
from importer.core.model import Column
from importer.core.normalise.cell import HASHES_OF_NOTHING, Cell
from importer.core.normalise.fast.word_set import Suspects, suspects
from importer.core.tables import placeholders

REMEMBERED = 1 << 15
"""Distinct texts of a field that are remembered from one batch to the next: names and cities come again."""

MARKS = " '.-"
"""Signs within names that Meta does not want; `Anne-Marie` is annemarie."""

SHORTEST_HASH = 32
_OF_NOTHING = one_chunk(pa.array(sorted(HASHES_OF_NOTHING), pa.string()))
_FEWEST_EXES = 3


class Plain(NamedTuple):
    """The normal forms of the plain cells, and which cells these are; the other forms mean nothing."""

    forms: Column
    cells: Mask


def no_plain(column: Column) -> Plain:
    """Every cell but the hashes is for the field's own function."""
    return Plain(column, np.zeros(len(column), np.bool_))


def with_others(column: Column, plain: Plain, function: Callable[[str], Cell]) -> tuple[Column, Column]:
    """The forms and codes of all cells: of the plain ones as they are, of the others by the field's own function."""
    return _joined(column, plain, lambda rows: by_distinct_pair(those(column, rows), function))


def by_stages(
    column: Column, stages: Sequence[Callable[[Column], Plain]], function: Callable[[str], Cell]
) -> tuple[Column, Column]:
    """The same, where each stage is asked about the cells that are plain to none before it.

    Texts that repeat are not worth a stage: the function is asked about the distinct ones.
    """
    if not stages or repeats(column):
        return with_others(column, no_plain(column), function)
    return _joined(column, stages[0](column), lambda rows: by_stages(those(column, rows), stages[1:], function))


def with_others_in_context(
    column: Column, context: Column, plain: Plain, function: Callable[[str, str | None], Cell]
) -> tuple[Column, Column]:
    """The same for a function of a text and its context, such as a phone number and its country."""
    return _joined(
        column,
        plain,
        lambda rows: with_context_pair(those(column, rows), those(context, rows), function),
    )


def by_stages_in_context(
    column: Column,
    context: Column,
    stages: Sequence[Callable[[Column, Column], Plain]],
    function: Callable[[str, str | None], Cell],
) -> tuple[Column, Column]:
    """`by_stages` for stages and a function of a text and its context."""
    if not stages or repeats(column):
        return with_others_in_context(column, context, no_plain(column), function)
    return _joined(
        column,
        stages[0](column, context),
        lambda rows: by_stages_in_context(those(column, rows), those(context, rows), stages[1:], function),
    )


def _joined(column: Column, plain: Plain, decide: Callable[[Indices], tuple[Column, Column]]) -> tuple[Column, Column]:
    forms, cells = _or_hashes(column, plain)
    rest = np.flatnonzero(~cells)
    if not len(rest):
        return forms, nulls(len(column))
    others, codes = decide(rest)
    return with_texts(forms, rest, others), with_texts(nulls(len(column)), rest, codes)


def those(column: Column, rows: Indices) -> Column:
    """The column's values in these rows, each row at most once."""
    return column if len(rows) == len(column) else one_chunk(column.take(pa.array(rows)))


def with_texts(column: Column, rows: Indices, texts: Column) -> Column:
    """The column with other texts in some rows; 12 ns a row, half of what replace_with_mask takes."""
    if not len(rows) or len(rows) == len(column):
        return texts if len(rows) else column
    if column.null_count == len(column) and texts.null_count == len(texts):
        return column
    places = np.arange(len(column))
    places[rows] = len(column) + np.arange(len(rows))
    return one_chunk(pa.concat_arrays([column, texts]).take(pa.array(places)))


def _or_hashes(column: Column, plain: Plain) -> Plain:
    """The plain cells and, beside them, the SHA-256 hashes, which pass in lower case in every field."""
    if not (text_bytes(column).lengths == HEX_DIGITS).any():
        return plain
    lower = one_chunk(pc.ascii_lower(column))
    hashes = are_hashes(lower)
    if not hashes.any():
        return plain
    hashes &= ~np.asarray(pc.is_in(lower, value_set=_OF_NOTHING))
    return Plain(one_chunk(pc.if_else(pa.array(hashes), lower, plain.forms)), plain.cells | hashes)


def letters(column: Column, *more: frozenset[str]) -> Plain:
    """Names and places of letters from A to Z only, in lower case: nearly all, and the quickest to tell."""
    lower = one_chunk(pc.ascii_lower(column))
    found = text_bytes(lower)
    cells = found.filled & found.every(within(found.data, SMALL)) & (found.lengths < SHORTEST_HASH)
    return Plain(lower, cells & ~doubtful(*more).among(lower))


def words(column: Column, *more: frozenset[str]) -> Plain:
    """Names and places: letters from A to Z with single blanks, hyphens, apostrophes or full stops between them."""
    lower = one_chunk(pc.ascii_lower(column))
    found = text_bytes(lower)
    solid, marks, blanks = within(found.data, SMALL), found.among(MARKS), found.data == ord(" ")
    two_blanks = np.append(blanks[:-1] & blanks[1:], False)
    cells = found.every((solid | marks) & ~two_blanks) & found.first(solid) & found.last(solid)
    bare = texts_of(found.data[~marks], found.lengths - found.count(marks))
    of_nobody = doubtful(*more).among(lower) | doubtful(*more).among(bare)
    return Plain(bare, cells & (found.lengths < SHORTEST_HASH) & ~of_nobody)


def ids(column: Column, *more: frozenset[str]) -> Plain:
    """Ids of letters, digits, hyphens and underscores, in lower case, such as UUIDs; as long as no SHA-256 is."""
    lower = one_chunk(pc.ascii_lower(column))
    found = text_bytes(lower)
    solid = within(found.data, SMALL, DIGIT)
    cells = found.filled & (found.lengths < HEX_DIGITS) & ~doubtful(*more).among(lower)
    cells &= (found.lengths < SHORTEST_HASH) | (found.heads != ord("x"))  # longer ones may be of x only
    if not solid.all():
        cells &= found.every(solid | found.among("-_")) & found.first(solid) & found.last(solid)
    return Plain(lower, cells)


@lru_cache(maxsize=16)
def doubtful(*more: frozenset[str]) -> Suspects:
    """The words of placeholders in lower case, as typed and without marks; `xxx` is one in any length."""
    typed = {word.lower() for word in placeholders.EXACT.union(placeholders.ANYWHERE, *more)}
    bare = {"".join(sign for sign in word if sign not in MARKS) for word in typed}
    return suspects(typed | bare | {"x" * length for length in range(_FEWEST_EXES, SHORTEST_HASH)})
