"""What the first digits and the length of a phone number tell for certain, decided once for each country and code.

A number is looked up by its first three digits and its length; the digits behind these may be any. All of it comes from
the phone library's metadata: calling codes, trunk prefixes, possible lengths, patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, PhoneMetadata

from importer.core.kernels.arrays import Mask
from importer.core.normalise.phone import ARGENTINA, LONGEST, NO_AREA, SHORTEST
from importer.core.normalise.phone_prefixes import mobile_digits

LENGTHS = LONGEST + 3
"""Number of lengths in the tables, from 0 on, with an international prefix of two digits."""

WIDEST_CODE = 3

_WORLD = "001"
"""The region of calling codes that belong to no country, such as satellite phones."""

_FIRST = np.arange(1000)
_DIGIT = (_FIRST // 100, _FIRST // 10 % 10)
"""The first and the second of three digits."""

_COUNTRIES = ("", *sorted(SUPPORTED_REGIONS))
_PLACES = {country: place for place, country in enumerate(_COUNTRIES)}
_ABROAD = len(_COUNTRIES)
PLACES = _ABROAD + 1000
"""Places in the tables: of no country, of the countries, and of the calling codes, from `_ABROAD` on."""

_NORTH_AMERICA, _NORTH_AMERICAN_DIGITS = "1", 11
NEVER = -(10**18)
_ATOM = re.compile(r"\{[0-9,]*\}|(\\d|\[[0-9-]*\]|[0-9])")
_SIMPLE = re.compile(r"(?:\(\?:|[()|?$]|\{[0-9,]*\}|\\d|\[[0-9-]*\]|[0-9])*")
_ANY = "x"


@dataclass(frozen=True)
class PhoneRules:
    """How numbers of one or several places are read; a place is a country or a calling code.

    skipped: by place, first three digits and length: 0 where nothing is certain, else 1 plus the number of digits in
    front that are dialed within the country only. added: by place, length and that: what is to be added to the digits,
    read as a whole number, so that it is the number with its calling code; below zero where nothing is certain.
    own: by place, first three digits and length: digits behind a plus that may be the country's own number.
    """

    skipped: npt.NDArray[np.uint8]
    added: npt.NDArray[np.int64]
    own: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Region:
    """The library's metadata of a region, `DE`.

    code: the calling code.
    possible: by length, whether its numbers may have so many digits, without code and trunk prefix.
    trunk: the digit that is dialed before a number within the country, if it leaves the number as it is.
    others: what else may be dialed there. prefixes: both, as one pattern.
    abroad: what is dialed to reach other countries.
    general: all of the region's numbers, as a pattern. own: those that a plus may stand before by mistake.
    """

    code: str
    possible: npt.NDArray[np.bool_]
    trunk: str | None
    others: str | None
    prefixes: str | None
    abroad: str | None
    general: str
    own: str

    def allows(self, length: int) -> bool:
        """Tell whether numbers of so many digits are possible, with the calling code before them."""
        return bool(self.possible[length]) and SHORTEST <= length + len(self.code) <= LONGEST


def country_place(country: str | None) -> int:
    """Return the place of a country, alpha-2 in either case; 0 where the library knows no such country."""
    return _PLACES.get((country or "").upper(), 0)


def code_of_place(place: int) -> int:
    """Return the calling code of a country's place or of a code's own."""
    region = None if place >= _ABROAD else _region(_COUNTRIES[place])
    return place - _ABROAD if place >= _ABROAD else int(region.code) if region else 0


@cache
def calling_code_places() -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.int64]]:
    """Return by the first three digits of an international number the place of its calling code, and the code's digits.

    The numbers of such a place are looked up without the code.
    """
    codes = np.zeros(1000, np.int16)
    for code in COUNTRY_CODE_TO_REGION_CODE:
        if _main_region(code) is not None:
            width = 10 ** (3 - len(str(code)))
            codes[code * width : (code + 1) * width] = code
    widths = (codes > 0).astype(np.int64) + (codes > 9) + (codes > 99)  # noqa: PLR2004
    return (codes + _ABROAD).astype(np.uint16), widths


@lru_cache(maxsize=4)
def rules_of(places: tuple[int, ...]) -> PhoneRules:
    """Return how the numbers of these places are read, one after the other."""
    each = [_rules_of_place(place) for place in places]
    return PhoneRules(*(np.stack([getattr(one, part.name) for one in each]) for part in fields(PhoneRules)))


@cache
def _rules_of_place(place: int) -> PhoneRules:
    skipped, added = np.zeros((1000, LENGTHS), np.uint8), np.full((LENGTHS, 3), NEVER, np.int64)
    own = np.zeros((1000, LENGTHS), np.bool_)
    national = place < _ABROAD
    region = _region(_COUNTRIES[place] if national else _main_region(place - _ABROAD) or "")
    if region is None:
        return PhoneRules(skipped, added, own)
    for length in range(SHORTEST - WIDEST_CODE, LONGEST + 1):
        if national:
            skipped[:, length] = _national(region, length)
            own[:, length] = may_match(region.own, length, whole=True)
        elif region.allows(length):
            skipped[:, length] = (_DIGIT[0] != 0) & ~may_match(region.prefixes, length)
    if region.code == str(ARGENTINA):
        skipped[np.equal(_FIRST // 10, int(NO_AREA))] = 0
    if not national:
        added[:, 1:] = 0
        return PhoneRules(skipped, added, own)
    front = 1 if region.code == _NORTH_AMERICA else int(region.trunk or 0)
    for length in range(1, LONGEST + 1):
        added[length, 1] = int(region.code) * 10**length
        added[length, 2] = (int(region.code) - front) * 10 ** (length - 1)
    return PhoneRules(skipped, added, own)


def _national(region: _Region, length: int) -> npt.NDArray[np.uint8]:
    """Return what is certain of the digits of that length that are dialed within the region."""
    as_they_are, behind_trunk = region.allows(length), region.allows(length - 1)
    if length < SHORTEST or not (as_they_are or behind_trunk):
        return np.zeros(1000, np.uint8)
    trunk, certain = _trunk_digit(region, length)
    certain &= np.where(trunk, behind_trunk, as_they_are) & (np.where(trunk, _DIGIT[1], _DIGIT[0]) != 0)
    certain &= ~may_match(region.abroad, length)
    return certain.astype(np.uint8) * (1 + trunk.astype(np.uint8))


def _trunk_digit(region: _Region, length: int) -> tuple[Mask, Mask]:
    """Return where the first digit is dialed within the country only, and where that is certain."""
    own_code = _FIRST // 10 ** (3 - len(region.code)) == int(region.code)
    if region.code == _NORTH_AMERICA:  # eleven digits that begin with 1 are the same number, whichever 1 that is
        long = length == _NORTH_AMERICAN_DIGITS
        trunk = own_code & long
        return trunk, (~own_code | long) & (np.where(trunk, _DIGIT[1], _DIGIT[0]) != 1)
    certain = ~own_code & ~may_match(region.others, length)
    if region.trunk is None:
        return np.zeros(1000, np.bool_), certain
    return _DIGIT[0] == int(region.trunk), certain & ~may_match(region.general, length, start=region.trunk, whole=True)


@cache
def _region(name: str) -> _Region | None:
    """Return the metadata of a region, `DE`; None where the library knows no such region."""
    if name not in SUPPORTED_REGIONS:
        return None
    own: Any = PhoneMetadata.metadata_for_region(name)  # the library's types leave every part of it open
    main: Any = PhoneMetadata.metadata_for_region(COUNTRY_CODE_TO_REGION_CODE[own.country_code][0])
    possible = np.zeros(LONGEST + 10, np.bool_)
    possible[list(main.general_desc.possible_length)] = True
    mobile = mobile_digits(name)
    trunk, others = _trunk(own.national_prefix, own.national_prefix_for_parsing, own.national_prefix_transform_rule)
    return _Region(
        code=str(own.country_code),
        possible=possible,
        trunk=trunk,
        others=others,
        prefixes=own.national_prefix_for_parsing,
        abroad=own.international_prefix,
        general=own.general_desc.national_number_pattern,
        own=mobile.pattern if mobile else main.general_desc.national_number_pattern,
    )


def _trunk(prefix: str | None, prefixes: str | None, rewritten: str | None) -> tuple[str | None, str | None]:
    """Return the trunk digit where it stands alone in the pattern, first or last, and the rest of the pattern."""
    if prefix is None or prefixes is None or rewritten or len(prefix) != 1:
        return None, prefixes
    if prefixes == prefix:
        return prefix, None
    if prefixes.endswith(f"|{prefix}"):
        return prefix, prefixes.removesuffix(f"|{prefix}")
    alone = prefixes.startswith(f"{prefix}|")
    return (prefix, prefixes.removeprefix(f"{prefix}|")) if alone else (None, prefixes)


@cache
def _main_region(code: int) -> str | None:
    """Return the region by which a calling code's numbers are judged; None where no country has it."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code)
    return None if regions is None or regions[0] == _WORLD else regions[0]


def may_match(pattern: str | None, length: int, *, start: str = "", whole: bool = False) -> Mask:
    """Return for each first three digits whether the pattern may match a number of that length, its start or `whole`.

    The digits behind the three are written as a letter that every part of the pattern takes for one of its own. start:
    only numbers that begin so are looked at.
    """
    found = np.zeros(1000, np.bool_)
    if pattern is None:
        return found
    if not _SIMPLE.fullmatch(pattern):
        return ~found
    matches = getattr(_with_any_digit(pattern), "fullmatch" if whole else "match")
    starts = [start] if matches(start.ljust(length, _ANY)) else []
    while starts and len(starts[0]) < 3:  # noqa: PLR2004
        longer = [start + digit for start in starts for digit in "0123456789"]
        starts = [start for start in longer if matches(start.ljust(length, _ANY))]
    found[[int(start) for start in starts]] = True
    return found


@cache
def _with_any_digit(pattern: str) -> re.Pattern[str]:
    """Compile the pattern so that each of its digits matches the letter for any digit as well."""
    return re.compile(_ATOM.sub(lambda found: f"[{_ANY}{found[1].strip('[]')}]" if found[1] else found[0], pattern))
