"""Tasks that work beside the main one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """They run until `end`; an exception in one of them is raised in the main one, instead of a standstill."""

    def __init__(self, works: list[Coroutine[Any, Any, None]]) -> None:
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks = [asyncio.ensure_future(work) for work in works]
        for task in self._tasks:
            task.add_done_callback(self._look_at)

    async def unless_broken(self, work: Awaitable[T]) -> T:
        """The result of the work, or the exception of a helper."""
        task = asyncio.ensure_future(work)
        either: set[asyncio.Future[Any]] = {task, self._broken}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                self._broken.result()
            return await task
        finally:
            task.cancel()

    async def end(self) -> None:
        """All helpers have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        self._broken.cancel()

    def _look_at(self, task: asyncio.Future[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._broken.done():
            self._broken.set_exception(error)
