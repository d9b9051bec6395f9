"""Sales that an earlier run of the same work had accepted, and died: in its report they are accepted, not repeats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import Status
from importer.delivery.known_sales import settle_known
from importer.delivery.ledger_thread import LedgerThread
from importer.delivery.look_up import EarlierSales
from importer.delivery.outcome import Likeness, Outcome, repeat_of
from importer.delivery.prepared_batch import PreparedBatch
from importer.store import Known
from importer.store.same_sale import NEW, OTHER

ACCEPTED = Outcome(Status.ACCEPTED)


class ResumedSales:
    """Treats what those runs had accepted as if it were accepted now, where the rows come again in the same order.

    resumes: tells whether a run, by its number in the ledger, was one of the same work.
    """

    def __init__(self, ledger: LedgerThread, resumes: Callable[[int], bool]) -> None:
        self._ledger, self._resumes = ledger, resumes
        self._earlier = EarlierSales()

    def set_apart(self, batch: PreparedBatch, known: Known) -> Indices:
        """Take what such runs had accepted out of what is known; settle repeats of it, and return the other events."""
        claims = np.unique(known.claims[known.claims >= 0])
        run_of = {claim: self._ledger.acceptance(claim).run for claim in claims.tolist()}
        ours = [claim for claim, run in run_of.items() if run != self._ledger.run and self._resumes(run)]
        events = np.flatnonzero(np.isin(known.claims, ours))
        if not len(events):
            return events
        known.claims[events], known.levels[events] = -1, NEW
        found = self._earlier.known(batch.sales.take(events))
        repeats = Known.nothing(len(batch.sales))
        repeats.claims[events], repeats.levels[events] = found.claims, found.levels
        repeats.amounts.update({int(events[place]): amount for place, amount in found.amounts.items()})
        settle_known(batch, repeats, lambda part, likeness: self._repeat(batch, part, likeness))
        known.levels[events[found.levels == OTHER]] = OTHER
        return events[found.claims < 0]

    def settle(self, batch: PreparedBatch, events: Indices, resumed: Indices) -> Indices:
        """Settle those of the events to be posted that were accepted; return the others."""
        done = events[np.isin(events, resumed)]
        if len(done):
            self._earlier.add(batch.file, batch.sales.take(done))
            batch.settle(done, ACCEPTED)
        return events[~np.isin(events, resumed)]

    def close(self) -> None:
        """Give up what is remembered."""
        self._earlier.__exit__()

    def _repeat(self, batch: PreparedBatch, part: int, likeness: Likeness) -> Outcome:
        file = self._earlier.file_of(part)
        return repeat_of(ACCEPTED, file, same_file=file == batch.file, likeness=likeness)
