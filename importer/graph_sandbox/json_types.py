"""JSON types, as exact as Meta's parameters want them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from importer.graph_sandbox.faults import Fault, unexpected, wrong_type

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A JSON type: its name in answers, and whether a value is one."""

    name: str
    holds: Callable[[Any], bool]


def is_text(value: object) -> bool:
    """Whether the value is a string with something in it."""
    return isinstance(value, str) and value.strip() != ""


def is_integer(value: object) -> bool:
    """Whether the value is a JSON integer; `true` and `1.0` are none."""
    return type(value) is int


def is_number(value: object) -> bool:
    """Whether the value is a finite JSON number."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


TEXT = Kind("non-empty string", is_text)
TEXTS = Kind("array of non-empty strings", _is_texts)
INTEGER = Kind("integer", is_integer)
NUMBER = Kind("number", is_number)
BOOLEAN = Kind("boolean", lambda value: type(value) is bool)
OBJECT = Kind("object", lambda value: isinstance(value, dict))
ARRAY = Kind("array", lambda value: isinstance(value, list))
ANY = Kind("any", lambda _: True)


def shape_faults(record: Record, kinds: Mapping[str, Kind], at: str, *, others: bool = False) -> Iterator[Fault]:
    """A fault for each key of the wrong type and, unless `others` may be there, for each unknown key."""
    for key, value in record.items():
        kind = kinds.get(key)
        if kind is None:
            if not others:
                yield unexpected(at, key)
        elif not kind.holds(value):
            yield wrong_type(f"{at}['{key}']", kind.name)
