"""What was understood of a file and what the user answered, as a schema: with it the same file needs no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from importer.core.plan import Plan
from importer.errors import FileError
from importer.intake import Intake
from importer.results import create_private
from importer.schema_text import plan_text
from importer.settings import Settings


def answered_plan(plan: Plan, file: str, settings: Settings) -> Plan:
    """Return a plan with the user's answers about zone, currency, country and order of dates, named after the file.

    The dataset and the token are no part of it.
    """
    time = {"zone": settings.timezone, "order": settings.date_order}
    money = {"currency": settings.currency, "decimal": {"comma": ",", "point": ".", None: None}[settings.decimal]}
    told = {
        "time": plan.time.model_copy(update=_given(time)),
        "money": plan.money.model_copy(update=_given(money)),
        "match": plan.match.model_copy(update=_given({"country": settings.country})),
        "event": plan.event.model_copy(
            update=_given({"name": settings.event_name, "action_source": settings.action_source})
        ),
    }
    name = re.sub(r"[^a-z0-9]+", "_", Path(file).stem.lower()).strip("_") or "my_export"
    return plan.model_copy(update=told | {"name": name, "guessed": False, "from_headers": False})


def _given(answers: dict[str, str | None]) -> dict[str, str]:
    return {name: answer for name, answer in answers.items() if answer is not None}


def save_answers(path: Path, intakes: Sequence[Intake], settings: Settings) -> None:
    """Write the schemas of the files to `path`; those of further kinds of file to `path` with a number."""
    plans: list[tuple[str, Plan]] = []
    for intake in intakes:
        if all(intake.plan != plan for _, plan in plans):
            plans.append((intake.export.file, intake.plan))
    for number, (file, plan) in enumerate(plans, start=1):
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        write_schema(target, plan_text(answered_plan(plan, file, settings)))


def write_schema(path: Path, text: str) -> None:
    """Write a schema file that only its owner may read; FileError where there is one already."""
    try:
        with create_private(path) as file:
            file.write(text.encode())
    except FileExistsError as error:
        message = f"{path} exists already; remove it or give another path."
        raise FileError(message) from error
    except OSError as error:
        message = f"The schema cannot be written to {path}; check the folder and its permissions."
        raise FileError(message) from error
