"""Leads of Meta's own forms (`lead_id`) [CL-ID: 15 to 17 digits]."""

from __future__ import annotations

import re

from importer.core.normalise.cell import BLANK, Cell, ascii_digits, placeholder, tidy, unfloat
from importer.core.tables.placeholders import IDS

_LEAD = re.compile(r"(?:l\s*:\s*)?([0-9]{15,17})", re.IGNORECASE)
_LABEL = re.compile(r"l\s*:\s*", re.IGNORECASE)


def normal(text: str) -> Cell:
    """Return the 15 to 17 digits of a lead, without the label `l:` of Meta's own exports [CL-ID]."""
    text = tidy(text)
    if not text:
        return BLANK
    plain, lost = unfloat(_LABEL.sub("", ascii_digits(text), count=1))
    if plain is None:
        return None, lost
    if found := _LEAD.fullmatch(plain.strip()):
        return found.group(1), None
    return None, "placeholder" if placeholder(text, IDS) else "invalid"
