"""The key under which a country's name is looked up, however it is accented, cased or punctuated."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640]+")
"""Marks of Latin, Greek, Cyrillic, Hebrew and Arabic, and the Arabic tatweel; in Indic scripts marks are vowels."""

_NOT_A_TO_Z = re.compile("[^a-z]+")
_SAME = str.maketrans(
    {
        "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647", "\u06c1": "\u0647", "\u06be": "\u0647",
        "\u06a9": "\u0643", "\u0131": "i", "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00e6": "ae", "\u0153": "oe",
        "\u00fe": "th", "\u00f0": "d",
    }
)  # fmt: skip
"""Letters that keyboards of neighbouring languages mix up, and Latin letters that do not come apart."""


def fold(text: str) -> str:
    """The letters alone: compatibility forms made plain, case and accents gone, vowel signs of Indic scripts kept."""
    if text.isascii():
        return _NOT_A_TO_Z.sub("", text.lower())
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = _ACCENTS.sub("", text).translate(_SAME)
    return "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] in "LM")
