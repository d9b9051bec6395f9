"""`ledger` and `ledger forget`: show what the ledger holds, and remove it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import LedgerError, UsageError
from importer.ledger_place import Place, shown
from importer.settings import ledger_path
from importer.state_folders import ledger_memory
from importer.store import Total, open_ledger
from importer.terminal.console import plain_table, print_whole
from importer.terminal.plain_text import plain_text

if TYPE_CHECKING:
    from rich.console import Console


def ledger(path: Place | None = None) -> tuple[Total, ...]:
    """Count the sales accepted and in doubt per dataset and file, with their first and last day."""
    with open_ledger(ledger_path(path), read_only=True) as held:
        return tuple(held.totals())


def forget(dataset: str, before: str | date, path: Place | None = None, file: str | None = None) -> int:
    """Forget the sales of a dataset before a day, so that they would be sent again; return how many.

    file: only those of the file of this name.
    """
    day = _day(before)
    with open_ledger(_existing(path), memory=ledger_memory()) as held:
        return held.forget(dataset, day, file)


def forgettable(dataset: str, before: str | date, path: Place | None = None, file: str | None = None) -> int:
    """Count the sales that `forget` would forget; a UsageError says what the ledger holds where it is nothing."""
    day = _day(before)
    with open_ledger(_existing(path), read_only=True) as held:
        totals = held.totals()
        _require(dataset, "dataset", dict.fromkeys(row.dataset for row in totals))
        if file is not None:
            _require(file, "file", dict.fromkeys(row.file for row in totals if row.dataset == dataset))
        return held.count_before(dataset, day, file)


def _require(name: str, kind: str, known: Collection[str]) -> None:
    if name not in known:
        near = get_close_matches(name, known, 1, 0.5) or [one for one in known if one.startswith(name)]
        hint = f"; did you mean {near[0]}?" if near else ". What it holds: capi-import ledger"
        message = f"The ledger holds no {kind} {name}{hint}"
        raise UsageError(message)


def _day(before: str | date) -> date:
    try:
        return before if isinstance(before, date) else date.fromisoformat(before)
    except ValueError as error:
        message = f"--before {before} is not a valid date; write it like 2026-10-31."
        raise UsageError(message) from error


def ledger_check(path: Place | None = None) -> tuple[str, ...]:
    """Return what is wrong with the ledger, in sentences; nothing where it is whole."""
    try:
        with open_ledger(_existing(path), read_only=True, memory=ledger_memory()) as held:
            faults = held.faults()
            held.require_newest()
    except LedgerError as error:
        return (str(error),)
    return tuple(faults)


def ledger_backup(target: str | Path, path: Place | None = None) -> Path:
    """Write a copy of the ledger to a new file, also while a run writes it; return the file's path."""
    with open_ledger(_existing(path), read_only=True) as held:
        held.backup(Path(target))
    return Path(target)


def ledger_copy(source: Place, target: Place) -> Place:
    """Copy a whole ledger into a new one, from a file to PostgreSQL or back; return the new one's place."""
    existing, new = _existing(source), ledger_path(target)
    with open_ledger(existing, read_only=True, memory=ledger_memory()) as held:
        held.require_newest()
        with open_ledger(new) as copy:
            copy.fill(held.rows())
    return new


def ledger_accept(path: Place | None = None) -> None:
    """Say that this ledger is meant, though it is older than when it was last used on this machine."""
    with open_ledger(_existing(path), memory=ledger_memory()) as held:
        held.accept()


def _existing(path: Place | None) -> Place:
    place = ledger_path(path)
    if _is_missing(place):
        message = f"There is no ledger at {shown(place)}; correct --ledger (or CAPI_LEDGER)."
        raise UsageError(message)
    return place


def _is_missing(place: Place) -> bool:
    if isinstance(place, Path):
        return not place.exists()
    with open_ledger(place, read_only=True) as held:
        return held.is_new


def show(totals: tuple[Total, ...], console: Console) -> None:
    """Print the totals as a table."""
    from rich.text import Text  # noqa: PLC0415  slow to import

    if not totals:
        console.print("The ledger holds nothing yet.")
        return
    table = plain_table("dataset", "file", "accepted", "in doubt", "sales from", "to", "sent", right=(2, 3))
    for row in totals:
        names = (Text(plain_text(name, console.encoding)) for name in (row.dataset, row.file))
        table.add_row(*names, f"{row.accepted:,}", f"{row.in_doubt:,}", row.first, row.last, row.sent)
    print_whole(table, console)
