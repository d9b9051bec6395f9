"""Folding: the key under which a name is looked up, however it is accented, cased or punctuated, and a to z."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640]+")
"""Marks of Latin, Greek, Cyrillic, Hebrew and Arabic, and the Arabic tatweel; in Indic scripts marks are vowels."""

_NOT_A_TO_Z = re.compile("[^a-z]+")
_TO_ASCII = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "\u0131": "i",
        "ŋ": "ng", "ŧ": "t", "ə": "e", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ƴ": "y", "ɨ": "i",
        "ʉ": "u", "ɖ": "d", "ƶ": "z", "ǝ": "e", "ª": "a", "º": "o", "ŉ": "n", "\u017f": "s", "ɲ": "ny", "\u0263": "g",
    }
)  # fmt: skip
"""Latin letters that Unicode does not take apart into a letter and an accent."""

_ALIKE = str.maketrans(
    {
        "\u0649": "\u064a",
        "\u06cc": "\u064a",
        "\u0629": "\u0647",
        "\u06c1": "\u0647",
        "\u06be": "\u0647",
        "\u06a9": "\u0643",
    }
) | {ord(char): _TO_ASCII[ord(char)] for char in "\u0131øłđæœþð"}
"""Arabic letters that keyboards of neighboring languages mix up, and some of these Latin ones."""


def fold(text: str) -> str:
    """Return the letters alone: compatibility forms made plain, case and accents gone, Indic vowel signs kept."""
    if text.isascii():
        return _NOT_A_TO_Z.sub("", text.lower())
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = _ACCENTS.sub("", text).translate(_ALIKE)
    return "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] in "LM")


def unaccented(text: str) -> str:
    """Replace lower-case Latin letters by a to z, without accents; other scripts' letters stay."""
    apart = unicodedata.normalize("NFKD", text.translate(_TO_ASCII))
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_TO_ASCII)
