"""What the shape of an amount means: its sign, its currency, and which separator marks the decimals.

Shapes are folded (`spelling.fold`) and have 0 for every digit. `1,234` and `1.234` leave open what their separator
marks: that is decided by the whole column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from importer.core.cells.currency import code_of, is_vague
from importer.core.cells.spelling import DECIMAL_MARK, NOTHING

Mark = Literal[".", ","]
_MARKS: tuple[Mark, Mark] = (".", ",")
_OTHERS: dict[str, Mark] = {",": ".", ".": ","}
"""The decimal mark of those who group by this one."""


@dataclass(frozen=True)
class Numeral:
    """One amount: its first `whole` digits are before the decimal mark, the other of its `digits` behind it.

    decimal: the mark that this shape proves, None where it proves none. weak: a comma with four digits or more
    behind it, which is a decimal comma or a mistyped thousand.
    open: the only separator, with three digits behind it; with the column's decimal mark it is one, else it groups.
    negative: a minus sign or an accountant's brackets. currency: the ISO code beside it; symbol: one beside it that
    several currencies share. blank: there is no amount.
    """

    digits: int
    whole: int
    decimal: Mark | None = None
    open: Mark | None = None
    negative: bool = False
    currency: str | None = None
    blank: bool = False
    weak: bool = False
    symbol: str | None = None


_DOTTED_CURRENCY = r"(?:rs|fr|sfr|kr|dhs|dh|bs|din|s/|\u0440\u0443\u0431|\u0440|\u043b\u0432)\."
"""Only these end in a full stop: that of `$.50` belongs to the number."""
_SYMBOL = rf"[^\w\s.,'()+\-%{DECIMAL_MARK}\"#*=<>:;!?@&\\]"
_SPLIT_DOLLAR = r"(?:us|ca?|au?|nz|hk|sg?|nt|mx) \$"
"""eBay splits the country from the symbol: `C $24.00`, `AU $24.00`."""
_CURRENCY = rf"(?:{_DOTTED_CURRENCY}|{_SPLIT_DOLLAR}|[^\W\d_]*{_SYMBOL}?[^\W\d_]*)"
_SIGN = r"[-+]?"
_CELL = re.compile(
    rf"(?!.{{200}})(?P<sign0>{_SIGN}) ?(?P<currency0>{_CURRENCY}) ?(?P<sign1>{_SIGN}) ?(?P<opened>\(?) ?"
    rf"(?P<sign2>{_SIGN}) ?(?P<currency1>{_CURRENCY}) ?(?P<sign3>{_SIGN}) ?"
    rf"(?P<number>[.,{DECIMAL_MARK}]?0(?:[0 .,'{DECIMAL_MARK}]*[0.,{DECIMAL_MARK}])?)(?P<dash>(?<=[.,])--?| ?/[-=])? ?"
    rf"(?P<sign4>{_SIGN}) ?(?P<currency2>{_CURRENCY}) ?(?P<closed>\)?) ?"
    rf"(?P<sign5>{_SIGN}) ?(?P<currency3>{_CURRENCY}) ?(?P<sign6>{_SIGN})"
)
_ACCOUNTING_ZERO = re.compile(rf"(?!.{{200}})(?:(?P<currency>{_CURRENCY}) -|- (?P<suffix>{_CURRENCY}))")
_THREES = re.compile(r"0{1,3}(?P<mark>[ .,'])000(?:(?P=mark)000)*")
_LAKHS = re.compile(r"00?(?:(?P<mark>[, ])00)+(?P=mark)000")
_GROUP = 3


def _is_grouped(text: str) -> bool:
    """Tell whether the digits are grouped by one mark as thousands or as lakhs, or not at all."""
    return bool(text.isdigit() or _THREES.fullmatch(text) or _LAKHS.fullmatch(text))


def _split(number: str) -> Numeral | None:
    """Split the number's digits at the decimal mark, and tell what its separators prove."""
    digits = number.count("0")
    marks = [letter for letter in number if letter != "0"]
    if not marks:
        return Numeral(digits, digits)
    last = marks[-1]
    head, _, tail = number.rpartition(last)
    if last == DECIMAL_MARK:
        return Numeral(digits, head.count("0")) if not head or _is_grouped(head) else None
    if last in _MARKS and last not in head and (not head or _is_grouped(head)):
        if len(marks) == 1 and len(tail) == _GROUP and 1 <= len(head) <= _GROUP:
            return Numeral(digits, len(head), open=_MARKS[_MARKS.index(last)])
        weak = last == "," and len(marks) == 1 and len(tail) > _GROUP
        return Numeral(digits, head.count("0"), decimal=_MARKS[_MARKS.index(last)], weak=weak)
    if _is_grouped(number):
        return Numeral(digits, digits, decimal=_OTHERS.get(last))
    return None


def _currency(found: re.Match[str]) -> tuple[bool, str | None, str | None]:
    """Tell whether all that stands beside the number is currency, the one code it means, and a symbol of several."""
    written = [found.group(f"currency{place}") for place in range(4)]
    symbols = [symbol.replace(" ", "") for symbol in written if symbol]
    codes = {code for symbol in symbols if (code := code_of(symbol) or code_of(symbol.rstrip(".")))}
    known = all(
        is_vague(each) or is_vague(each.rstrip(".")) or code_of(each) or code_of(each.rstrip(".")) for each in symbols
    )
    vague = next((each for each in symbols if is_vague(each)), None)
    return known and len(codes) <= 1, next(iter(codes), None), vague


def _accounting_zero(text: str) -> Numeral | None:
    """Read `$ -`, as spreadsheets print zero in the accounting format."""
    found = _ACCOUNTING_ZERO.fullmatch(text)
    symbol = (found.group("currency") or found.group("suffix") or "") if found else ""
    if not symbol or not (code_of(symbol) or is_vague(symbol)):
        return None
    return Numeral(0, 0, currency=code_of(symbol))


@lru_cache(maxsize=16_384)
def numeral(shape: str) -> Numeral | None:
    """Read what an amount's shape says; None where it is not an amount.

    >>> found = numeral("(0,000.00)")
    >>> (found.digits, found.whole, found.decimal, found.negative)
    (6, 4, '.', True)
    """
    text = shape.strip("'\" ")
    if text in NOTHING:
        return Numeral(0, 0, blank=True)
    if "0" not in text:
        return _accounting_zero(text)
    found = _CELL.fullmatch(text)
    if found is None:
        return None
    signs = "".join(found.group(f"sign{place}") for place in range(7))
    brackets = found.group("opened") + found.group("closed")
    is_currency, code, symbol = _currency(found)
    split = _split(found.group("number"))
    if split is None or not is_currency or brackets not in ("", "()") or len(signs) + len(brackets) // 2 > 1:
        return None
    return replace(split, negative=bool(brackets) or signs == "-", currency=code, symbol=symbol)
