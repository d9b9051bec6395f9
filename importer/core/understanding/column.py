"""A column as it is judged, and its claim on a field."""

from __future__ import annotations

from dataclasses import dataclass

from importer.core.understanding.contents import Contents
from importer.core.understanding.headers import HeaderWords

SURE, LIKELY = 0.75, 0.3
"""A claim of this strength is certain where nothing competes; one of this strength is likely; a weaker one is none."""

AGREES, MOSTLY, NEARLY_ALL, HALF = 0.6, 0.8, 0.95, 0.5
"""Shares of filled cells that read as something."""

UNKNOWN_WORD = 0.25
"""What a word of the header that nobody knows takes from a claim."""

NOUNS = ("order", "invoice", "receipt", "transaction", "payment")
"""What a header calls a sale."""

OWN = frozenset({"staff", "store", "company"})
"""Whose the shop's own columns are."""

PERSON = frozenset({"customer", "billing", "shipping"})

_IN_WORDS = {
    "email": "e-mail addresses", "phone": "phone numbers", "name": "names", "letters": "words", "postcode": "postcodes",
    "country": "countries", "date": "dates", "amount": "amounts", "currency": "currencies", "id": "ids",
    "zone": "time zones", "clock": "times of day", "currency_word": "currencies",
}  # fmt: skip


@dataclass(frozen=True)
class ColumnEvidence:
    """A column of the file: its name, its header's meaning and its contents."""

    name: str
    header: HeaderWords
    contents: Contents

    def has(self, *meanings: str) -> bool:
        """Tell whether any of the meanings is among the header's."""
        return self.header.has(*meanings)

    def share(self, kind: str) -> float:
        """Return the share of filled cells that read as a kind."""
        return self.contents.share(kind)

    @property
    def said(self) -> str:
        """What the header says, in words."""
        return f'"{self.header.text}" says {" + ".join(sorted(self.header.meanings)) or "nothing that is known"}'

    def share_in_words(self, kind: str) -> str:
        """Return what its cells are, in words."""
        return f"{round(100 * self.share(kind))} % of its cells are {_IN_WORDS.get(kind, kind)}"

    def claim(self, field: str, strength: float, kind: str = "") -> Claim:
        """Return the column's claim on a field, weaker where its header has words that nobody knows."""
        if self.header.unknown:
            strength -= UNKNOWN_WORD
        why = f"{self.said}; {self.share_in_words(kind)}" if kind else self.said
        return Claim(self.name, field, strength, why)


@dataclass(frozen=True)
class Claim:
    """A column's claim on a field. strength: 0 to 1; why: the evidence in plain words."""

    column: str
    field: str
    strength: float
    why: str
