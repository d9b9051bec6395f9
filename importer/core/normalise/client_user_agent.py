"""The customer's own browser (`client_user_agent`), never hashed [CIP]."""

from __future__ import annotations

import re

from importer.core.normalise.cell import BLANK, Cell, broken, hashed, placeholder, tidy

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")


def normal(text: str) -> Cell:
    """Return the browser's text as typed, control characters as blanks; a hash of it is of no use to Meta [CIP]."""
    text = tidy(text)
    if not text:
        return BLANK
    if broken(text) or hashed(text, md5=False):
        return None, "invalid"
    agent = tidy(_CONTROL.sub(" ", text))
    if placeholder(agent):
        return None, "placeholder"
    return agent, None
