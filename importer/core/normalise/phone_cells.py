"""Cells of a column of phones: one number however it is parted, a number with a note, or several numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from importer.core.cells.cell_lists import items_of
from importer.core.normalise import phone
from importer.core.normalise.cell import BLANK, Cell, ascii_digits, hashed, tidy
from importer.core.normalise.entities import decoded

_WORDS = r"\s{1,9}(?:or|oder|ou|o|of|and|und|et|y|e|&)\s+"
_APART = re.compile(rf"[;|\r\n\t]+|:{{2,}}|{_WORDS}", re.IGNORECASE)
"""What never stands inside a number. A comma and a slash do: `0151/23456789`, `+1 415 555 0132,,44#`."""
_SEPARATORS = re.compile(rf"[;,/|\r\n\t]+|:{{2,}}|{_WORDS}", re.IGNORECASE)
_BOUNDARY = re.compile(r"(?<=[0-9)A-Za-z,/])(?:[\s(]+(?=[+(0-9])|(?=\+))")
_WITH_NOTE = re.compile(
    r"([+(0-9][0-9\s().+/-]{5,40}?)(?:[\s,;:(/-]{1,20}[^\W\d_].*"
    r"|[\s-]{0,9}[,;:(/][\s,;:(/-]{0,20}[0-9]{1,4}\W*)",
    re.DOTALL,
)
_ENDING = re.compile(r"/[^/0-9]*[0-9][^/0-9]*[0-9]?[^/0-9]*$")
"""Another ending, as in 030 1234567/8, or the end of one number: of one or two digits nobody can tell."""
_NOT_DIGIT = re.compile("[^0-9]+")
_TWO_NUMBERS, _SHORT_NOTE, _MOST_PARTS, _LONGEST_AREA = 14, 4, 12, 10
_COMPLETE = re.compile(r"[\s(]*[+0]")
"""How a number begins that has its area code, in countries with a trunk zero."""


def of_cell(text: str, country: str | None) -> list[Cell]:
    """Return the normal form of each number in a cell; country: the row's.

    A cell is split only where every part is a number by itself and the whole is none.
    """
    text = decoded(text)
    items = items_of(tidy(text))
    if items is not None:
        return [cell for item in items for cell in of_cell(item, country)] or [BLANK]
    parts = [part for part in _SEPARATORS.split(text) if part.strip()]
    whole = phone.normal(text, country)
    if len(parts) < 2 or hashed(tidy(text)):  # noqa: PLR2004
        return [whole] if whole[0] or _digits(text) < phone.SHORTEST else _of_blanks(text, country, whole)
    if all(hashed(tidy(part)) for part in parts):
        return [phone.normal(part, country) for part in parts]
    if whole[0] is None and "," in text and _digits(parts[0]) < _LONGEST_AREA:  # 0151,23456789
        text = text.replace(",", " ")
        whole = phone.normal(text, country)
    if any(_digits(part) < phone.SHORTEST for part in parts):
        if whole[0] and _ENDING.search(text) and phone.is_valid(_ENDING.sub("", text), country):
            return [(None, "invalid")]
        return [whole] if whole[0] or whole[1] == "digits_lost" else _of_blanks(text, country, whole)
    return _of_parts(text, parts, country, whole)


def _digits(text: str) -> int:
    return len(_NOT_DIGIT.sub("", ascii_digits(text)))


def _of_parts(text: str, parts: list[str], country: str | None, whole: Cell) -> list[Cell]:
    """Return the cells of parts that are all as long as a number, or of the whole if it is the one that is valid."""
    if _APART.search(text.strip(" ;|\r\n\t")):
        return [cell for part in _APART.split(text) if part.strip() for cell in of_cell(part, country)]
    cells = [phone.normal(part, country) for part in parts]
    if all(phone.is_valid(part, country) for part in parts):
        return [(None, "invalid")] if whole[0] and phone.is_valid(text, country) else cells
    if whole[0]:
        return [whole] if phone.is_valid(text, country) else [(None, "invalid")]
    complete = all(_COMPLETE.match(part) for part in parts) or len({_digits(part) for part in parts}) == 1
    return cells if complete or all(cell == (None, "no_country") for cell in cells) else [(None, "invalid")]


def _of_blanks(text: str, country: str | None, whole: Cell) -> list[Cell]:
    """Return two numbers with blanks or notes between them, or the number before a note; else the whole's cell."""
    if _digits(text) >= _TWO_NUMBERS:
        pairs = {pair for pair in _pairs(ascii_digits(text)) if all(phone.is_valid(part, country) for part in pair)}
        found = {tuple(phone.normal(part, country) for part in pair) for pair in pairs}
        if len(found) == 1:
            return list(found.pop())
    noted = _WITH_NOTE.fullmatch(tidy(ascii_digits(text)))
    if noted and _digits(text) - _digits(noted.group(1)) <= _SHORT_NOTE and phone.is_valid(noted.group(1), country):
        return [phone.normal(noted.group(1), country)]
    return [whole]


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text in two parts, at each blank or bracket that stands before a digit."""
    for found in list(_BOUNDARY.finditer(text))[:_MOST_PARTS]:
        yield text[: found.start()], text[found.end() :]
