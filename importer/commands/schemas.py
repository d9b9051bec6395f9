"""`schemas`: list the exports known by name, and print one."""

from __future__ import annotations

import re
from importlib import resources

from importer.errors import UsageError
from importer.settings import SCHEMAS, known_plans


def schemas() -> dict[str, str]:
    """Map the exports known by name to their titles."""
    return {name: plan.title + (" (layout inferred)" if plan.inferred else "") for name, plan in known_plans().items()}


def schema_text(name: str) -> str:
    """Return the TOML of one known export, unchanged."""
    entry = resources.files(SCHEMAS) / "exports" / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not entry.is_file():
        message = f"There is no schema called {name}; capi-import schemas lists them."
        raise UsageError(message)
    return entry.read_text(encoding="utf-8")
