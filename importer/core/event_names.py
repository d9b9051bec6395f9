"""Event names: Meta tells `Purchase` from `purchase`, so standard names are put in Meta's own case."""

from __future__ import annotations

from difflib import get_close_matches

from importer.core.kernels.arrays import by_distinct_pair, on_every_row, one_text
from importer.core.model import STANDARD_EVENTS, Column

BY_LOWER = {name.lower(): name for name in STANDARD_EVENTS}
NEAR = 0.85
"""How alike a name must be to a standard one to be taken for a misspelling of it."""


def standard_names(column: Column) -> tuple[Column, Column]:
    """The names as Meta writes them, and a warning where one was changed or looks misspelt; custom names are kept."""
    only = one_text(column)
    if only is None:
        return by_distinct_pair(column, standard_name)
    name, note = standard_name(only)
    count = len(column)
    return column if name == only else on_every_row(name, count), on_every_row(note, count)


def standard_name(text: str) -> tuple[str | None, str | None]:
    """One name in Meta's case, and its warning."""
    name = text.strip()
    if name in STANDARD_EVENTS or not name:
        return name or None, None
    plain = name.lower().replace(" ", "").replace("_", "")
    if plain in BY_LOWER:
        return BY_LOWER[plain], "event_name:case"
    near = get_close_matches(plain, BY_LOWER, 1, NEAR)
    return name, "event_name:near_standard" if near else None
