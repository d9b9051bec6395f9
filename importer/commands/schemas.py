"""`schemas`: the exports known by name."""

from __future__ import annotations

from importer.schema_files import known_plans


def schemas() -> dict[str, str]:
    """Return the exports known by name, each with its title."""
    return {name: plan.title + (" (layout inferred)" if plan.inferred else "") for name, plan in known_plans().items()}
