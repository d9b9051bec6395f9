"""Browsers (`fbp`) [FBC], never hashed."""

from __future__ import annotations

import re

from importer.core.normalise.cell import Cell
from importer.core.normalise.fbc import as_typed

_FBP = re.compile(r"fb\.[012]\.[0-9]{13}\.[0-9]{1,20}(?:\.(?:[A-Za-z0-9_-]{2}|[A-Za-z0-9_-]{8}))?")


def normal(text: str) -> Cell:
    """Return the browser as typed, if it is `fb.<0 to 2>.<milliseconds>.<random digits>`."""
    return as_typed(text, _FBP)
