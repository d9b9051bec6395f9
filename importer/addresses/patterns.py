"""Patterns in paths: `*`, `?` and `[...]` within the parts between slashes."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import takewhile

_WILD = re.compile(r"[*?\[]")


def has_pattern(path: str) -> bool:
    """Tell whether a path holds a wildcard."""
    return _WILD.search(path) is not None


def fixed_part(path: str) -> str:
    """Return the folder above the first part with a wildcard."""
    return "/".join(takewhile(lambda part: not has_pattern(part), path.split("/")))


def matches(path: str, pattern: str) -> bool:
    """Tell whether a path matches, part by part; a wildcard never reaches over a slash, nor a hidden name."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(_part_matches, parts, wanted))


def _part_matches(part: str, wanted: str) -> bool:
    hidden = part.startswith(".") and not wanted.startswith(".")
    return not hidden and fnmatchcase(part, wanted)


def is_hidden(name: str) -> bool:
    """Tell whether a file in a folder is none of the user's: hidden, a system's, or Office's mark of an open file."""
    return name.startswith((".", "~$")) or name.lower() in {"thumbs.db", "desktop.ini"}
