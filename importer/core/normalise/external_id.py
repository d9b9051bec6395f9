"""The customer's id in the shop's own systems (`external_id`) [CIP: any text; Meta's pixel hashes it in lower case]."""

from __future__ import annotations

import re
import unicodedata

from importer.core.cells.people_in_text import has_person
from importer.core.normalise.cell import Cell, lower, placeholder, start, unfloat
from importer.core.tables.placeholders import IDS

_WHITE_SPACE = re.compile(r"[\s\u200b\ufeff]+")


def normal(text: str) -> Cell:
    """Return the customer's id without white space and in lower case, which is what Meta's pixel hashes."""
    text_or_cell = start(text, md5=False)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    plain, code = whole_id(_WHITE_SPACE.sub("", text_or_cell))
    return (unicodedata.normalize("NFC", lower(plain)) if plain else plain), code


def raw(text: str) -> Cell:
    """Return the customer's id as typed, for pixels that send it so; white space around it is removed."""
    text_or_cell = start(text, md5=False)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    return (None, "person") if has_person(text_or_cell) else whole_id(text_or_cell)


def whole_id(text: str) -> Cell:
    """Return a tidy id; numbers that a data frame wrote with a fraction are whole again."""
    if placeholder(text, IDS):
        return None, "placeholder"
    plain, code = unfloat(text)
    return (None, "placeholder") if plain in IDS else (plain, code)
