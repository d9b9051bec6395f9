"""What the run has done so far, counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.delivery.rate import Pace
from importer.progress import Progress

LEAST_BUDGET, MOST_BUDGET = 2_000, 100_000
"""Refused requests that a run may spend on isolating events, one for each event offered between these.

The least is enough for one request whose events are all guilty, the most takes hours.
"""

FRUITLESS = 1_000
"""Events rejected one after another, none accepted between them: the cause is then not in the events."""


@dataclass(frozen=True)
class Stats:
    """What the run did. sent, accepted, rejected: events; notices: what Meta warned of in headers."""

    requests: int
    retries: int
    sent: int
    accepted: int
    rejected: int
    paused: float
    notices: tuple[str, ...]


@dataclass
class Tally:
    """Counters of one run. offered: events handed over to be posted; answers: replies that settled something."""

    rows: int = 0
    offered: int = 0
    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    requests: int = 0
    retries: int = 0
    answers: int = 0
    refusals: int = 0
    rejected_in_a_row: int = 0
    failed_in_a_row: int = 0
    notices: dict[str, None] = field(default_factory=dict)

    def accept(self, events: int) -> None:
        """A request was accepted."""
        self.accepted += events
        self.answers += 1
        self.rejected_in_a_row = self.failed_in_a_row = 0

    def refuse(self) -> None:
        """A request was refused for something in it."""
        self.answers += 1
        self.failed_in_a_row = 0
        self.refusals += 1

    def reject(self) -> None:
        """One event was found guilty."""
        self.rejected += 1
        self.rejected_in_a_row += 1

    def isolation_is_over(self) -> bool:
        """Whether the search for guilty events has cost too much or leads nowhere."""
        budget = min(max(LEAST_BUDGET, self.offered), MOST_BUDGET)
        return self.refusals > budget or self.rejected_in_a_row >= FRUITLESS

    def progress(self, pace: Pace) -> Progress:
        """How far the run is."""
        return Progress(
            rows=self.rows,
            sales=self.accepted,
            sent=self.sent,
            requests=self.requests,
            retries=self.retries,
            in_flight=pace.flying,
            limit=pace.limit,
            paused=pace.paused,
            waiting=pace.waiting,
            why=pace.why,
        )

    def stats(self, paused: float) -> Stats:
        """What the run has done."""
        counts = (self.requests, self.retries, self.sent, self.accepted, self.rejected)
        return Stats(*counts, paused, tuple(self.notices))
