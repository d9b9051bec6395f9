"""One spelling for the letters, marks and blanks of a cell, so that grammars need to know only one of each."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

DECIMAL_MARK = "\u2396"
"""Stands for a decimal separator that can be nothing else, such as the Arabic one."""

NOTHING = frozenset(
    ("", "-", "--", "---", "n/a", "na", "#n/a", "null", "none", "nan", "nat", "- none -", "(none)", "(blank)")
)
"""What stands, folded, in a cell that holds nothing."""

_UNREADABLE = "?"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_QUOTES = "\u2018\u2019\u201b\u02bc\u00b4\u0060\u2032\uff07\u066c"
_LETTERS = {"\u0131": "i", "\u0142": "l", "\u0141": "l", "\u00f8": "o", "\u00d8": "o", "\u0111": "d", "\u0110": "d"}
_SIGMA = {"\u03c2": "\u03c3"}  # capitals do not say whether one ends a word
_ALIKE = (
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_QUOTES, "'")
    | _LETTERS
    | _SIGMA
    | {"\u066b": DECIMAL_MARK, "\u2044": "/"}
)
_BLANK_CATEGORIES = ("Cc", "Zs", "Zl", "Zp")
_SILENT_CATEGORIES = ("Cf", "Mn", "Me", "Cs")
THAI_VOWELS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39"
"""Marks by which Thai words differ: without them March, `\u0e21\u0e35.\u0e04.`, would be January."""


@lru_cache(maxsize=8192)
def _fold_letter(letter: str) -> str:
    """Return one character in its plain form: lower case, no marks, ASCII digits, `-` and `'` for their likes."""
    if letter in _ALIKE:
        return _ALIKE[letter]
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    category = unicodedata.category(letter)
    if category in _BLANK_CATEGORIES:
        return " "
    if category in _SILENT_CATEGORIES and letter not in THAI_VOWELS:
        return ""
    wide = unicodedata.normalize("NFKC", letter).lower()
    if any(part.isdigit() for part in wide):  # a superscript, a fraction or a circled number is no digit of a number
        return _UNREADABLE
    bare = "".join(
        part for part in unicodedata.normalize("NFD", wide) if unicodedata.category(part) != "Mn" or part in THAI_VOWELS
    )
    return "".join(_ALIKE.get(part, part) for part in unicodedata.normalize("NFC", bare))


def fold(text: str) -> str:
    """Return the text in lower case without accents, with ASCII digits, single blanks, `-` for dashes, `'` for quotes.

    ASCII digits stay as many and in the same order, and other decimal digits become ASCII ones. Folding twice changes
    nothing more.

    >>> fold(" \u00c0 3:04\u202fPM  ")
    'a 3:04 pm'
    """
    plain = text.replace("\0", " ").replace("`", "'") if text.isascii() else "".join(map(_fold_letter, text))
    return " ".join(plain.lower().split())


def has_foreign_digits(text: str) -> bool:
    """Tell whether the text holds decimal digits of another script than Latin, which folding turns into ASCII ones."""
    return not text.isascii() and any(letter.isdecimal() and not letter.isascii() for letter in text)
