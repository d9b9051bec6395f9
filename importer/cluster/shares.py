"""How the work on one file is divided among tasks, so that the batches are those of one process.

Where the file can be cut, a task reads a stretch of it: it begins where a batch of one process would. What one process
would hold back there, the lines of an order that goes on, is read again by the task that completes it. Where it cannot
be cut, or where what a row means may stand anywhere above it, each task reads the file from its beginning, and prepares
some of its batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice, pairwise
from math import gcd

import numpy as np
import pyarrow as pa

from importer.cluster.prepared_folder import Folder
from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES, Raw
from importer.core.repeated_ids import LastRows
from importer.core.whole_orders import has_lines, has_several_orders, held_back, whole_orders
from importer.intake import Intake
from importer.read.stretches import Cut, Stretch

EVERY = gcd(BATCH_ROWS, ROWS_WITHOUT_BODIES)
"""Rows between two cuts: tasks of the survey and of preparing begin at some of them."""

TASK_ROWS = 1_000_000
"""Rows of a task, where that makes enough tasks: so much is done again when a worker dies."""


@dataclass(frozen=True)
class OfStretch:
    """What a task reads: a stretch.

    above: cuts before it, nearest first; its first order begins behind one of them. is_last: the file ends with it.
    """

    stretch: Stretch
    above: tuple[Cut, ...]
    is_last: bool

    def batches(self, intake: Intake) -> Iterator[Raw]:
        """Yield its batches, in which every order is whole."""
        source = intake.export.batches(rows=BATCH_ROWS, stretch=self.stretch)
        held = self._held(intake)
        return whole_orders(source, intake.preparation.binding, None, held=held, goes_on=not self.is_last)

    def _held(self, intake: Intake) -> Raw | None:
        binding = intake.preparation.binding
        for cut in self.above:
            batches = list(intake.export.batches(rows=BATCH_ROWS, stretch=Stretch(cut, self.stretch.begin)))
            rows = Raw(pa.concat_batches(batches))
            if cut.row == 1 or has_several_orders(rows, binding):
                return held_back(rows, binding)
        return None


@dataclass(frozen=True)
class LastRowsFile:
    """A file in the folder that holds the last row of each order: hashes and numbers of rows."""

    folder: Folder
    name: str

    def write(self, last_rows: LastRows) -> None:
        """Write it."""
        with self.folder.new_file(self.name) as file:
            np.save(file, np.stack(last_rows))

    @contextmanager
    def read(self) -> Iterator[LastRows]:
        """Yield what was written, without a copy in memory."""
        with self.folder.local(self.name) as path:
            yield LastRows(*np.load(path, mmap_mode="r"))


@dataclass(frozen=True)
class OfWhole:
    """What a task reads: the file from its beginning, up to the last of its batches.

    first, end: the numbers of its first batch and of the first one that is not its own. last_rows: where lines of some
    order do not stand together.
    """

    first: int = 0
    end: int | None = None
    last_rows: LastRowsFile | None = None

    def batches(self, intake: Intake) -> Iterator[Raw]:
        """Yield its batches, in which every order is whole."""
        with nullcontext() if self.last_rows is None else self.last_rows.read() as last_rows:
            yield from islice(intake.batches_by(last_rows, BATCH_ROWS), self.first, self.end)


Share = OfStretch | OfWhole


def stretches(cuts: Sequence[Cut], rows: int, tasks: int) -> list[Stretch]:
    """Return about so many stretches of whole batches of `rows`, alike in size, at cuts where little else is read."""
    places = [place for place, cut in enumerate(cuts[:-1]) if (cut.row - 1) % rows == 0]
    step = max(1.0, len(places) / tasks)
    chosen = {0}
    for number in range(1, round(len(places) / step)):
        wanted = number * step
        near = range(int(wanted - step / 2) + 1, min(len(places), int(wanted + step / 2) + 1))
        chosen.add(places[min(near, key=lambda at: (cuts[places[at]].skipped, abs(at - wanted)), default=0)])
    return [Stretch(cuts[first], cuts[last]) for first, last in pairwise([*sorted(chosen), len(cuts) - 1])]


def shares(intake: Intake, cuts: Sequence[Cut], workers: int, last_rows: LastRowsFile | None) -> list[Share]:
    """Divide the preparing of a file. cuts: where it can be cut, if it can; last_rows: as in `OfWhole`."""
    rows = intake.found.rows
    tasks = max(2 * workers, -(-rows // TASK_ROWS))
    if len(cuts) > 1 and last_rows is None and not intake.has_headings:
        return list(_of_stretches(intake, cuts, stretches(cuts, BATCH_ROWS, tasks)))
    batches = -(-rows // BATCH_ROWS)
    firsts = sorted({batches * number // workers for number in range(workers)})
    return [OfWhole(first, end, last_rows) for first, end in zip(firsts, [*firsts[1:], None], strict=True)]


def _of_stretches(intake: Intake, cuts: Sequence[Cut], parts: Sequence[Stretch]) -> Iterator[OfStretch]:
    places = {cut.row: place for place, cut in enumerate(cuts)}
    for part in parts:
        above: tuple[Cut, ...] = ()
        if has_lines(intake.preparation.binding) and part.begin.row > 1:
            place = places[part.begin.row]
            steps = [1 << power for power in range(place.bit_length())]
            above = tuple(cuts[max(0, place - step)] for step in [*steps, place])
        yield OfStretch(part, above, part is parts[-1])
