"""What was recognised in a file, to look at and to save as a schema."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from importer.core.binding import Binding
from importer.core.cells.cell_text import as_text
from importer.errors import FileError, NeedsAnswer, UsageError
from importer.file_questions import NEEDED
from importer.inputs import Importable, RunInput, fetched
from importer.intake import Surveyed, survey_file
from importer.option_help import lists_options
from importer.option_types import ColumnsOptions
from importer.options import answer_options, export_options, option_group
from importer.questions import Kind, Question, in_words
from importer.recognised_file import Recognised, recognise_file
from importer.results.facts import used_fields
from importer.results.output_files import Overwrite
from importer.results.written_files import check_saved
from importer.saved_answers import answered_plan, write_schema
from importer.schema_files import known_plans, schema_text
from importer.schema_text import plan_text
from importer.settings import Settings, read_settings
from importer.terminal.console import plain_table, print_whole
from importer.terminal.plain_text import fitted, plain_text

if TYPE_CHECKING:
    from rich.console import Console

BY_SCHEMA = "as the schema or the options say"
SAMPLES = 2
SAMPLE_ROWS = 200
STRONG = ("em", "ph")
CURRENCY = "a currency (--currency)"
ASKED_FOR = (*NEEDED.values(), CURRENCY)


@dataclass(frozen=True)
class Column:
    """One column of the file: its header, the fields it fills, how sure that is and why, and shapes of its values."""

    header: str
    fields: tuple[str, ...]
    confidence: str
    why: str
    samples: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values for JSON."""
        return {"field": next(iter(self.fields), None)} | asdict(self)


@dataclass(frozen=True)
class Columns:
    """What was recognised in a file, and what `send` would ask, or why it refuses it."""

    file: str
    format: str
    sheet: str
    header_line: int
    preamble: tuple[int, ...]
    description_line: int | None
    details: Mapping[str, str]
    schema: str
    title: str
    refusal: str
    guessed: bool
    columns: tuple[Column, ...]
    missing: tuple[str, ...]
    questions: tuple[Question, ...]
    saved: Path | None

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values for JSON."""
        plain = ("columns", "questions", "saved", "details")
        found = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in plain}
        return found | {
            "details": dict(self.details),
            "columns": [column.as_json() for column in self.columns],
            "questions": [question.as_json() for question in self.questions],
            "saved": None if self.saved is None else str(self.saved),
        }


@lists_options(ColumnsOptions, option_group(export_options, answer_options))
def columns(
    file: Importable, *, save: str | os.PathLike[str] | None = None, **options: Unpack[ColumnsOptions]
) -> Columns:
    """Recognise a file: its format, header and schema, which column fills which field and why, and what is asked.

    save: a path to write the schema to, to edit and to use with `--schema`. Samples show shapes, never values.
    """
    settings = read_settings((file,), options)
    target = None if save is None else Path(save)
    if target is not None:
        check_saved(target, settings)
    with fetched(settings.files) as inputs:
        if len(inputs) > 1:
            message = f"columns looks at one file, and these are {len(inputs)}; name one of them."
            raise UsageError(message)
        (source,) = inputs
        return _columns_of(source, settings, target)


def _columns_of(source: RunInput, settings: Settings, save: Path | None) -> Columns:
    recognised, surveyed, fault = _surveyed(source, settings)
    questions = () if surveyed is None else _questions(surveyed, settings)
    export, plan = recognised.export, recognised.plan
    if save is not None:
        known = plan.name in known_plans() and not settings.answers.given
        binding = recognised.binding if surveyed is None else surveyed.binding
        text = schema_text(plan.name) if known else as_toml(recognised, binding, settings)
        write_schema(save, text, Overwrite.OWN)
    return Columns(
        file=export.file,
        format=export.format,
        sheet=export.sheet,
        header_line=export.header_line,
        preamble=export.preamble,
        description_line=export.description_line,
        details=export.details,
        schema=plan.name,
        title=plan.title,
        refusal=plan.refusal,
        guessed=plan.guessed,
        columns=_columns(recognised),
        missing=() if plan.refusal else _lacks(recognised, questions, fault),
        questions=questions,
        saved=save,
    )


def _surveyed(source: RunInput, settings: Settings) -> tuple[Recognised, Surveyed | None, str]:
    """Read the file as a whole; where it holds no sale at all, only what its headers say is known, and why."""
    try:
        surveyed = survey_file(source, settings)
    except FileError as error:
        recognised = recognise_file(source, settings)
        return recognised, None, str(error).removeprefix(f"{recognised.export.file}: ")
    return surveyed.recognised, surveyed, ""


def _questions(surveyed: Surveyed, settings: Settings) -> tuple[Question, ...]:
    try:
        surveyed.settled(settings)
    except NeedsAnswer as error:
        return error.questions
    return surveyed.doubts


def _asked_for(binding: Binding, questions: Sequence[Question]) -> list[str]:
    """Name what no column holds and is asked for."""
    fields = [question.field or "" for question in questions if question.field not in binding.columns]
    needed = [NEEDED[field] for field in fields if field in NEEDED]
    return needed + [CURRENCY for question in questions if question.kind is Kind.CURRENCY]


def _lacks(recognised: Recognised, questions: Sequence[Question], fault: str) -> tuple[str, ...]:
    if not recognised.export.sample(1).num_rows:
        return ("rows; there are none below the header",)
    return missing(recognised.binding, questions, fault)


def missing(binding: Binding, questions: Sequence[Question], fault: str) -> tuple[str, ...]:
    """Name what no column holds, as `check` does: what it asks for, why it refuses the file, and keys to match by.

    fault: the sentence with which `check` ends, if it does.
    """
    lacks = [fault] if fault else []
    lacks += _asked_for(binding, questions)
    if not any(key in binding.columns for key in STRONG):
        lacks.append("an e-mail or phone column, without which hardly any sale is matched")
    return tuple(lacks)


def _columns(recognised: Recognised) -> tuple[Column, ...]:
    fields: dict[str, list[str]] = {}
    for field, name in used_fields(recognised.binding):
        fields.setdefault(name, []).append(field)
    readings = {reading.column: reading for reading in reversed(recognised.understanding.readings)}
    sample = recognised.export.sample(SAMPLE_ROWS)
    found = []
    for header, name in zip(recognised.export.headers, recognised.export.names, strict=True):
        reading, filled = readings.get(name), tuple(fields.get(name, ()))
        by_schema = reading is None or (filled and reading.field is None)
        found.append(
            Column(
                header=header,
                fields=filled,
                confidence="none" if not filled else "certain" if by_schema or reading is None else reading.confidence,
                why=BY_SCHEMA if by_schema or reading is None else reading.why,
                samples=_samples(as_text(sample.column(name)).drop_null().unique().to_pylist()),
            )
        )
    return tuple(found)


def _samples(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mask(text) for text in texts[:20]))[:SAMPLES]


def mask(text: str) -> str:
    """Return the shape of a value: letters as x and X, digits as 9, the rest as it is; at most 30 characters."""
    shape = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", lambda found: "X" if found[0].isupper() else "x", text))
    return " ".join(shape.split())[:30]


HINTS = {
    "money": '# [money]\n# currency = "EUR"  # when no column holds it',
    "time": '# [time]\n# zone = "Europe/Berlin"  # for times without a zone\n# order = "dmy"  # for 03/04/2026',
}
"""What a schema may say of tables that the written one leaves out."""


def as_toml(recognised: Recognised, binding: Binding, settings: Settings) -> str:
    """Write what was understood as a schema file to look at and to edit; what fills no field is listed as comments."""
    export, plan = recognised.export, answered_plan(binding, recognised.export.file, settings)
    used = {name for _, name in used_fields(binding)}
    unused = [header for header, name in zip(export.headers, export.names, strict=True) if name not in used and header]
    text = plan_text(plan)
    lines = [
        f"# Written by capi-import columns {export.file}; look through it, correct it, and use it with --schema.",
        text,
        *(hint for name, hint in HINTS.items() if f"[{name}]" not in text),
        "",
        "# Columns that fill no field; staff and companies are no customers.",
        *(f"#   {json.dumps(header, ensure_ascii=False)}" for header in unused),
    ]
    return "\n".join(lines) + "\n"


def show(found: Columns, console: Console, file: str | Path) -> None:
    """Print the same for a person: the file, its schema, a table of columns, what is missing, and what to run next."""
    from rich.text import Text  # noqa: PLC0415  slow to import

    plain = partial(plain_text, encoding=console.encoding)
    facts = {"format": found.format, "sheet": found.sheet, **found.details, "header in line": str(found.header_line)}
    if found.preamble:
        facts["lines before the header"] = ", ".join(str(line) for line in found.preamble)
    if found.description_line:
        facts["line of descriptions"] = str(found.description_line)
    facts["schema"] = f"{found.schema} ({found.title})" if found.title else found.schema
    facts["refused"] = found.refusal
    console.print(plain(found.file), style="bold", highlight=False, markup=False)
    for name, value in facts.items():
        if value:
            _print(console, plain(f"  {name}: {value}"), indent=4)
    table = plain_table("column", "fills", "sure", "looks like")
    for column in found.columns:
        sure = column.confidence if column.fields else ""
        fills = ", ".join(column.fields) or "-"
        cells = (column.header or "(no header)", fills, sure, "   ".join(column.samples))
        table.add_row(*(Text(plain(cell)) for cell in cells))
    print_whole(table, console)
    _show_why(found, console)
    for question in found.questions:
        _print(console, plain(f"Asked: {in_words([question])}"))
    for lack in found.missing:
        if lack in ASKED_FOR:  # told by its question
            continue
        _print(console, plain(f"Missing: {lack}"))
    if found.saved:
        _print(console, plain(f"Saved as {found.saved}: look through it, and use it as below."))
    console.print(plain(f"Next: {_next_command(found, file)}"), highlight=False, markup=False, soft_wrap=True)


def _next_command(found: Columns, file: str | Path) -> str:
    """Return the command that judges the file's rows, to be pasted."""
    sheet = ["--sheet", found.sheet] if found.sheet else []
    schema = ["--schema", str(found.saved)] if found.saved else []
    return shlex.join(["capi-import", "check", str(file), *sheet, *schema])


def _show_why(found: Columns, console: Console) -> None:
    """Print why the columns that no schema names fill what they fill."""
    understood = [column for column in found.columns if column.fields and column.why != BY_SCHEMA]
    if understood:
        console.print("Why:", highlight=False)
    for column in understood:
        text = f"  {', '.join(column.fields)}: {column.why}"
        _print(console, plain_text(text, console.encoding), indent=4)


def _print(console: Console, text: str, indent: int = 2) -> None:
    console.print(fitted(text, sys.stdout, indent), highlight=False, markup=False, soft_wrap=True)
