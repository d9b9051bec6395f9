"""Work on several items at once in threads, results in the items' order.

Arrow's and NumPy's kernels give up Python's lock, so two threads prepare nearly twice as many rows as one.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

MAX_WORKERS = 8
"""More threads than that wait for Python's lock most of the time."""


def workers() -> int:
    """Return the number of threads to use: one for each core that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_WORKERS)


def in_order(items: Iterable[T], work: Callable[[T], R], threads: int | None = None) -> Iterator[tuple[T, R]]:
    """Yield each item with the result of the work; one item more than there are threads is in progress at once.

    An error of the work is raised when its item's turn comes; items are drawn in the thread that iterates.
    """
    threads = threads or workers()
    pool = ThreadPoolExecutor(threads, "prepare")
    pending: deque[tuple[T, Future[R]]] = deque()

    def first() -> tuple[T, R]:  # no variable of the generator keeps what was handed over
        item, result = pending.popleft()
        return item, result.result()

    try:
        for item in items:
            pending.append((item, pool.submit(work, item)))
            if len(pending) > threads:
                yield first()
        while pending:
            yield first()
    finally:
        pool.shutdown(cancel_futures=True)


def parallel_map(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Yield what `map` does, computed on all cores."""
    return (result for _, result in in_order(items, work))
