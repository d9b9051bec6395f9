"""Whole names of a column in the shape that most have, a first name and a surname; `full_name` decides the others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask, by_distinct_each, nulls, one_chunk, repeats
from importer.core.kernels.bytes import SMALL, text_bytes, texts_between, within
from importer.core.model import Column
from importer.core.normalise.fast.plain_cells import SHORTEST_HASH, doubtful, those, with_texts
from importer.core.normalise.fast.word_set import suspects
from importer.core.normalise.full_name import CAPITALS, COMPANY, SUFFIXES, TITLES, normal
from importer.core.tables.placeholders import GIVEN, PEOPLE

_BEFORE = suspects(TITLES)
_BEHIND = suspects(SUFFIXES | COMPANY | {word.lower() for word in CAPITALS})


class Names(NamedTuple):
    """First names and surnames in normal form, and the codes of the cells that have neither."""

    given: Column
    family: Column
    codes: Column


def parted(column: Column) -> Names:
    """Every whole name parted; each is asked about but once."""
    if repeats(column):
        return Names(*by_distinct_each(column, normal, width=3))
    given, family, cells = two_words(column)
    rest = np.flatnonzero(~cells)
    others = by_distinct_each(those(column, rest), normal, width=3)
    plain = (given, family, nulls(len(column)))
    return Names(*(with_texts(texts, rest, other) for texts, other in zip(plain, others, strict=True)))


def two_words(column: Column) -> tuple[Column, Column, Mask]:
    """First names, surnames, and which cells are plainly these: two words of letters from A to Z, with one blank."""
    lower = one_chunk(pc.ascii_lower(column))
    found = text_bytes(lower)
    cells, blanks = found.single(np.flatnonzero(~within(found.data, SMALL)))
    starts, ends = found.bounds[:-1], found.bounds[1:]
    bounds = np.empty(3 * len(cells) + 1, np.int32)
    bounds[::3], bounds[1::3], bounds[2::3] = found.bounds, blanks, np.minimum(blanks + 1, ends)
    parts = texts_between(bounds, found.data)
    given, family = (one_chunk(parts.take(pa.array(np.arange(first, len(parts), 3)))) for first in (0, 2))
    cells &= (blanks > starts) & (blanks < ends - 1) & (found.lengths < SHORTEST_HASH)
    rows = np.flatnonzero(cells)
    cells[rows] = found.data.take(blanks[rows]) == ord(" ")
    people, first_names = doubtful(PEOPLE), doubtful(PEOPLE, GIVEN)
    of_nobody = first_names.among(lower) | first_names.among(given) | people.among(family)
    return given, family, cells & ~(of_nobody | _BEFORE.among(given) | _BEHIND.among(family))
