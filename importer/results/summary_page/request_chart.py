"""How the sending went: requests, repeats, waiting, and speed over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from importer.results.facts import Facts, Moment
from importer.results.summary_page.plots import HEIGHT, WIDTH, Box, Plot, Tick, nice_top, shortened, up_ticks

LEAST_SECONDS = 2.0
"""A shorter run gets no chart of its speed."""
MOST_STEPS = 48
MOST_LINES = 12
ACROSS = 4


@dataclass(frozen=True)
class Step:
    """A part of the run. speed: rows a second; paused: seconds waited in it for Meta."""

    start: float
    end: float
    rows: int
    sales: int
    speed: float
    requests: int
    retries: int
    in_flight: int
    paused: float


@dataclass(frozen=True)
class SpeedChart:
    """The chart of the speed, and the steps of the table behind it."""

    plot: Plot
    lines: Sequence[Step]


def speed_chart(run: Facts) -> SpeedChart | None:
    """Return how fast the run was over time; None where it was too short for a chart."""
    steps = list(_steps(run.timeline, MOST_STEPS))
    if len(steps) < 2 or steps[-1].end < LEAST_SECONDS:  # noqa: PLR2004  one step is not a chart
        return None
    return SpeedChart(_plot(steps), list(_steps(run.timeline, MOST_LINES)))


def _steps(moments: Sequence[Moment], most: int) -> Iterator[Step]:
    """Yield the run in at most so many parts of similar length; the first begins with the run."""
    if not moments:
        return
    length = moments[-1].second / most
    before = Moment(0.0, 0, 0)
    for number, moment in enumerate(moments, start=1):
        is_last = number == len(moments)
        if (moment.second - before.second < length and not is_last) or moment.second <= before.second:
            continue
        seconds = moment.second - before.second
        yield Step(
            before.second,
            moment.second,
            moment.rows,
            moment.sales,
            (moment.rows - before.rows) / seconds,
            moment.requests - before.requests,
            moment.retries - before.retries,
            moment.in_flight,
            moment.paused - before.paused,
        )
        before = moment


def _plot(steps: Sequence[Step]) -> Plot:
    end, top = steps[-1].end, nice_top(max(step.speed for step in steps))
    boxes = [
        Box(
            WIDTH * step.start / end,
            HEIGHT * (1 - step.speed / top),
            WIDTH * (step.end - step.start) / end,
            HEIGHT * step.speed / top,
            "speed",
            f"{step.start:.1f} to {step.end:.1f} s: {step.speed:,.0f} rows a second",
        )
        for step in steps
    ]
    waits = [
        Box(
            WIDTH * step.end / end,
            0,
            WIDTH * min(step.paused, end - step.end) / end,
            HEIGHT,
            "wait",
            f"Meta asked to wait {step.paused:.0f} s",
        )
        for step in steps
        if step.paused >= 1
    ]
    seconds = [end * part / ACROSS for part in range(ACROSS + 1)]
    across = [Tick(100 * at / end, f"{at:.0f} s" if at >= 10 or not at else f"{at:.1f} s") for at in seconds]  # noqa: PLR2004
    mean = steps[-1].rows / end
    return Plot(
        name="speed",
        title="Rows a second over time",
        words=f"{steps[-1].rows:,} rows in {end:,.1f} seconds, {mean:,.0f} a second on average.",
        boxes=boxes,
        bands=waits,
        across=across,
        up=up_ticks(top, shortened),
        legend=[("speed", "rows a second"), *([("wait", "Meta asked to wait")] if waits else [])],
    )
