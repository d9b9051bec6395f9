"""Ids: of the customer in the shop's own systems (hashed), and of Meta's (clear)."""

from __future__ import annotations

import re
import unicodedata

from importer.core.normalise.cell import (
    BLANK,
    Cell,
    ascii_digits,
    broken,
    hashed,
    lower,
    placeholder,
    start,
    tidy,
    unfloat,
)
from importer.core.tables.placeholders import IDS

_WHITE_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_LEAD = re.compile(r"(?:l\s*:\s*)?([0-9]{15,17})", re.IGNORECASE)
_LABEL = re.compile(r"l\s*:\s*", re.IGNORECASE)
_INT64_DIGITS = 19
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NO_DEVICE = "00000000-0000-0000-0000-000000000000"


def external_id(text: str) -> Cell:
    """The customer's id without white space and in lower case, which is what Meta's pixel hashes."""
    text_or_cell = start(text, md5=False)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    plain, code = _id(_WHITE_SPACE.sub("", text_or_cell))
    return (unicodedata.normalize("NFC", lower(plain)) if plain else plain), code


def external_id_raw(text: str) -> Cell:
    """The customer's id as typed, for pixels that send it so; white space around it is removed."""
    text_or_cell = start(text, md5=False)
    return _id(text_or_cell) if isinstance(text_or_cell, str) else text_or_cell


def _id(text: str) -> Cell:
    """A tidy id; numbers that a data frame wrote with a fraction are whole again."""
    if placeholder(text, IDS):
        return None, "placeholder"
    plain, code = unfloat(text)
    return (None, "placeholder") if plain in IDS else (plain, code)


def lead_id(text: str) -> Cell:
    """The 15 to 17 digits of a lead, without the label `l:` of Meta's own exports [CL-ID]."""
    text = tidy(text)
    if not text:
        return BLANK
    plain, lost = unfloat(_LABEL.sub("", ascii_digits(text), count=1))
    if plain is None:
        return None, lost
    if found := _LEAD.fullmatch(plain.strip()):
        return found.group(1), None
    return None, "placeholder" if placeholder(text, IDS) else "invalid"


def number(text: str) -> Cell:
    """An id that Meta takes as a number, such as `fb_login_id`: its digits."""
    text = tidy(text)
    if not text:
        return BLANK
    plain, lost = unfloat(ascii_digits(text))
    if plain is None:
        return None, lost
    if plain.isdecimal() and plain.isascii() and plain.strip("0") and len(plain) <= _INT64_DIGITS:
        return plain, None
    return None, "placeholder" if placeholder(text, IDS) else "invalid"


def madid(text: str) -> Cell:
    """A mobile advertising id in lower case with its hyphens [CA]; the id of all zeros stands for a refusal."""
    text = tidy(text)
    if not text:
        return BLANK
    device = text.strip("{}").lower()
    if device == _NO_DEVICE or placeholder(text, IDS):
        return None, "placeholder"
    return (device, None) if _UUID.fullmatch(device) else (None, "invalid")


def text_id(text: str) -> Cell:
    """Any other clear id as typed, without white space around it; a hash is none: these are never hashed [CIP]."""
    text = tidy(text)
    if not text:
        return BLANK
    return (None, "invalid") if broken(text) or hashed(text, md5=False) else _id(text)
