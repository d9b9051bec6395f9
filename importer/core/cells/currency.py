"""Currencies as people write them, as ISO 4217 codes."""

from __future__ import annotations

import re
from functools import lru_cache

from importer.core.cells.cell_text import as_text
from importer.core.cells.spelling import fold
from importer.core.kernels.arrays import by_distinct
from importer.core.model import Column
from importer.core.tables.currencies import (
    MINOR_DIGITS,
    MINOR_UNITS,
    NAMES,
    NUMBERS,
    OTHER_CODES,
    SYMBOLS,
    VAGUE_SYMBOLS,
)

_CODES = {fold(code): code for code in MINOR_DIGITS}
_SYMBOLS = {fold(symbol): code for symbol, code in SYMBOLS.items()}
_NAMES = {fold(name): code for name, code in NAMES.items()}
_OTHERS = {fold(code): meant for code, meant in OTHER_CODES.items()}
_VAGUE = {fold(symbol): codes for symbol, codes in VAGUE_SYMBOLS.items()}
_PENCE = frozenset(fold(code) for code in MINOR_UNITS)
_LAST_SMALL = frozenset(code[:2] + code[2].lower() for code in MINOR_DIGITS)
"""GBp is a penny; nobody writes a code so who means the currency."""
PENCE_BESIDE = rf"(?:^|[^A-Za-z])(?:{'|'.join(sorted(_LAST_SMALL))})(?:$|[^A-Za-z])"
"""The same beside an amount, as a pattern: there all other letters are read in either case."""
_CODE_FIRST = re.compile(r"(?P<code>[A-Z]{3})(?: ?[-\u2013\u2014:|/(,;] ?| (?=[^\w\s]))(?P<rest>.*)")
_CODE_LAST = re.compile(r"(?P<rest>.*[^A-Za-z])[(\[]?(?P<code>[A-Z]{3})[)\]]?")
_CODE_AND_SYMBOL = re.compile(
    r"(?P<code>[A-Z]{3}) ?(?P<rest>[^\w\s]|[Kk]r\.?|[Rr]s\.?|[Dd]hs?\.?|Fr\.?|z\u0142|K\u010d|Ft)"
)
_HUNDREDTHS = frozenset(
    {"pence", "penny", "pennies", "p", "cent", "cents", "c", "rappen", "ore", "grosz", "kopek", "paise"}
)
_BRACKETED = re.compile(r"(?P<outer>[^(]+?) ?\((?P<inner>[^)]+)\)")


def is_vague(symbol: str) -> bool:
    """Tell whether a folded symbol may stand beside an amount although it names no single currency."""
    return symbol in _VAGUE


def may_mean(symbol: str, code: str) -> bool:
    """Tell whether a folded symbol of several currencies can stand for this one; of unknown ones nothing is known."""
    return not _VAGUE.get(symbol) or code in _VAGUE[symbol]


@lru_cache(maxsize=4096)
def code_of(symbol: str) -> str | None:
    """Return the code of a folded code or symbol, such as `eur` or `r$`; None where it has no single meaning."""
    return _CODES.get(symbol) or _SYMBOLS.get(symbol) or _OTHERS.get(symbol)


@lru_cache(maxsize=4096)
def normal_currency(text: str) -> str | None:
    """Return the ISO 4217 code that a cell means, None where it means none or several.

    Takes codes in any case, unmistakable symbols, names, and both together (`US Dollar (USD)`, `EUR - Euro`).

    >>> normal_currency(" usd "), normal_currency("R$"), normal_currency("$")
    ('USD', 'BRL', None)
    """
    if is_pence(text):
        return None
    plain = fold(text).strip("'\" ")
    code = _meaning(plain) or _meaning(plain.rstrip(".")) or NUMBERS.get(plain)
    if code is not None:
        return code
    for pattern in (_CODE_FIRST, _CODE_LAST, _CODE_AND_SYMBOL):
        found = pattern.fullmatch(text.strip())
        if found and found["code"] in MINOR_DIGITS:
            return found["code"] if _agrees(fold(found["rest"]).strip(" ()[]-:|/,;"), found["code"]) else None
    if found := _BRACKETED.fullmatch(plain):  # `Euro (\u20ac)`, `Dollar ($)`
        outer, inner = _meaning(found["outer"]), _meaning(found["inner"])
        return outer or inner if None in (outer, inner) or outer == inner else None
    return None


def is_pence(text: str) -> bool:
    """Tell whether the text names a hundredth of a currency: `GBp`, `GBX`, `pence`."""
    bare = text.strip(" .'\"()")
    return bare in _LAST_SMALL or fold(bare) in _PENCE or fold(bare) in _HUNDREDTHS


def _agrees(beside: str, code: str) -> bool:
    """Tell whether what stands beside a code means the same currency, or may, or nothing."""
    if beside in _VAGUE:
        return code in _VAGUE[beside]
    return _meaning(beside) in (None, code)


def _meaning(words: str) -> str | None:
    """Return the code of a folded code, symbol or name."""
    return code_of(words) or _NAMES.get(words)


def vague_symbols(column: Column) -> Column:
    """Return each value that is a symbol of several currencies, folded; null for any other."""
    return by_distinct(as_text(column), lambda text: found if is_vague(found := fold(text).rstrip(".")) else None)


def currencies(column: Column) -> Column:
    """Return each value's code, null where it is blank or means no single currency."""
    return by_distinct(as_text(column), normal_currency)
