"""Progress on stderr: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Watch = Callable[[int, int, int], None]
"""Called with the rows done, the events accepted (or ready), and the number of rows in all."""

EVERY_SECONDS = 10.0


@contextmanager
def watching(*, quiet: bool, verbose: bool) -> Iterator[Watch | None]:
    """A function to call with the progress; None when nothing is to be shown."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as watch:
            yield watch
    else:
        yield _lines(1.0 if verbose else EVERY_SECONDS)


@contextmanager
def _bar() -> Iterator[Watch]:
    from rich.console import Console  # noqa: PLC0415  slow to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn("rows"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[accepted]:,} sales"),
        TextColumn("{task.fields[rate]:,.0f} rows/s"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("rows", total=None, accepted=0, rate=0.0)
        began = time.monotonic()

        def watch(done: int, accepted: int, total: int) -> None:
            rate = done / max(time.monotonic() - began, 1e-9)
            bar.update(task, completed=done, total=total, accepted=accepted, rate=rate)

        yield watch


def _lines(every: float) -> Watch:
    began = last = time.monotonic()

    def watch(done: int, accepted: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= every:
            last = now
            rate = done / (now - began)
            pace = f", {rate:,.0f} rows/s, {(total - done) / rate:,.0f} s left" if rate else ""
            sys.stderr.write(f"{done:,} of {total:,} rows, {accepted:,} sales{pace}\n")

    return watch
