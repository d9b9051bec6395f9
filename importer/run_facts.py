"""What a run is, told from its files and settings, for the summary and the Parquet report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath

from importer.core.plan import Binding
from importer.intake import Intake
from importer.results.facts import ColumnFacts, Facts, FileFacts
from importer.results.outcomes import readable
from importer.settings import Settings

SHOWN = (
    "schema", "sheet", "encoding", "customers", "join_on", "event_name", "action_source", "currency", "country",
    "timezone", "date_order", "already_hashed", "ldu", "batch_size", "concurrency", "graph_version", "test_event_code",
)  # fmt: skip
"""Options that say how the rows were read and sent; none of them is secret."""


def describe(intakes: Sequence[Intake], settings: Settings, *, check: bool) -> Facts:
    """The facts that are known when the run begins."""
    return Facts(
        command="check" if check else "send",
        program=_version(),
        began=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        now=intakes[0].preparation.now if intakes else None,
        dataset=settings.dataset,
        files=tuple(_file(intake) for intake in intakes),
        options=_options(settings),
        report=readable(settings.report_path.name),
        rejects=None if settings.rejects is None else readable(settings.rejects.name),
    )


def _version() -> str:
    try:
        return version("capi-import")
    except PackageNotFoundError:  # run from a folder without being installed
        return ""


def _options(settings: Settings) -> Mapping[str, str]:
    """The options that were given, as they are written; a path by its name only."""
    defaults = Settings(files=settings.files)
    given = {name: getattr(settings, name) for name in SHOWN if getattr(settings, name) != getattr(defaults, name)}
    return {f"--{name.replace('_', '-')}": "" if value is True else _written(value) for name, value in given.items()}


def _written(value: object) -> str:
    """An option's value; of a path only the name."""
    return readable(
        PurePath(str(value)).name if isinstance(value, str | PurePath) and "/" in str(value) else str(value)
    )


def _file(intake: Intake) -> FileFacts:
    export, plan = intake.export, intake.plan
    fields: dict[str, list[str]] = {}
    for name, column in used_fields(intake.preparation.binding):
        fields.setdefault(column, []).append(name)
    return FileFacts(
        file=readable(export.file),
        sheet=readable(export.sheet),
        format=export.format,
        schema=plan.name,
        title=plan.title,
        guessed=plan.guessed,
        rows=intake.found.rows,
        layout=plan.orders.rows,
        details=dict(export.details),
        columns=tuple(
            ColumnFacts(header, tuple(fields.get(name, ())))
            for header, name in zip(export.headers, export.names, strict=True)
        ),
    )


def used_fields(binding: Binding) -> Iterator[tuple[str, str]]:
    """Each field with each column that fills it."""
    for prefix, sources in (("", binding.columns), ("custom_data.", binding.custom), ("contents.", binding.items)):
        for field, source in sources.items():
            for name in source.names:
                yield prefix + field, name
    for name in binding.packed:
        yield "contents", name
    for _, name in binding.sale:
        yield "sale filter", name
