"""The commands that ask Meta one thing or play its part, the hosted actor's tasks, and the page."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from importer.cli.command_group import cli
from importer.cli.printed import warn_of_test_events
from importer.errors import Interrupted
from importer.options import (
    access_options,
    event_options,
    json_option,
    ledger_option,
    now_option,
    profile_option,
    quiet_option,
    token_option,
)
from importer.terminal.console import console


@cli.command()
@event_options
@json_option("The result as JSON on stdout.")
@quiet_option
def event(*, as_json: bool, quiet: bool, dry_run: bool, **options: Any) -> int:
    """Send one event, told by options."""
    from importer.commands import event as command  # noqa: PLC0415  imports pandas

    given = {"event_name": "Purchase"} | {name: value for name, value in options.items() if value is not None}
    warn_of_test_events(given.get("test_event_code"), quiet=quiet)
    with _not_resumable():
        result = command.event(dry_run=dry_run, **given)
    if as_json:
        click.echo(json.dumps(result.items[0], ensure_ascii=False))
    else:
        command.show(result, quiet=quiet, dry_run=dry_run)
    return result.exit_code


@cli.command()
@click.argument("input", metavar="INPUT.json", type=click.Path(path_type=Path, allow_dash=True))
@access_options
@now_option
@quiet_option
@json_option("The items are JSON always; this changes nothing.")
def task(input: Path, *, quiet: bool, as_json: bool, **options: Any) -> int:  # noqa: A002, ARG001  the actor's word
    """Run the hosted actor's JSON input.

    INPUT.json is a file, or - for standard input; the result items are JSON on stdout.
    """
    from importer.commands import task as command  # noqa: PLC0415

    with _not_resumable():
        result = command.task(sys.stdin.buffer if str(input) == "-" else input, **options)
    click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    failed = next((item for item in result.items if "error" in item), None)
    if failed and result.stopped is not None and not quiet:
        click.echo(f"Error: {failed['error']}" + (f". {failed['advice']}" if "advice" in failed else ""), err=True)
    return result.exit_code


@cli.command()
@click.option("--ad-account", metavar="act_...", help="By default every ad account that the token can see.")
@profile_option
@access_options
@json_option("The result as JSON on stdout.")
def pixels(ad_account: str | None, *, as_json: bool, **options: Any) -> int:
    """List the datasets (pixels) that the token can see."""
    from importer.commands import pixels as command  # noqa: PLC0415
    from importer.terminal.pixel_tables import show_pixels  # noqa: PLC0415

    found = command.pixels(ad_account, **options)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        show_pixels(found, console())
    return 0


@cli.command()
@click.argument("dataset", metavar="ID")
@click.option("--aggregation", default="event", show_default=True, help="What is counted, such as event or match_keys.")
@click.option("--since", metavar="TIME", help="ISO 8601 or Unix seconds  [default: seven days ago]")
@click.option("--until", metavar="TIME", help="[default: now]")
@profile_option
@access_options
@now_option
@json_option("The result as JSON on stdout.")
def pixel(dataset: str, *, as_json: bool, **options: Any) -> int:
    """Show one dataset: its details, counts by hour, offline quality."""
    from importer.commands import pixels as command  # noqa: PLC0415
    from importer.terminal.pixel_tables import show_pixel  # noqa: PLC0415

    found = command.pixel(dataset, **options)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        show_pixel(found, console())
    return 0


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 picks a free one.")
@click.option("--now", metavar="TIME", help="The sandbox's clock stands still at this instant.")
def sandbox(port: int, now: str | None) -> int:
    """Run a local stand-in for Meta, to rehearse with."""
    from importer.commands import sandbox as command  # noqa: PLC0415

    return command.sandbox(port, now)


@cli.command()
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="[default: a free one]")
@ledger_option
@token_option
@now_option
def web(port: int, *, no_browser: bool, **options: Any) -> int:
    """Open the page in the browser: everything, on this machine only, until Ctrl-C."""
    from importer.page.web import web as command  # noqa: PLC0415

    return command(port, no_browser=no_browser, **options)


@contextmanager
def _not_resumable() -> Iterator[None]:
    """Say on Ctrl-C that the command keeps no state to resume from."""
    try:
        yield
    except KeyboardInterrupt as error:
        message = "Stopped. What Meta took before is not remembered: a second run sends every event again."
        raise Interrupted(message) from error
