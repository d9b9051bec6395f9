"""Cities (`ct`): as written, and folded to a-z, since Meta recommends a-z and takes UTF-8 [CIP]."""

from __future__ import annotations

import re

from importer.core.normalise.cell import Cell, start
from importer.core.normalise.fold import unaccented
from importer.core.normalise.names import spelled

_PLAIN = re.compile("[0-9a-z]+")


def normal(text: str) -> Cell:
    """Return the city's letters and digits in lower case, every script and accent kept."""
    text_or_cell = start(text)
    return spelled(text_or_cell) if isinstance(text_or_cell, str) else text_or_cell


def folded(form: str) -> str | None:
    """Return the second form of a city's normal form that is Latin with letters beyond a-z; else None."""
    if form.isascii():
        return None
    plain = unaccented(form)
    return plain if _PLAIN.fullmatch(plain) else None
