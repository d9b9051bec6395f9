"""Countries (`country`) [CIP: ISO 3166-1 alpha-2, lower case]: a strict table, never a guess."""

from __future__ import annotations

import re

from importer.core.normalise.cell import Cell, says_nothing, start
from importer.core.normalise.fold import fold
from importer.core.tables.countries import CODES

_PARTS = re.compile(r"[()\[\],/:;|\u2013\u2014-]+")
_SHORTEST_NAME = 4
_NOTHING = frozenset({"null", "nil", "nan"})
_FRAMES = re.compile(
    "(?:the)?(?:(?:(?:federal|federative|democratic|islamic|socialist|cooperative)*republic|kingdom|state|principality"
    "|commonwealth|sultanate|grandduchy|stateof|nation|union)of(?:the)?)?(?P<name>.+?)"
    "(?:(?:federal|democratic|islamic)*republicof(?:the)?|kingdomof(?:the)?|stateof|the)?"
)


def normal(text: str) -> Cell:
    """Return the two-letter code of a code or a name in any language of the table; `unknown` for everything else."""
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    if says_nothing(text_or_cell):  # before the codes: the letters of n/a are Namibia's
        return None, "placeholder"
    if code := code_of(text_or_cell):
        return code, None
    return None, "placeholder" if fold(text_or_cell) in _NOTHING else "unknown"


def code_of(text: str) -> str | None:
    """Return the country that the text names, alone or twice over: `US - United States`, `United Kingdom (UK)`."""
    if code := _by_name(fold(text)):
        return code
    codes = {_by_name(key) for part in _PARTS.split(text) if (key := fold(part))}
    return codes.pop() if len(codes) == 1 else None


def _by_name(key: str) -> str | None:
    """Return the code of a folded name, also of its long form such as `republic of` or `, the`."""
    if code := CODES.get(key):
        return code
    found = _FRAMES.fullmatch(key) if key.isascii() else None
    name = found.group("name") if found else ""
    return CODES.get(name) if len(name) >= _SHORTEST_NAME else None
