"""What the first digits and the length of a phone number say for certain, decided once for each country and code.

A number is looked up by its first three digits and how many it has; the digits behind these may be any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from phonenumbers import SUPPORTED_REGIONS

from importer.core.kernels.arrays import Mask
from importer.core.normalise.fast.phone_rules import LONGEST, Dialling, codes_by_first_digits, dialling, main_region

SHORTEST = 7
LENGTHS = LONGEST + 3
"""Lengths that are told apart, from 0: with an international prefix of two digits."""
WIDEST_CODE = 3

_FIRST = np.arange(1000)
_DIGIT = (_FIRST // 100, _FIRST // 10 % 10)
"""The first and the second of three digits."""

_COUNTRIES = ("", *sorted(SUPPORTED_REGIONS))
_AT_HOME = {country: place for place, country in enumerate(_COUNTRIES)}
_ABROAD = len(_COUNTRIES)
PLACES = _ABROAD + 1000
"""Places of no country, of the countries, and of the calling codes, from `_ABROAD` on."""
_NORTH_AMERICA, _NORTH_AMERICAN_DIGITS = "1", 11
_NEVER = -(10**18)
_ATOM = re.compile(r"\{[0-9,]*\}|(\\d|\[[0-9-]*\]|[0-9])")
_SIMPLE = re.compile(r"(?:\(\?:|[()|?$]|\{[0-9,]*\}|\\d|\[[0-9-]*\]|[0-9])*")
_ANY = "x"


@dataclass(frozen=True)
class Numbering:
    """How numbers of one or several places are read; a place is a country's number or a calling code's.

    skipped: by place, first three digits and length: 0 where nothing is certain, else 1 and how many digits in front
    are dialled within the country only. added: by place, length and that: what is to be added to the digits, read as a
    whole number, so that it is the number with its calling code; below zero where nothing is certain.
    """

    skipped: npt.NDArray[np.uint8]
    added: npt.NDArray[np.int64]


def place_at_home(country: str | None) -> int:
    """The place of a country, alpha-2 in either case; 0 where the library knows no such country."""
    return _AT_HOME.get((country or "").upper(), 0)


@cache
def places_abroad() -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.int64]]:
    """By the first three digits of an international number: the place of its calling code, and the code's digits.

    The numbers of such a place are looked up without the code.
    """
    codes = codes_by_first_digits()
    widths = (codes > 0).astype(np.int64) + (codes > 9) + (codes > 99)  # noqa: PLR2004
    return (codes + _ABROAD).astype(np.uint16), widths


@lru_cache(maxsize=4)
def numbering(places: tuple[int, ...]) -> Numbering:
    """How the numbers of these places are read, one after the other."""
    each = [_numbering(place) for place in places]
    return Numbering(np.stack([one.skipped for one in each]), np.stack([one.added for one in each]))


@cache
def _numbering(place: int) -> Numbering:
    skipped, added = np.zeros((1000, LENGTHS), np.uint8), np.full((LENGTHS, 3), _NEVER, np.int64)
    at_home = place < _ABROAD
    rules = dialling(_COUNTRIES[place] if at_home else main_region(place - _ABROAD) or "")
    if rules is not None:
        for length in range(SHORTEST - WIDEST_CODE, LONGEST + 1):
            skipped[:, length] = _national(rules, length) if at_home else _behind_code(rules, length)
        added[:, 1:] = _national_added(rules) if at_home else 0
    return Numbering(skipped, added)


def _behind_code(rules: Dialling, length: int) -> npt.NDArray[np.uint8]:
    """What is certain of the numbers of that length that stood behind the region's calling code."""
    if not _possible(rules, length):
        return np.zeros(1000, np.uint8)
    certain: Mask = (_DIGIT[0] != 0) & ~may_match(rules.prefixes, length)
    return certain.astype(np.uint8)


def _national(rules: Dialling, length: int) -> npt.NDArray[np.uint8]:
    """What is certain of the digits of that length that are dialled within the region."""
    as_they_are, behind_trunk = _possible(rules, length), _possible(rules, length - 1)
    if length < SHORTEST or not (as_they_are or behind_trunk):
        return np.zeros(1000, np.uint8)
    trunk, certain = _trunk_digit(rules, length)
    certain &= np.where(trunk, behind_trunk, as_they_are) & (np.where(trunk, _DIGIT[1], _DIGIT[0]) != 0)
    certain &= ~may_match(rules.abroad, length)
    return certain.astype(np.uint8) * (1 + trunk.astype(np.uint8))


def _trunk_digit(rules: Dialling, length: int) -> tuple[Mask, Mask]:
    """Where the first digit is dialled within the country only, and where that is certain."""
    own_code = _FIRST // 10 ** (3 - len(rules.code)) == int(rules.code)
    if rules.code == _NORTH_AMERICA:  # eleven digits that begin with 1 are the same number, whichever 1 that is
        long = length == _NORTH_AMERICAN_DIGITS
        trunk = own_code & long
        return trunk, (~own_code | long) & (np.where(trunk, _DIGIT[1], _DIGIT[0]) != 1)
    certain = ~own_code & ~may_match(rules.others, length)
    if rules.trunk is None:
        return np.zeros(1000, np.bool_), certain
    return _DIGIT[0] == int(rules.trunk), certain & ~may_match(rules.general, length, start=rules.trunk, whole=True)


def _national_added(rules: Dialling) -> npt.NDArray[np.int64]:
    """By length: what makes a number of the digits without and with a digit in front that is skipped."""
    front = 1 if rules.code == _NORTH_AMERICA else int(rules.trunk or 0)
    added = np.full((LENGTHS, 2), _NEVER, np.int64)
    for length in range(1, LONGEST + 1):
        added[length, 0] = int(rules.code) * 10**length
        added[length, 1] = (int(rules.code) - front) * 10 ** (length - 1)
    return added


def _possible(rules: Dialling, length: int) -> bool:
    """Whether numbers of so many digits are possible, with the calling code before them."""
    return bool(rules.possible[length]) and SHORTEST <= length + len(rules.code) <= LONGEST


def may_match(pattern: str | None, length: int, *, start: str = "", whole: bool = False) -> Mask:
    """For each first three digits whether the pattern may match a number of that length: its start, or the whole.

    The digits behind the three are written as a sign that every part of the pattern takes for one of its own. start:
    only numbers that begin so are asked about.
    """
    found = np.zeros(1000, np.bool_)
    if pattern is None:
        return found
    if not _SIMPLE.fullmatch(pattern):
        return ~found
    matches = getattr(_with_any(pattern), "fullmatch" if whole else "match")
    starts = [start] if matches(start.ljust(length, _ANY)) else []
    while starts and len(starts[0]) < 3:  # noqa: PLR2004
        longer = [start + digit for start in starts for digit in "0123456789"]
        starts = [start for start in longer if matches(start.ljust(length, _ANY))]
    found[[int(start) for start in starts]] = True
    return found


@cache
def _with_any(pattern: str) -> re.Pattern[str]:
    """The pattern with each of its digits matching the sign for any digit as well."""
    return re.compile(_ATOM.sub(lambda found: _or_any(found[1]) if found[1] else found[0], pattern))


def _or_any(atom: str) -> str:
    return f"[{_ANY}{atom.strip('[]')}]"
