"""How a run went over time, in a bounded number of moments however long it lasts."""

from __future__ import annotations

from importer.results.facts import Moment

MOST_MOMENTS = 240
FIRST_INTERVAL = 0.1
"""Seconds between two moments at first; doubled whenever there are too many."""


class Timeline:
    """Keeps moments at least an interval apart; every second one goes when there are too many."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._last: Moment | None = None
        self._interval = FIRST_INTERVAL

    def add(self, moment: Moment) -> None:
        """Keep how far the run is."""
        self._last = moment
        if self._moments and moment.second - self._moments[-1].second < self._interval:
            return
        self._moments.append(moment)
        if len(self._moments) > MOST_MOMENTS:
            self._moments = self._moments[::2]
            self._interval *= 2

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What was kept, in order; the last one added is always there."""
        if self._last is None or self._moments[-1] is self._last:
            return tuple(self._moments)
        return (*self._moments, self._last)
