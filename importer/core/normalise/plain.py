"""Plain cells: what nearly all are, brought into normal form by whole columns.

A field's own function of one text decides what is right; it is slow and obvious, and the tests hold every column
function here against it. Where a cell is not plain, it is asked, once for each distinct text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Indices, Mask, by_distinct_pair, nulls, one_chunk, with_context_pair
from importer.core.digests import are_hashes
from importer.core.model import Column
from importer.core.normalise.cell import HASHES_OF_NOTHING, Cell
from importer.core.octets import Octets, octets
from importer.core.tables import placeholders

REMEMBERED = 1 << 15
"""Distinct texts of a field that are remembered from one batch to the next: names and cities come again."""

MARKS = " '.-"
"""Signs within names that Meta does not want; `Anne-Marie` is annemarie."""

_SHORTEST_HASH = 32
_OF_NOTHING = one_chunk(pa.array(sorted(HASHES_OF_NOTHING), pa.string()))
_EXES = "xxx"


class Plain(NamedTuple):
    """The normal forms of the plain cells, and which cells these are; the other forms mean nothing."""

    forms: Column
    cells: Mask


def no_plain(column: Column) -> Plain:
    """Every cell but the hashes is for the field's own function."""
    return Plain(column, np.zeros(len(column), np.bool_))


def with_others(column: Column, plain: Plain, function: Callable[[str], Cell]) -> tuple[Column, Column]:
    """The forms and codes of all cells: of the plain ones as they are, of the others by the field's own function."""
    return _joined(column, plain, lambda rows: by_distinct_pair(one_chunk(column.take(rows)), function))


def with_others_in_context(
    column: Column, context: Column, plain: Plain, function: Callable[[str, str | None], Cell]
) -> tuple[Column, Column]:
    """The same for a function of a text and its context, such as a phone number and its country."""
    return _joined(
        column,
        plain,
        lambda rows: with_context_pair(one_chunk(column.take(rows)), one_chunk(context.take(rows)), function),
    )


def _joined(column: Column, plain: Plain, decide: Callable[[Column], tuple[Column, Column]]) -> tuple[Column, Column]:
    forms, cells = _or_hashes(column, plain)
    rest = np.flatnonzero(~cells)
    if not len(rest):
        return forms, nulls(len(column))
    others, codes = decide(pa.array(rest))
    places = np.full(len(column), -1, np.int64)
    places[rest] = np.arange(len(rest))
    noted = nulls(len(column))
    if codes.null_count < len(codes):
        noted = one_chunk(codes.take(pa.array(np.maximum(places, 0), mask=places < 0)))
    return one_chunk(pc.replace_with_mask(forms, pa.array(~cells), others)), noted


def _or_hashes(column: Column, plain: Plain) -> Plain:
    """The plain cells and, beside them, the SHA-256 hashes, which pass in lower case in every field."""
    lower = one_chunk(pc.ascii_lower(column))
    hashes = are_hashes(lower)
    if not hashes.any():
        return plain
    hashes &= ~np.asarray(pc.is_in(lower, value_set=_OF_NOTHING))
    return Plain(one_chunk(pc.if_else(pa.array(hashes), lower, plain.forms)), plain.cells | hashes)


def words(column: Column, *more: frozenset[str]) -> Plain:
    """Names and places: letters from A to Z with single blanks, hyphens, apostrophes or full stops between them."""
    found = octets(column)
    lower = one_chunk(pc.ascii_lower(column))
    marks = found.among(MARKS)
    cells = found.every(found.letters | marks) & found.first(found.letters) & found.last(found.letters)
    if marks.any():
        cells &= ~_two_blanks(found)
        marked = np.flatnonzero(found.some(marks) & cells)
        cells[marked] &= ~_listed(one_chunk(lower.take(pa.array(marked))), *more)
        lower = _without_marks(lower, marked)
    return Plain(lower, cells & (found.lengths < _SHORTEST_HASH) & ~_listed(lower, *more))


def _without_marks(lower: Column, marked: Indices) -> Column:
    flags = np.zeros(len(lower), np.bool_)
    flags[marked] = True
    bare = pc.replace_substring_regex(lower.take(pa.array(marked)), f"[{MARKS}]", "")
    return one_chunk(pc.replace_with_mask(lower, pa.array(flags), one_chunk(bare)))


def _two_blanks(found: Octets) -> Mask:
    blanks = found.data == ord(" ")
    pairs = np.append(blanks[:-1] & blanks[1:], False)
    return found.some(pairs)


def ids(column: Column, *more: frozenset[str]) -> Plain:
    """Ids of letters, digits, hyphens and underscores, in lower case; as long as no hash is."""
    found = octets(column)
    solid = found.letters | found.digits
    cells = found.every(solid | found.among("-_")) & found.first(solid) & found.last(solid)
    lower = one_chunk(pc.ascii_lower(column))
    return Plain(lower, cells & (found.lengths < _SHORTEST_HASH) & ~_listed(lower, *more))


def _listed(lower: Column, *more: frozenset[str]) -> Mask:
    """Which texts may be placeholders, so that the field's own function has to look at them."""
    listed = pc.is_in(lower, value_set=_suspects(more))
    return np.asarray(pc.or_(listed, pc.fill_null(pc.starts_with(lower, _EXES), False))).astype(np.bool_)


@lru_cache(maxsize=16)
def _suspects(more: tuple[frozenset[str], ...]) -> Column:
    """The words of placeholders in lower case, as typed and without marks."""
    typed = {word.lower() for word in placeholders.EXACT.union(placeholders.ANYWHERE, *more)}
    bare = {"".join(sign for sign in word if sign not in MARKS) for word in typed}
    return one_chunk(pa.array(sorted(typed | bare), pa.string()))
