"""Sales that came before: what becomes of events that the ledger, or an earlier batch, knows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from importer.delivery.outcome import EXACT, Likeness, Outcome
from importer.delivery.prepared_batch import PreparedBatch
from importer.store import Known
from importer.store.same_sale import AMENDED


def settle_known(batch: PreparedBatch, known: Known, outcome_of: Callable[[int, Likeness], Outcome]) -> None:
    """Settle events that are known to be accepted, or to have come before; AMENDED ones each by itself."""
    events: dict[Outcome, list[int]] = {}  # a day's requests of one file have one outcome
    is_known = known.claims >= 0
    plain = is_known & (known.levels != AMENDED)
    for claim, level in {*zip(known.claims[plain].tolist(), known.levels[plain].tolist(), strict=True)}:
        chosen = np.flatnonzero(plain & (known.claims == claim) & (known.levels == level))
        events.setdefault(outcome_of(claim, Likeness(level) if level else EXACT), []).extend(chosen.tolist())
    for event in np.flatnonzero(is_known & ~plain).tolist():
        likeness = Likeness(AMENDED, known.amounts[event], batch.sales.amount(event))
        events.setdefault(outcome_of(int(known.claims[event]), likeness), []).append(event)
    for outcome, some in events.items():
        batch.settle(np.sort(np.array(some, np.int64)), outcome)
