"""Titles before names and generations behind them, which are no part of a name, such as Dr. and Jr."""

from __future__ import annotations

import re

from importer.core.normalise.fold import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    """
    mr mrs ms miss mx mister missus madam sir dr dra doctor prof professor rev reverend hon herr frau hr fr dipling ing
    mag monsieur madame mme mlle mademoiselle senor senora senorita sr sra srta dna dona signor signora signorina
    sig sigra dott dottssa avv arch geom dhr mevr mevrouw meneer mw drs ir heer pan pani panna bay bayan shri smt
    kum sheikh mgr capt col lt sgt fru froken
    """
)
FACULTIES = frozenset({"med.", "jur.", "rer.", "nat.", "pol.", "phil.", "habil.", "h.c.", "dipl.", "univ."})
SUFFIXES = _words(
    """
    jr sr junior senior ii iii iv phd md dds dvm esq esquire mba cpa rn jd msc bsc obe mbe
    """
)
_RARELY_TITLES = _words(
    """
    bay pan pani panna mag col ing arch kum sig ir heer hon dona don mgr hr fr lt capt geom sheikh ms drs
    """
)
"""Titles that are first names or surnames as well, unless a full stop follows."""
_RARELY_SUFFIXES = _words("senior junior md rn jd obe mbe cpa esquire")
"""Generations and degrees that are names as well, unless a comma stands before or a full stop in them."""
ADDRESSES = _words("mr mrs ms mx dr prof herr frau mme mlle sr sra srta mevr dhr")
"""Titles that are nobody's first name."""
_BREAKS = re.compile(r"[\s,]+")


def untitled(words: list[str]) -> tuple[list[str], bool]:
    """Strip titles before the words and generations behind them; return whether there was a title."""
    rest = list(words)
    while len(rest) > 1 and (fold(rest[0]) in TITLES or rest[0].lower() in FACULTIES):
        rest.pop(0)
    titled = len(rest) < len(words)
    while len(rest) > 1 and fold(rest[-1]) in SUFFIXES:
        rest.pop()
    return rest, titled


def without_titles(name: str) -> str:
    """Return a first name, or a surname, without what certainly is a title or a generation; one word stays."""
    if " " not in name.strip() and "," not in name and "." not in name:
        return name
    spaced = re.sub(r"(?<=[^\W\d_]{2}\.)(?=\w{2})", " ", name)  # Dr.Anna
    words = [word for word in _BREAKS.split(spaced.strip()) if word]
    commas = {place for place, word in enumerate(words) if place and f"{words[place - 1]}," in spaced}
    first, last = 0, len(words)
    while last - first > 1 and _is_title(words[first]):
        first += 1
    while last - first > 1 and _is_suffix(words[last - 1], behind_comma=last - 1 in commas):
        last -= 1
    if (first, last) == (0, len(words)):
        return name
    return " ".join(
        f"{word}," if place + 1 in commas else word for place, word in enumerate(words[:last]) if place >= first
    )


def _is_title(word: str) -> bool:
    key = fold(word)
    return word.lower() in FACULTIES or (key in TITLES and (word.endswith(".") or key not in _RARELY_TITLES))


def _is_suffix(word: str, *, behind_comma: bool) -> bool:
    key = fold(word)
    if behind_comma and key in TITLES:
        return True
    return key in SUFFIXES and (behind_comma or "." in word or key not in _RARELY_SUFFIXES)
