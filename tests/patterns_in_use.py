"""Every compiled pattern of the package, with the methods by which its module uses it; run alone, it runs them all."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import importer

METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
CHARACTERS = (*"1aZ .@-+\"'\n\t&<([{/;,:=%_", "\u00e9", "\u2019", "\u3042")
REPEATED = (
    *("a@", "a.", "1.", "1,", "1 ", "a ", " \n", "a-", "<a", "&#", "&a", "(a", "a(", "+1", "+ ", '""', '"a', "=1"),
    *(
        "a@a.",
        "a@a,",
        "00",
        "1-",
        "-1",
        "http://",
        "www.",
        "mailto:",
        " - ",
        "a1 ",
        "Dr. ",
        "12:00 ",
        "tel: ",
        "a1@.-, ",
    ),
)
"""What a quadratic pattern begins with anew at each place, or splits in many ways."""


def patterns() -> dict[str, tuple[re.Pattern[Any], tuple[str, ...]]]:
    """Return the patterns at the modules' top, by their names, each with its methods."""
    found: dict[str, tuple[re.Pattern[Any], tuple[str, ...]]] = {}
    for info in pkgutil.walk_packages(importer.__path__, "importer."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        for name, value in vars(module).items():
            for pattern in _compiled(value):
                if methods := _methods(tree, name):
                    found[f"{info.name}.{name} {pattern.pattern!r}"] = (pattern, methods)
    return found


def _compiled(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and not isinstance(value, ModuleType) and isinstance(value, dict | list | tuple | frozenset):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _compiled(each, depth + 1)


def _methods(tree: ast.AST, name: str) -> tuple[str, ...]:
    """Return the methods called on the name; where it is only looped over, those called on any name in lower case."""
    own: set[str] = set()
    loops: set[str] = set()
    mentioned = False
    for node in ast.walk(tree):
        mentioned |= isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
            if node.value.id == name:
                own.add(node.attr)
            elif node.value.id.islower() and node.attr != "split":
                loops.add(node.attr)
    return tuple(sorted(own or (loops if mentioned else ())))


def texts(length: int) -> Iterator[str]:
    """Yield texts of about this length, of one kind of character each, with an end that fits nothing."""
    for piece in (*CHARACTERS, *REPEATED):
        yield piece * (length // len(piece)) + "\u00a7"


def run(pattern: re.Pattern[Any], methods: tuple[str, ...], length: int) -> None:
    """Run one pattern on all texts, by each of its methods."""
    for text in texts(length):
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        for method in methods:
            if method in ("sub", "subn"):
                getattr(pattern, method)(given[:0], given)
            elif method == "finditer":
                sum(1 for _ in pattern.finditer(given))
            else:
                getattr(pattern, method)(given)


if __name__ == "__main__":
    for each, (compiled, used) in patterns().items():
        print(each, flush=True)
        run(compiled, used, int(sys.argv[1]))
