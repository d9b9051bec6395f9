"""Phone numbers of a whole column in the common national and international shapes; `phone` decides the others.

A number is plain when the library would certainly read it as it stands: its digits, a calling code or the row's
country, a length that is possible there, and nothing that could be taken for another prefix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Indices, Mask, one_chunk
from importer.core.model import Column
from importer.core.normalise.dialling import LONGEST, Dialling, codes_by_first_digits, dialling, main_region
from importer.core.normalise.plain import Plain
from importer.core.octets import Bytes, Octets, octets, texts_of

_SEPARATORS = " ()-./"
_SMALLEST_PAIR = 14
"""Digits from which a slash may part two numbers."""
_TRUNK_ZERO, _TWICE = r"\( *0 *\)", r"^(?:\+|00)[0-9 ()]{0,9}[ ().-]+00"
"""A trunk zero in brackets, and what may be a second international prefix behind the first."""
_JUNK = pa.array([one + text for one in ("", "1") for text in ("1234567890", "1234567")])
_SHORTEST = 7
_NORTH_AMERICA, _NORTH_AMERICAN_DIGITS = "1", 11


@dataclass(frozen=True)
class _Numbers:
    """The digits of every cell. whole: cells of digits and separators only; abroad: those that begin with + or 00."""

    digits: Column
    found: Octets
    whole: Mask
    abroad: Mask

    def of(self, rows: Indices) -> Column:
        """The digits of some cells."""
        return one_chunk(self.digits.take(pa.array(rows)))

    def digit(self, rows: Indices, skipped: Indices) -> Indices:
        """The digit behind the skipped ones, 0 to 9; cells have more digits than are skipped."""
        data = self.found.data
        if not len(data):
            return np.zeros(len(rows), np.int64)
        places = np.minimum(self.found.bounds[:-1][rows] + skipped, len(data) - 1)
        return np.asarray(data[places], np.int64) - ord("0")

    def first_three(self, rows: Indices) -> Indices:
        """The first three digits as a number."""
        return self.digit(rows, 0 * rows) * 100 + self.digit(rows, 0 * rows + 1) * 10 + self.digit(rows, 0 * rows + 2)

    def begins(self, rows: Indices, start: str) -> Mask:
        """Which cells begin with these digits, three at most."""
        return np.asarray(self.first_three(rows) // 10 ** (3 - len(start)) == int(start))


def numbers(column: Column, countries: Column) -> Plain:
    """The numbers with their calling codes; countries: each row's, lower-case alpha-2 or null."""
    if not len(column):
        return Plain(column, np.zeros(0, np.bool_))
    read = _digits(column)
    abroad, national = _international(read), _national(read, countries)
    rows = np.concatenate([abroad.rows, national.rows])
    texts = one_chunk(pa.concat_arrays([abroad.texts, national.texts]))
    places = np.full(len(column), -1, np.int64)
    places[rows] = np.arange(len(rows))
    cells = places >= 0
    return Plain(one_chunk(texts.take(pa.array(np.maximum(places, 0), mask=~cells))), cells)


def _digits(column: Column) -> _Numbers:
    found = octets(column)
    pluses, points = found.data == ord("+"), found.data == ord(".")
    count = found.count(found.digits)
    whole = found.every(found.digits | found.among(_SEPARATORS) | pluses)
    whole &= count >= _SHORTEST
    whole &= ~(found.some(found.data == ord("/")) & (count >= _SMALLEST_PAIR))
    plus_first = found.first(pluses)
    whole &= found.count(pluses) == plus_first
    whole &= (found.count(points) != 1) if points.any() else True
    brackets = found.data == ord("(")
    whole &= ~_matching(column, found.some(brackets), _TRUNK_ZERO)
    whole &= ~_matching(column, found.some(found.among(_SEPARATORS)) & ~found.first(brackets), _TWICE)
    zeros = found.data == ord("0")
    double_zero = found.first(zeros & np.append(zeros[1:], False))
    counts = np.where(whole, count, 0)
    kept = found.digits & np.repeat(whole, found.lengths)
    digits, starts = found.data[kept], np.cumsum(counts) - counts
    second_zero = _sign_at(digits, starts + 1) == ord("0")
    whole &= ~((_sign_at(digits, starts) == ord("0")) & second_zero & ~double_zero)  # 0 049 171 is no 0049 171
    texts = texts_of(digits, counts)
    idd = np.flatnonzero(double_zero & whole)
    if len(idd):
        flags = np.zeros(len(column), np.bool_)
        flags[idd] = True
        bare = one_chunk(pc.utf8_slice_codeunits(texts.take(pa.array(idd)), start=2))
        texts = one_chunk(pc.replace_with_mask(texts, pa.array(flags), bare))
    whole &= ~np.asarray(pc.is_in(texts, value_set=_JUNK))
    rows = np.arange(len(column))
    whole &= _different(octets(texts), rows, np.ones(len(column), np.int64))
    return _Numbers(texts, octets(texts), whole, plus_first | double_zero)


def _matching(column: Column, among: Mask, pattern: str) -> Mask:
    """Which of the cells in question match; the others are not looked at."""
    rows = np.flatnonzero(among)
    flags = np.zeros(len(column), np.bool_)
    if len(rows):
        flags[rows] = np.asarray(pc.match_substring_regex(column.take(pa.array(rows)), pattern))
    return flags


def _sign_at(data: Bytes, places: Indices) -> Bytes:
    return data[np.minimum(places, len(data) - 1)] if len(data) else np.zeros(len(places), np.uint8)


def _different(found: Octets, rows: Indices, skipped: Indices) -> Mask:
    """Which of the texts have two different digits behind the skipped ones."""
    starts, ends = found.bounds[:-1][rows] + skipped, found.bounds[1:][rows]
    if not len(rows) or not len(found.data):
        return np.zeros(len(rows), np.bool_)
    pairs = np.stack([np.minimum(starts, ends), ends], axis=1).ravel()
    data = np.append(found.data, 0)
    high, low = np.maximum.reduceat(data, pairs)[::2], np.minimum.reduceat(data, pairs)[::2]
    return np.asarray((starts < ends) & (high != low))


class _Found(NamedTuple):
    """Rows, and their numbers with calling codes."""

    rows: Indices
    texts: Column


def _international(read: _Numbers) -> _Found:
    """The plain ones among numbers that say their calling code."""
    rows = np.flatnonzero(read.whole & read.abroad & (read.found.lengths >= _SHORTEST))
    codes = codes_by_first_digits()[read.first_three(rows)].astype(np.int64)
    width = np.where(codes < 10, 1, np.where(codes < 100, 2, 3))  # noqa: PLR2004 # digits of a code
    fine = (codes > 0) & (read.digit(rows, width) != 0) & _different(read.found, rows, width)
    for code in np.unique(codes).tolist():
        mine = np.flatnonzero(fine & (codes == code))
        rules = dialling(main_region(code) or "")
        if rules is None:
            fine[mine] = False
        elif len(mine):
            long = read.found.lengths[rows[mine]] - width[mine]
            fits = _possible(long, rules) & ~_may_begin_with(read, rows[mine], width[mine], rules.prefixes)
            fine[mine[~fits]] = False
    return _Found(rows[fine], read.of(rows[fine]))


def _national(read: _Numbers, countries: Column) -> _Found:
    """The plain ones among numbers of the row's own country."""
    encoded = countries.dictionary_encode()
    homes = np.asarray(encoded.indices.fill_null(-1))
    rows = np.flatnonzero(read.whole & ~read.abroad & (homes >= 0))
    homes, skipped, fine = homes[rows], np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
    names = encoded.dictionary.to_pylist()
    rules_of = [dialling(name.upper()) for name in names]
    for place, rules in enumerate(rules_of):
        mine = np.flatnonzero(homes == place)
        if rules is not None and len(mine):
            skipped[mine], certain = _trunk_digits(read, rows[mine], rules)
            long = read.found.lengths[rows[mine]] - skipped[mine]
            abroad = _may_begin_with(read, rows[mine], np.zeros(len(mine), np.int64), rules.abroad)
            fine[mine] = certain & _possible(long, rules) & ~abroad
    fine &= (read.digit(rows, skipped) != 0) & _different(read.found, rows, skipped)
    codes = pa.array(["" if rules is None else rules.code for rules in rules_of], pa.string())
    rows, homes, skipped = rows[fine], homes[fine], skipped[fine]
    digits = read.of(rows)
    if skipped.any():
        digits = pc.if_else(pa.array(skipped > 0), pc.utf8_slice_codeunits(digits, start=1), digits)
    return _Found(rows, one_chunk(pc.binary_join_element_wise(codes.take(pa.array(homes)), digits, "")))


def _trunk_digits(read: _Numbers, rows: Indices, rules: Dialling) -> tuple[Indices, Mask]:
    """How many digits in front are dialled within the country only, and where that is certain."""
    none = np.zeros(len(rows), np.int64)
    own_code = read.begins(rows, rules.code)
    if rules.code == _NORTH_AMERICA:  # eleven digits that begin with 1 are the same number, whichever 1 that is
        long = read.found.lengths[rows] == _NORTH_AMERICAN_DIGITS
        cut = (own_code & long).astype(np.int64)
        return cut, (~own_code | long) & (read.digit(rows, cut) != 1)
    certain = ~own_code & ~_may_begin_with(read, rows, none, rules.others)
    if rules.trunk is None:
        return none, certain
    trunk = read.begins(rows, rules.trunk)
    dialled = np.flatnonzero(trunk)
    if len(dialled):
        viable = pc.match_substring_regex(read.of(rows[dialled]), f"^(?:{rules.general})$")
        certain[dialled] &= ~np.asarray(viable)
    return trunk.astype(np.int64), certain


def _possible(long: npt.NDArray[np.integer[Any]], rules: Dialling) -> Mask:
    """Which numbers of digits are possible, with the calling code before them."""
    total = long + len(rules.code)
    possible = rules.possible[np.clip(long, 0, len(rules.possible) - 1)]
    return np.asarray(possible & (total <= LONGEST) & (total >= _SHORTEST))


def _may_begin_with(read: _Numbers, rows: Indices, skipped: Indices, pattern: str | None) -> Mask:
    """Where the library might take a prefix off, behind the skipped digits.

    Only numbers whose first digit the pattern names are held against it: most are of another country's kind.
    """
    flags = np.zeros(len(rows), np.bool_)
    if pattern is None:
        return flags
    named = np.array([str(digit) in pattern or "[" in pattern or "\\d" in pattern for digit in range(10)])
    asked = np.flatnonzero(named[read.digit(rows, skipped)])
    for width in np.unique(skipped[asked]).tolist():
        mine = asked[skipped[asked] == width]
        texts = pc.utf8_slice_codeunits(read.of(rows[mine]), start=width)
        flags[mine] = np.asarray(pc.match_substring_regex(texts, f"^(?:{pattern})"))
    return flags
