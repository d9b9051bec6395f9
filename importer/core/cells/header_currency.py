"""The currency that the header of a column of amounts names (`Amount (USD)`, `Betrag in €`), and whether it says cents.

Only whole words count, and what names several currencies (`Total kr`, `Amount $`) or is perhaps another word ("Euro Car
Parts") names none. Decisions: 0004-dates-and-amounts.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from importer.core.cells.currency import code_of, normal_currency
from importer.core.cells.header_zone import CAMEL
from importer.core.cells.spelling import fold
from importer.core.tables.currencies import MINOR_DIGITS, SYMBOLS

_PIECE = re.compile(r"[^()\[\]]+")
_TOKEN = re.compile(r"[^\s_\-/|,;:&+()\[\]]+")
_MARKS = "".join(symbol for symbol in SYMBOLS if len(symbol) == 1 and not symbol.isalnum())
_MARK = re.compile(rf"(?<![kKmMtT])[{_MARKS}]")
_NEVER = frozenset(("ALL", "TOP"))
_WORDLIKE = frozenset(
    ("BAM", "BOB", "CAD", "COP", "CUP", "ERN", "GEL", "LAK", "MAD", "MOP", "MUR", "PEN", "RON", "RUB", "SOS", "TRY",
     "ZAR")
)  # fmt: skip
"""Codes that are words or names: in small letters they count behind the last underscore only (`total_mad`)."""
_OTHER_MONEY = frozenset(("not", "non", "from", "rate", "kurs", "wechselkurs", "exchange"))
"""Words that say that the amounts are not in the currency beside them."""
_IN = frozenset(("in", "en", "em", "i", "w", "v"))
_MOST_NAME_WORDS = 3

MINOR_WORDS: dict[str, str | None] = {
    **dict.fromkeys(("cent", "cents", "centavo", "centavos", "centime", "centimes", "centimos", "centesimi")),
    **dict.fromkeys(("subunit", "subunits")),
    "pence": "GBP",
    "rappen": "CHF",
    "grosze": "PLN",
    "groszy": "PLN",
    "paise": "INR",
    "paisa": "INR",
}
"""Words, folded, for the hundredth of a currency, with the one whose it is; cents are many currencies'."""
_MINOR_UNITS = re.compile(r"\b(?:minor|smallest)(?: (?:currency )?(?:units?|amounts?)|$)")
_MONEY_WORDS = frozenset(["amount", "total", "value", "price", "sum", "betrag", "summe"])
_BESIDE_CENTS = frozenset(
    ["and", "und", "et", "y", "e", "or", "oder", "incl", "including", "with", "without", "no", "not", "ohne", "mit"]
)
"""Words before `cents` that say no more than that the amounts have decimals."""


@lru_cache(maxsize=1024)
def header_currency(header: str) -> str | None:
    """Return the ISO 4217 code of the currency that a header names, None where it names none or several.

    >>> header_currency("Amount (USD)"), header_currency("Betrag in €"), header_currency("Euro Car Parts")
    ('USD', 'EUR', None)
    """
    text = " ".join(CAMEL.sub(" ", unicodedata.normalize("NFKC", header)).split())
    if _OTHER_MONEY & {fold(token) for token in _TOKEN.findall(text)}:
        return None
    found = {code for piece in _PIECE.findall(text) for code in _codes(piece, text)}
    return found.pop() if len(found) == 1 else None


def _codes(piece: str, header: str) -> Iterator[str]:
    """Yield the codes in a header's piece, that in brackets or that outside them."""
    tokens = _TOKEN.findall(piece.strip(" ."))
    in_brackets = f"({piece})" in header or f"[{piece}]" in header
    for mark in _MARK.findall(piece):
        yield SYMBOLS[mark]
    for place, token in enumerate(tokens):
        last = place == len(tokens) - 1
        if token.upper() in MINOR_DIGITS and token.upper() not in _NEVER:
            if _is_code(token, header, alone=in_brackets and len(tokens) == 1, last=last):
                yield token.upper()
        elif "$" in token and (code := code_of(fold(token))):
            yield code
        if last or (place and fold(tokens[place - 1]) in _IN):
            yield from _names(tokens, place, last=last, first_counts=in_brackets)


def _is_code(token: str, header: str, *, alone: bool, last: bool) -> bool:
    """Tell whether a word that is spelled as a code is meant as one."""
    if token.isupper():
        return alone or last or token not in _WORDLIKE or not header.isupper()
    return token.upper() not in _WORDLIKE or header.lower().endswith(f"_{token.lower()}")


def _names(tokens: list[str], place: int, *, last: bool, first_counts: bool) -> Iterator[str]:
    """Yield the currency whose name or symbol of letters ends the piece, or follows `in`: `Betrag in Euro`, `Total zł`.

    first_counts: the name may begin the piece, as it may where it is all of it.
    """
    count = len(tokens)
    ending = [(start, count) for start in range(max(0, count - _MOST_NAME_WORDS), count)]
    following = [(place, end) for end in range(place + 1, min(count, place + _MOST_NAME_WORDS) + 1)]
    for start, end in ending if last else following:
        name = " ".join(tokens[start:end])
        if (minor := MINOR_WORDS.get(fold(name))) is not None:
            yield minor
        elif not any(token.upper() in MINOR_DIGITS for token in tokens[start:end]):
            code = normal_currency(name) if start or first_counts or end == count else None
            if code is not None:
                yield code


_THOUSAND_WORDS = (
    r"thousands?|thsd\.?|tsd\.?|tausend|milliers|miles|milhares|migliaia|tys\.?|tusen|tusind|duizenden|тыс\.?"
)
_THOUSANDS = re.compile(
    rf"(?i)\b(?:in|en|em|w|i|v) (?:{_THOUSAND_WORDS})(?!\w)"
    r"|\b(?:thousands|TEUR|TUSD|TGBP|TCHF|kEUR|kUSD|kGBP)\b|(?<!\w)[Tk][€$£]|[€$£]k\b|[($€£' ]000'?s?\)?$"
    "|千円|千元|천원"
)
"""How headers say that amounts are in thousands."""


@lru_cache(maxsize=1024)
def header_thousands(header: str) -> bool:
    """Tell whether a header says that its amounts are in thousands: `Amount (in thousands)`, `Betrag in TEUR`, `k€`.

    >>> header_thousands("Revenue ($000s)"), header_thousands("Air miles"), header_thousands("Total")
    (True, False, False)
    """
    return _THOUSANDS.search(unicodedata.normalize("NFKC", header)) is not None


@lru_cache(maxsize=1024)
def header_minor(header: str) -> bool:
    """Tell whether a header says that its amounts are in hundredths: `amount_cents`, `Amount (pence)`, `minor units`.

    >>> header_minor("amount_cents"), header_minor("Total (dollars and cents)")
    (True, False)
    """
    text = CAMEL.sub(" ", unicodedata.normalize("NFKC", header)).replace("&", " and ")
    for piece in _PIECE.findall(text):
        tokens = [fold(token.strip(".")) for token in _TOKEN.findall(piece)]
        for place, token in enumerate(tokens):
            before, behind = tokens[:place][-1:], tokens[place + 1 :][:1]
            beside = before or not behind or behind[0] in _MONEY_WORDS
            if token in MINOR_WORDS and beside and not _BESIDE_CENTS & set(before):
                return True
        if _MINOR_UNITS.search(" ".join(tokens)):
            return True
    return False
