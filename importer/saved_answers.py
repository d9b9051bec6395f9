"""What was understood of a file and what the user answered, as a schema: with it the same file needs no answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from importer.core.binding import Binding
from importer.core.plan import Plan
from importer.intake import Intake
from importer.results.files_db import FileKind
from importer.results.output_files import Output, Overwrite, next_free, translated
from importer.results.written_files import files_to_keep
from importer.schema_text import plan_text
from importer.settings import Settings

LOG = logging.getLogger("importer")


def answered_plan(binding: Binding, file: str, settings: Settings) -> Plan:
    """Return a file's plan with the user's answers about zone, currency, country, ..., named after the file.

    The column that was found to say where a sale was made is part of it; the dataset and the token are not.
    """
    plan = binding.plan
    time = {"zone": settings.timezone, "order": settings.date_order}
    money = {"currency": settings.currency, "decimal": settings.decimal_mark}
    told: dict[str, object] = {
        "time": plan.time.model_copy(update=_given(time)),
        "money": plan.money.model_copy(update=_given(money)),
        "match": plan.match.model_copy(update=_given({"country": settings.country})),
        "event": plan.event.model_copy(
            update=_given(
                {
                    "name": settings.event_name,
                    "action_source": settings.action_source,
                    "online_sales": settings.online_sales,
                }
            )
        ),
    }
    if plan.channel is None and binding.channels and not binding.channels[0].of_places:
        told["channel"] = binding.channels[0].rule  # a column of stores is found again
    name = re.sub(r"[^a-z0-9]+", "_", Path(file).stem.lower()).strip("_") or "my_export"
    return plan.model_copy(update=told | {"name": name, "guessed": False, "from_headers": False})


def _given(answers: dict[str, str | None]) -> dict[str, str]:
    return {name: answer for name, answer in answers.items() if answer is not None}


def save_answers(path: Path, intakes: Sequence[Intake], settings: Settings, overwrite: Overwrite) -> None:
    """Write the schemas of the files to `path`; those of further kinds of file to `path` with a number."""
    plans: list[tuple[str, Plan]] = []
    for intake in intakes:
        binding, file = intake.preparation.binding, intake.export.file
        if all(binding.plan != plan for _, plan in plans):
            plans.append((plan_text(answered_plan(binding, file, settings)), binding.plan))
    for number, (text, _) in enumerate(plans, start=1):
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        write_schema(target, text, overwrite, files_to_keep(settings))


def write_schema(path: Path, text: str, overwrite: Overwrite, kept: Sequence[Path] = ()) -> Path:
    """Write a schema file that only its owner may read; return its path, which is none of `kept`.

    Where it may not stand under its name it takes the next free number, which is said; the same schema stays as it is.
    """
    content = text.encode()
    target = path
    if overwrite is Overwrite.NEVER:
        with suppress(OSError):
            if path.read_bytes() == content:
                return path
        target = next_free(path, kept)
    if target != path:
        LOG.warning("%s is there already; this run's is %s.", path, target)
    output = Output(target, FileKind.SCHEMA, overwrite)
    try:
        with translated(target):
            output.stream.write(content)
        output.sync()
    except BaseException:
        output.discard()
        raise
    output.publish()
    return output.path
