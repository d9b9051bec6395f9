"""Progress on stderr: a few live lines on a terminal, else a plain line now and then."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from importer.progress import Progress, Watch
from importer.terminal.console import console
from importer.terminal.plain_text import plain_text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

EVERY_SECONDS = 10.0
RECENT_SECONDS = 20.0
"""The rate is that of the last so many seconds."""
BAR_WIDTH = 28
INDENT = " " * 5
MINUTE, HOUR = 60, 3600


class RateEstimate:
    """The rate of the last seconds, pauses left out, and the time that is left at this rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, int]] = deque()
        self._paused = False
        self.rate = 0.0  # rows a second; 0 while it is not known

    def update(self, progress: Progress) -> None:
        """Take in how far the run is now."""
        if progress.waiting:
            self._paused = True
            return
        now = self._clock()
        if self._paused:
            self._recent.clear()
            self._paused = False
        if not self._recent or self._recent[-1][1] != progress.rows:
            self._recent.append((now, progress.rows))
        while len(self._recent) > 2 and now - self._recent[0][0] > RECENT_SECONDS:  # noqa: PLR2004  a rate needs two
            self._recent.popleft()
        (first, before), (last, after) = self._recent[0], self._recent[-1]
        if last > first:
            self.rate = (after - before) / (last - first)

    def left(self, progress: Progress) -> float | None:
        """Return the seconds until every row is done; None while it is not known."""
        if not self.rate or not progress.total:
            return None
        return progress.waiting + max(0, progress.total - progress.rows) / self.rate


@contextmanager
def watching(*, quiet: bool, verbose: bool) -> Iterator[Watch | None]:
    """Yield a function to call with the progress; None when nothing is to be shown.

    The lines are live on a terminal that can move its cursor, unless NO_COLOR is set.
    """
    if quiet:
        yield None
        return
    if sys.stderr.isatty():
        terminal = console(stderr=True)
        if not (terminal.no_color or terminal.is_dumb_terminal):
            from rich.live import Live  # noqa: PLC0415  slow to import

            lines = LiveLines()
            with Live(lines, console=terminal, transient=True, refresh_per_second=5), _logs_above():
                yield lines.update
            return
    yield plain_lines(1.0 if verbose else EVERY_SECONDS)


@contextmanager
def _logs_above() -> Iterator[None]:
    """Print log lines above the live ones instead of in their midst."""
    handlers = [h for h in logging.getLogger().handlers if isinstance(h, logging.StreamHandler)]
    before = [handler.setStream(sys.stderr) for handler in handlers]  # rich has put its own in this place
    try:
        yield
    finally:
        for handler, stream in zip(handlers, before, strict=True):
            if stream is not None:
                handler.setStream(stream)


class LiveLines:
    """The live lines: how far, how many and how much, what Meta makes us wait for; rich draws them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._rate = clock, RateEstimate(clock)
        self._progress, self._updated = Progress(stage="Starting"), clock()

    def update(self, progress: Progress) -> None:
        """Show how far the run is now."""
        self._progress, self._updated = progress, self._clock()
        if not progress.stage:
            self._rate.update(progress)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        from rich.text import Text  # noqa: PLC0415

        for style, line in self.lines(options.max_width, ascii_only=options.ascii_only):
            yield Text(line[: options.max_width], style, no_wrap=True, overflow="ellipsis")

    def lines(self, width: int, *, ascii_only: bool = False) -> Iterator[tuple[str, str]]:
        """Yield each line with its style; what does not fit on one continues on the next."""
        progress = self._progress
        if progress.stage:
            yield "dim", f"{plain_text(progress.stage)} ({_clocked(self._clock() - self._updated)})"
            return
        share = min(1.0, progress.rows / progress.total) if progress.total else 1.0
        full = round(share * BAR_WIDTH)
        block, empty = ("#", ".") if ascii_only else ("\N{BLACK SQUARE}", "\N{MIDDLE DOT}")
        left = self._rate.left(progress)
        yield (
            "",
            f"{int(share * 100):3}% {block * full}{empty * (BAR_WIDTH - full)} "
            f"{progress.rows:,} of {progress.total:,} rows" + (f", {_clocked(left)} left" if left is not None else ""),
        )
        yield from (
            ("green", INDENT + line) for line in _wrapped(_counts(progress, self._rate.rate), width - len(INDENT))
        )
        waiting = progress.waiting - (self._clock() - self._updated)
        if waiting > 0:
            yield "yellow", f"{INDENT}waiting {_clocked(waiting)}: Meta asks to send more slowly ({progress.why})"


def plain_lines(every: float, clock: Callable[[], float] = time.monotonic) -> Watch:
    """Return a function that writes a line at most every so many seconds."""
    last, rate = clock(), RateEstimate(clock)

    def watch(progress: Progress) -> None:
        nonlocal last
        if progress.stage:
            return
        rate.update(progress)
        if clock() - last < every:
            return
        last = clock()
        left = rate.left(progress)
        parts = [f"{progress.rows:,} of {progress.total:,} rows", *_counts(progress, rate.rate)]
        parts += [f"waiting {progress.waiting:.0f} s for Meta ({progress.why})"] if progress.waiting >= 1 else []
        parts += [f"{_clocked(left)} left"] if left is not None else []
        sys.stderr.write(", ".join(parts) + "\n")

    return watch


def _counts(progress: Progress, rate: float) -> Iterator[str]:
    yield f"{progress.sales:,} {'ready' if progress.check else 'accepted'}"
    if progress.money:
        yield progress.money
    if rate:
        yield f"{rate:,.0f} rows/s"
    if not progress.check:
        yield f"{progress.in_flight} of {progress.limit} in flight"
    if progress.retries:
        yield f"{progress.retries:,} repeated"


def _wrapped(parts: Iterator[str], width: int) -> Iterator[str]:
    line = ""
    for part in parts:
        if line and len(line) + len(part) + 2 > width:
            yield line + ","
            line = part
        else:
            line = f"{line}, {part}" if line else part
    yield line


def _clocked(seconds: float) -> str:
    """Return seconds as people read them: 4 s, 2:05 min, 1:02:05 h."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE}:{whole % MINUTE:02} min"
    return f"{whole // HOUR}:{whole % HOUR // MINUTE:02}:{whole % MINUTE:02} h"
