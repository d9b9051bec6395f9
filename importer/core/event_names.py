"""Event names and action sources as people type them, in Meta's own words: it tells `Purchase` from `purchase`."""

from __future__ import annotations

import re
from difflib import get_close_matches

from importer.core.kernels.arrays import by_distinct, by_distinct_pair
from importer.core.model import ACTION_SOURCES, STANDARD_EVENTS, Column

BY_LOWER = {name.lower(): name for name in STANDARD_EVENTS}
_NOT_WORD = re.compile("[^a-z0-9]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
NEAR = 0.85
"""How alike a name must be to a standard one to be taken for a misspelling of it."""


SOURCES = {
    **{source: source for source in ACTION_SOURCES},
    **dict.fromkeys(("store", "in_store", "instore", "retail_store", "physical", "brick_and_mortar"), "physical_store"),
    **dict.fromkeys(("phone", "call", "telephone", "phonecall"), "phone_call"),
    **dict.fromkeys(("mail", "e_mail"), "email"),
    **dict.fromkeys(("web_site",), "website"),
    **dict.fromkeys(("system", "systemgenerated"), "system_generated"),
    **dict.fromkeys(("physicalstore",), "physical_store"),
}
"""Words in lower case with underscores -> Meta's; `offline`, `online` and `web` say too little, or are a channel."""


def standard_sources(column: Column) -> Column:
    """Return action sources in Meta's words; what is none of them stays, and is refused when the event is checked."""
    return by_distinct(column, standard_source)


def standard_source(text: str) -> str | None:
    """Return one action source in Meta's words, any other text as it is."""
    return SOURCES.get(_NOT_WORD.sub("_", text.strip().lower()).strip("_"), text.strip())


def standard_names(column: Column) -> tuple[Column, Column]:
    """Return the names as Meta writes them, and a warning where one was changed or looks misspelled.

    Custom names are kept.
    """
    return by_distinct_pair(column, standard_name)


def standard_name(text: str) -> tuple[str | None, str | None]:
    """Return one name in Meta's case, and its warning."""
    name = _INVISIBLE.sub("", text).strip()
    if name in STANDARD_EVENTS or not name:
        return name or None, None
    plain = name.lower().replace(" ", "").replace("_", "")
    if plain in BY_LOWER:
        return BY_LOWER[plain], "event_name:case"
    near = get_close_matches(plain, BY_LOWER, 1, NEAR)
    return name, "event_name:near_standard" if near else None
