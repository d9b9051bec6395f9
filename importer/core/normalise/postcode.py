"""Postcodes (`zp`) [CIP: lower case, no spaces, no dash; in the United States the first five digits]."""

from __future__ import annotations

import re

from importer.core.normalise.cell import Cell, ascii_digits, placeholder, says_nothing, start, unfloat
from importer.core.normalise.names import letters

_ZIP_PLUS_FOUR = re.compile(r"([0-9]{5})\s*[-\u2010-\u2015\u2212]\s*[0-9]{4}")
_ZIP_LOST_ZERO = re.compile(r"([0-9]{3,4})\s*[-\u2010-\u2015\u2212]\s*[0-9]{4}")
_STATE_BEFORE = re.compile(r"([A-Za-z]{2})[ .,-]*([0-9]{5}(?:[ -]?[0-9]{4})?)")
ZIP_DIGITS = 5
ZIP_COUNTRIES = frozenset({"us", "pr", "gu", "vi", "as", "mp"})

LENGTHS: dict[str, int] = {
    "au": 4, "dk": 4, "no": 4, "nz": 4, "za": 4,
    "de": 5, "dz": 5, "es": 5, "fi": 5, "fr": 5, "gt": 5, "it": 5, "ke": 5, "kr": 5, "lk": 5, "lt": 5, "mx": 5, "my": 5,
    "pe": 5, "pl": 5, "sk": 5, "tr": 5, "ua": 5,
    "cn": 6, "co": 6, "ec": 6, "kz": 6, "ro": 6, "sg": 6, "jp": 7, "br": 8,
}  # fmt: skip
"""Digits of a postcode in countries where all have as many and some begin with a zero that spreadsheets lose."""

_TWO_ZEROS = frozenset({"fi", "it", "ke", "lk", "pl"})
"""Where postcodes of the largest city begin with two zeros: Helsinki 00100, Rome 00118, Warsaw 00-950."""

_CAR_PLATES = {
    "at": "a", "be": "b", "ch": "ch", "de": "d", "es": "e", "fr": "f", "it": "i", "lu": "l", "no": "n", "se": "s",
    "fi": "fin", "li": "fl", "pt": "p", "hu": "h", "si": "slo",
}  # fmt: skip
_PREFIX = re.compile(r"([a-z]{1,3})[\s\u2010-\u2015-]*([0-9].*)", re.DOTALL)
_WITH_PREFIX = frozenset({"lv", "ad", "ai", "az", "bb", "im", "je", "ky", "md", "vc", "vg", "ws"})
"""Countries whose own letters belong to the postcode."""

_META_GUARD = "z:"
"""What Meta's own download of leads puts before a postcode, lest a spreadsheet take it for a number."""


def normal(text: str, country: str | None) -> Cell:
    """Return the postcode's letters and digits in lower case; zeros lost in a spreadsheet come back with a warning."""
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    plain, lost = unfloat(ascii_digits(text_or_cell.removeprefix(_META_GUARD)).strip())
    form = letters(plain or "")
    if placeholder(text_or_cell) or (form and (says_nothing(form) or not form.strip("0"))):
        return None, "placeholder"
    if plain is None or not form:
        return None, lost or "invalid"
    return _of_country(plain, form, country)


def _of_country(plain: str, form: str, country: str | None) -> Cell:
    """Apply the rules of the row's country to the postcode as written and its letters and digits."""
    if country in ZIP_COUNTRIES:
        return _zip(plain, form)
    if country is None:
        found = _ZIP_PLUS_FOUR.fullmatch(plain)
        return (found.group(1) if found else form), None
    prefixed = _PREFIX.fullmatch(plain.lower())
    if prefixed and country not in _WITH_PREFIX and prefixed.group(1) in (country, _CAR_PLATES.get(country)):
        form = letters(prefixed.group(2))  # D-10115 in Germany
    length = LENGTHS.get(country, 0)
    missing = length - len(form)
    if form.isdecimal() and (missing in ((1, 2) if country in _TWO_ZEROS else (1,))):
        return form.zfill(length), "padded"
    return form, None


def _zip(plain: str, form: str) -> Cell:
    """Return the first five digits of a ZIP code; 3, 4, 7 or 8 digits have lost zeros in a spreadsheet."""
    if found := _STATE_BEFORE.fullmatch(plain):  # NY 10001
        plain, form = found.group(2), letters(found.group(2))
    if found := _ZIP_LOST_ZERO.fullmatch(plain):
        return found.group(1).zfill(5), "padded"
    if not form.isdecimal():
        return None, "invalid"
    if len(form) in (5, 9):
        return form[:5], None
    if len(form) in (3, 4):
        return form.zfill(5), "padded"
    return (form.zfill(9)[:5], "padded") if len(form) in (7, 8) else (None, "invalid")
