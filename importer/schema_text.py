"""A plan as the TOML of a schema file: reading it again gives the same plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from importer.core.plan import Headers, Plan

BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
TABLES = ("identify", "columns", "custom", "event", "channel", "time", "money", "match", "orders", "items", "packed")
LISTS = ("variant", "sale", "rule")


def plan_text(plan: Plan) -> str:
    """Return the schema's TOML, without what is left at its default."""
    given = plan.model_dump(by_alias=True, exclude_defaults=True)
    given |= {"name": plan.name, "columns": given.get("columns", {})}
    lines = [f"{_key(name)} = {_value(value)}" for name, value in given.items() if name not in (*TABLES, *LISTS)]
    for name in TABLES:
        if name in given:
            lines += _table(name, given[name], getattr(plan, name))
    for name in LISTS:
        for entry in given.get(name, ()):
            lines += ["", f"[[{name}]]", *(f"{_key(key)} = {_value(value)}" for key, value in entry.items())]
    return "\n".join(lines) + "\n"


def _table(name: str, given: Mapping[str, Any], model: Any) -> Iterator[str]:
    yield ""
    yield f"[{name}]"
    inner = {key: value for key, value in given.items() if isinstance(value, Mapping) and name == "packed"}
    for key, value in given.items():
        if key not in inner:
            spec = model[key] if isinstance(model, Mapping) else None
            yield f"{_key(key)} = {_headers(spec) if isinstance(spec, Headers) else _value(value)}"
    for key, table in inner.items():
        yield ""
        yield f"[{name}.{_key(key)}]"
        yield from (f"{_key(field)} = {_value(value)}" for field, value in table.items())


def _headers(spec: Headers) -> str:
    """Return the columns of a field as a schema says them: one, a list of alternatives, all, or a sum."""
    if spec.take == "sum":
        minus = f", minus = {_value(spec.minus)}" if spec.minus else ""
        return f"{{ sum = {_value(spec.headers)}{minus} }}"
    if spec.take == "join":
        return f"{{ join = {_value(spec.headers)} }}"
    if spec.take == "all":
        return _value(spec.headers[0]) if len(spec.headers) == 1 else f"{{ all = {_value(spec.headers)} }}"
    return _value(spec.headers)


def _key(name: str) -> str:
    return name if set(name) <= BARE and name else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, str | bool):
        return json.dumps(value, ensure_ascii=False)
    return str(value)  # numbers, and dates as ISO 8601, which is TOML's own form
