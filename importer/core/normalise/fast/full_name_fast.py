"""Whole names by column: nearly all are a first name and a surname from A to Z; `full_name` decides the others.

161 ns a value where `full_name.normal` takes 11,500 (distinct names, processor time).
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column
from importer.core.normalise.fast.plain_cells import SHORTEST_HASH, Plain, is_placeholder, mask_of, placeholder_words
from importer.core.normalise.full_name import CAPITALS, COMPANY
from importer.core.normalise.titles import SUFFIXES, TITLES
from importer.core.tables.placeholders import GIVEN, PEOPLE

_TWO_WORDS = "^[a-z]+ [a-z]+$"


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(word for word in sorted(words) if word.isascii() and word.isalpha())})"


_NO_NAMES = "|".join(
    (
        f"^{_any_of(TITLES | placeholder_words(PEOPLE | GIVEN))} ",
        f" {_any_of(SUFFIXES | COMPANY | {word.lower() for word in CAPITALS} | placeholder_words(PEOPLE))}$",
    )
)
"""Titles, generations, companies and placeholders."""


def two_words(column: Column) -> Plain:
    """Find a first name and a surname of letters from A to Z; the form has a blank between them, as it was typed."""
    lower = one_chunk(pc.ascii_lower(column))
    cells = pc.and_(pc.match_substring_regex(lower, _TWO_WORDS), pc.less(pc.binary_length(lower), SHORTEST_HASH))
    cells = pc.and_not(cells, pc.match_substring_regex(lower, _NO_NAMES))
    return Plain(lower, mask_of(one_chunk(cells)) & ~is_placeholder(lower, PEOPLE | GIVEN))
