"""What every field's function returns, and the first look at a cell that all fields share."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

from importer.core.cells.cell_lists import items_of
from importer.core.normalise.entities import decoded
from importer.core.normalise.hash_forms import is_other_hash, sha256_of
from importer.core.tables import placeholders
from importer.core.tables.hashes_of_nothing import HASHES_OF_NOTHING

Cell: TypeAlias = tuple[str | None, str | None]
"""The normal form or None, and a code of `reasons.WARNINGS` or None. A blank cell is (None, None)."""

BLANK: Cell = (None, None)

_INVISIBLE = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
"""Zero-width blanks, marks of writing direction and the byte order mark, as copied along from web pages."""

_EDGE = "".join(chr(code) for code in (*(code for code in range(0x3001) if chr(code).isspace()), *_INVISIBLE))
_QUOTES = " ()[]{}<>\"'`.,:;!"
_MD5_HEX = 32
_SPREADSHEET_DIGITS = 15
_MD5 = re.compile("[0-9A-Fa-f]{32}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMPATIBLE = re.compile("[\ufb00-\ufdff\ufe70-\ufeff\uff00-\uffef\U0001d400-\U0001d7ff]+")
_DOTTED_I = re.compile("i\u0307+")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+)[Ee]\+?|[Ee]\+)([0-9]{1,2})")
_FLOAT = re.compile(r"([0-9]+)(?:\.0+|,00?)")


def tidy(text: str) -> str:
    """Strip white space and invisible marks around the text, and Excel's leading apostrophe."""
    text = text.strip(_EDGE)
    while text.startswith("'"):
        text = text[1:].strip(_EDGE)
    return text


def broken(text: str) -> bool:
    """Tell whether the text holds half a character, which cannot be written as UTF-8."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def plain_forms(text: str) -> str:
    """Replace full-width, ligature, presentation and mathematical letters by plain ones, then normalise to NFC."""
    if text.isascii():
        return text
    text = _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    return unicodedata.normalize("NFC", text)


def lower(text: str) -> str:
    """Return the text in lower case, a Turkish dotted capital I as plain i."""
    if text.isascii():
        return text.lower()
    return _DOTTED_I.sub("i", text.lower())


def ascii_digits(text: str) -> str:
    """Replace decimal digits of every script by 0 to 9, compatibility characters by plain ones."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def hashed(text: str, *, md5: bool = True) -> Cell | None:
    """Return what becomes of a tidy text that is a hash already; None for any other text.

    SHA-256 passes in lower-case hex [CIP], however it was written; MD5 and others, which Meta does not take [CA], are
    dropped unless the field may hold such a text as a plain value (md5=False).
    """
    if digest := sha256_of(text, base64_too=md5):
        return (None, "hash_of_nothing") if digest in HASHES_OF_NOTHING else (digest, None)
    if md5 and len(text) == _MD5_HEX and _MD5.fullmatch(text):
        return None, "md5"
    return (None, "invalid") if md5 and is_other_hash(text) else None


def only_hashed(text: str) -> Cell:
    """Return the value of a column that is said to hold hashes: SHA-256 hex, or dropped."""
    text = tidy(text)
    items = items_of(text) if text[:1] in ("[", "{") else None
    if items is not None and len(items) < 2:  # noqa: PLR2004 # a list column of one hash or none
        text = items[0] if items else ""
    if not text:
        return BLANK
    return hashed(text) or (None, "not_hashed")


def start(text: str, *, md5: bool = True) -> Cell | str:
    """Return the tidy text to go on with, or the cell when nothing is left to decide: blank, broken or a hash.

    HTML entities are decoded first; a list of one value is that value, and a list of several is not one.
    """
    text = tidy(decoded(text))
    if text.startswith('="') and text.endswith('"'):  # a guard against spreadsheets
        text = tidy(text[2:-1])
    if text[:1] in ("[", "{") and (items := items_of(text)) is not None:
        if len(items) > 1:
            return None, "invalid"
        text = tidy(items[0]) if items else ""
    if not text:
        return BLANK
    if broken(text):
        return None, "invalid"
    return hashed(text, md5=md5) or text


def placeholder(text: str, *more: frozenset[str]) -> bool:
    """Tell whether a tidy text only says that nothing is known; `more` are a field's own casefolded words."""
    return text in placeholders.EXACT or says_nothing(text, *more)


def says_nothing(text: str, *more: frozenset[str]) -> bool:
    """Tell the same without the words that are a placeholder only as typed; `NA` is Namibia, too."""
    folded = " ".join(text.casefold().split())
    known = (placeholders.ANYWHERE, *more)
    if any(folded in words or folded.strip(_QUOTES) in words for words in known):
        return True
    return not folded.strip("-\u2013\u2014._?/* ") or (folded.startswith("xxx") and not folded.strip("x"))


def unfloat(text: str) -> Cell:
    """Return digits as a spreadsheet or data frame may have written them as plain digits, where none is lost.

    `12345.0` and `12345,0` are 12345; `1.23E+10` has lost digits unless its own digits reach down to the ones; any
    other text stays.
    """
    if found := _FLOAT.fullmatch(text):
        return (found.group(1), None) if len(found.group(1)) <= _SPREADSHEET_DIGITS else (None, "digits_lost")
    if found := _SCIENTIFIC.fullmatch(text):
        fraction, exponent = found.group(2) or "", int(found.group(3))
        if len(fraction) < exponent:
            return None, "digits_lost"
        return (found.group(1) + fraction, None) if len(fraction) == exponent else (text, None)
    return text, None
