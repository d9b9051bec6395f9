"""Outcomes in the file's order, although the scattered lines of an order leave the pipeline together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from importer.core.model import Outcomes


class FileOrder:
    """Holds outcomes back until every row before them has come; the rows of a file are numbered 1, 2, 3 ..."""

    def __init__(self) -> None:
        self._next = 1
        self._held: list[Outcomes] = []

    def push(self, outcomes: Outcomes) -> Iterator[Outcomes]:
        """Take outcomes in and yield those that may be written now, in order; usually all of them at once."""
        rows = np.asarray(outcomes.column("row"))
        if not self._held and len(rows) and rows[0] == self._next and (np.diff(rows) == 1).all():
            self._next += len(rows)
            yield outcomes
            return
        self._held.append(outcomes)
        yield from self._release()

    def rest(self) -> Iterator[Outcomes]:
        """Yield what is still held, in order: of a run that ended early."""
        if self._held:
            yield self._sorted()
            self._held = []

    def _release(self) -> Iterator[Outcomes]:
        if not any(self._next in np.asarray(held.column("row")) for held in self._held):
            return
        held = self._sorted()
        rows = np.asarray(held.column("row"))
        ready = int(np.logical_and.accumulate(rows == np.arange(self._next, self._next + len(rows))).sum())
        self._next += ready
        self._held = [Outcomes(held.slice(ready))] if ready < len(rows) else []
        yield Outcomes(held.slice(0, ready))

    def _sorted(self) -> Outcomes:
        table = pa.Table.from_batches(self._held, schema=self._held[0].schema).sort_by("row").combine_chunks()
        columns = [column.chunk(0) for column in table.columns]
        return Outcomes(pa.RecordBatch.from_arrays(columns, schema=table.schema))
