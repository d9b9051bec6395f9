"""Cities (`ct`): as written, and folded to a-z, since Meta recommends a-z and takes UTF-8 [CIP]."""

from __future__ import annotations

import re

from importer.core.normalise import country as countries
from importer.core.normalise.cell import Cell, placeholder, start
from importer.core.normalise.fold import unaccented
from importer.core.normalise.names import spelled
from importer.core.normalise.state import two_letters
from importer.core.tables.states import BY_COUNTRY

_PLAIN = re.compile("[0-9a-z]+")
_POSTCODE = (
    r"(?:[A-Z]{1,3}-)?[0-9]{5}-[0-9]{3,4}|[0-9]{4} ?[A-Z]{2}|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}"
    r"|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|(?:[A-Z]{1,3}-)?[0-9]{2}-[0-9]{3}|(?:[A-Z]{1,3}-)?[0-9]{3} [0-9]{2,3}"
    r"|(?:[A-Z]{1,3}-)?[0-9]{4,6}|\u3012?[0-9]{3}-[0-9]{4}|[A-Z][0-9][0-9W] ?[0-9A-Z]{4}"
)
_BEFORE = re.compile(rf"(?:{_POSTCODE})[ ,]+(?=[^\W\d_])")
_BEHIND = re.compile(rf"(?<=\w)[ ,\u2013-]+(?:{_POSTCODE})$")
_STATE = re.compile(r"(?<=[^\W\d_])(?: +-+ *| +\u2013 *|,? +|, *)([A-Z]{2})$")
_LETTERS_BEHIND = re.compile(r"(?<=[^\W\d_])[ ,]+([A-Z]{2,3})$")
_CEDEX = re.compile(r"(?<=\w)[ ,-]+cedex(?: +[0-9]{1,2})?$", re.IGNORECASE)
"""What French post puts behind the city of a firm."""
_AUSTRALIA = frozenset({"NSW", "VIC", "QLD", "TAS", "ACT", "SA", "WA", "NT"})
_PARTS = re.compile(r"\s{0,9}[,/|()]+\s*|\s{1,9}[-\u2013]+\s+")
_WORDS = frozenset({"DE", "LA", "EL", "AL", "LE", "ME", "OR", "IN", "CO", "DO", "DA"})
"""States' letters that are words of cities' names."""


def normal(text: str, country: str | None) -> Cell:
    """Return the city's letters and digits in lower case, every script and accent kept.

    A postcode beside it goes. In a row whose country is known its state or country go as well, and what stands behind
    a comma or in brackets otherwise leaves the city open: Frankfurt (Oder) is not Frankfurt.
    """
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    if placeholder(text_or_cell):
        return None, "placeholder"
    bare = _CEDEX.sub("", _without_postcode(text_or_cell))
    alone = bare if country is None else _alone(bare, country)
    form, code = spelled(alone) if alone else (None, "invalid")
    return (None, "invalid") if form and form.isdecimal() else (form, code)


def _without_postcode(text: str) -> str:
    """Return the text without a postcode before or behind the city, and the state before that."""
    if not any(char.isdigit() for char in text):
        return text
    bare = _BEHIND.sub("", _BEFORE.sub("", text))
    found = _LETTERS_BEHIND.search(bare) if bare != text else None
    if found is None:
        return bare
    city, state = bare[: found.start()], found.group(1)
    return city if city != city.upper() or two_letters(state) or state in _AUSTRALIA else bare


def _alone(text: str, country: str) -> str | None:
    """Return the city without its state and country; None where what stands beside it is neither."""
    first, *others = [part for part in _PARTS.split(text) if part] or [text]
    if others:
        return first if all(_is_place(part, country) for part in others) else None
    found = _STATE.search(text)
    if found is None or found.group(1).lower() not in BY_COUNTRY.get(country, {}).values():
        return text
    if found.group(1) in _WORDS and text == text.upper():
        return None
    return text[: found.start()]


def _is_place(part: str, country: str) -> bool:
    """Tell whether the part is a state or country, or repeats nothing but its code: SP of Brazil."""
    bare = part.strip(" .")
    code = countries.code_of(bare)
    is_state = two_letters(bare) is not None and country in BY_COUNTRY
    short = country not in BY_COUNTRY and len(bare) in (2, 3) and bare.isupper() and bare.isalpha()
    return code == country or is_state or short


def folded(form: str) -> str | None:
    """Return the second form of a city's normal form that is Latin with letters beyond a-z; else None."""
    if form.isascii():
        return None
    plain = unaccented(form)
    return plain if _PLAIN.fullmatch(plain) else None
