"""Cities (`ct`): as written, and folded to a-z, since Meta recommends a-z and takes UTF-8 [CIP]."""

from __future__ import annotations

import re
import unicodedata

from importer.core.normalise.cell import Cell, start
from importer.core.normalise.names import spelt

_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "\u0131": "i",
        "ŋ": "ng", "ŧ": "t", "ə": "e", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ƴ": "y", "ɨ": "i",
        "ʉ": "u", "ɖ": "d", "ƶ": "z", "ǝ": "e", "ª": "a", "º": "o", "ŉ": "n", "\u017f": "s", "ɲ": "ny", "\u0263": "g",
    }
)  # fmt: skip
"""Latin letters that Unicode does not take apart into a letter and an accent."""

_PLAIN = re.compile("[0-9a-z]+")


def normal(text: str) -> Cell:
    """The city's letters and digits in lower case, every script and accent kept."""
    text_or_cell = start(text)
    return spelt(text_or_cell) if isinstance(text_or_cell, str) else text_or_cell


def unaccented(text: str) -> str:
    """Lower-case Latin letters as a to z, without accents; other scripts' letters stay."""
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_LETTERS)


def folded(form: str) -> str | None:
    """The second form of a city's normal form that is Latin with letters beyond a-z; else None."""
    if form.isascii():
        return None
    plain = unaccented(form)
    return plain if _PLAIN.fullmatch(plain) else None
