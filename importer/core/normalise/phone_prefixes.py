"""How numbers are dialed within some countries, and were: Mexico's 1, 044, 045 and 01, Chile's 09."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from phonenumbers import PhoneMetadata

_NOT_DIGIT = re.compile("[^0-9]+")
_LETTER = re.compile("[^\\W\\d_]")
_FEW_LENGTHS = 4
_CODES = {"mx": "52", "cl": "56"}
_DIALED = {
    "52": re.compile("(?:52)?(?:1|01|044|045)([2-9][0-9]{9})"),
    "56": re.compile("(?:56)?0([2-9][0-9]{8})"),
}
"""By calling code: digits that are dialed no more, before a number that is complete without them."""


def as_dialed_today(text: str, country: str | None) -> str:
    """Return the number without what is dialed no more; country: the row's, None where the text begins with +."""
    if _LETTER.search(text):
        return text
    digits = _NOT_DIGIT.sub("", text)
    code = _CODES.get(country, "") if country else next((code for code in _DIALED if digits.startswith(code)), "")
    found = _DIALED[code].fullmatch(digits) if code else None
    return f"+{code}{found.group(1)}" if found and (country or digits.startswith(code)) else text


@cache
def mobile_digits(region: str) -> re.Pattern[str] | None:
    """Return the pattern of a region's mobile numbers where only these can be told from numbers abroad; else None.

    That is so where numbers have a trunk digit within the country and many lengths, as in Germany.
    """
    metadata: Any = PhoneMetadata.metadata_for_region(region)  # the library's types leave some of its parts out
    if metadata.national_prefix is None or metadata.country_code == 1 or metadata.mobile is None:
        return None
    if len(metadata.general_desc.possible_length) <= _FEW_LENGTHS:
        return None
    pattern = metadata.mobile.national_number_pattern
    return re.compile(pattern) if pattern else None
