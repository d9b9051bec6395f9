"""Mobile advertising ids (`madid`) [CA: lower case, with hyphens]."""

from __future__ import annotations

import re

from importer.core.normalise.cell import BLANK, Cell, placeholder, tidy
from importer.core.tables.placeholders import IDS

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NO_DEVICE = "00000000-0000-0000-0000-000000000000"


def normal(text: str) -> Cell:
    """Return a mobile advertising id in lower case with its hyphens; the id of all zeros stands for a refusal."""
    text = tidy(text)
    if not text:
        return BLANK
    device = text.strip("{}").lower()
    if device == _NO_DEVICE or placeholder(text, IDS):
        return None, "placeholder"
    return (device, None) if _UUID.fullmatch(device) else (None, "invalid")
