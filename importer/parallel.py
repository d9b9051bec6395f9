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

MOST_WORKERS = 8
"""More threads than that wait for Python's lock most of the time."""


def workers() -> int:
    """A thread for each core that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)


def in_order(items: Iterable[T], work: Callable[[T], R], threads: int | None = None) -> Iterator[tuple[T, R]]:
    """Each item with what the work makes of it; one item more than there are threads is under way at once.

    An error of the work is raised where its item's turn comes; items are drawn in the thread that iterates.
    """
    threads = threads or workers()
    pool = ThreadPoolExecutor(threads, "prepare")
    under_way: deque[tuple[T, Future[R]]] = deque()

    def first() -> tuple[T, R]:  # no variable of the generator keeps what was handed over
        item, result = under_way.popleft()
        return item, result.result()

    try:
        for item in items:
            under_way.append((item, pool.submit(work, item)))
            if len(under_way) > threads:
                yield first()
        while under_way:
            yield first()
    finally:
        pool.shutdown(cancel_futures=True)


def side_by_side(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """As `map`, by all cores."""
    return (result for _, result in in_order(items, work))
