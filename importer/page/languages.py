"""The languages of the page's own words: which one a browser asks for, its words, and how it writes numbers.

Sentences about rows, files and runs come from the core and stay English.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "fr", "es", "pt", "ja")
"""Each but English has a catalogue in locales/; tools/page_words.py makes what they need to hold."""

MARKS = {ENGLISH: (",", "."), "ja": (",", "."), "fr": ("\N{NARROW NO-BREAK SPACE}", ",")}
"""What stands between thousands, and before decimals; elsewhere a point and a comma."""

RANGE = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]*)?\s*(?:;\s*[qQ]\s*=\s*([01](?:\.\d{0,3})?))?\s*")
MOST_RANGES = 30


def mark(text: str) -> str:
    """Return the text as it is; it is translated where it is shown, and found here by whoever collects the words."""
    return text


def chosen_language(accepted: str) -> str:
    """Return the language that the header Accept-Language likes best of those that there are, else English.

    >>> chosen_language("pt-BR,pt;q=0.9,en;q=0.8"), chosen_language("nl"), chosen_language("de;q=0, ja;q=0.1")
    ('pt', 'en', 'ja')
    """
    liked: dict[str, float] = {}
    for text in accepted.split(",")[:MOST_RANGES]:
        found = RANGE.fullmatch(text)
        if found is not None:
            language = ENGLISH if found[1] == "*" else found[1].lower()
            liked[language] = max(liked.get(language, 0.0), float(found[2] or 1))
    known = {language: quality for language, quality in liked.items() if language in LANGUAGES and quality > 0}
    return max(known, key=lambda language: known[language], default=ENGLISH)


@cache
def words_of(language: str) -> NullTranslations:
    """Return the words of a language, as gettext has them."""
    if language == ENGLISH:
        return NullTranslations()
    catalogue = resources.files("importer.page") / "locales" / language / "LC_MESSAGES" / "page.mo"
    with catalogue.open("rb") as stream:
        return GNUTranslations(stream)


def written(number: Decimal | float, language: str, decimals: int = 0) -> str:
    """Return a number as the language writes it.

    >>> written(1234567, "de"), written(1234.5, "en", 2)
    ('1.234.567', '1,234.50')
    """
    thousands, point = MARKS.get(language, (".", ","))
    return f"{number:,.{decimals}f}".translate({ord(","): thousands, ord("."): point})
