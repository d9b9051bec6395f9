"""Postcodes by column in the shapes that nearly all are written in; `postcode` decides the others.

73 ns a value of a till where `postcode.normal` takes 840, since many repeat. Distinct ones of five digits take 15,
ZIP+4 64, British ones 94, where the function takes 2,700 to 3,000 (processor time).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import codes_of, one_chunk
from importer.core.model import Column
from importer.core.normalise.fast.plain_cells import SHORTEST_HASH, Plain, is_placeholder, mask_of, none_plain
from importer.core.normalise.postcode import LENGTHS, ZIP_COUNTRIES, ZIP_DIGITS

_COMPLETE = frozenset({"us", "de", "fr", "es", "it", None})
"""Countries of rows, or none, in which a postcode of five digits is complete."""

_PLUS_FOUR, _PLUS_FOUR_LENGTH = "^[0-9]{5}-[0-9]{4}$", 10
_NO_ZIP = "00000"
_ZEROS = one_chunk(pa.array(["0" * length for length in range(SHORTEST_HASH)]))


def five_digits(column: Column, countries: Column) -> Plain:
    """Find postcodes of five digits in countries where they stay as they are; countries: each row's, or null."""
    cells = pc.and_(pc.equal(pc.binary_length(column), ZIP_DIGITS), pc.ascii_is_decimal(column))
    cells = pc.and_(cells, pc.not_equal(column, _NO_ZIP))
    return Plain(column, mask_of(one_chunk(cells)) & (_by_country(countries, lambda country: country in _COMPLETE) > 0))


def plus_four(column: Column, countries: Column) -> Plain:
    """Find ZIP codes like 12345-6789, in rows that are or may be American; what follows the hyphen goes."""
    if not pc.any(pc.equal(pc.binary_length(column), _PLUS_FOUR_LENGTH)).as_py():
        return none_plain(column)
    cells = pc.and_not(pc.match_substring_regex(column, _PLUS_FOUR), pc.starts_with(column, _NO_ZIP))
    american = _by_country(countries, lambda country: country is None or country in ZIP_COUNTRIES) > 0
    first = one_chunk(pc.utf8_slice_codeunits(column, 0, ZIP_DIGITS))
    return Plain(first, mask_of(one_chunk(cells)) & american)


def spaced(column: Column, countries: Column) -> Plain:
    """Find postcodes like SW1A 1AA or 1012 JS, in countries where they keep their letters and have lost no zero."""
    bare = one_chunk(pc.ascii_lower(pc.replace_substring(column, " ", "")))
    cells = pc.and_(pc.ascii_is_alnum(bare), pc.less(pc.binary_length(column), SHORTEST_HASH))
    cells = pc.and_not(cells, pc.is_in(bare, value_set=_ZEROS))
    cells = pc.and_not(cells, pc.match_substring_regex(bare, "^[a-z]{1,3}[0-9]{3}"))  # a country before it, CH 8001
    fewest = _by_country(
        countries, lambda country: SHORTEST_HASH if country in ZIP_COUNTRIES else LENGTHS.get(country or "", 0)
    )
    long_enough = np.asarray(pc.binary_length(bare).fill_null(0)) >= fewest
    return Plain(bare, mask_of(one_chunk(cells)) & long_enough & ~is_placeholder(bare))


def _by_country(countries: Column, function: Callable[[str | None], int]) -> npt.NDArray[np.int32]:
    """Return the function's value of each row's country, asked once for each country."""
    encoded = countries.dictionary_encode()
    values = [function(country) for country in (*encoded.dictionary.to_pylist(), None)]
    return np.array(values, np.int32).take(codes_of(encoded))
