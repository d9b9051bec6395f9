"""States and provinces (`st`) [CIP: two letters in the United States; elsewhere lower case without punctuation]."""

from __future__ import annotations

import re

from importer.core.normalise.cell import Cell, start
from importer.core.normalise.fold import unaccented
from importer.core.normalise.names import letters, spelled
from importer.core.tables.states import BY_COUNTRY, EITHER, TERRITORIES

_PARTS = re.compile(r"[(),/;|\[\]-]+")
_PREFIX = re.compile(r"([A-Za-z]{2})[-_.: ]+(\S.*)", re.DOTALL)
_OWN_NAMES = frozenset({"us", "usa", "unitedstates", "unitedstatesofamerica", "canada", "can"})


def normal(text: str, country: str | None) -> Cell:
    """Return the state's two letters in the United States and Canada, its whole name elsewhere.

    Without a country, a name or code of these two counts as theirs, and any other text stays as it is written. With
    one of them, a text that names none of their states is `unknown`.
    """
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    form, code = spelled(text_or_cell)
    if form is None:
        return None, code
    if country is not None and country not in BY_COUNTRY and country not in TERRITORIES:
        prefixed = _PREFIX.fullmatch(text_or_cell)
        if prefixed and prefixed.group(1).lower() == country and "-" in text_or_cell[2:4]:  # DE-SN
            return letters(prefixed.group(2)) or form, None
        return form, None
    found = two_letters(text_or_cell)
    if found is None and country in BY_COUNTRY:
        return None, "unknown"
    return found or form, None


def two_letters(text: str) -> str | None:
    """Return the code of the American or Canadian state that the text names, once or twice: `Texas (TX)`, `US-TX`."""
    if code := EITHER.get(_key(text)):
        return code
    if found := _PREFIX.fullmatch(text):  # before the parts, where CA-ON would name California and Ontario
        own = BY_COUNTRY.get(found.group(1).lower(), {})
        if code := own.get(_key(found.group(2))):
            return code
    keys = [key for part in _PARTS.split(text) if (key := _key(part)) and key not in _OWN_NAMES]
    codes = {EITHER.get(key) for key in keys}
    return codes.pop() if len(codes) == 1 else None


def _key(text: str) -> str:
    """Return the word under which a state is looked up."""
    return unaccented(letters(text))
