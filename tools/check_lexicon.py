"""Find words of the lexicon with two meanings, and keys that english.toml does not have.

    python tools/check_lexicon.py

A word may have one meaning under each head of a file, and may not be the beginning of another word's stem with another
meaning. The exit code is 1 where something is found.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping

from importer.core.understanding.lexicon import HEADS, entries, languages

STATUS_HEADS = ("status", "answers")


def faults() -> Iterator[str]:
    """Yield what is wrong, one sentence each."""
    known = {head: set(meanings) for head, meanings in languages()["english"].items()}
    for language, heads in languages().items():
        for head, meanings in heads.items():
            for meaning in meanings:
                if meaning not in known.get(head, set()):
                    yield f"{language}: [{head}] {meaning} is no key of english.toml"
        for head in (*HEADS, *STATUS_HEADS):
            yield from (f"{language}: [{head}] {fault}" for fault in _double(heads.get(head, {})))


def _double(meanings: Mapping[str, str]) -> Iterator[str]:
    """Yield words that stand under two keys."""
    places: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for meaning, text in meanings.items():
        for entry in entries(text):
            places[entry].add(meaning)
    for (word, _), found in sorted(places.items()):
        if len(found) > 1:
            yield f"{word} means {' and '.join(sorted(found))}"


if __name__ == "__main__":
    found = list(faults())
    for fault in found:
        print(fault)
    sys.exit(bool(found))
