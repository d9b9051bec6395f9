"""The one way to a rich console and to its plain tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich is imported when something is shown, not before
    from rich.console import Console
    from rich.table import Table


def console(stderr: bool = False) -> Console:  # noqa: FBT001, FBT002  as rich takes it
    """Return a console on standard output, or on standard error."""
    from rich.console import Console  # noqa: PLC0415  slow to import

    return Console(stderr=stderr)


def plain_table(*headings: str, right: Sequence[int] = ()) -> Table:
    """Return an empty table without lines, with a column for each heading; without any word there is no header.

    right: the places of the columns that are aligned right.
    """
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, show_header=any(headings), padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place in right else "left", overflow="fold")
    return table
