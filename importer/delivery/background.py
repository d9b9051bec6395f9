"""Tasks that work beside the main one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """Run coroutines until `cancel`; an error in one of them is raised in the main task, which waits by `wait_for`."""

    def __init__(self, coroutines: list[Coroutine[Any, Any, None]]) -> None:
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: list[asyncio.Future[None]] = []
        self.add(coroutines)

    def add(self, coroutines: list[Coroutine[Any, Any, None]]) -> None:
        """Let more coroutines work."""
        tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
        for task in tasks:
            task.add_done_callback(self._on_done)
        self._tasks += tasks

    async def wait_for(self, awaitable: Awaitable[T]) -> T:
        """Return the awaitable's result, or raise the error of a background task that fails before."""
        task = asyncio.ensure_future(awaitable)
        either: set[asyncio.Future[Any]] = {task, self._failure}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                self._failure.result()
            return await task
        finally:
            task.cancel()

    async def cancel(self) -> None:
        """Cancel the tasks and wait until all have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        self._failure.cancel()

    def _on_done(self, task: asyncio.Future[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._failure.done():
            self._failure.set_exception(error)
