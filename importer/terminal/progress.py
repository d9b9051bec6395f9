"""Progress on stderr: a few live lines on a terminal, else a plain line now and then."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

EVERY_SECONDS = 10.0
RECENT_SECONDS = 20.0
"""The rate is that of the last so many seconds."""
BAR_WIDTH = 28
INDENT = " " * 5
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Standing:
    """How far a run is. done, total: rows; sales: accepted, or ready for `check`; money: as people read it.

    flying, limit: requests in flight and at most; waiting: seconds until Meta's pause is over, and why there is one.
    stage: what is done before the first row, such as reading a file as a whole; then nothing else is told.
    """

    done: int = 0
    total: int = 0
    sales: int = 0
    money: str = ""
    check: bool = False
    requests: int = 0
    retries: int = 0
    flying: int = 0
    limit: int = 0
    waiting: float = 0.0
    why: str = ""
    stage: str = ""


Watch = Callable[[Standing], None]


class Pacer:
    """The rate of the last seconds, pauses left out, and the time that is left at this rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, int]] = deque()
        self._paused = False
        self.rate = 0.0  # rows a second; 0 while it is not known

    def note(self, standing: Standing) -> None:
        """The run is so far now."""
        if standing.waiting:
            self._paused = True
            return
        now = self._clock()
        if self._paused:
            self._recent.clear()
            self._paused = False
        if not self._recent or self._recent[-1][1] != standing.done:
            self._recent.append((now, standing.done))
        while len(self._recent) > 2 and now - self._recent[0][0] > RECENT_SECONDS:  # noqa: PLR2004  a rate needs two
            self._recent.popleft()
        (first, before), (last, after) = self._recent[0], self._recent[-1]
        if last > first:
            self.rate = (after - before) / (last - first)

    def left(self, standing: Standing) -> float | None:
        """Seconds until every row is done; None while it is not known."""
        if not self.rate or not standing.total:
            return None
        return standing.waiting + max(0, standing.total - standing.done) / self.rate


@contextmanager
def watching(*, quiet: bool, verbose: bool) -> Iterator[Watch | None]:
    """A function to call with the progress; None when nothing is to be shown.

    The lines are live on a terminal that can move its cursor, unless NO_COLOR is set.
    """
    if quiet:
        yield None
        return
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415  slow to import

        console = Console(stderr=True)
        if not (console.no_color or console.is_dumb_terminal):
            with _live(console) as watch:
                yield watch
            return
    yield plain_lines(1.0 if verbose else EVERY_SECONDS)


@contextmanager
def _live(console: Console) -> Iterator[Watch]:
    from rich.live import Live  # noqa: PLC0415  slow to import

    view = View()
    with Live(view, console=console, transient=True, refresh_per_second=5), _logs_above():
        yield view.show


@contextmanager
def _logs_above() -> Iterator[None]:
    """Log lines stand above the live ones instead of in their midst."""
    handlers = [h for h in logging.getLogger().handlers if isinstance(h, logging.StreamHandler)]
    before = [handler.setStream(sys.stderr) for handler in handlers]  # rich has put its own in this place
    try:
        yield
    finally:
        for handler, stream in zip(handlers, before, strict=True):
            if stream is not None:
                handler.setStream(stream)


class View:
    """The live lines: how far, how many and how much, what Meta makes us wait for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._pacer = clock, Pacer(clock)
        self._standing, self._told = Standing(stage="Starting"), clock()

    def show(self, standing: Standing) -> None:
        """The run is so far now."""
        self._standing, self._told = standing, self._clock()
        if not standing.stage:
            self._pacer.note(standing)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        from rich.text import Text  # noqa: PLC0415

        for style, line in self.lines(options.max_width, ascii_only=options.ascii_only):
            yield Text(line[: options.max_width], style, no_wrap=True, overflow="ellipsis")

    def lines(self, width: int, *, ascii_only: bool = False) -> Iterator[tuple[str, str]]:
        """Each line with its style; what does not fit on one goes on on the next."""
        standing = self._standing
        if standing.stage:
            yield "dim", f"{standing.stage} ({_clocked(self._clock() - self._told)})"
            return
        share = min(1.0, standing.done / standing.total) if standing.total else 1.0
        full = round(share * BAR_WIDTH)
        block, empty = ("#", ".") if ascii_only else ("\N{BLACK SQUARE}", "\N{MIDDLE DOT}")
        left = self._pacer.left(standing)
        yield (
            "",
            f"{int(share * 100):3}% {block * full}{empty * (BAR_WIDTH - full)} "
            f"{standing.done:,} of {standing.total:,} rows" + (f", {_clocked(left)} left" if left is not None else ""),
        )
        yield from (
            ("green", INDENT + line) for line in _wrapped(_counts(standing, self._pacer.rate), width - len(INDENT))
        )
        waiting = standing.waiting - (self._clock() - self._told)
        if waiting > 0:
            yield "yellow", f"{INDENT}waiting {_clocked(waiting)}: Meta asks to send more slowly ({standing.why})"


def plain_lines(every: float, clock: Callable[[], float] = time.monotonic) -> Watch:
    """A function that writes a line at most every so many seconds."""
    last, pacer = clock(), Pacer(clock)

    def watch(standing: Standing) -> None:
        nonlocal last
        if standing.stage:
            return
        pacer.note(standing)
        if clock() - last < every:
            return
        last = clock()
        left = pacer.left(standing)
        parts = [f"{standing.done:,} of {standing.total:,} rows", *_counts(standing, pacer.rate)]
        parts += [f"waiting {standing.waiting:.0f} s for Meta ({standing.why})"] if standing.waiting >= 1 else []
        parts += [f"{_clocked(left)} left"] if left is not None else []
        sys.stderr.write(", ".join(parts) + "\n")

    return watch


def _counts(standing: Standing, rate: float) -> Iterator[str]:
    yield f"{standing.sales:,} {'ready' if standing.check else 'accepted'}"
    if standing.money:
        yield standing.money
    if rate:
        yield f"{rate:,.0f} rows/s"
    if not standing.check:
        yield f"{standing.flying} of {standing.limit} in flight"
    if standing.retries:
        yield f"{standing.retries:,} repeated"


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
    """4 s, 2:05 min, 1:02:05 h."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE}:{whole % MINUTE:02} min"
    return f"{whole // HOUR}:{whole % HOUR // MINUTE:02}:{whole % MINUTE:02} h"
