"""Plots as plain geometry: boxes, bands, lines and ticks in percent, which the template draws as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 1000.0, 300.0
"""The plot's own units; it is stretched to the room there is, its text is not."""

GAP = 0.18
"""Of a column's room, what stays free beside it."""
TICKS = 4
MOST_LABELS = 8


class Box(NamedTuple):
    """A rectangle, its color class, and the words that a pointer shows."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str = ""


class Tick(NamedTuple):
    """A label at so many percent of an axis; minor ones are left out on a phone."""

    percent: float
    label: str
    minor: bool = False


@dataclass(frozen=True)
class Plot:
    """One plot. words: what it shows, for those who cannot see it; legend: color class and name."""

    name: str
    title: str
    words: str
    boxes: Sequence[Box] = ()
    bands: Sequence[Box] = ()
    line: Sequence[tuple[float, float]] = ()
    across: Sequence[Tick] = ()
    up: Sequence[Tick] = ()
    legend: Sequence[tuple[str, str]] = ()

    @property
    def points(self) -> str:
        """The line's points as SVG takes them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.line)


def nice_top(most: float) -> float:
    """Return a round number that is not smaller: 1, 2, 2.5 or 5 times a power of ten."""
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= most * 0.999)


def up_ticks(top: float, written: Callable[[float], str]) -> list[Tick]:
    """Return the labels of the vertical axis, round ones: of counts only whole ones."""
    parts = TICKS if f"{top:e}".startswith("2.0") else TICKS + 1  # 1, 2.5 and 5 are round in fifths
    parts = parts if top > TICKS else max(1, int(top))
    return [Tick(100 * part / parts, written(top * part / parts)) for part in range(parts + 1)]


def across_ticks(labels: Sequence[str]) -> list[Tick]:
    """Return at most eight labels for the columns; every second one is minor."""
    step = max(1, -(-len(labels) // MOST_LABELS))
    places = range(0, len(labels), step)
    return [
        Tick(100 * (place + 0.5) / len(labels), labels[place], minor=bool(number % 2))
        for number, place in enumerate(places)
    ]


def stacked(columns: Sequence[Sequence[float]], kinds: Sequence[str], words: Sequence[str], top: float) -> list[Box]:
    """Return columns of stacked boxes, the first part of each at the bottom. words: what a pointer shows of each."""
    room = WIDTH / max(1, len(columns))
    boxes = []
    for place, parts in enumerate(columns):
        floor = HEIGHT
        for part, kind in zip(parts, kinds, strict=True):
            height = HEIGHT * part / top
            if height > 0:
                boxes.append(
                    Box(room * (place + GAP / 2), floor - height, room * (1 - GAP), height, kind, words[place])
                )
                floor -= height
    return boxes


def shortened(number: float) -> str:
    """Return a number as it stands beside an axis: 950, 1.5k, 20k, 3M."""
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"
