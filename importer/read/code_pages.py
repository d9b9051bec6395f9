"""Whether text of one byte a letter is Windows-1252, or reads as well in another code page: by its words and countries.

Windows-1252 shares most letters of German, French or Spanish with the code pages of its neighbors, and then it does not
matter which is meant. Where a word reads otherwise in another page, both readings are judged by the letters that stand
beside those beyond ASCII in the page's languages (`language_letters.py`, as log-likelihoods). What the file says of
countries shifts the balance. Where another page is as likely, the user is asked.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from importer.core.normalise.fold import fold
from importer.core.tables.countries import CODES
from importer.core.tables.currencies import MINOR_DIGITS
from importer.read.language_letters import NEIGHBORS

WINDOWS_TABLE = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
"""Windows-1252; the five bytes that it leaves undefined are the control characters of Latin-1."""

_WESTERN = ("de", "fr", "es", "it", "pt", "nl", "da", "sv", "no", "fi", "is", "ga", "et")
_CENTRAL = ("cs", "sk", "pl", "hu", "ro", "hr", "sl")
_BALTIC = ("lt", "lv", "et")
_CENTRAL_COUNTRIES = frozenset(["pl", "cz", "sk", "hu", "ro", "md", "hr", "si", "rs", "ba", "me", "al", "xk"])
_TURKISH_COUNTRIES, _BALTIC_COUNTRIES = frozenset({"tr", "az", "cy"}), frozenset({"lt", "lv", "ee"})
_WESTERN_COUNTRIES = frozenset(
    "de at ch li lu fr be nl es it pt br mx ar co cl pe dk se no fi is ie gb us ca au nz za".split()  # noqa: SIM905
)


class _Page(NamedTuple):
    """A code page. rare: how much likelier Windows-1252 is without further evidence; where below zero, doubt asks."""

    languages: tuple[str, ...]
    countries: frozenset[str]
    rare: float


_PAGES: dict[str, _Page] = {
    "cp1250": _Page(_CENTRAL, _CENTRAL_COUNTRIES, -2),
    "iso8859-2": _Page(_CENTRAL, _CENTRAL_COUNTRIES, 1),
    "cp852": _Page(_CENTRAL, _CENTRAL_COUNTRIES, 2),
    "mac-latin2": _Page(_CENTRAL, _CENTRAL_COUNTRIES, 4),
    "cp1254": _Page(("tr", "az"), _TURKISH_COUNTRIES, -2),
    "cp857": _Page(("tr", "az"), _TURKISH_COUNTRIES, 3),
    "cp1257": _Page(_BALTIC, _BALTIC_COUNTRIES, -2),
    "cp775": _Page(_BALTIC, _BALTIC_COUNTRIES, 3),
    "mac-roman": _Page(_WESTERN, frozenset(), 2),
    "cp850": _Page(_WESTERN, frozenset(), 2),
    "cp437": _Page(_WESTERN, frozenset(), 2),
    "iso8859-15": _Page(_WESTERN, frozenset(), 2),
}
_KNOWN_COUNTRIES = _CENTRAL_COUNTRIES | _TURKISH_COUNTRIES | _BALTIC_COUNTRIES | _WESTERN_COUNTRIES

MOST_WORDS = 2_000
"""Distinct words that are judged; more say nothing new."""
_LOOKED_AT = 4_000
"""Letters beyond ASCII in a chunk of four megabytes whose words are collected."""
_HINTED = 6.0
"""What a file's countries are worth, in either direction; a word of three letters beyond ASCII says about as much."""
_CLEAR = 12.0
"""What one word counts at most, so that no odd one decides for all."""
_ALIKE = 12.0
"""What all words count at most that read alike in both: they may tell which language the others are in."""
_SHARE, _NO_SHARE = 0.2, 0.02  # of all signs of countries: a page's countries are meant, or are not

_REST_OF_WORD = re.compile(rb"[A-Za-z\x80-\xff]*")
_LONGEST = 40  # bytes of a word on either side
_LETTERS = re.compile(rb"[A-Za-z]|[\x80-\xff].*[\x80-\xff]")
_CELLS = re.compile(r"[,;\t|\"\r\n]+")
_DOMAIN = re.compile(r"@[\w.-]+\.([A-Za-z]{2})\b")
_MONEY = re.compile(r"\b[A-Z]{3}\b")
_CALLING = re.compile(r"\+(\d{2,3})\D{0,2}\d{2}")
_SHORTEST_NAME = 4  # of a country, in small letters; shorter ones are words of some language

_UNSEEN, _SEEN = math.log(0.03 / 26), 0.97  # a neighbor that a language's words do not have; the mass of those they do
_FOREIGN = math.log(0.0005) - 2 * math.log(26)
_MIXED_CASE, _INNER_SIGN, _EDGE, _STRANGE = -7.0, -3.0, -9.0, -16.0
_SHORT = 3  # letters of an abbreviation, such as the n of nº
_ELIDED = frozenset(["d", "l", "m", "n", "s", "t", "c", "j", "o", "qu"])
_AFTER_ELISION = frozenset("aeiouyhàâéèêëîïôœü")


class WordsBeyondAscii:
    """The words of a file that have a byte above 127, and what its first text says of countries."""

    def __init__(self) -> None:
        self._words: set[bytes] = set()
        self._countries: Counter[str] | None = None

    def add(self, chunk: bytes) -> None:
        """Collect from one piece of the file."""
        if self._countries is None:
            self._countries = Counter(_countries_in(chunk.decode("latin-1")))
        if len(self._words) < MOST_WORDS:
            self._words.update(word for word in _words_beyond_ascii(chunk) if _LETTERS.search(word))

    def likelier_pages(self) -> tuple[str, ...]:
        """Return the code pages in which the words read as well as in Windows-1252 or better, the best first."""
        western = {word: (windows_text(word), _likelihood(windows_text(word), _WESTERN)) for word in self._words}
        western = {word: read for word, read in western.items() if read[1] < 0 and any(map(str.isalpha, read[0]))}
        found = []
        for codec, page in _PAGES.items():
            other: list[float] = []
            alike: list[float] = []
            for word, (read, likelihood) in western.items():
                text = word.decode(codec, "replace")
                difference = likelihood - _likelihood(text, page.languages)
                (alike if text == read else other).append(_within(_CLEAR, difference))
            margin = page.rare - self._hint(page) + sum(other) + _within(_ALIKE, sum(alike) / 3)
            if other and margin < 0:
                found.append((margin, codec))
        return tuple(codec for _, codec in sorted(found))

    def _hint(self, page: _Page) -> float:
        """Return how much likelier the file's countries make a page."""
        counts = self._countries or Counter()
        known = sum(counts[country] for country in _KNOWN_COUNTRIES)
        if not (known and page.countries):
            return 0
        share = sum(counts[country] for country in page.countries) / known
        return _HINTED if share >= _SHARE else -_HINTED if share <= _NO_SHARE else 0


def _words_beyond_ascii(chunk: bytes) -> set[bytes]:
    """Return the distinct words that have a byte above 127; of very many, some throughout the chunk."""
    high = np.flatnonzero(np.frombuffer(chunk, np.uint8) > 127)  # noqa: PLR2004 - the last ASCII character
    found = set()
    for place in high[:: 1 + len(high) // _LOOKED_AT].tolist():
        before = _REST_OF_WORD.match(chunk[max(0, place - _LONGEST) : place][::-1])
        after = _REST_OF_WORD.match(chunk, place, place + _LONGEST)
        found.add((before[0][::-1] if before else b"") + (after[0] if after else b""))
    return found


def _within(most: float, number: float) -> float:
    return max(-most, min(most, number))


def windows_text(word: bytes) -> str:
    """Decode Windows-1252."""
    return codecs.charmap_decode(word, "strict", WINDOWS_TABLE)[0]


def _countries_in(text: str) -> Iterator[str]:
    """Yield the countries that cells, currencies, domains of addresses and international numbers name."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415  slow to import; few files need it

    for cell, count in Counter(_CELLS.split(text)).items():
        country = CODES.get(fold(cell)) if len(cell) >= _SHORTEST_NAME or cell.isupper() else None
        if country is not None:
            yield from [country] * count
    for code in _MONEY.findall(text):
        if code in MINOR_DIGITS and code not in ("EUR", "USD"):
            yield code[:2].lower()
    yield from (domain.lower() for domain in _DOMAIN.findall(text))
    for digits in _CALLING.findall(text):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits)) or COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:2]))
        if regions:
            yield regions[0].lower()


class _Neighbors(NamedTuple):
    """Of a letter in a language: the logarithm of its share, and those of its neighbors on either side."""

    share: float
    before: dict[str, float]
    after: dict[str, float]


@cache
def _language(name: str) -> dict[str, _Neighbors]:
    found = {}
    for entry in NEIGHBORS[name].split("|"):
        letter, before, after = entry.split()
        found[letter[0]] = _Neighbors(math.log(int(letter[1:]) / 1_000), _shares(before), _shares(after))
    return found


def _shares(chars: str) -> dict[str, float]:
    return dict.fromkeys(chars, math.log(_SEEN / max(4, len(chars))))


def _likelihood(text: str, languages: tuple[str, ...]) -> float:
    """Return how well a word's characters beyond ASCII stand in it, by the language that suits it best."""
    small = "^" + "".join(_small(char) for char in text) + "^"
    places = [place for place, char in enumerate(text) if not char.isascii()]
    letters = [place for place in places if text[place].isalpha() and text[place] not in "ªº"]
    best = max(sum(_of_letter(small, place + 1, _language(name)) for place in letters) for name in languages)
    mixed = sum(_breaks_case(text[place - 1 : place], text[place], text[place + 1 : place + 2]) for place in letters)
    signs = sum(_of_sign(text[:place], text[place], text[place + 1 :]) for place in places if place not in letters)
    return best + _MIXED_CASE * mixed + signs


def _breaks_case(before: str, letter: str, after: str) -> bool:
    """Tell whether a letter is a capital after a small one, or a small one between capitals; sharp s has no capital."""
    if letter.isupper():
        return before.islower()
    return letter != "ß" and before.isupper() and after.isupper()


def _small(char: str) -> str:
    """Return the small letter of one character; the capital dotted i, which has none, stays."""
    small = char.lower()
    return small if len(small) == 1 else char


def _of_letter(small: str, place: int, language: dict[str, _Neighbors]) -> float:
    letter = language.get(small[place])
    if letter is None:
        return _FOREIGN
    return letter.share + letter.before.get(small[place - 1], _UNSEEN) + letter.after.get(small[place + 1], _UNSEEN)


def _of_sign(before: str, sign: str, after: str) -> float:
    """Return how likely a sign that is no letter stands there: quotation marks and elisions do, currencies do not."""
    if not before.strip("\xa0"):
        return 0 if sign in "\xa0“‘«‹¿¡" or (sign in "„‚" and not after[:1].islower()) else _STRANGE
    if not after:
        return 0 if _ends_word(sign, before) else _EDGE if sign in "\xa0…“»›" else _STRANGE
    elided = before.lower() in _ELIDED or before.lower().endswith("ll")
    if sign == "’" and ((elided and after[0].lower() in _AFTER_ELISION) or after.lower() in ("s", "t")):
        return _INNER_SIGN
    return _INNER_SIGN if sign in "’‘–—·\xa0" and after[0].isupper() else _STRANGE


def _ends_word(sign: str, before: str) -> bool:
    """Tell whether a sign is one that may end such a word, as in nº and m²."""
    return (
        sign in "”™®"
        or (sign in "»›" and before[0] in "«‹")
        or (sign == "’" and before[-1] in "sS")
        or (sign in "°ªº" and len(before) < _SHORT)
        or (sign in "²³" and before[-1] in "mM")
    )
