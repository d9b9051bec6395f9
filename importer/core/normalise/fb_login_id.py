"""Ids of people who logged in through Meta (`fb_login_id`) [CIP: a number]."""

from __future__ import annotations

from importer.core.normalise.cell import BLANK, Cell, ascii_digits, placeholder, tidy, unfloat
from importer.core.tables.placeholders import IDS

_INT64_DIGITS = 19


def normal(text: str) -> Cell:
    """Return the digits of an id that Meta takes as a number."""
    text = tidy(text)
    if not text:
        return BLANK
    plain, lost = unfloat(ascii_digits(text))
    if plain is None:
        return None, lost
    if plain.isdecimal() and plain.isascii() and plain.strip("0") and len(plain) <= _INT64_DIGITS:
        return plain, None
    return None, "placeholder" if placeholder(text, IDS) else "invalid"
