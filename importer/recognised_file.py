"""A file opened, and which export it is: by a schema, or by what its headers and cells say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from importer.core.binding import Binding, ChannelColumn, bind
from importer.core.cells.cell_text import as_text
from importer.core.channels import channel_columns
from importer.core.model import Raw
from importer.core.plan import Plan, fold
from importer.core.recognise import as_written, header_counter, header_names, recognise
from importer.core.understanding.complete import completed
from importer.core.understanding.links import link_columns
from importer.core.understanding.understand import Understanding, understand
from importer.core.user_answers import NOTHING, apply
from importer.errors import FileError
from importer.fixed_rejects import without_added_columns
from importer.inputs import RunInput
from importer.read import Export, open_export, open_table
from importer.read.epoch_1904 import with_days_of_1900
from importer.read.header import Known
from importer.schema_files import known_plans, plan_named
from importer.settings import Settings

TOLD_ELSEWHERE = ("action_source", "event_name", "event_source", "lead_event_source")
"""Fields whose words say what an event is; where the sale was made is read from other columns."""

DAYS = ("event_time", "db")
"""Fields whose columns hold days."""

FORMATS: Mapping[str, Collection[str]] = {
    "csv": ("csv",),
    "parquet": ("parquet",),
    "xlsx": ("xlsx", "xls", "xlsb", "ods"),
}
"""What each --format stands for."""

SAMPLE_ROWS = 5_000
"""Rows by which a file that no schema describes is understood."""


@dataclass(frozen=True)
class Recognised:
    """An export and what is known of its kind.

    understanding: what its headers and cells say, of all its columns or of those that its schema does not name.
    sample: its first rows. unknown: columns of the user's answers that the file does not have.
    """

    export: Export
    binding: Binding
    understanding: Understanding
    sample: Raw
    unknown: frozenset[str] = frozenset()

    @property
    def plan(self) -> Plan:
        """The export's schema."""
        return self.binding.plan


def recognise_file(source: RunInput, settings: Settings) -> Recognised:
    """Open a file and find out which export it is; what no schema says is understood by its headers and cells."""
    plans = known_plans()
    told = plan_named(settings.schema, plans) if settings.schema else None
    count = header_counter([*plans.values(), *([told] if told else [])])
    export = _opened(source, settings, count).with_edits(settings.edits)
    export, sample = without_added_columns(export, export.sample(SAMPLE_ROWS))
    plan = told or recognise(plans.values(), export.headers)
    understanding = understand(export.headers, export.names, sample, _named(plan, export))
    plan = understanding.plan if plan is None else completed(as_written(plan, export.headers), understanding)
    plan, unknown = apply(plan, export.headers, settings.answers)
    binding = bind(plan, export.headers, export.names)
    links = link_columns(export.headers, export.names, binding.used - {name for _, name in binding.sale})
    binding = replace(binding, links=links, channels=_channel_columns(export, sample, binding, settings))
    days = [name for field in DAYS if field in binding.columns for name in binding.columns[field].names]
    return Recognised(with_days_of_1900(export, days), binding, understanding, sample, unknown)


def _opened(source: RunInput, settings: Settings, known: Known) -> Export:
    """Open an input; FileError where it is not of the kind that --format names."""
    if source.table is not None:
        return open_table(source.table, source.name)
    if source.path is None:
        message = f"{source.name} was not fetched"
        raise ValueError(message)
    export = open_export(source.path, sheet=settings.sheet, encoding=settings.encoding, known=known)
    if settings.format is not None and export.format not in FORMATS[settings.format]:
        message = f"{source.name} is {export.format}, not {settings.format}; correct --format, or leave it out."
        raise FileError(message)
    return replace(export, file=source.name)


def _channel_columns(export: Export, sample: Raw, binding: Binding, settings: Settings) -> tuple[ChannelColumn, ...]:
    """Find the columns that say where a sale was made; where no schema describes the file, their values are read."""
    told = {name for field in TOLD_ELSEWHERE if field in binding.columns for name in binding.columns[field].names}
    free = [name for name in export.names if name not in told]
    read = binding.plan.from_headers
    samples = {name: as_text(sample.column(name)).drop_null().to_pylist() if read else [] for name in free}
    found = channel_columns(binding.plan, export.headers, export.names, samples)
    dropped = {fold(column) for column, field in settings.map if field == NOTHING}
    return tuple(column for column in found if fold(column.header) not in dropped)


def _named(plan: Plan | None, export: Export) -> Collection[str]:
    """Return the columns of a file that its schema names, for whatever purpose."""
    if plan is None:
        return ()
    known = header_names([plan])
    return [name for header, name in zip(export.headers, export.names, strict=True) if fold(header) in known]


def recognise_people(path: Path) -> Recognised:
    """Understand a customer file, which holds no sales."""
    export = open_export(path, known=header_counter(known_plans().values()))
    sample = export.sample(SAMPLE_ROWS)
    understanding = understand(export.headers, export.names, sample)
    return Recognised(export, bind(understanding.plan, export.headers, export.names), understanding, sample)
