"""Postcodes of a whole column in the shapes that nearly all are written in; `postcode` decides the others."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask, codes_of, one_chunk
from importer.core.kernels.bytes import DIGIT, SMALL, TextBytes, text_bytes, texts_of, within
from importer.core.model import Column
from importer.core.normalise.fast.plain_cells import SHORTEST_HASH, Plain, doubtful
from importer.core.normalise.postcode import LENGTHS, ZIP_COUNTRIES, ZIP_DIGITS

_AS_IT_STANDS = frozenset({"us", "de", "fr", "es", "it", None})
"""Countries of rows, or none, in which a postcode of five digits is complete."""

_PLUS_FOUR = 10
"""Bytes of `12345-6789`."""
_TEN = 10


def five_digits(column: Column, countries: Column) -> Plain:
    """The postcodes of five digits in countries where they stay as they are; countries: each row's, or null."""
    found = text_bytes(column)
    cells = (found.lengths == ZIP_DIGITS) & _at_home(countries, _AS_IT_STANDS)
    return Plain(column, _begin_with_five_digits(found, cells))


def plus_four(column: Column, countries: Column) -> Plain:
    """The ZIP codes like 12345-6789, in rows that are or may be American, without what follows the hyphen."""
    found = text_bytes(column)
    cells = (found.lengths == _PLUS_FOUR) & _at_home(countries, {*ZIP_COUNTRIES, None})
    cells = _begin_with_five_digits(found, cells & (found.count(found.digits) == _PLUS_FOUR - 1))
    rows = np.flatnonzero(cells)
    cells[rows] = found.data.take(found.bounds[rows] + ZIP_DIGITS) == ord("-")
    return Plain(one_chunk(pc.utf8_slice_codeunits(column, 0, ZIP_DIGITS)), cells)


def spaced(column: Column, countries: Column) -> Plain:
    """The postcodes like SW1A 1AA or 1012 JS, in countries where they keep their letters and have lost no zero."""
    lower = one_chunk(pc.ascii_lower(column))
    found = text_bytes(lower)
    solid, blanks = within(found.data, SMALL, DIGIT), found.data == ord(" ")
    two_blanks = np.append(blanks[:-1] & blanks[1:], False)
    bare = texts_of(found.data[solid], found.count(solid))
    cells = found.every((solid | blanks) & ~two_blanks) & found.first(solid) & found.last(solid)
    cells &= ~_at_home(countries, ZIP_COUNTRIES)
    written = text_bytes(bare)
    cells &= written.lengths >= _fewest(countries)
    cells &= written.some(written.data != ord("0")) & (found.lengths < SHORTEST_HASH)
    return Plain(bare, cells & ~doubtful().among(lower) & ~doubtful().among(bare))


STAGES = (five_digits, plus_four, spaced)


def _begin_with_five_digits(found: TextBytes, cells: Mask) -> Mask:
    """Which of these cells, of five bytes or more, begin with five digits that are not all zero."""
    rows = np.flatnonzero(cells)
    digits, some = np.ones(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    for place in range(ZIP_DIGITS):
        number = found.data.take(found.bounds[rows] + place) - np.uint8(ord("0"))
        digits &= number < _TEN
        some |= number > 0
    fine = cells.copy()
    fine[rows] = digits & some
    return fine


def _at_home(countries: Column, among: Collection[str | None]) -> Mask:
    """Which rows are in one of the countries."""
    homes, codes = _homes(countries)
    return np.array([home in among for home in homes]).take(codes)


def _fewest(countries: Column) -> npt.NDArray[np.int32]:
    """Signs that a postcode of each row's country has at least, 0 where nothing is known."""
    homes, codes = _homes(countries)
    return np.array([LENGTHS.get(home or "", 0) for home in homes], np.int32).take(codes)


def _homes(countries: Column) -> tuple[list[str | None], npt.NDArray[np.int32]]:
    """The distinct countries and none, and for each row the place of its own among them."""
    encoded = countries.dictionary_encode()
    return [*encoded.dictionary.to_pylist(), None], codes_of(encoded)
