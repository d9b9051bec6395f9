"""Column names: the header's cells as people wrote them, and a unique name for each column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

RESERVED = ("row", "line", "fault")
"""Names of the columns that every batch begins with; an export's own `row` becomes `row [2]`."""

_SPACES = re.compile(r"[\t\n\v\f\r\u2028\u2029]+")
_INVISIBLE = {"\ufeff", "\u200b", "\u2060"}


def clean_header(cell: str) -> str:
    """Put a header cell on one line, without control characters, byte order marks and outer blanks."""
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    text = _SPACES.sub(" ", cell)
    return "".join(char for char in text if char not in _INVISIBLE and unicodedata.category(char) != "Cc").strip()


def unique_names(headers: Sequence[str]) -> tuple[str, ...]:
    """Give each column one name: `email`, `email [2]`, `email [3]`; an empty header becomes `column 7`, by position."""
    used = set(RESERVED)
    names: list[str] = []
    counts: dict[str, int] = {}
    for place, header in enumerate(headers, start=1):
        wanted = header or f"column {place}"
        name, count = wanted, counts.get(wanted, 1)
        while name in used:
            count += 1
            name = f"{wanted} [{count}]"
        counts[wanted] = count
        used.add(name)
        names.append(name)
    return tuple(names)
