"""A run writes no file that it reads: told before anything is read, since a mistake would cost the only copy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from importer.errors import UsageError
from importer.results.output_files import ENDINGS, check_target
from importer.results.summary_page.render import PAGE_ENDINGS
from importer.settings import Settings

LEDGER_ENDINGS = ("", "-wal", "-shm", "-journal")
"""What SQLite writes beside a ledger."""
LOCK_ENDINGS = (".lock", ".reserve")
"""What a run keeps beside a ledger, with the dataset's name before it."""


def check_outputs(settings: Settings, saved: Path | None = None) -> None:
    """Raise UsageError unless every file that will be written is another than all that are read, and than the others.

    saved: the schema that `columns` writes.
    """
    kept = files_to_keep(settings)
    targets: list[tuple[Path | None, Sequence[str] | None]] = [
        (settings.report_path, ENDINGS),
        (settings.rejects, ENDINGS),
        (settings.summary, PAGE_ENDINGS),
        (settings.save_answers, None),
        (saved, None),
    ]
    for path, endings in targets:
        if path is not None:
            _check_locks(path, settings.ledger)
            check_target(path, kept, (path.suffix.lower(),) if endings is None else endings)
            kept.append(path)


def files_to_keep(settings: Settings) -> list[Path]:
    """Return the inputs, the customer file, the token file, the schema and the ledger."""
    schema = None if settings.schema is None else Path(settings.schema)  # or a name, where no file is called so
    place = settings.ledger.resolve()  # beside which SQLite writes
    ledger = [place.with_name(place.name + ending) for ending in LEDGER_ENDINGS]
    inputs = [file.path for file in settings.files]
    told = [*inputs, settings.customers, settings.token_file, *ledger]
    return [path for path in told if path is not None] + ([schema] if schema is not None and schema.is_file() else [])


def _check_locks(path: Path, ledger: Path) -> None:
    """Raise UsageError for a file that a run may keep beside the ledger while it lasts."""
    target, place = path.resolve(), ledger.resolve()
    is_lock = target.name.startswith(f"{place.name}.") and target.suffix in LOCK_ENDINGS
    if is_lock and target.parent == place.parent:
        message = f"Writing {path} would overwrite what a run keeps beside the ledger; give another path."
        raise UsageError(message)
