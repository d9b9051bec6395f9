"""Phone numbers of a whole column in the common national and international shapes; `phone` decides the others.

A number is plain when the library would certainly read it as it stands: its digits, a calling code or the row's
country, a length that is possible there, and nothing that could be taken for another prefix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Indices, Mask, nulls, one_chunk
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


def numbers(column: Column, countries: Column) -> Plain:
    """The numbers with their calling codes; countries: each row's, lower-case alpha-2 or null."""
    if not len(column):
        return Plain(column, np.zeros(0, np.bool_))
    read = _digits(column)
    forms = np.full(len(column), -1, np.int64)
    parts: list[Column] = []
    done = 0
    for rows, texts in (*_international(read), *_national(read, countries)):
        forms[rows] = done + np.arange(len(rows))
        parts.append(texts)
        done += len(rows)
    cells = forms >= 0
    joined = one_chunk(pa.concat_arrays(parts)) if parts else nulls(0)
    return Plain(one_chunk(joined.take(pa.array(np.maximum(forms, 0), mask=~cells))), cells)


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
    return _Numbers(texts, octets(texts), whole & _different(octets(texts), 1), plus_first | double_zero)


def _matching(column: Column, among: Mask, pattern: str) -> Mask:
    """Which of the cells in question match; the others are not looked at."""
    rows = np.flatnonzero(among)
    flags = np.zeros(len(column), np.bool_)
    if len(rows):
        flags[rows] = np.asarray(pc.match_substring_regex(column.take(pa.array(rows)), pattern))
    return flags


def _sign_at(data: Bytes, places: Indices) -> Bytes:
    return data[np.minimum(places, len(data) - 1)] if len(data) else np.zeros(len(places), np.uint8)


def _different(found: Octets, skipped: int) -> Mask:
    """Which texts have two different digits behind the first `skipped`."""
    starts = found.bounds[:-1] + skipped
    long = found.lengths > skipped
    if not len(found.data):
        return long
    ends = np.minimum(np.where(long, starts, found.bounds[:-1]), len(found.data) - 1)
    pairs = np.stack([ends, np.maximum(found.bounds[1:], ends)], axis=1).ravel()
    data = np.append(found.data, 0)
    high, low = np.maximum.reduceat(data, pairs)[::2], np.minimum.reduceat(data, pairs)[::2]
    return np.asarray(long & (high != low))


def _international(read: _Numbers) -> list[tuple[Indices, Column]]:
    """The plain ones among numbers that say their calling code, by code."""
    rows = np.flatnonzero(read.whole & read.abroad & (read.found.lengths >= _SHORTEST))
    starts = read.found.bounds[rows]
    signs = read.found.data
    first = (signs[starts].astype(np.int64) - 48) * 100 + (signs[starts + 1].astype(np.int64) - 48) * 10
    codes = codes_by_first_digits()[first + signs[starts + 2] - 48] if len(rows) else np.zeros(0, np.int16)
    parts = []
    for code in np.unique(codes[codes > 0]).tolist():
        mine = rows[codes == code]
        rules = dialling(main_region(code) or "")
        if rules is not None:
            digits = read.of(mine)
            national = one_chunk(pc.utf8_slice_codeunits(digits, start=len(rules.code)))
            fine = _possible(national, rules) & ~_may_begin_with(national, rules.prefixes)
            parts.append((mine[fine], one_chunk(digits.filter(pa.array(fine)))))
    return parts


def _national(read: _Numbers, countries: Column) -> list[tuple[Indices, Column]]:
    """The plain ones among numbers of the row's own country, by country."""
    encoded = countries.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1))
    at_home = read.whole & ~read.abroad
    parts = []
    for place, country in enumerate(encoded.dictionary.to_pylist()):
        rules = dialling(country.upper())
        rows = np.flatnonzero(at_home & (codes == place))
        if rules is not None and len(rows):
            digits = read.of(rows)
            national, fine = _without_trunk(digits, rules)
            fine &= _possible(national, rules) & ~_may_begin_with(digits, rules.abroad)
            whole = pc.binary_join_element_wise(rules.code, national, "")
            parts.append((rows[fine], one_chunk(whole.filter(pa.array(fine)))))
    return parts


def _without_trunk(digits: Column, rules: Dialling) -> tuple[Column, Mask]:
    """The numbers as dialled from abroad, without the calling code, and where that is certain."""
    count = len(digits)
    own_code = _begins(digits, rules.code)
    if rules.code == _NORTH_AMERICA:  # eleven digits that begin with 1 are the same number, whichever 1 that is
        long = np.asarray(pc.equal(pc.binary_length(digits), _NORTH_AMERICAN_DIGITS))
        cut = pc.if_else(pa.array(own_code & long), pc.utf8_slice_codeunits(digits, start=1), digits)
        return one_chunk(cut), (~own_code | long) & ~_begins(cut, "1")
    if rules.prefixes is None:
        return digits, ~own_code
    other = _may_begin_with(digits, rules.others)
    if rules.trunk is None:
        return digits, ~own_code & ~other
    trunk = _begins(digits, rules.trunk)
    viable = np.zeros(count, np.bool_)
    if trunk.any():
        viable = np.asarray(pc.match_substring_regex(digits, f"^(?:{rules.general})$"))
    cut = pc.if_else(pa.array(trunk), pc.utf8_slice_codeunits(digits, start=1), digits)
    return one_chunk(cut), ~own_code & ~(trunk & viable) & ~other


def _possible(national: Column, rules: Dialling) -> Mask:
    """Which numbers have a length that is possible, no zero in front, and two different digits."""
    found = octets(national)
    total = found.lengths + len(rules.code)
    possible = rules.possible[np.minimum(found.lengths, len(rules.possible) - 1)]
    return possible & (total <= LONGEST) & (total >= _SHORTEST) & ~_begins(national, "0") & _different(found, 0)


def _begins(texts: Column, start: str) -> Mask:
    return np.asarray(pc.starts_with(texts, start)).astype(np.bool_)


def _may_begin_with(texts: Column, pattern: str | None) -> Mask:
    """Where the library might take a prefix off."""
    if pattern is None:
        return np.zeros(len(texts), np.bool_)
    return np.asarray(pc.match_substring_regex(texts, f"^(?:{pattern})")).astype(np.bool_)
