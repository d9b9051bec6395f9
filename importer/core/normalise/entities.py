"""HTML entities that shops and CRMs leave in their exports: `O&#039;Brien` is O'Brien, `M&uuml;ller` is Müller."""

from __future__ import annotations

import html
import re
from html.entities import html5

_ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_TIMES = 3
"""How often a text may have been written as HTML: `&amp;#039;` is twice."""


def decoded(text: str) -> str:
    """Return the text with its entities as the characters they stand for; names in capitals (`&UUML;`) count too."""
    for _ in range(_TIMES):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda found: _character(found.group()), text)
    return text


def _character(entity: str) -> str:
    """Return what an entity stands for; what is none stays as it is."""
    if entity[1] == "#":
        return html.unescape(entity.rstrip(";") + ";")
    name = entity[1:]
    names = (name, name[0] + name[1:].lower(), name.lower())
    return next((html5[each] for each in names if each in html5), entity)
