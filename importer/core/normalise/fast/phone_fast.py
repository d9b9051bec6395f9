"""Phone numbers of a whole column in the common national and international shapes; `phone` decides the others.

A number is plain when the library would certainly read it as it stands: its digits, a calling code or the row's
country, a length that is possible there, and nothing that could be taken for another prefix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask, codes_of, one_chunk
from importer.core.kernels.bytes import Bytes, TextBytes, text_bytes, texts_between
from importer.core.model import Column
from importer.core.normalise.fast.phone_lengths import (
    LENGTHS,
    PLACES,
    SHORTEST,
    WIDEST_CODE,
    numbering,
    place_at_home,
    places_abroad,
)
from importer.core.normalise.fast.plain_cells import Plain

_SMALLEST_PAIR = 14
"""Digits from which a slash may part two numbers."""
_DIALLED_SIGNS = np.zeros(256, np.bool_)
_DIALLED_SIGNS[[ord(sign) for sign in "+ ()-./"]] = True
_TRUNK_ZERO, _TWICE = r"\( *0 *\)", r"^(?:\+|00)[ ().-]*[0-9]{1,3}[ ().-]+00"
"""A trunk zero in brackets, and what may be a second international prefix behind a calling code."""
_JUNK = np.array([1234567890, 1234567, 11234567890, 11234567])
_LAST_FOUR = np.zeros(10_000, np.bool_)
_LAST_FOUR[::1111] = _LAST_FOUR[_JUNK % 10_000] = True
"""Whether these four digits may end a number that is no one's: one digit over and over, or counted through."""

_Numbers: TypeAlias = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class _Read:
    """The digits of every cell behind its international prefix: where they begin in `threes`, and how many they are.

    threes: at each digit of the column that and the next two as a number. whole: cells of digits and separators only,
    of a number that is one. abroad: those that say their calling code.
    """

    threes: npt.NDArray[np.uint16]
    starts: Indices
    first: npt.NDArray[np.uint16]
    lengths: _Numbers
    whole: Mask
    abroad: Mask


def numbers(column: Column, countries: Column) -> Plain:
    """The numbers with their calling codes; countries: each row's, alpha-2 or null.

    A number is read as a whole number of 64 bits: a trunk zero vanishes, and the calling code is a sum.
    """
    if not len(column):
        return Plain(column, np.zeros(0, np.bool_))
    found = text_bytes(column)
    digits = found.only(found.digits)
    whole = _whole(column, found, digits)
    values = _values(digits, whole)
    read = _read(found, digits, whole)
    added = _added(read, _homes(countries))
    cells = read.whole & (values + added > 0) & ~_of_no_one(values, read)
    return Plain(one_chunk(pa.array(values + added).cast(pa.string())), cells)


def _whole(column: Column, found: TextBytes, digits: TextBytes) -> Mask:
    """Cells of digits and separators only, with a plus in front at most, that hold one number as it is dialled."""
    whole = (digits.lengths >= SHORTEST) & (digits.lengths < LENGTHS)
    places = np.flatnonzero(~found.digits)
    if not len(places):
        return whole
    signs, following = found.data.take(places), found.data.take(places + 1, mode="clip")
    whole &= ~_with_odd_signs(found, digits, places, signs)
    zero_next = following == ord("0")
    brackets = places[(signs == ord("(")) & (zero_next | (following == ord(" ")))]
    zeros_next = places[zero_next & (found.data.take(places + 2, mode="clip") == ord("0"))]
    abroad = found.holding(zeros_next) & ((found.heads == ord("+")) | (found.heads == ord("0")))
    return whole & ~_matching(column, found.holding(brackets), _TRUNK_ZERO) & ~_matching(column, abroad, _TWICE)


def _with_odd_signs(found: TextBytes, digits: TextBytes, places: Indices, signs: Bytes) -> Mask:
    """Cells whose signs beside the digits, at these places, are more than separators and a plus in front.

    A full stop alone is a decimal's, and a slash may part two numbers. Few bytes are signs: to look at these costs
    less than masks of all bytes do, 23 for 31 ns a cell.
    """
    odd = found.holding(places[~_DIALLED_SIGNS.take(signs)])
    plus_first, pluses = found.heads == ord("+"), signs == ord("+")
    if np.count_nonzero(pluses) != np.count_nonzero(plus_first):
        inside = places[pluses]
        odd |= found.holding(inside[found.bounds[found.cells_at(inside)] != inside])
    long = digits.lengths >= _SMALLEST_PAIR
    if long.any():
        odd |= found.holding(places[signs == ord("/")]) & long
    if (signs == ord(".")).any():
        odd |= found.count(found.data == ord(".")) == 1
    return odd


def _matching(column: Column, among: Mask, pattern: str) -> Mask:
    """Which of the cells in question match; the others are not looked at."""
    rows = np.flatnonzero(among)
    flags = np.zeros(len(column), np.bool_)
    if len(rows):
        flags[rows] = np.asarray(pc.match_substring_regex(column.take(pa.array(rows)), pattern))
    return flags


def _values(digits: TextBytes, whole: Mask) -> Indices:
    """The digits of the whole cells as numbers; the others' mean nothing."""
    numbers = texts_between(digits.bounds, digits.data, whole).cast(pa.int64())
    return np.frombuffer(numbers.buffers()[1], np.int64, count=len(whole))


def _read(found: TextBytes, digits: TextBytes, whole: Mask) -> _Read:
    threes, starts = _threes(digits), digits.bounds[:-1].astype(np.int64)
    lengths, abroad = np.where(whole, digits.lengths, WIDEST_CODE), found.heads == ord("+")
    first = threes.take(starts)
    zeros = np.flatnonzero((first < 10) & whole)  # noqa: PLR2004 # two zeros first
    together = found.data[found.bounds[:-1][zeros] + 1] == ord("0")
    idd = zeros[(found.heads[zeros] == ord("0")) & together]
    whole[zeros] = False  # 0 049 171 is no 0049 171
    whole[idd] = abroad[idd] = True
    starts[idd] += 2
    lengths[idd] -= 2
    first[idd] = threes[starts[idd]]
    return _Read(threes, starts, first, lengths, whole, abroad)


def _threes(digits: TextBytes) -> npt.NDArray[np.uint16]:
    """At each digit that and the next two as a number, with some places more behind the last."""
    data = np.zeros(len(digits.data) + 8, np.uint8)
    np.subtract(digits.data, ord("0"), out=data[: len(digits.data)])
    threes = data[:-2] * np.uint16(100)
    threes += data[1:-1] * np.uint8(10)
    threes += data[2:]
    return threes


def _homes(countries: Column) -> npt.NDArray[np.uint16]:
    """Each row's country as a place of `numbering`."""
    encoded = countries.dictionary_encode()
    places = [place_at_home(country) for country in (*encoded.dictionary.to_pylist(), None)]
    return np.array(places, np.uint16).take(codes_of(encoded))


def _added(read: _Read, homes: npt.NDArray[np.uint16]) -> Indices:
    """What is to be added to each cell's digits for its number, below zero where that is not certain."""
    abroad, widths = places_abroad()
    places = np.where(read.abroad, abroad.take(read.first), homes)
    widths = widths.take(read.first) * read.abroad
    some = np.zeros(PLACES, np.bool_)
    some[places] = True
    known = np.flatnonzero(some)
    order = np.zeros(PLACES, np.int64)
    order[known] = np.arange(len(known))
    rules, at = numbering(tuple(known.tolist())), order.take(places)
    lengths = read.lengths - widths
    skipped = rules.skipped.take((at * 1000 + read.threes.take(read.starts + widths)) * LENGTHS + lengths)
    return rules.added.take((at * LENGTHS + lengths) * 3 + skipped)


def _of_no_one(values: Indices, read: _Read) -> Mask:
    """Numbers that are typed into a field that must not stay empty: one digit over and over, counted through."""
    flags = np.zeros(len(values), np.bool_)
    rows = np.flatnonzero(_LAST_FOUR[values % 10_000] & read.whole)
    ones = 10 ** (read.lengths[rows].astype(np.int64) - 3) // 9  # behind a trunk digit or calling code
    again = values[rows] % (ones * 9 + 1) == values[rows] % 10 * ones
    flags[rows] = again | np.isin(values[rows], _JUNK)
    return flags
