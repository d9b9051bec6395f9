"""How fast: requests in flight, events in a request, pauses that Meta asks for."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from importer.delivery.stop import StopSignal

LOG = logging.getLogger("importer")

THROTTLE_SECONDS = 60.0
"""The pause where no header names one (spec, 8.4)."""

GATEWAY_SECONDS = 5.0
"""The first pause after an HTTP 429 that is not Meta's own."""

MAX_PAUSE_SECONDS = 900.0
"""Where pauses that no header names stop doubling."""

PATIENCE_SECONDS = 3_600.0
"""All pauses together without one request that Meta processed between them; beyond it the run stops."""

GROW_AFTER = 32
"""Full requests accepted, after which a batch size that was halved doubles again."""


class RateLimiter:
    """Limit the requests in flight: half as many when Meta throttles, one more for each accepted request.

    concurrency, max_batch_size: the limits at best. batch_size: events that a request may hold now; pauses: how often
    Meta has throttled so far; paused: seconds that this came to; why: what Meta answered when it throttled last.
    """

    def __init__(
        self, concurrency: int, max_batch_size: int, stop: StopSignal, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._concurrency = concurrency
        self._max_batch_size = max_batch_size
        self._stop = stop
        self._patience = patience
        self._waiters: list[asyncio.Future[None]] = []
        self._pause: asyncio.Task[None] | None = None
        self._pause_ends = 0.0
        self._pause_seconds = 0.0  # of the latest pause, as far as it is known
        self._seconds_to_add = 0.0  # that the running pause has not begun to wait for
        self._pauses_in_a_row = 0  # without a processed request between
        self._seconds_in_a_row = 0.0
        self._full_requests = 0
        self.limit = concurrency
        self.in_flight = 0
        self.batch_size = max_batch_size
        self.pauses = 0
        self.paused = 0.0
        self.why = ""

    @property
    def waiting(self) -> float:
        """Seconds until the pause is over; 0 where there is none."""
        return max(0.0, self._pause_ends - time.monotonic()) if self._pause is not None else 0.0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[int]:
        """Hold one of the requests in flight, after any pause; yield the number of pauses so far."""
        while not self._has_slot():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
        self.in_flight += 1
        try:
            yield self.pauses
        finally:
            self.in_flight -= 1
            self._wake()

    def processed(self, pauses: int) -> None:
        """Note that Meta processed a request posted after so many pauses: pauses count from the start again.

        One that was in flight when the latest pause began counts too: not everything was blocked.
        """
        if pauses >= self.pauses - 1:
            self._pauses_in_a_row, self._seconds_in_a_row = 0, 0.0

    def accepted(self, events: int) -> None:
        """Note that a request of so many events was accepted: one more request may be in flight."""
        self.limit = min(self._concurrency, self.limit + 1)
        self._full_requests += events >= self.batch_size
        if self._full_requests >= GROW_AFTER:
            self.batch_size, self._full_requests = min(self._max_batch_size, self.batch_size * 2), 0
        self._wake()

    def too_large(self, events: int) -> None:
        """Halve the next requests, for a while, since one of so many events was too much for Meta."""
        self.batch_size, self._full_requests = max(1, min(self.batch_size, -(-events // 2))), 0

    def throttle(self, pauses: int, named: float | None, default: float = THROTTLE_SECONDS) -> bool:
        """Pause all requests, as long as Meta named or else longer each time; return False if that is too long.

        pauses: those before the throttled request was posted. One that was in flight when a pause began belongs to that
        pause and does not begin another.
        """
        if pauses < self.pauses:
            return self._extend(named or 0.0)
        self.pauses += 1
        self.limit = max(1, self.limit // 2)
        wait = named or default
        if self._pauses_in_a_row:
            doubled = THROTTLE_SECONDS * 2 ** (self._pauses_in_a_row - 1)
            wait = max(named or 0.0, min(MAX_PAUSE_SECONDS, doubled))
        self._pauses_in_a_row += 1
        self._pause_seconds = 0.0
        return self._extend(wait)

    def _extend(self, seconds: float) -> bool:
        """Make the latest pause that long in all; return False if the run has then waited for too long."""
        more = max(0.0, seconds - self._pause_seconds)
        if self._seconds_in_a_row + more > self._patience:
            return False
        self._pause_seconds = max(self._pause_seconds, seconds)
        self._seconds_to_add += more
        self._seconds_in_a_row += more
        self.paused += more
        if more >= 1:
            LOG.warning("Meta asks to send more slowly: waiting %.0f seconds.", more)
        if self._pause is None and self._seconds_to_add:
            self._pause = asyncio.ensure_future(self._wait())
        return True

    async def _wait(self) -> None:
        while self._seconds_to_add and self._stop.error is None:
            seconds, self._seconds_to_add = self._seconds_to_add, 0.0
            self._pause_ends = time.monotonic() + seconds
            await self._stop.sleep(seconds)
        self._pause = None
        self._wake()

    def _has_slot(self) -> bool:
        return self._stop.error is not None or (self._pause is None and self.in_flight < self.limit)

    def _wake(self) -> None:
        """Let those that wait for a slot try again, if there is one."""
        if self._has_slot():
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(None)
            self._waiters.clear()
