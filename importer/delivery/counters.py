"""What the run has done so far, counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from importer.delivery.rate import RateLimiter
from importer.progress import Progress

MIN_REFUSALS, MAX_REFUSALS = 2_000, 100_000
"""Refused requests that a run may spend on isolating events, one for each event between these.

The lower limit is enough for one request whose events are all to be rejected, the upper one takes hours.
"""

SILENT_SECONDS = 60.0
"""How long Meta may be silent before the user is told."""

MAX_REJECTED_IN_A_ROW = 1_000
"""Events rejected one after another, none accepted between them: the cause is then not in the events."""


COUNTS = ("requests", "retries", "sent", "accepted", "rejected")


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
class Counters:
    """Counters of one run.

    rows: source rows handed back; events: given to the sender; answers: replies that settled something; refusals:
    requests refused for something in them; failed_in_a_row: requests that failed for good, none answered between;
    waiting_since: when the first request was posted that no answer followed, by the monotonic clock.
    """

    rows: int = 0
    events: int = 0
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
    waiting_since: float | None = None
    trouble: str = ""

    def posting(self) -> None:
        """Note that a request goes out, unless there is one already that waits for an answer."""
        if self.waiting_since is None:
            self.waiting_since = time.monotonic()

    def answered(self, others: int) -> None:
        """Note an answer that settles something, while so many other requests wait for theirs."""
        self.waiting_since, self.trouble = time.monotonic() if others else None, ""

    def silence(self) -> str | None:
        """Return a sentence when Meta has given no answer for a minute, and again a minute later."""
        now = time.monotonic()
        if self.waiting_since is None or now - self.waiting_since < SILENT_SECONDS:
            return None
        self.waiting_since = now
        why = f" ({self.trouble})" if self.trouble else ""
        return f"No answer from Meta for {SILENT_SECONDS:.0f} seconds{why}; the run goes on and tries again."

    def accept(self, events: int) -> None:
        """Count an accepted request."""
        self.accepted += events
        self.answers += 1
        self.rejected_in_a_row = self.failed_in_a_row = 0

    def refuse(self) -> None:
        """Count a request that was refused for something in it."""
        self.answers += 1
        self.failed_in_a_row = 0
        self.refusals += 1

    def reject(self) -> None:
        """Count an event that was rejected by itself."""
        self.rejected += 1
        self.rejected_in_a_row += 1

    def isolation_is_over(self) -> bool:
        """Tell whether the search for events to reject has cost too much or leads nowhere."""
        most = min(max(MIN_REFUSALS, self.events), MAX_REFUSALS)
        return self.refusals > most or self.rejected_in_a_row >= MAX_REJECTED_IN_A_ROW

    def progress(self, rate: RateLimiter) -> Progress:
        """Return how far the run is, as far as delivery knows."""
        return Progress(
            rows=self.rows,
            sales=self.accepted,
            sent=self.sent,
            requests=self.requests,
            retries=self.retries,
            in_flight=rate.in_flight,
            limit=rate.limit,
            paused=rate.paused,
            waiting=rate.waiting,
            why=rate.why,
        )

    def stats(self, paused: float) -> Stats:
        """Return what the run has done, after so many seconds of pauses."""
        counts = {name: getattr(self, name) for name in COUNTS}
        return Stats(**counts, paused=paused, notices=tuple(self.notices))


def total_stats(stats: Sequence[Stats]) -> Stats:
    """Return what a run did in all of its datasets."""
    counts = {name: sum(getattr(each, name) for each in stats) for name in COUNTS}
    notices = dict.fromkeys(notice for each in stats for notice in each.notices)
    return Stats(**counts, paused=max((each.paused for each in stats), default=0.0), notices=tuple(notices))


def total_progress(lanes: Sequence[Progress]) -> Progress:
    """Return how far a run is in all of its datasets; of their pauses the longest counts."""
    if len(lanes) == 1:
        return lanes[0]
    names = ("sales", "sent", "requests", "retries", "in_flight", "limit")
    sums = {name: sum(getattr(each, name) for each in lanes) for name in names}
    longest = max(lanes, key=lambda each: each.waiting, default=Progress())
    return replace(longest, **sums, paused=max((each.paused for each in lanes), default=0.0))
