"""Phone numbers by column in the common national and international shapes; `phone` decides the others.

A number is plain when the library would certainly read it as it stands: its digits, a calling code or the row's
country, a length that is possible there, and nothing that could be taken for another prefix.

108 ns a value where `phone.normal` takes 6,600 (distinct numbers of ten countries, processor time). Patterns cannot do
this: what a number is depends on its country's metadata, so its digits are looked up in tables made of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask, codes_of, one_chunk
from importer.core.kernels.bytes import TextBytes, text_bytes, texts_between
from importer.core.model import Column
from importer.core.normalise.fast.phone_rules import (
    LENGTHS,
    NEVER,
    PLACES,
    WIDEST_CODE,
    calling_code_places,
    code_of_place,
    country_place,
    rules_of,
)
from importer.core.normalise.fast.plain_cells import Plain, none_plain
from importer.core.normalise.phone import JUNK, SHORTEST

_SMALLEST_PAIR = 14
"""Digits from which a slash may separate two numbers."""
_ENDING = 2
_SEPARATORS = np.zeros(256, np.bool_)
_SEPARATORS[[ord(char) for char in "+ ()-./"]] = True
_TRUNK_ZERO, _TWICE = r"\( *0 *\)", r"^(?:\+|00)[ ().-]*[0-9]{1,3}[ ().-]+00"
"""A trunk zero in brackets, and what may be a second international prefix behind a calling code."""
_JUNK = np.array([int(code + digits) for digits in JUNK for code in ("", "1")])
"""Also with North America's 1 before them."""
_LAST_FOUR = np.zeros(10_000, np.bool_)
_LAST_FOUR[::1111] = _LAST_FOUR[_JUNK % 10_000] = True
"""Whether these four digits may end a number that is nobody's: one digit over and over, or counted through."""

_Numbers: TypeAlias = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class _Digits:
    """The digits of every cell behind its international prefix: where they begin in `threes`, and how many they are.

    threes: at each digit of the column that and the next two as a number. whole: cells of digits and separators only,
    of a single number. abroad: those that have their calling code. plus: those with a plus.
    """

    threes: npt.NDArray[np.uint16]
    starts: Indices
    first: npt.NDArray[np.uint16]
    lengths: _Numbers
    whole: Mask
    abroad: Mask
    plus: Mask


def numbers(column: Column, countries: Column) -> Plain:
    """Find the numbers and put their calling codes before them; countries: each row's, alpha-2 or null.

    A number is read as a whole number of 64 bits: a trunk zero vanishes, and the calling code is a sum.
    """
    if not len(column):
        return none_plain(column)
    found = text_bytes(column)
    digits = found.only(found.digits)
    whole = _whole(column, found, digits)
    as_integers = texts_between(digits.bounds, digits.data, whole).cast(pa.int64())  # null where not whole
    values = np.frombuffer(as_integers.buffers()[1], np.int64, count=len(whole))
    read = _without_prefix(found, digits, whole)
    added = _added(read, countries)
    cells = read.whole & (values + added > 0) & ~_of_nobody(values, read)
    return Plain(one_chunk(pa.array(values + added).cast(pa.string())), cells)


def _whole(column: Column, found: TextBytes, digits: TextBytes) -> Mask:
    """Tell which cells hold one number as it is dialed: digits and separators only, with a plus in front at most."""
    whole = (digits.lengths >= SHORTEST) & (digits.lengths < LENGTHS)
    places = np.flatnonzero(~found.digits)
    if not len(places):
        return whole
    chars, following = found.data.take(places), found.data.take(places + 1, mode="clip")
    whole &= ~found.holding(places[~_SEPARATORS.take(chars)])
    plus_first, pluses = found.heads == ord("+"), chars == ord("+")
    if np.count_nonzero(pluses) != np.count_nonzero(plus_first):
        inside = places[pluses]
        whole &= ~found.holding(inside[found.bounds[found.cells_at(inside)] != inside])
    long = digits.lengths >= _SMALLEST_PAIR
    if long.any():
        whole &= ~(found.holding(places[chars == ord("/")]) & long)
    slashes = np.flatnonzero(chars == ord("/"))
    if len(slashes):  # behind one that stands before one or two digits may be another ending
        cells = found.cells_at(places[slashes])
        behind = digits.bounds[cells + 1] - (places[slashes] - slashes)
        whole[cells[behind <= _ENDING]] = False
    if (chars == ord(".")).any():  # alone it is a decimal's
        whole &= found.count(found.data == ord(".")) != 1

    zero_next = following == ord("0")
    brackets = places[(chars == ord("(")) & (zero_next | (following == ord(" ")))]
    zeros_next = places[zero_next & (found.data.take(places + 2, mode="clip") == ord("0"))]
    abroad = found.holding(zeros_next) & (plus_first | (found.heads == ord("0")))
    return whole & ~_matching(column, found.holding(brackets), _TRUNK_ZERO) & ~_matching(column, abroad, _TWICE)


def _matching(column: Column, among: Mask, pattern: str) -> Mask:
    """Tell which of the cells in question match; the others are not looked at."""
    rows = np.flatnonzero(among)
    flags = np.zeros(len(column), np.bool_)
    if len(rows):
        flags[rows] = np.asarray(pc.match_substring_regex(column.take(pa.array(rows)), pattern))
    return flags


def _without_prefix(found: TextBytes, digits: TextBytes, whole: Mask) -> _Digits:
    """Find the digits of each cell behind 00 or +."""
    data = np.zeros(len(digits.data) + 8, np.uint8)  # some places more behind the last digit
    np.subtract(digits.data, ord("0"), out=data[: len(digits.data)])
    threes = data[:-2] * np.uint16(100)
    threes += data[1:-1] * np.uint8(10)
    threes += data[2:]
    starts = digits.bounds[:-1].astype(np.int64)
    lengths, abroad = np.where(whole, digits.lengths, WIDEST_CODE), found.heads == ord("+")
    plus = abroad.copy()
    first = threes.take(starts)
    zeros = np.flatnonzero((first < 10) & whole)  # noqa: PLR2004 # two zeros first
    together = found.data[found.bounds[:-1][zeros] + 1] == ord("0")
    prefixed = zeros[(found.heads[zeros] == ord("0")) & together]
    whole[zeros] = False  # 0 049 171 is not 0049 171
    whole[prefixed] = abroad[prefixed] = True
    starts[prefixed] += 2
    lengths[prefixed] -= 2
    first[prefixed] = threes[starts[prefixed]]
    return _Digits(threes, starts, first, lengths, whole, abroad, plus)


def _added(read: _Digits, countries: Column) -> Indices:
    """Return what is to be added to each cell's digits for its number, below zero where that is not certain."""
    encoded = countries.dictionary_encode()
    of_countries = [country_place(country) for country in (*encoded.dictionary.to_pylist(), None)]
    national = np.array(of_countries, np.uint16).take(codes_of(encoded))
    abroad, widths = calling_code_places()
    places = np.where(read.abroad, abroad.take(read.first), national)
    widths = widths.take(read.first) * read.abroad
    some = np.zeros(PLACES, np.bool_)
    some[places] = True
    some[national] = True
    known = np.flatnonzero(some)
    order = np.zeros(PLACES, np.int64)
    order[known] = np.arange(len(known))
    rules, at = rules_of(tuple(known.tolist())), order.take(places)
    lengths = read.lengths - widths
    skipped = rules.skipped.take((at * 1000 + read.threes.take(read.starts + widths)) * LENGTHS + lengths)
    added = rules.added.take((at * LENGTHS + lengths) * 3 + skipped)
    plus = np.flatnonzero(read.plus & read.whole)
    if len(plus):
        codes = np.array([code_of_place(place) for place in known.tolist()], np.int64)
        home = order.take(national[plus])
        own = rules.own.take((home * 1000 + read.first[plus]) * LENGTHS + read.lengths[plus])
        added[plus[own & (codes[home] != codes[at[plus]])]] = NEVER
    return added


def _of_nobody(values: Indices, read: _Digits) -> Mask:
    """Tell which numbers are typed into a field that must not stay empty: one digit over and over, counted through."""
    flags = np.zeros(len(values), np.bool_)
    rows = np.flatnonzero(_LAST_FOUR[values % 10_000] & read.whole)
    ones = 10 ** (read.lengths[rows].astype(np.int64) - 3) // 9  # behind a trunk digit or calling code
    again = values[rows] % (ones * 9 + 1) == values[rows] % 10 * ones
    flags[rows] = again | np.isin(values[rows], _JUNK)
    return flags
