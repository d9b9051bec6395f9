"""The one way to a rich console and to its plain tables, and what becomes of output that nobody reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich is imported when something is shown, not before
    from rich.console import Console, RenderableType
    from rich.table import Table

MOST_WIDTH = 10_000
"""Columns of a table that no terminal shows."""


def console(stderr: bool = False) -> Console:  # noqa: FBT001, FBT002  as rich takes it
    """Return a console on standard output, or on standard error; a reader that has gone is a BrokenPipeError."""
    from rich.console import Console as RichConsole  # noqa: PLC0415  slow to import

    class Console(RichConsole):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Console(stderr=stderr)


def mute_output() -> None:
    """Write to nowhere from here on, since nobody reads what is written."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            if not stream.isatty():
                os.dup2(nowhere, stream.fileno())


def print_whole(content: RenderableType, console: Console) -> None:
    """Print a table: folded into a terminal's width, and elsewhere as wide as it is, so that no name is cut."""
    from rich.measure import Measurement  # noqa: PLC0415

    if console.is_terminal:
        console.print(content, highlight=False, markup=False)
        return
    options = console.options.update(width=MOST_WIDTH)
    width = Measurement.get(console, options, content).maximum
    for line in console.render_lines(content, options.update(width=width), pad=False):
        console.out("".join(segment.text for segment in line).rstrip(), highlight=False)


def plain_table(*headings: str, right: Sequence[int] = ()) -> Table:
    """Return an empty table without lines, with a column for each heading; without any word there is no header.

    right: the places of the columns that are aligned right.
    """
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, show_header=any(headings), padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place in right else "left", overflow="fold")
    return table
