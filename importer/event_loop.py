"""Coroutines run from plain functions, and plain functions awaited: in a notebook, a thread or a server alike.

A coroutine runs in a thread of its own, whether or not the caller's thread has a running loop. So no signal handler of
the host changes, and what one of them raises (Ctrl-C, a scheduler's SIGTERM) is raised in the caller, never amid the
loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from contextlib import suppress
from contextvars import copy_context
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")

WAIT_SECONDS = 0.2
"""How long a wait may keep an interruption from being seen, where it cannot interrupt the wait."""


def run(coroutine: Coroutine[Any, Any, T], stop: Event | None = None) -> T:
    """Run a coroutine to its end and return its result; if the wait for it is interrupted it ends first.

    stop: set on an interruption, for a coroutine that ends in order by itself; Ctrl-C is answered by what it returns
    then. Without it the coroutine is cancelled. A second interruption does not wait.
    """
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[T]]] = []

    async def main() -> T:
        task = asyncio.ensure_future(coroutine)
        running.append((asyncio.get_running_loop(), task))
        return await task

    thread, result = _in_thread(lambda: asyncio.run(main()))
    try:
        thread.start()
        _wait_for(result)
    except BaseException as interruption:
        if stop is not None:
            stop.set()
        for loop, task in () if stop is not None else running:
            with suppress(RuntimeError):  # it has ended meanwhile
                loop.call_soon_threadsafe(task.cancel)
        _wait_for(result)
        if stop is None or not isinstance(interruption, KeyboardInterrupt):
            raise
    return result.result()


async def awaited(work: Callable[[Event], T]) -> T:
    """Await work in a thread of its own; if this is cancelled, its event is set, and it ends in order first.

    A second cancellation does not wait.
    """
    stop = Event()
    thread, result = _in_thread(lambda: work(stop))
    thread.start()
    ended = asyncio.wrap_future(result)
    try:
        while not ended.done():  # a notebook's interruption is seen when the loop wakes, and it would not wake for it
            await asyncio.wait({ended}, timeout=WAIT_SECONDS)
        return ended.result()
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait({ended})
        ended.exception()  # told to nobody: the caller asked for the end
        raise


def _in_thread(work: Callable[[], T]) -> tuple[Thread, Future[T]]:
    """Return a thread that does the work, not yet started, and its result."""
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()

    def settle() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001  raised again where the result is asked for
            result.set_exception(error)

    return Thread(target=copy_context().run, args=(settle,), name="event-loop", daemon=True), result


def _wait_for(result: Future[Any]) -> None:
    """Wait for a result; a thread's `join` would take the thread for ended once a signal has interrupted it."""
    while not result.done():
        wait({result}, WAIT_SECONDS)
