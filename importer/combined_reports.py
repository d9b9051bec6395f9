"""Several reports as one account: each sale once, as it stands now.

A sale is known by its event id. A row without one (invalid, skipped) is known by its order id, where time or amount
agree too, since tills use numbers again. What Meta accepted stays so; else what was sent before does; else the latest
report speaks. Rows that name neither are counted as they stand, but for those whose rejects file was imported whole.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.core.kernels.arrays import Mask, one_chunk
from importer.core.kernels.hash64 import Words, text_hashes
from importer.core.model import Column, Outcomes, Status
from importer.errors import UsageError
from importer.results.facts import Facts
from importer.results.files_db import written_at
from importer.results.totals import TO_FIX, TOO_LATE, Totals
from importer.results.value_counts import among
from importer.stored_reports import facts_in, read_report, rows_of

NONE = np.uint64(0)
"""The word of a cell that is blank."""


@dataclass(frozen=True)
class _Rows:
    """The rows of all reports, in the order of time. report: which one; the words: hashes of cells."""

    report: npt.NDArray[np.int64]
    order: Words
    event: Words
    name: Words
    time: Words
    value: Words
    accepted: Mask
    ready: Mask
    repeated: Mask
    to_fix: Mask
    file: Words


def read_reports(paths: Sequence[Path]) -> tuple[Totals, list[Facts]]:
    """Return the totals of stored reports and the facts of their runs, the oldest first.

    UsageError: some are of `check` and some of `send`.
    """
    if len(paths) == 1:
        totals, one = read_report(paths[0])
        return totals, [] if one is None else [one]
    found = sorted(((facts_in(path), path) for path in paths), key=lambda pair: _began(*pair))
    reports = [path for _, path in found]
    rows = _joined([_words(number, batch) for number, path in enumerate(reports) for batch in rows_of(path)])
    if len({facts.check for facts, _ in found if facts is not None}) > 1 or (rows.ready.any() and rows.accepted.any()):
        message = "Reports of check and of send are not combined, because what was only checked never reached Meta."
        raise UsageError(message)
    kept = _kept(rows, [facts for facts, _ in found])
    totals = Totals()
    for number, path in enumerate(reports):
        its, _ = read_report(path, kept[rows.report == number])
        totals += its
    return totals, [facts for facts, _ in found if facts is not None]


def _began(facts: Facts | None, path: Path) -> str:
    """Return when a report's run was, as far as that is known."""
    if facts is not None and facts.began:
        return facts.began
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else datetime.now(UTC)
    return written_at(path) or f"{changed:%Y-%m-%dT%H:%M:%SZ}"


def _words(number: int, rows: Outcomes) -> _Rows:
    status, reason = rows.column("status"), rows.column("reason")
    cells = {name: _hashes(rows.column(name)) for name in ("order_id", "event_id", "event_name", "event_time", "file")}
    return _Rows(
        report=np.full(rows.num_rows, number),
        order=cells["order_id"],
        event=cells["event_id"],
        name=cells["event_name"],
        time=cells["event_time"],
        value=_hashes(one_chunk(rows.column("value").cast(pa.string()))),
        accepted=among(status, [Status.ACCEPTED]),
        ready=among(status, [Status.READY]),
        repeated=among(status, [Status.DUPLICATE]) & ~among(reason, ["same_file"]),
        to_fix=among(status, TO_FIX) & ~among(reason, TOO_LATE),
        file=cells["file"],
    )


def _hashes(column: Column) -> Words:
    words = text_hashes(column) | np.uint64(1)
    words[np.asarray(column.is_null()).astype(np.bool_)] = NONE
    return words


def _joined(parts: Sequence[_Rows]) -> _Rows:
    names = _Rows.__dataclass_fields__
    return _Rows(**{name: np.concatenate([getattr(part, name) for part in parts] or [np.empty(0)]) for name in names})


def _kept(rows: _Rows, facts: Sequence[Facts | None]) -> Mask:
    """Return the rows that tell how things stand now."""
    kept = _latest_of_events(rows) & ~_fixed_elsewhere(rows, facts)
    for place in _superseded(rows):
        kept[place] = False
    return kept


def _latest_of_events(rows: _Rows) -> Mask:
    """Keep of each event the rows of the report that says what became of it."""
    kept: Mask = np.ones(len(rows.event), np.bool_)
    named = np.flatnonzero(rows.event != NONE)
    if not len(named):
        return kept
    report, count = rows.report[named], int(rows.report.max()) + 1
    rank = np.where(rows.repeated[named], count + report, report)
    rank = np.where(rows.accepted[named], 3 * count - report, rank)  # the first of them, since it is the one
    order = np.lexsort((rank, rows.event[named]))
    events = rows.event[named][order]
    last = np.append(events[1:] != events[:-1], True)
    chosen = report[order][last][np.searchsorted(events[last], rows.event[named])]
    kept[named] = chosen == report
    return kept


def _superseded(rows: _Rows) -> Iterator[int]:
    """Yield the rows of orders of which another report says more, where one of the two rows has no event id."""
    named = rows.order != NONE
    orders, counts = np.unique(rows.order[named], return_counts=True)
    open_orders = np.intersect1d(orders[counts > 1], rows.order[(rows.event == NONE) & named])
    groups: dict[int, list[_Line]] = defaultdict(list)
    final = rows.accepted | rows.repeated
    for place in np.flatnonzero(np.isin(rows.order, open_orders) & named).tolist():
        cells = (int(rows.name[place]), int(rows.time[place]), int(rows.value[place]))
        line = _Line(place, int(rows.report[place]), bool(final[place]), bool(rows.event[place] == NONE), *cells)
        groups[int(rows.order[place])].append(line)
    for lines in groups.values():
        yield from _outdated(lines)


class _Line(NamedTuple):
    """A row among those of its order. final: no later report says more. nameless: it has no event id."""

    place: int
    report: int
    final: bool
    nameless: bool
    name: int
    time: int
    value: int

    def bears(self) -> Iterator[_Key]:
        """Yield what this row is found by."""
        for kind, cell in (("time", self.time), ("value", self.value)):
            for nameless in {self.nameless, False}:
                yield from product((nameless,), (self.name, None), (kind,), (cell, None))

    def seeks(self) -> Iterator[_Key]:
        """Yield what rows are found by that are the same sale: of the same event, at the same time or of one amount.

        What a row does not say agrees with whatever the other says. One of both has no event id.
        """
        for kind, cell in (("time", self.time), ("value", self.value)):
            yield from product((not self.nameless,), _agreeing(self.name), (kind,), _agreeing(cell))


_Key: TypeAlias = tuple[bool, int | None, str, int | None]
"""Whether only rows without an event id are meant, the event's name, and time or value; None: whatever it is."""


def _agreeing(word: int) -> tuple[int | None, ...]:
    return (None,) if word == NONE else (word, int(NONE))


def _outdated(lines: Sequence[_Line]) -> Iterator[int]:
    """Yield the rows of one order of which another one says more; an order id may stand on any number of rows."""
    newest: dict[_Key, float] = {}
    for line in lines:
        for key in line.bears():
            newest[key] = max(newest.get(key, -1), math.inf if line.final else line.report)
    for line in lines:
        if not line.final and any(newest.get(key, -1) > line.report for key in line.seeks()):
            yield line.place


def _fixed_elsewhere(rows: _Rows, facts: Sequence[Facts | None]) -> Mask:
    """Return the rows to fix whose rejects file was imported whole: a later report has as many rows of that file."""
    fixed: Mask = np.zeros(len(rows.event), np.bool_)
    for number, run in enumerate(facts):
        if run is None or not run.rejects:
            continue
        mine = (rows.report == number) & rows.to_fix
        name = _hashes(pa.array([run.rejects], pa.string()))[0]
        for later in range(number + 1, len(facts)):
            theirs = (rows.report == later) & (rows.file == name)
            if mine.any() and theirs.sum() == mine.sum() and _is_of(run, facts[later]):
                fixed |= mine
    return fixed


def _is_of(run: Facts, later: Facts | None) -> bool:
    """Tell whether the rejects of a run may be a file of a later one: the same dataset, the same columns."""
    if later is None or later.dataset != run.dataset or not run.files:
        return False
    headers = [column.header for column in run.files[0].columns]
    return any(file.file == run.rejects and [one.header for one in file.columns] == headers for file in later.files)
