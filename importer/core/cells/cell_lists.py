"""Lists that databases and programs write into one cell: `["a","b"]`, `['a', 'b']`, `{a,b}`."""

from __future__ import annotations

import ast
import csv
import json
import re
from typing import Any

_ID_NAMES = ("id", "product_id", "sku", "item_id", "content_id")
_OBJECT = re.compile(r"\{\s*['\"]\w+['\"]\s*:")
_NOTHING = frozenset({"", "null", "none"})


def items_of(text: str) -> list[str] | None:
    """Return the items of a JSON, Python or Postgres array of texts and numbers; None where the text is none of these.

    A single word in brackets is one only where JSON or quotes say so: `[redacted]` and `{6F96...}` are not.
    """
    text = text.strip()
    if text[:1] + text[-1:] not in ("[]", "{}"):
        return None
    if text[0] == "[" and (items := _json_items(text)) is not None:
        return items
    quote = "'" if "'" in text and '"' not in text else '"'
    try:
        [row] = csv.reader([text[1:-1] or '""'], quotechar=quote, skipinitialspace=True, escapechar="\\")
    except (csv.Error, ValueError):
        return None
    if len(row) == 1 and quote not in text:
        return None
    return [text for item in row if (text := item.strip()).lower() not in _NOTHING]


def ids_of(text: str) -> list[str] | None:
    """Return the ids of an array, also of one of objects that have an id each; None where the text is no array."""
    objects = _objects(text) if _OBJECT.search(text) else None
    if objects is None:
        return items_of(text)
    told = [next((one[name] for name in _ID_NAMES if one.get(name)), None) for one in objects if isinstance(one, dict)]
    return [str(name) for name in told if name is not None]


def _objects(text: str) -> list[Any] | None:
    """Return the objects that JSON or Python has written; None where it is neither."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        return found if isinstance(found, list) else [found]
    return None


def _json_items(text: str) -> list[str] | None:
    """Return the items of a JSON array of texts and numbers."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        return None
    return [text for value in values if value is not None and (text := str(value).strip()).lower() not in _NOTHING]
