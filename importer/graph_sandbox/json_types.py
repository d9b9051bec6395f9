"""JSON types, as strict as Meta's parameters need them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from importer.graph_sandbox.graph_errors import GraphError, unexpected, wrong_type

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class JsonType:
    """A JSON type: its name in answers, and whether a value is one."""

    name: str
    holds: Callable[[Any], bool]


def is_text(value: object) -> bool:
    """Tell whether the value is a string that is not blank."""
    return isinstance(value, str) and value.strip() != ""


def is_integer(value: object) -> bool:
    """Tell whether the value is a JSON integer; `true` and `1.0` are not."""
    return type(value) is int


def is_number(value: object) -> bool:
    """Tell whether the value is a finite JSON number."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


TEXT = JsonType("non-empty string", is_text)
TEXTS = JsonType("array of non-empty strings", lambda value: isinstance(value, list) and all(map(is_text, value)))
INTEGER = JsonType("integer", is_integer)
NUMBER = JsonType("number", is_number)
BOOLEAN = JsonType("boolean", lambda value: type(value) is bool)
OBJECT = JsonType("object", lambda value: isinstance(value, dict))
ARRAY = JsonType("array", lambda value: isinstance(value, list))
ANY = JsonType("any", lambda _: True)


def shape_errors(
    record: JsonObject, kinds: Mapping[str, JsonType], at: str, *, others: bool = False
) -> Iterator[GraphError]:
    """Yield an error for each key of the wrong type and, unless `others` are allowed, for each unknown key."""
    for key, value in record.items():
        kind = kinds.get(key)
        if kind is None:
            if not others:
                yield unexpected(at, key)
        elif not kind.holds(value):
            yield wrong_type(f"{at}['{key}']", kind.name)
