"""How fast: requests in flight, events in a request, pauses that Meta asks for."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from importer.delivery.stop import Stop

LOG = logging.getLogger("importer")

THROTTLE_SECONDS = 60.0
"""The pause where no header names one (spec, 8.4)."""

GATEWAY_SECONDS = 5.0
"""The first pause after an HTTP 429 that is not Meta's own."""

MOST_PAUSE_SECONDS = 900.0
"""Where pauses that nobody named stop doubling."""

PATIENCE_SECONDS = 3_600.0
"""All pauses together without one request that Meta processed between them; beyond it the run stops."""

_GROW_AFTER = 32


class Pace:
    """Halved when Meta throttles, one more request in flight for each that is accepted, `most` at best."""

    def __init__(self, most: int, most_events: int, halt: Stop, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._most = most
        self._most_events = most_events
        self._halt = halt
        self._limit = most
        self._in_flight = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._pause: asyncio.Task[None] | None = None
        self._owed = 0.0
        self._named = 0.0
        self._repeats = 0
        self._since_answered = 0.0
        self._full = 0
        self.episode = 0
        self.events = most_events
        self.paused = 0.0
        self.why = ""
        self._until = 0.0

    @property
    def limit(self) -> int:
        """Requests that may be in flight now."""
        return self._limit

    @property
    def flying(self) -> int:
        """Requests in flight."""
        return self._in_flight

    @property
    def waiting(self) -> float:
        """Seconds until the pause is over; 0 where there is none."""
        return max(0.0, self._until - time.monotonic()) if self._pause is not None else 0.0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[int]:
        """One of the requests in flight; waits for its turn and for the end of a pause. Yields the pauses so far."""
        while not self._may_go():
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        self._in_flight += 1
        try:
            yield self.episode
        finally:
            self._in_flight -= 1
            self._wake()

    def answered(self, episode: int) -> None:
        """Meta processed a request, posted after so many pauses, so it does not block: pauses count from the start.

        One that was in flight when the latest pause began counts too: not everything was blocked.
        """
        if episode >= self.episode - 1:
            self._repeats, self._since_answered = 0, 0.0

    def accepted(self, events: int) -> None:
        """A request of so many events was accepted."""
        self._limit = min(self._most, self._limit + 1)
        self._full += events >= self.events
        if self._full >= _GROW_AFTER:
            self.events, self._full = min(self._most_events, self.events * 2), 0
        self._wake()

    def too_large(self, events: int) -> None:
        """A request of so many events was too much for Meta: the next ones are half as large, for a while."""
        self.events, self._full = max(1, min(self.events, -(-events // 2))), 0

    def throttled(self, episode: int, named: float | None, default: float = THROTTLE_SECONDS) -> bool:
        """All requests pause, as long as Meta named or else longer each time; False where that would be too long.

        Requests that were already in flight when the pause began belong to it and do not begin another.
        """
        if episode < self.episode:
            return self._extend(named or 0.0)
        self.episode += 1
        self._limit = max(1, self._limit // 2)
        growing = min(MOST_PAUSE_SECONDS, THROTTLE_SECONDS * 2 ** (self._repeats - 1)) if self._repeats else default
        wait = max(named or 0.0, growing) if self._repeats or not named else named
        self._repeats += 1
        self._named = 0.0
        return self._extend(wait)

    def _extend(self, wait: float) -> bool:
        more = max(0.0, wait - self._named)
        if self._since_answered + more > self._patience:
            return False
        self._named = max(self._named, wait)
        self._owed += more
        self._since_answered += more
        self.paused += more
        if more >= 1:
            LOG.warning("Meta asks to send more slowly: waiting %.0f seconds.", more)
        if self._pause is None and self._owed:
            self._pause = asyncio.ensure_future(self._hold())
        return True

    async def _hold(self) -> None:
        while self._owed and self._halt.error is None:
            wait, self._owed = self._owed, 0.0
            self._until = time.monotonic() + wait
            await self._halt.nap(wait)
        self._pause = None
        self._wake()

    def _may_go(self) -> bool:
        return self._halt.error is not None or (self._pause is None and self._in_flight < self._limit)

    def _wake(self) -> None:
        """Whoever waits looks again, if there is anything to be had."""
        if self._may_go():
            for turn in self._waiting:
                if not turn.done():
                    turn.set_result(None)
            self._waiting.clear()
