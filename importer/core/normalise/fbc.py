"""Clicks (`fbc`) [FBC], never hashed, letters' case kept; also made of a click id (`fbclid`)."""

from __future__ import annotations

import re

from importer.core.normalise.cell import BLANK, Cell, placeholder, tidy
from importer.core.tables.placeholders import IDS

_FBC = re.compile(r"fb\.[012]\.[0-9]{13}\.[A-Za-z0-9_-]+(?:\.(?:[A-Za-z0-9_-]{2}|[A-Za-z0-9_-]{8}))?")
_FBCLID = re.compile(r"[A-Za-z0-9_-]+")
_IN_ADDRESS = re.compile(r"[?&#]fbclid=([^&#\s]*)")
_OF_13_DIGITS = range(1_000_000_000, 10_000_000_000)
"""Seconds whose milliseconds have the 13 digits that Meta asks for."""


def normal(text: str) -> Cell:
    """Return the click as typed, if it is `fb.<0 to 2>.<milliseconds>.<fbclid>`.

    A fifth part, of two or eight characters, is the Parameter Builder's.
    """
    return as_typed(text, _FBC)


def as_typed(text: str, shape: re.Pattern[str]) -> Cell:
    """Return the text as typed, if it has the shape."""
    text = tidy(text)
    if not text:
        return BLANK
    if shape.fullmatch(text):
        return text, None
    return None, "placeholder" if placeholder(text, IDS) else "invalid"


def from_fbclid(fbclid: str, seconds: int | None) -> Cell:
    """Return the `fbc` of a click id, alone or in a page's address, first seen at a time in seconds.

    Its index is 1, which stands for no cookie.
    """
    text = tidy(fbclid)
    if not text:
        return BLANK
    if found := _IN_ADDRESS.search(text):
        text = found.group(1)
    if _FBC.fullmatch(text):
        return text, None
    if placeholder(text, IDS):
        return None, "placeholder"
    if seconds is None or seconds not in _OF_13_DIGITS or not _FBCLID.fullmatch(text):
        return None, "invalid"
    return f"fb.1.{seconds * 1000}.{text}", None
