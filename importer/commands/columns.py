"""What was recognised in a file, to look at and to save as a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.core.binding import Binding
from importer.core.cells.cell_text import as_text
from importer.core.plan import SIGNS, Headers, Plan
from importer.core.tables.aliases import STAFF
from importer.errors import FileError
from importer.intake import NEEDED, Recognised, recognise_file
from importer.results import create_private
from importer.results.facts import used_fields
from importer.schema_files import known_plans, schema_text
from importer.settings import read_settings

if TYPE_CHECKING:
    from rich.console import Console

SAMPLES = 2
SAMPLE_ROWS = 200
STRONG = ("em", "ph")


@dataclass(frozen=True)
class Column:
    """One column of the file: its header, the fields it fills, and the shapes of a few of its values."""

    header: str
    fields: tuple[str, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """What was recognised in a file."""

    file: str
    format: str
    sheet: str
    header_line: int
    preamble: tuple[int, ...]
    description_line: int | None
    details: Mapping[str, str]
    schema: str
    title: str
    guessed: bool
    columns: tuple[Column, ...]
    missing: tuple[str, ...]
    saved: Path | None

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values for JSON."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("columns", "saved")}
        return found | {
            "details": dict(self.details),
            "columns": [{"header": c.header, "fields": c.fields, "samples": c.samples} for c in self.columns],
            "saved": None if self.saved is None else str(self.saved),
        }


def columns(file: str | Path, *, save: str | Path | None = None, **options: Any) -> Columns:
    """Recognise a file: its format, header and schema, and which column fills which field.

    save: a path to write the schema to, to edit and to use with `--schema`. Samples show shapes, never values.
    """
    settings = read_settings((file,), options)
    recognised = recognise_file(Path(file), settings)
    export, plan = recognised.export, recognised.plan
    if save is not None:
        _save(Path(save), recognised)
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
        guessed=plan.guessed,
        columns=_columns(recognised),
        missing=missing(recognised.binding),
        saved=None if save is None else Path(save),
    )


def missing(binding: Binding) -> tuple[str, ...]:
    """Name what no column holds."""
    lacks = [words for field, words in NEEDED.items() if field not in binding.columns]
    if "currency" not in binding.columns and binding.plan.money.currency is None:
        lacks.append("a currency (--currency)")
    if not any(key in binding.columns for key in STRONG):
        lacks.append("an e-mail or phone column, without which hardly any sale is matched")
    return tuple(lacks)


def _columns(recognised: Recognised) -> tuple[Column, ...]:
    fields: dict[str, list[str]] = {}
    for field, name in used_fields(recognised.binding):
        fields.setdefault(name, []).append(field)
    sample = recognised.export.sample(SAMPLE_ROWS)
    return tuple(
        Column(
            header=header,
            fields=tuple(fields.get(name, ())),
            samples=_samples(as_text(sample.column(name)).drop_null().unique().to_pylist()),
        )
        for header, name in zip(recognised.export.headers, recognised.export.names, strict=True)
    )


def _samples(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mask(text) for text in texts[:20]))[:SAMPLES]


def mask(text: str) -> str:
    """Return the shape of a value: letters as x and X, digits as 9, the rest as it is; at most 30 characters."""
    shape = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", lambda found: "X" if found[0].isupper() else "x", text))
    return " ".join(shape.split())[:30]


def _save(path: Path, recognised: Recognised) -> None:
    plan = recognised.plan
    text = schema_text(plan.name) if plan.name in known_plans() else as_toml(plan, recognised)
    try:
        with create_private(path) as file:
            file.write(text.encode())
    except FileExistsError as error:
        message = f"{path} exists already; remove it or give another path."
        raise FileError(message) from error
    except OSError as error:
        message = f"The schema cannot be written to {path}; check the folder and its permissions."
        raise FileError(message) from error


def as_toml(plan: Plan, recognised: Recognised) -> str:
    """Write a plan as a schema file to edit; columns that fill no field are listed as comments."""
    used = {name for _, name in used_fields(recognised.binding)}
    export = recognised.export
    unused = [header for header, name in zip(export.headers, export.names, strict=True) if name not in used and header]
    lines = [
        f"# Written by capi-import columns {export.file}; look through it, correct it, and use it with --schema.",
        f'name = "{re.sub(r"[^a-z0-9]+", "_", Path(export.file).stem.lower()).strip("_") or "my_export"}"',
        "",
        "[columns]",
        *(f"{field} = {_spec(spec)}" for field, spec in plan.columns.items()),
        "",
        "# Columns that fill no field. Staff and company names are no customers: " + ", ".join(STAFF[:4]) + ", ...",
        *(f"#   {json.dumps(header, ensure_ascii=False)}" for header in unused),
        "",
        "[event]",
        f'name = "{plan.event.name}"',
        f'action_source = "{plan.event.action_source}"  # where the sale took place: physical_store, phone_call, ...',
        "",
        "[money]",
        '# currency = "EUR"  # when no column holds it',
        "",
        "[time]",
        '# zone = "Europe/Berlin"  # for times without a zone',
        '# order = "dmy"  # for dates such as 03/04/2026',
        "",
        "[orders]",
        f'rows = "{plan.orders.rows}"  # "lines" when an order has several rows',
        f'total = "{plan.orders.total}"  # "sum" when each line has its own amount',
    ]
    if plan.orders.store is not None:
        lines.append(
            f"store = {json.dumps(plan.orders.store, ensure_ascii=False)}  # each of them counts its own orders"
        )
    if plan.custom:
        lines += ["", "[custom]", *(f"{json.dumps(name)} = {_spec(spec)}" for name, spec in plan.custom.items())]
    if plan.items:
        lines += ["", "[items]", *(f"{field} = {_spec(spec)}" for field, spec in plan.items.items())]
    for rule in plan.sale:
        lines += ["", "[[sale]]", f"column = {_strings(rule.column)}"]
        lines += [f"{sign} = true" for sign in SIGNS if getattr(rule, sign)]
        for name in ("sale", "refunded", "refund", "cancelled", "unpaid", "not_a_sale"):
            if values := getattr(rule, name):
                lines.append(f"{name} = {_strings(values)}")
        for name, default in DEFAULTS.items():
            if (value := getattr(rule, name)) != default:
                lines.append(f'{name} = "{value}"')
    return "\n".join(lines) + "\n"


DEFAULTS = {"blank": "sale", "other": "unknown_status"}


def _spec(spec: Headers) -> str:
    if spec.take == "sum":
        minus = f", minus = {_strings(spec.minus)}" if spec.minus else ""
        return f"{{ sum = {_strings(spec.headers)}{minus} }}"
    if spec.take == "all":
        return _strings(spec.headers)[1:-1] if len(spec.headers) == 1 else f"{{ all = {_strings(spec.headers)} }}"
    return _strings(spec.headers)


def _strings(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(json.dumps(value, ensure_ascii=False) for value in values) + "]"


def show(found: Columns, console: Console) -> None:
    """Print the same for a person: the file, its schema, a table of columns, and what is missing."""
    from rich.table import Table  # noqa: PLC0415  slow to import

    facts = {"format": found.format, "sheet": found.sheet, **found.details, "header in line": str(found.header_line)}
    if found.preamble:
        facts["lines before the header"] = ", ".join(str(line) for line in found.preamble)
    if found.description_line:
        facts["line of descriptions"] = str(found.description_line)
    facts["schema"] = f"{found.schema} ({found.title})" if found.title else found.schema
    console.print(f"[bold]{found.file}[/bold]", highlight=False)
    for name, value in facts.items():
        if value:
            console.print(f"  {name}: {value}", highlight=False, markup=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("column", "fills", "looks like"):
        table.add_column(heading, overflow="fold")
    for column in found.columns:
        table.add_row(column.header or "(no header)", ", ".join(column.fields) or "-", "   ".join(column.samples))
    console.print(table, highlight=False, markup=False)
    if found.guessed:
        console.print("The mapping was guessed from likeness: look at it before you send.", highlight=False)
    for lack in found.missing:
        console.print(f"Missing: {lack}", highlight=False, markup=False)
    if found.saved:
        console.print(f"Saved as {found.saved}; edit it and use --schema {found.saved}.", highlight=False, markup=False)
