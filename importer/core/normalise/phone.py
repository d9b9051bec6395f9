"""Phone numbers (`ph`) [CIP: digits only, with the country's calling code, without leading zeros]."""

from __future__ import annotations

import re
from typing import Any

from importer.core.normalise.cell import Cell, ascii_digits, placeholder, start, unfloat
from importer.core.normalise.phone_prefixes import as_dialed_today, mobile_digits

try:
    import rphonenumbers as _rust_or_pure
except ImportError:  # pragma: no cover - where no wheel fits the machine; the same API, the same numbers, slower
    import phonenumbers as _rust_or_pure  # type: ignore[no-redef]

library: Any = _rust_or_pure
_parse, _result_of, _national = (
    library.parse,
    library.is_possible_number_with_reason,
    library.national_significant_number,
)
_POSSIBLE, _LOCAL = library.ValidationResult.IS_POSSIBLE, library.ValidationResult.IS_POSSIBLE_LOCAL_ONLY

_LABEL = re.compile(
    r"(?:p|t|m|tel|telefon|phone|mobile|mob|cell|whatsapp|fon|handy)\s*[:.]\s*(?=[+0-9(])", re.IGNORECASE
)
_TWO_PLUSES = re.compile(r"\+[0-9\s().-]{0,6}(?=\+)")
_INTERNATIONAL = re.compile(r"[\s(]*(?:\+[\s()]*)?00[\s().-]*")
_PLUS = re.compile(r"[\s(]*\+(?![\s()]*00)")
_CODE_TWICE = re.compile(r"\+[\s()]*[0-9]{1,3}[\s().-]+00(?=[1-9])")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_KEEPS_ZERO = re.compile(r"\+[\s(]*(?:39|378|379)")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_LETTER = re.compile(r"[A-Za-z]")
_VANITY = re.compile(r"[0-9\s().+-]{3,}[A-Za-z][A-Za-z0-9\s-]*")
_ANY_LETTERS = re.compile(r"[^\W\d_]+")
JUNK = frozenset({"1234567890", "1234567"})
"""What is typed, beside one digit over and over, into a field that must not stay empty."""

SHORTEST, LONGEST = 7, 15
"""Digits of a number with its calling code: E.164 allows 15, and no country's numbers are shorter than 7."""

ARGENTINA, NO_AREA = 54, "15"
"""Where 15 2345 6789 is possible, and nobody's number: it is dialed within an area that is not written."""

_SOME, _SHORT = 3, 5
"""Digits, and digits with letters, without which a text is not a number."""

_NORTH_AMERICAN, _LONG = 11, 10
"""Digits of a North American number with its 1, and the fewest of which the first may be a calling code unmarked."""


def normal(text: str, country: str | None) -> Cell:
    """Return the number's digits with its calling code; `country` is the row's, lower-case alpha-2, or None.

    A number that begins with + or 00 says its country itself. *Possible* by Google's rules suffices; an extension is
    dropped; letters of a vanity number become their digits. The result has no plus, so it is a fixed point only with
    one put before it.
    """
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    plain, lost = unfloat(ascii_digits(text_or_cell).strip())
    if plain is None:
        return None, lost
    digits = _NOT_DIGIT.sub("", plain)
    short = digits.removeprefix("1") if len(digits) == _NORTH_AMERICAN else digits
    if (digits and len(set(short)) == 1) or short in JUNK:
        return None, "placeholder"
    if len(digits) < SHORTEST and placeholder(text_or_cell):
        return None, "placeholder"
    if len(digits) < _SOME or len(digits) + len(_LETTER.findall(plain)) < _SHORT:
        return None, "invalid"
    return _with_country(_with_plus(plain, country), country, has_plus=_PLUS.match(plain) is not None)


def is_valid(text: str, country: str | None) -> bool:
    """Tell whether the text is a valid number by Google's rules, which is more than a possible one."""
    digits, _ = normal(text, country)
    number = _parsed(f"+{digits}", None) if digits else None
    return number is not None and bool(library.is_valid_number(number))


def _with_country(text: str, country: str | None, *, has_plus: bool) -> Cell:
    """Return the cell of a text that begins with + where it has its calling code; else the row's country decides.

    has_plus: the + was written, not 00.
    """
    region = country.upper() if country else ""
    known = region in library.SUPPORTED_REGIONS
    if text.lstrip("( ").startswith("+"):
        number = _read(as_dialed_today(text, None), None)
        return _of_two_readings(text, number, region) if known and has_plus else _checked(number, local=True)
    if not known:
        return None, "no_country"
    text = as_dialed_today(text, country)
    return _checked(_with_calling_code(text, region) or _read(text, region), local=False)


def _of_two_readings(text: str, number: Any, region: str) -> Cell:
    """Return the cell of a number with a plus that may stand before a national number by mistake: +603 555 0142.

    Where the digits are no number abroad, the row's country decides; where they are one in both, neither is sent.
    """
    abroad = _checked(number, local=True)
    if number is not None and number.country_code == library.country_code_for_region(region):
        return abroad
    digits = _NOT_DIGIT.sub("", text)
    national = None if _LETTER.search(text) else _parsed(digits, region)
    if national is None or not library.is_valid_number(national) or abroad[1] == "placeholder":
        return abroad
    if _national(national) != digits:  # with a trunk digit no number abroad is meant, if it is none: +8 912 345-67-89
        return abroad if abroad[0] else _checked(national, local=False)
    mobile = mobile_digits(region)
    if mobile is not None and mobile.fullmatch(digits) is None:
        return abroad
    both = abroad[0] is not None and library.is_valid_number(number)
    return (None, "two_countries") if both else _checked(national, local=False)


def _with_plus(text: str, country: str | None) -> str:
    """Return the text with + for every way to write the international prefix, and without a trunk zero in brackets."""
    if label := _LABEL.match(text):
        text = text[label.end() :]
    text = _TWO_PLUSES.sub("", text)
    if country == "au" and text.startswith("0011"):  # Australia dials 0011 abroad
        text = "+" + text[4:]
    elif prefix := _INTERNATIONAL.match(text):
        text = "+" + text[prefix.end() :]
    if code := _CODE_TWICE.match(text):
        text = "+" + text[code.end() :]
    if text.lstrip("( ").startswith("+") and not _KEEPS_ZERO.match(text.lstrip()):
        text = _TRUNK_ZERO.sub("", text, count=1)
    return text


def _with_calling_code(text: str, region: str) -> Any:
    """Return the number, if the text without a plus begins with a calling code all the same; else None.

    The row's own country's code counts when the number is then valid, any other's only when the text is too long for
    a number of the row's country as well.
    """
    digits = _NOT_DIGIT.sub("", text)
    if _LETTER.search(text) or digits.startswith("0") or len(digits) < _LONG:
        return None
    number = _parsed("+" + digits, None)
    if number is None or not library.is_valid_number(number):
        return None
    if number.country_code == library.country_code_for_region(region):
        return number
    national = _parsed(text, region)
    return None if national is not None and library.is_possible_number(national) else number


def _read(text: str, region: str | None) -> Any:
    """Return the parsed number or None: letters as keypad digits where that is a number, else left out.

    In North America a number's length says so, elsewhere its rules.
    """
    if not _ANY_LETTERS.search(text):
        return _parsed(text, region)
    number = _parsed(text, region)
    if number is not None and number.extension:
        return number
    if number is not None and _VANITY.fullmatch(text):
        if number.country_code == 1 and _result_of(number) == _POSSIBLE:
            return number
        if number.country_code != 1 and text.upper() == text and library.is_valid_number(number):
            return number
    return _parsed(_ANY_LETTERS.sub(" ", text), region)


def _parsed(text: str, region: str | None) -> Any:
    """Parse the number, None where the library finds none."""
    try:
        return _parse(text, region)
    except library.NumberParseException:
        return None


def _checked(number: Any, *, local: bool) -> Cell:
    """Return the number's digits if it is possible; `local`: also without its area code, as the country was written."""
    if number is None:
        return None, "invalid"
    result = _result_of(number)
    if result != _POSSIBLE and not (local and result == _LOCAL):
        return None, "invalid"
    national = _national(number)
    if len(set(national)) == 1:
        return None, "placeholder"
    if national.startswith("0") and not library.is_valid_number(number):  # true zeros, as in Italy, are valid ones
        return None, "invalid"
    if number.country_code == ARGENTINA and national.startswith(NO_AREA):
        return None, "invalid"
    digits = f"{number.country_code}{national}"
    return (digits, None) if SHORTEST <= len(digits) <= LONGEST else (None, "invalid")
