"""The totals of a run while it lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from importer.core.kernels.arrays import Mask
from importer.core.model import Delivered, Outcomes
from importer.results.advice import Observations, advice
from importer.results.first_rows import FirstRows
from importer.results.totals import SENDABLE, Totals
from importer.results.value_counts import among, those


class RunTotals:
    """Counts delivered rows: their totals, and what the sales that can be sent have in common.

    layouts: by file, `lines` or `orders` (see `FirstRows`).
    """

    def __init__(self, layouts: Mapping[str, str]) -> None:
        self.totals = Totals()
        self._seen = Observations()
        self._first_rows = FirstRows(layouts)

    def add(self, rows: Outcomes, delivered: Delivered) -> None:
        """Count one batch of one file, as it was delivered and in the columns of the report.

        Of the sales that can be sent the first row bears the payload; of the others it is found by their names.
        """
        sendable = among(rows.column("status"), SENDABLE)
        first: Mask = np.asarray(delivered.column("payload").is_valid()).astype(np.bool_) & sendable
        self._seen.add(those(delivered.select(["event_time", "value"]), first))
        if not sendable.all():
            others = Outcomes(those(rows, ~sendable))
            first[~sendable] = self._first_rows.of(others.column("file")[0].as_py(), others)
        self.totals.add(rows, first)

    def advice(self, now: float) -> Iterator[str]:
        """Yield plain sentences of advice. now: UTC seconds."""
        yield from advice(self.totals, self._seen, now)
