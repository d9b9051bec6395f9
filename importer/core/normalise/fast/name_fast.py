"""Names by column: nearly all are letters from A to Z, some have punctuation; `names` decides the others.

37 ns a value where `names.family` takes 2,600, with punctuation 285 (distinct names, processor time). First names and
cities have none but that of hashes: they repeat, and what is asked once for each distinct text is as good (40 and 80
ns a value).
"""

from __future__ import annotations

import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column
from importer.core.normalise.fast.plain_cells import PUNCTUATION, SHORTEST_HASH, Plain, is_placeholder, mask_of
from importer.core.normalise.titles import FACULTIES, SUFFIXES, TITLES

_WORDS = r"^[a-z]+(?:(?:\.? |['.-])[a-z]+)*$"
_FIRST = "|".join(sorted(TITLES | {word.replace(".", "") for word in FACULTIES}))
_TITLED = rf"^(?:{_FIRST}) | (?:{'|'.join(sorted(SUFFIXES))})$"
"""What may be a title or a generation, where the words have lost their punctuation."""
_UNSPACED = r"[a-z]{2}\.[a-z]{2}"
"""A title may stand before a full stop without a blank."""


def letters(column: Column, words: frozenset[str]) -> Plain:
    """Find names of letters from A to Z only; `words` are placeholders of the field's own."""
    lower = one_chunk(pc.ascii_lower(column))
    cells = pc.and_(pc.ascii_is_alpha(lower), pc.less(pc.binary_length(lower), SHORTEST_HASH))
    return Plain(lower, mask_of(cells) & ~is_placeholder(lower, words))


def punctuated(column: Column, words: frozenset[str]) -> Plain:
    """Find names of words from A to Z with a blank, hyphen, apostrophe or full stop between them."""
    lower = one_chunk(pc.ascii_lower(column))
    bare = one_chunk(pc.replace_substring_regex(lower, f"[{PUNCTUATION}]", ""))
    cells = pc.and_(pc.match_substring_regex(lower, _WORDS), pc.less(pc.binary_length(lower), SHORTEST_HASH))
    words_only = pc.replace_substring_regex(lower, "['.-]", "")
    cells = pc.and_not(cells, pc.match_substring_regex(words_only, _TITLED))
    cells = one_chunk(pc.and_not(cells, pc.match_substring_regex(lower, _UNSPACED)))
    return Plain(bare, mask_of(cells) & ~is_placeholder(lower, words) & ~is_placeholder(bare, words))
