"""The schemas of exports: those that come with the program, and those of users, from their TOML files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from importer.core.plan import Plan, read_plan
from importer.errors import FileError, SchemaError, UsageError
from importer.small_files import read_small

FOLDER = resources.files("importer._schemas") / "exports"
"""The schemas of the known exports: the repository's folder `schemas/`, under a private name in the wheel."""


@cache
def known_plans() -> Mapping[str, Plan]:
    """Return the plans of the exports known by name, read once."""
    files = sorted((entry for entry in FOLDER.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    plans = (_plan(entry.read_text(encoding="utf-8"), entry.name) for entry in files)
    return MappingProxyType({plan.name: plan for plan in plans})


def schema_text(name: str) -> str:
    """Return the TOML of one known export, as it stands."""
    entry = FOLDER / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not entry.is_file():
        raise _unknown(name, known_plans())
    return entry.read_text(encoding="utf-8")


def plan_named(name: str, plans: Mapping[str, Plan]) -> Plan:
    """Return the plan of `--schema NAME|PATH`."""
    if name in plans:
        return plans[name]
    path = Path(name)
    if not path.suffix and not path.exists():
        raise _unknown(name, plans)
    try:
        text = read_small(path).decode("utf-8-sig")  # as Notepad writes it, too
    except (OSError, UnicodeDecodeError) as error:
        message = f"The schema file {name} cannot be read; check its path and that it is UTF-8 text."
        raise FileError(message) from error
    return _plan(text, path.name)


def _unknown(name: str, known: Collection[str]) -> UsageError:
    begun = [one for one in known if name and one.startswith(name.lower())]
    near = get_close_matches(name, known, 1) or begun[:3]
    return UsageError(
        f"There is no schema called {name}; "
        + (f"did you mean {' or '.join(near)}? " if near else "")
        + "capi-import schemas lists them."
    )


def _plan(text: str, where: str) -> Plan:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{where} is not valid TOML: {error}."
        raise SchemaError(message) from error
    except (RecursionError, ValueError) as error:  # lists within lists, and numbers of thousands of digits
        message = f"{where} is no schema: it is nested too deep, or holds a number of thousands of digits."
        raise SchemaError(message) from error
    return read_plan(data, where)
