"""`schemas`: the exports known by name."""

from __future__ import annotations

from importer.core.plan import Plan
from importer.schema_files import known_plans


def schemas() -> dict[str, str]:
    """Return the exports known by name, each with its title."""
    return {name: plan.title + _remark(plan) for name, plan in known_plans().items()}


def _remark(plan: Plan) -> str:
    if plan.refusal:
        return " (refused)"
    return " (layout inferred)" if plan.inferred else ""
