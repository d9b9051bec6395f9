"""A header cut into words, and what its words mean together: whose, what, which."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from importer.core.understanding.lexicon import LONGEST_ENDING, SEPARATORS, Lexicon, Meanings, lexicon, plain

LONGEST_PHRASE = 5
"""Words of a phrase."""

Part = tuple[str, Meanings | None]
"""A piece of a header and its meanings by language, None where nobody knows it."""

SHORTEST_PART, SHORTEST_LAST = 3, 2
"""Letters of a part of a compound, and of its last, which may be `nr` or `id`."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_APOSTROPHE = re.compile("(?<=[\u0430-\u044f])['\u02bc\u2019](?=[\u0454\u0456\u044e\u044f])")
"""An apostrophe inside a Ukrainian word, as in ім'я, does not end it."""
_RUNS = re.compile(r"[0-9]+|[#%]|[^0-9#%\s]+")
UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ARTICLES = ("ال", "ה")
_LINKS = ("", "s", "n", "en", "es", "er", "e", "ns", "o")
_SKIP, _ENDING, _LINK = 1.6, 0.35, 0.1
"""What a letter costs that is left over, is an ending, or links two parts; a part costs 1."""
_MANY = 100
"""A number in a header below it counts columns: Email 2."""
_SMALL = 3
"""A word of at most so many letters that nobody knows is a small word: of, de, für."""
_PREPOSITIONS = frozenset(
    {"on", "of", "at", "to", "for", "by", "in", "the", "and", "a", "an", "de", "da", "do", "la", "le"}
)


@dataclass(frozen=True)
class HeaderWords:
    """What a header says. meanings: of all of its words; unknown: its words of some length that nobody knows."""

    text: str
    meanings: frozenset[str]
    unknown: tuple[str, ...] = ()
    number: int | None = None
    words: tuple[str, ...] = ()

    def has(self, *meanings: str) -> bool:
        """Tell whether any of the meanings is among the header's."""
        return not self.meanings.isdisjoint(meanings)

    @property
    def of_recipient(self) -> bool:
        """Tell whether it speaks of who receives the goods, and not of the buyer."""
        return self.has("shipping") and not self.has("customer", "billing")


def read_headers(headers: Sequence[str]) -> list[HeaderWords]:
    """Read all headers of a file together: a word of two languages is read in that which more of the others speak."""
    known = lexicon()
    cut = [_cut(header, known) for header in headers]
    votes: Counter[str] = Counter({"english": 1})
    for parts in cut:
        for _, meanings in parts:
            for language in meanings or ():
                votes[language] += 2 if len(meanings or ()) == 1 else 1
    return [_read(header, parts, votes) for header, parts in zip(headers, cut, strict=True)]


def _read(header: str, parts: Sequence[Part], votes: Counter[str]) -> HeaderWords:
    meanings: set[str] = set()
    unknown = []
    for word, of_languages in parts:
        if of_languages:
            meanings |= of_languages[max(of_languages, key=lambda language: (votes[language], language == "english"))]
        elif not word.isdigit() and (len(word) > _SMALL or (len(word) > 1 and UNSPACED.search(word))):
            unknown.append(word)
    numbers = [int(word) for word, of_languages in parts if word.isdigit() and not of_languages and int(word) < _MANY]
    words = tuple(word for word, _ in parts)
    return HeaderWords(header, frozenset(meanings), tuple(unknown), numbers[-1] if numbers else None, words)


@lru_cache(4_096)
def _cut(header: str, known: Lexicon) -> tuple[Part, ...]:
    """Cut a header into known phrases, words and parts of compounds, and what is left over."""
    words = words_of(header)
    parts: list[Part] = []
    place = 0
    while place < len(words):
        for count in range(min(LONGEST_PHRASE, len(words) - place), 1, -1):
            *first, _ = phrase = words[place : place + count]
            joined = "".join(phrase)
            letters = max(map(len, phrase)) == 1  # C.A.P.
            enough = len(joined) > _SMALL or letters
            meanings = known.meanings(joined, len("".join(first)) + 1) if enough else None
            if meanings is not None:
                parts.append((joined, meanings))
                parts += _what_status(phrase, meanings, known)
                break
        else:
            count = 1
            small = words[place] in _PREPOSITIONS and len(words) > 1
            parts += [(words[place], None)] if small else _parts_of_word(words[place], known)
        place += count
    return tuple(parts)


def words_of(header: str) -> list[str]:
    """Cut a header where blanks, punctuation, case and digits do.

    >>> words_of("buyerEmail_sha256 (UTC)")
    ['buyer', 'email', 'sha', '256', 'utc']
    """
    text = plain(_CAMEL.sub(" ", unicodedata.normalize("NFKC", header)))
    text = text if text.isascii() else _APOSTROPHE.sub("", text)
    return _RUNS.findall(SEPARATORS.sub(" ", text))


_OF_STATUS = frozenset({"payment", "paid", "shipped", "shipping"})
"""What a status may be of, other than of the sale."""


def _what_status(phrase: Sequence[str], meanings: Meanings, known: Lexicon) -> list[Part]:
    """Return the words in a phrase for a status that tell what it is the status of, such as a payment's."""
    if not any("status" in of_language for of_language in meanings.values()):
        return []
    starts = [(word, end) for word in phrase for end in range(SHORTEST_PART, len(word) + 1)]
    found = [(word[:end], known.words.get(word[:end]) or known.stems.get(word[:end])) for word, end in starts]
    return [(part, said) for part, said in found if said and any(_OF_STATUS & one for one in said.values())]


def _parts_of_word(word: str, known: Lexicon) -> list[Part]:
    if (meanings := known.words.get(word)) is not None:
        return [(word, meanings), *_what_status([word], meanings, known)]
    for article in _ARTICLES:
        rest = word.removeprefix(article)
        if rest != word and len(rest) > 1 and (meanings := known.meanings(rest)) is not None:
            return [(rest, meanings)]
    return _compound(word, known)


def _compound(word: str, known: Lexicon) -> list[Part]:
    """Cut a word into known words and stems, with linking letters between them, at the least cost.

    Scripts without blanks may leave letters over; else all letters belong to a part, a link or the last stem's ending.
    """
    unspaced = UNSPACED.search(word) is not None
    best: list[tuple[float, list[Part]] | None] = [(0.0, []), *[None] * len(word)]
    for start, so_far in ((start, best[start]) for start in range(len(word))):
        if so_far is None:
            continue
        for end, cost, part in _steps(word, start, known, unspaced=unspaced):
            before = best[end]
            if before is None or so_far[0] + cost < before[0]:
                best[end] = (so_far[0] + cost, [*so_far[1], part])
    whole = best[len(word)]
    if whole is None or all(meanings is None for _, meanings in whole[1]):
        return [(word, None)]
    return _joined(whole[1])


def _steps(word: str, start: int, known: Lexicon, *, unspaced: bool) -> Iterator[tuple[int, float, Part]]:
    """Yield the parts that may begin at a letter: where each ends, with its link or ending, and its cost."""
    if unspaced:
        yield start + 1, _SKIP, (word[start], None)
    for end in range(start + (1 if unspaced else SHORTEST_LAST), len(word) + 1):
        part = word[start:end]
        if not unspaced and len(part) < SHORTEST_PART and end < len(word):
            continue
        meanings = known.words.get(part) or known.stems.get(part)
        if meanings is None:
            continue
        rest = len(word) - end
        if not unspaced and rest <= LONGEST_ENDING and part in known.stems:
            yield len(word), 1 + _ENDING * rest, (part, meanings)
        for link in ("",) if unspaced or not rest else _LINKS:
            if word.startswith(link, end):
                yield end + len(link), 1 + _LINK * len(link), (part, meanings)


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Join letters left over that stand beside one another."""
    joined: list[Part] = []
    for word, meanings in parts:
        if meanings is None and joined and joined[-1][1] is None:
            joined[-1] = (joined[-1][0] + word, None)
        else:
            joined.append((word, meanings))
    return joined
