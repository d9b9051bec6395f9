"""First names, surnames and other words that Meta wants as letters only [CIP: lower case, no punctuation, UTF-8]."""

from __future__ import annotations

import re
import unicodedata

from importer.core.normalise.cell import Cell, hashed, lower, placeholder, plain_forms, says_nothing, start
from importer.core.normalise.hash_forms import sha256_of
from importer.core.normalise.titles import ADDRESSES, without_titles
from importer.core.tables.placeholders import GIVEN, PEOPLE

_KEPT_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"})
_LOST_LETTERS = frozenset(
    map(chr, (*range(0x2B9, 0x2C0), 0x34F, 0x640, *range(0x180B, 0x1810), 0x115F, 0x1160, 0x3164))
)
"""Apostrophe letters and fillers, which nobody reads."""

_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_NOT_ASCII_WORD = re.compile("[^0-9a-z]+")
_ADDRESS = re.compile(r"\S@[^\s@]+\.\S|://|\bwww\.")
_TWO_NAMES = re.compile(r"[^\W\d_],\s*[^\W\d_]")
"""A surname and a first name."""
_COUPLE = re.compile(r"(?<=\w)\.?\s(?:[&+]|and|und|et|och|og)\s(?=\w)|(?<=\w)\s*/\s*(?=\w)", re.IGNORECASE)
"""Two people's first names."""
_NOTE = re.compile(r"(?<=\w)\s*\([^()]*\)$")
_PHONE_DIGITS = range(7, 40)
"""No name has as many digits."""


def letters(text: str) -> str:
    """Return the text's letters, marks and digits in lower case and NFC, nothing else; accents stay [CIP]."""
    if text.isascii():
        return _NOT_ASCII_WORD.sub("", text.lower())
    text = _VARIATIONS.sub("", lower(plain_forms(text)))
    kept = (char for char in text if unicodedata.category(char) in _KEPT_CATEGORIES and char not in _LOST_LETTERS)
    return unicodedata.normalize("NFC", lower("".join(kept)))


def spelled(text: str, *more: frozenset[str]) -> Cell:
    """Return a tidy text as letters; none where no letter remains, or it is a placeholder in whatever spelling."""
    form = letters(text)
    if placeholder(text, *more) or (form and says_nothing(form, *more)):
        return None, "placeholder"
    return hashed(form) or ((form, None) if form else (None, "invalid"))


def given(text: str) -> Cell:
    """Return the normal form of a first name (`fn`)."""
    form, code = _name(text, PEOPLE | GIVEN)
    couple = form is not None and sha256_of(form) != form and _COUPLE.search(text)
    return (None, "invalid") if form in ADDRESSES or couple else (form, code)


def family(text: str) -> Cell:
    """Return the normal form of a surname (`ln`)."""
    form, code = _name(text, PEOPLE)
    return (None, "invalid") if form and _TWO_NAMES.search(without_titles(text)) else (form, code)


def _name(text: str, words: frozenset[str]) -> Cell:
    """Return a name without titles; an e-mail address, a phone number or a web address in its place is `invalid`."""
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    form, code = spelled(without_titles(_NOTE.sub("", text_or_cell)), words)
    if form is None or sha256_of(form) == form:
        return form, code
    digits = sum(char.isdecimal() for char in form)
    return (None, "invalid") if digits in (len(form), *_PHONE_DIGITS) or _ADDRESS.search(text_or_cell) else (form, code)
