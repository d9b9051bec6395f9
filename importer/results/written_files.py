"""Files that a run writes take nobody's place: not that of a file that it reads, nor of one that somebody else wrote.

`send` moves to the next free number. `check` replaces what this program wrote and nobody changed since, and refuses
any other file before anything is read, since a mistake would cost the only copy.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from importer.errors import UsageError
from importer.ledger_place import Place
from importer.results.files_db import Standing, standing
from importer.results.output_files import ENDINGS, Overwrite, check_target, next_free
from importer.results.summary_page.render import PAGE_ENDINGS
from importer.settings import Settings

LOG = logging.getLogger("importer")

LEDGER_ENDINGS = ("", "-wal", "-shm", "-journal")
"""What SQLite writes beside a ledger."""
LOCK_ENDINGS = (".lock", ".reserve")
"""What a run keeps beside a ledger, with the dataset's name before it."""

OUTPUTS = {"report": ENDINGS, "rejects": ENDINGS, "summary": PAGE_ENDINGS, "save_answers": None}
"""The options of files that a run writes, with their endings; None for any."""


def overwriting(settings: Settings, *, check: bool) -> Overwrite:
    """Return which older files a run may replace."""
    if settings.force:
        return Overwrite.ANY
    return Overwrite.OWN if check else Overwrite.NEVER


def settings_of_check(settings: Settings) -> Settings:
    """Return settings whose report is by default FILE.check.csv, which no report of `send` bears."""
    place = settings.report_path
    if place is None or settings.report is not None:
        return settings
    return replace(settings, report=place.with_name(place.name.removesuffix(".report.csv") + ".check.csv"))


def check_outputs(settings: Settings) -> None:
    """Raise UsageError unless every file that `check` will write is new, its own or to be overwritten by --force.

    None of those that are read is ever overwritten, nor another one that is written.
    """
    kept = files_to_keep(settings)
    for path, endings in _targets(settings):
        _check_place(path, endings, kept, settings.ledger)
        if not settings.force:
            require_own(path, "give another path, or --force to overwrite it")
        kept.append(path)


def check_saved(path: Path, settings: Settings) -> None:
    """Raise UsageError unless the schema that `columns` writes is new, or replaces one of its own."""
    _check_place(path, None, files_to_keep(settings), settings.ledger)
    require_own(path, "remove it or give another path")


def require_own(path: Path, what_to_do: str) -> None:
    """Raise UsageError where a file stands that this program did not write, or that was changed since."""
    found = standing(path)
    if found in {Standing.FOREIGN, Standing.CHANGED}:
        why = "was changed since this program wrote it" if found is Standing.CHANGED else "is not by this program"
        message = f"{path} exists already and {why}; {what_to_do}."
        raise UsageError(message)


def check_sent_outputs(settings: Settings) -> None:
    """Raise UsageError where `send` cannot write its files: an ending is unknown, or two of them are one.

    With --force also where one is a file that is read; else it takes the next free number (`free_outputs`).
    """
    kept = files_to_keep(settings) if settings.force else []
    for path, endings in _targets(settings):
        _check_place(path, endings, kept, settings.ledger)
        kept.append(path)


def free_outputs(settings: Settings) -> Settings:
    """Return settings in which report, rejects and summary have names under which nothing stands.

    What takes another number is said.
    """
    if settings.force:
        return settings
    kept, found = files_to_keep(settings), dict[str, Path]()
    for name in ("report", "rejects", "summary"):
        wanted = _wanted(settings, name)
        if wanted is not None:
            found[name] = next_free(wanted, [*kept, *found.values()])
            if found[name] != wanted:
                LOG.warning("%s is there already; this run's is %s.", wanted, found[name])
    return replace(settings, report=found.get("report"), rejects=found.get("rejects"), summary=found.get("summary"))


def _targets(settings: Settings) -> Iterator[tuple[Path, Sequence[str] | None]]:
    """Yield each file that a run writes, and the endings that it may have."""
    for name, endings in OUTPUTS.items():
        path = _wanted(settings, name)
        if path is not None:
            yield path, endings


def _wanted(settings: Settings, name: str) -> Path | None:
    """Return where a file that a run writes shall stand; a report has a place of its own where none is told."""
    place: Path | None = settings.report_path if name == "report" else getattr(settings, name)
    return place


def files_to_keep(settings: Settings) -> list[Path]:
    """Return the inputs, the other files that options name to be read, the schema and the ledger."""
    schema = None if settings.schema is None else Path(settings.schema)  # or a name, where no file is called so
    place = settings.ledger.resolve() if isinstance(settings.ledger, Path) else None  # beside which SQLite writes
    ledger = [] if place is None else [place.with_name(place.name + ending) for ending in LEDGER_ENDINGS]
    inputs = [file.path for file in settings.files]
    others = [settings.customers, settings.suppress, settings.datasets, settings.token_file, settings.edits_file]
    told = [*inputs, *others, *ledger, schema if schema is not None and schema.is_file() else None]
    return [path for path in told if path is not None]


def _check_place(path: Path, endings: Sequence[str] | None, kept: Sequence[Path], ledger: Place) -> None:
    """Raise UsageError for an ending that is none of these, and where writing would destroy one of the kept files."""
    _check_locks(path, ledger)
    check_target(path, kept, (path.suffix.lower(),) if endings is None else endings)


def _check_locks(path: Path, ledger: Place) -> None:
    """Raise UsageError for a file that a run may keep beside the ledger while it lasts."""
    if not isinstance(ledger, Path):
        return
    target, place = path.resolve(), ledger.resolve()
    is_lock = target.name.startswith(f"{place.name}.") and target.suffix in LOCK_ENDINGS
    if is_lock and target.parent == place.parent:
        message = f"Writing {path} would overwrite what a run keeps beside the ledger; give another path."
        raise UsageError(message)
