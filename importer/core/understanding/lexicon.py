"""The words of headers and status cells in many languages, read from `lexicon/`, one file a language.

A file says `meaning = "word | word | phrase of words"` under four heads: [whose] the column speaks of, [what] it
holds, [which] of several it is, and [status], what a cell of a status column means. `*` at the end of a word stands
for a short ending (cases, plurals). A word has one meaning under each head. The meanings are those of english.toml,
which applies to every file, since shops everywhere write English headers too. `tools/check_lexicon.py` finds words with
two meanings.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TypeVar

HEADS = ("whose", "what", "which")
LONGEST_ENDING = 4
"""Letters that `*` stands for at most."""

_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "\u0131": "i", "æ": "ae", "œ": "oe", "ى": "ي", "ة": "\u0647", "ـ": ""}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WITH_UMLAUT = re.compile("[äöüÄÖÜ]")
_MARKS = "\\u0900-\\u0dff\\u0e31-\\u0e4e"
SEPARATORS, _BETWEEN = (re.compile(rf"[^\w{marks}{_MARKS}]|_") for marks in ("#%", "#%|*"))
"""What stands between the letters of words, in a cell and in a file of the lexicon. Python counts the marks of India
and Thailand as no letters."""
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]")
"""Accents of Latin, Greek and Cyrillic letters, and the vowel points of Hebrew and Arabic, left out mostly."""

GOES_ON, DOUBTFUL = ("sale", "neutral"), "doubtful"
"""Meanings of a status that does not end the sale, and of one that does in some language or shop only."""

Of = TypeVar("Of")
Meanings = Mapping[str, frozenset[str]]
"""A word's meanings by language."""


def plain(text: str) -> str:
    """Return a text as words are compared: compatibility forms, case and accents folded.

    >>> plain("Número")
    'numero'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii():
        return folded
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


@dataclass(eq=False)
class Lexicon:
    """All words: whole ones and stems, written without blanks, each with its meanings by language.

    statuses: a status cell's word, and stems of such words, with its meaning; answers: a cell's yes or no.
    """

    words: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    stems: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    status_stems: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def meanings(self, word: str, least: int = 3) -> Meanings | None:
        """Return the meanings of a word or of words written as one, whatever its ending; None where it is unknown.

        least: the letters that a stem has at least.
        """
        found = self.words.get(word)
        return found if found is not None else _of_stem(self.stems, word, least)

    def status(self, text: str) -> str | None:
        """Return what the word of a status cell means: `sale`, `refund`, ..., `neutral`; None where nobody knows it."""
        word = compact(text)
        found = self.statuses.get(word)
        if found is None:
            found = _of_stem(self.status_stems, word)
        return None if found == DOUBTFUL else found

    def is_doubtful(self, text: str) -> bool:
        """Tell whether the word of a status cell means a sale in one place and none in the next, as credit does."""
        return self.statuses.get(compact(text)) == DOUBTFUL


def _beginnings(word: str, least: int = 3) -> Iterator[str]:
    """Yield what may be the word's stem, the longest first; `least` letters at least."""
    return (word[:end] for end in range(len(word), max(least, len(word) - LONGEST_ENDING) - 1, -1))


def _of_stem(stems: Mapping[str, Of], word: str, least: int = 3) -> Of | None:
    return next((stems[beginning] for beginning in _beginnings(word, least) if beginning in stems), None)


def compact(text: str) -> str:
    """Return the letters, marks and digits of a text alone, as words are kept here.

    >>> compact("E-Mail (privat)")
    'emailprivat'
    """
    return SEPARATORS.sub("", plain(text))


def entries(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each word of an entry, compact, and whether it is a stem; an umlaut also as it is written without."""
    spellings = {_BETWEEN.sub("", plain(text))}
    if _WITH_UMLAUT.search(text):
        spellings.add(_BETWEEN.sub("", plain(text.casefold().translate(_UMLAUTS))))
    for word in dict.fromkeys(word for spelling in spellings for word in spelling.split("|")):
        stem = word.removesuffix("*")
        if stem:
            yield stem, stem != word


@cache
def languages() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the files as they are, by language."""
    folder = files(__package__) / "lexicon"
    named = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8")) for name, entry in named}


@cache
def _written() -> tuple[frozenset[str], frozenset[str]]:
    """Return all words beyond ASCII as they are written, casefolded, and the stems among them."""
    texts = (text for heads in languages().values() for meanings in heads.values() for text in meanings.values())
    words = {word for text in texts for word in re.split(r"[\s|]+", text.casefold()) if not word.isascii()}
    return frozenset(word for word in words if not word.endswith("*")), frozenset(
        word[:-1] for word in words if word.endswith("*")
    )


def is_written(word: str) -> bool:
    """Tell whether a casefolded word stands in some language's file, letter by letter, accents too."""
    words, stems = _written()
    return word in words or any(beginning in stems for beginning in _beginnings(word))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of all languages.

    A status word that ends a sale in one language and not in another has no meaning, unless English knows it; nor has
    one that is a yes or a no in English.
    """
    found = Lexicon()
    english = languages()["english"]
    fixed = {word for head in ("status", "answers") for text in english[head].values() for word, _ in entries(text)}
    for language, heads in sorted(languages().items(), key=lambda item: item[0] != "english"):
        _add_headers(found, language, heads)
        _add_statuses(found, heads, frozenset() if heads is english else fixed)
        for meaning, text in heads.get("answers", {}).items():
            found.answers |= {word: meaning for word, _ in entries(text) if word not in found.answers}
    for word, meanings in found.words.items():  # a stem that is a word of its own, too
        for language, stems in found.stems.get(word, {}).items():
            meanings[language] = meanings.get(language, frozenset()) | stems
    return found


def _add_statuses(found: Lexicon, heads: Mapping[str, Mapping[str, str]], fixed: Collection[str]) -> None:
    """Add a language's statuses but for words whose meaning is fixed."""
    for meaning, text in heads.get("status", {}).items():
        for word, stem in entries(text):
            kept = found.status_stems if stem else found.statuses
            if word in fixed:
                continue
            before = kept.setdefault(word, meaning)
            if (before in GOES_ON) != (meaning in GOES_ON):
                kept[word] = DOUBTFUL


def _add_headers(found: Lexicon, language: str, heads: Mapping[str, Mapping[str, str]]) -> None:
    for meaning, text in (entry for head in HEADS for entry in heads.get(head, {}).items()):
        of_language = frozenset({meaning})
        for word, stem in entries(text):
            kept = (found.stems if stem else found.words).setdefault(word, {})
            kept[language] = kept[language] | of_language if language in kept else of_language
