"""A schema completed by what is understood of the columns that it does not name."""

from __future__ import annotations

from importer.core.model import CUSTOMER_FIELDS
from importer.core.plan import Plan
from importer.core.understanding.understand import Understanding

INSTEAD = {"full_name": ("fn", "ln"), "fn": ("full_name",), "ln": ("full_name",)}
"""Fields that are not filled where others tell the same."""


def completed(plan: Plan, understanding: Understanding) -> Plan:
    """Return the plan with customers' keys that it leaves open and that other columns hold for certain.

    A recipient's columns fill nothing: a schema names those that may stand for the buyer's.
    """
    columns = dict(plan.columns)
    for reading in understanding.readings:
        name = reading.field
        open_field = name in CUSTOMER_FIELDS and not {name, *INSTEAD.get(name, ())} & set(plan.columns)
        if name is not None and open_field and reading.confidence == "certain" and not reading.of_recipient:
            columns.setdefault(name, understanding.plan.columns[name])
    return plan if len(columns) == len(plan.columns) else plan.model_copy(update={"columns": columns})
