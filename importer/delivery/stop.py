"""Whether the run goes on: why it stopped, waits that end when it does, and requests that it abandons."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from importer.errors import CapiImportError

T = TypeVar("T")

Sleep = Callable[[float], Awaitable[None]]


class Stop:
    """Set once, by the first reason to stop; from then on nothing more is posted."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._stopped = asyncio.Event()
        self._abandoned = False
        self._flights: set[asyncio.Timeout] = set()
        self.error: CapiImportError | None = None

    def stop(self, error: CapiImportError) -> None:
        """The run stops for this reason, unless there was one before."""
        if self.error is None:
            self.error = error
            self._stopped.set()

    def abandon(self) -> None:
        """Requests still in flight are given up; their outcome stays unknown."""
        self._abandoned = True
        for flight in self._flights:
            flight.reschedule(0.0)

    async def nap(self, seconds: float) -> None:
        """The seconds are over, or the run stops."""
        await _first(self._sleep(seconds), self._stopped.wait())

    async def unless_abandoned(self, work: Awaitable[T]) -> T | None:
        """The result of the work, or None if it was abandoned before it was done."""
        flight = asyncio.timeout(0.0 if self._abandoned else None)  # a deadline that `abandon` can bring forward
        try:
            async with flight:
                self._flights.add(flight)
                return await work
        except TimeoutError:
            if not flight.expired():
                raise
            return None
        finally:
            self._flights.discard(flight)


async def _first(*works: Awaitable[object]) -> None:
    """One of the works is done, the others are cancelled; so are all when the caller is."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
