"""How each country dials, by the phone library's own metadata: calling codes, trunk prefixes, possible lengths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, PhoneMetadata

WORLD = "001"
"""The region of calling codes that belong to no country, such as satellite phones."""

LONGEST = 15
"""Digits of the longest number, its calling code among them [E.164]."""


@dataclass(frozen=True)
class Dialling:
    """What a region's numbers look like.

    code: the calling code. possible: which numbers of digits its numbers may have, without code and trunk prefix.
    trunk: the digit that is dialled before a number within the country, if it is one and leaves the number as it is;
    others: what else may be dialled there. prefixes: both, as one pattern. abroad: what is dialled to reach other
    countries. general: all of the region's numbers, as a pattern.
    """

    code: str
    possible: npt.NDArray[np.bool_]
    trunk: str | None
    others: str | None
    prefixes: str | None
    abroad: str | None
    general: str


@cache
def dialling(region: str) -> Dialling | None:
    """How the region dials, `DE`; None where the library knows no such region."""
    if region not in SUPPORTED_REGIONS:
        return None
    own = _metadata(region)
    main = _metadata(COUNTRY_CODE_TO_REGION_CODE[own.country_code][0])
    possible = np.zeros(LONGEST + 10, np.bool_)
    possible[list(main.general_desc.possible_length)] = True
    trunk, others = _trunk(own.national_prefix, own.national_prefix_for_parsing, own.national_prefix_transform_rule)
    return Dialling(
        code=str(own.country_code),
        possible=possible,
        trunk=trunk,
        others=others,
        prefixes=own.national_prefix_for_parsing,
        abroad=own.international_prefix,
        general=own.general_desc.national_number_pattern,
    )


def _metadata(region: str) -> PhoneMetadata:
    """The library's own record of a region."""
    return PhoneMetadata.metadata_for_region(region)


def _trunk(prefix: str | None, prefixes: str | None, rewritten: str | None) -> tuple[str | None, str | None]:
    """The trunk digit where it stands alone in the pattern, first or last, and the rest of the pattern."""
    if prefix is None or prefixes is None or rewritten or len(prefix) != 1:
        return None, prefixes
    if prefixes == prefix:
        return prefix, None
    if prefixes.endswith(f"|{prefix}"):
        return prefix, prefixes.removesuffix(f"|{prefix}")
    alone = prefixes.startswith(f"{prefix}|")
    return (prefix, prefixes.removeprefix(f"{prefix}|")) if alone else (None, prefixes)


@cache
def main_region(code: int) -> str | None:
    """The region that a calling code's numbers are judged by; None where no country has it."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code)
    return None if regions is None or regions[0] == WORLD else regions[0]


@cache
def codes_by_first_digits() -> npt.NDArray[np.int16]:
    """For each first three digits of an international number its calling code, 0 where there is none."""
    codes = np.zeros(1000, np.int16)
    for code in COUNTRY_CODE_TO_REGION_CODE:
        width = 10 ** (3 - len(str(code)))
        if main_region(code) is not None:
            codes[code * width : (code + 1) * width] = code
    return codes
