"""Whether the run goes on: why it stopped, waits that end when it does, and requests that it cancels."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from importer.errors import CapiImportError

T = TypeVar("T")

Sleep = Callable[[float], Awaitable[None]]


class StopSignal:
    """Set once, by the first reason to stop; from then on nothing more is posted."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._is_set = asyncio.Event()
        self._requests_cancelled = False
        self._timeouts: set[asyncio.Timeout] = set()
        self.error: CapiImportError | None = None

    def set(self, error: CapiImportError) -> None:
        """Stop the run for this reason, unless there was one before."""
        if self.error is None:
            self.error = error
            self._is_set.set()

    async def sleep(self, seconds: float) -> None:
        """Sleep for the seconds, or until the run stops."""
        tasks = [asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._is_set.wait())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()

    def cancel_requests(self) -> None:
        """Cancel the requests in flight and those that come; their outcome stays unknown."""
        self._requests_cancelled = True
        for timeout in self._timeouts:
            timeout.reschedule(0.0)

    async def cancellable(self, request: Awaitable[T]) -> T | None:
        """Return the result of the request, or None if it was cancelled before it was done."""
        timeout = asyncio.timeout(0.0 if self._requests_cancelled else None)  # `cancel_requests` can bring it forward
        try:
            async with timeout:
                self._timeouts.add(timeout)
                return await request
        except TimeoutError:
            if not timeout.expired():
                raise
            return None
        finally:
            self._timeouts.discard(timeout)
