"""One paragraph of the guide."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """What a code means, what to do about it, and an invented example."""

    means: str
    action: str
    example: str
