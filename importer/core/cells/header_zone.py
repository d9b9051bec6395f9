"""The time zone that the header of a column of times names: `Created (UTC)`, `post_date_gmt`, `Time (UTC+2)`, `EST`.

Only whole words count ("Outcome date" has no UTC in it), and `not UTC` is none. Decisions: 0004-dates-and-amounts.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from importer.core.cells.spelling import fold
from importer.core.cells.time_zones import Zone, iana_name, resolve
from importer.core.tables.header_zones import HEADER_ABBREVIATIONS

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_UTC_WORDS = frozenset(("utc", "gmt", "zulu"))
_UTC_OFFSET = re.compile(
    r"(?<![^\W_])(?:utc|gmt)[ _]?(?P<sign>[+-]|plus|minus)[ _]?(?P<away>\d{1,2}(?::?(?:00|15|30|45))?)(?!\d)"
)
_BARE_OFFSET = re.compile(r"(?<![^\W_])[+-]\d\d:?(?:00|15|30|45)(?!\d)")
_NUMBER_BEHIND = re.compile(r"(?<![^\W_])(?:utc|gmt)[ _](?P<away>\d{1,2})(?!\w)")
_PATH = re.compile(r"(?<![A-Za-z])[A-Za-z]++(?:/[A-Za-z_+-]+){1,2}")
_BRACKETED = re.compile(r"[(\[](?P<inner>[^()\[\]]+)[)\]]")
_DENIALS = frozenset(
    ("not", "non", "no", "nicht", "kein", "keine", "pas", "niet", "nao", "nie", "ej", "inte", "ikke", "without", "ohne",
     "sans", "sin", "sem", "from", "vs", "than", "before")
)  # fmt: skip
"""Words, folded, that say in front of a zone that the column's times are in another one."""
_BETWEEN = frozenset(("in", "en", "im", "the", "as"))
_ELSEWHERE = frozenset(
    ("local", "lokal", "locale", "ortszeit", "offset", "diff", "difference", "delta", "shift", "versatz")
)
"""Words that say it wherever they stand: `local time (UTC)`, `UTC offset`."""
_CLOCK_WORDS = ("time", "zeit")
_HOUR = 3600
_SHORT = len("ET")
"""Abbreviations of two letters count in brackets only."""
_MOST_LABEL_WORDS = 4


@dataclass(frozen=True)
class HeaderZone:
    """What a header says of its zone.

    words: as they stand there. zones: all that they can mean, the likeliest first.
    """

    words: str
    zones: tuple[Zone, ...]


@lru_cache(maxsize=1024)
def header_zone(header: str) -> HeaderZone | None:
    """Return the zone that a header names for the times below it; None where it names none.

    >>> header_zone("Created (UTC)"), header_zone("Outcome date"), header_zone("Date (not UTC)")
    (HeaderZone(words='UTC', zones=(0,)), None, None)
    """
    spaced = " ".join(CAMEL.sub(" ", header).split())
    words = [fold(word) for word in _WORD.findall(spaced)]
    if _is_denied(words):
        return None
    found = list(dict.fromkeys([*_names(spaced), *_offsets(spaced), *_abbreviations(spaced)]))
    zones = tuple(dict.fromkeys(zone for _, meanings in found for zone in meanings))
    return HeaderZone(" ".join(dict.fromkeys(word for word, _ in found)), zones) if zones else None


Finding = tuple[str, tuple[Zone, ...]]


def _is_denied(words: list[str]) -> bool:
    """Tell whether the header says that its times are not in the zone that it names: `local, not UTC`, `UTC offset`."""
    if _ELSEWHERE & set(words):
        return True
    for place, word in enumerate(words):
        if word in _UTC_WORDS or word.upper() in HEADER_ABBREVIATIONS:
            before = [each for each in words[:place] if each not in _BETWEEN]
            if before and before[-1] in _DENIALS:
                return True
    return False


def _offsets(header: str) -> Iterator[Finding]:
    """Yield the zones that are written as a distance from UTC: `UTC+2`, `(GMT-05:00)`, `+0530`."""
    text = fold(header)
    for found in _UTC_OFFSET.finditer(text):
        sign = {"plus": "+", "minus": "-"}.get(found["sign"], found["sign"])
        zone = resolve(f"utc{sign}{found['away']}")
        if zone is not None:
            yield found.group().upper(), (zone,)
    if not _UTC_OFFSET.search(text):
        for found in _BARE_OFFSET.finditer(text):
            zone = resolve(found.group())
            if zone is not None:
                yield found.group(), (zone,)
    for found in _NUMBER_BEHIND.finditer(text):  # perhaps a plus that a web form has lost
        yield found.group().upper(), (0, int(found["away"]) * _HOUR)


def _names(header: str) -> Iterator[Finding]:
    """Yield the zones of IANA names (`Europe/Berlin`) and of labels (`Eastern Time`, `(Berlin)`)."""
    for found in _PATH.finditer(header):
        if (name := iana_name(found.group())) is not None:
            yield found.group(), (name,)
    for found in _BRACKETED.finditer(header):
        zone = resolve(found["inner"])
        if isinstance(zone, str) and found["inner"].upper() not in HEADER_ABBREVIATIONS and "/" not in found["inner"]:
            yield found["inner"], (zone,)
    words = re.findall(r"[^\W_]+", header)
    for end, word in enumerate(words, start=1):
        if fold(word) in _CLOCK_WORDS:
            for start in range(max(0, end - _MOST_LABEL_WORDS), end - 1):
                label = " ".join(words[start:end])
                zone = resolve(label)
                if isinstance(zone, str):
                    yield label, (zone,)
                    break


def _abbreviations(header: str) -> Iterator[Finding]:
    """Yield UTC and GMT in any case, and the others where they are written as abbreviations.

    They are in capitals beside small letters, or the last word, or in brackets; in small letters only behind an
    underscore (`created_at_est`): `Est. date` is an estimated one.
    """
    for word in _WORD.findall(_NUMBER_BEHIND.sub(" ", _UTC_OFFSET.sub(" ", fold(header)))):
        if word in _UTC_WORDS:
            yield word.upper(), (0,)
    written = _WORD.findall(header)
    bracketed = {found["inner"].strip() for found in _BRACKETED.finditer(header)}
    for place, word in enumerate(written):
        zones, last = HEADER_ABBREVIATIONS.get(word.upper()), place == len(written) - 1
        if zones is None:
            continue
        in_capitals = word.isupper() and (word in bracketed or (len(word) > _SHORT and (last or not header.isupper())))
        if in_capitals or (last and len(word) > _SHORT and word.islower() and header.endswith(f"_{word}")):
            yield word.upper(), zones
