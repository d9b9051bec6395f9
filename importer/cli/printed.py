"""What several commands print: a run's summary, and the warning of test events."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from importer.terminal.console import console, mute_output

if TYPE_CHECKING:
    from importer.results import Summary


def warn_of_test_events(code: str | None, *, quiet: bool) -> None:
    """Say that Meta counts test events, where the run has their code."""
    if code and not quiet:
        click.echo("Warning: Meta counts test events too; they are used for targeting and measurement.", err=True)


def print_summary(summary: Summary, *, as_json: bool, quiet: bool) -> int:
    """Print the summary of a run; return the exit code that it stands for."""
    from importer.results import exit_code  # noqa: PLC0415
    from importer.terminal.summary_screen import show  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    elif not quiet:
        try:
            show(summary, console())
            sys.stdout.flush()
        except BrokenPipeError:
            mute_output()
    return exit_code(summary)
