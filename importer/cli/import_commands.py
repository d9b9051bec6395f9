"""The commands that import files: send, check, prepare, deliver and watch."""

from __future__ import annotations

import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

import click

from importer.cli.command_group import cli
from importer.cli.printed import print_summary, warn_of_test_events
from importer.errors import CapiImportError, NeedsAnswer
from importer.options import (
    check_options,
    deliver_options,
    file_options,
    prepare_options,
    watch_options,
)
from importer.signals import hang_ups, let_go_of_terminal
from importer.terminal.plain_text import plain_text

if TYPE_CHECKING:
    from types import FrameType

    from importer.results import Summary
T = TypeVar("T")


@cli.command()
@file_options
def send(files: tuple[str, ...], *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Send every sale that Meta has not yet accepted, once.

    Every row of FILES gets its line in a report. What only you can tell is asked before anything is sent.
    """
    from importer.commands import send as command  # noqa: PLC0415  imports pandas

    warn_of_test_events(options["test_event_code"], quiet=quiet)
    with _told_where_it_stops(as_json=as_json, quiet=quiet):
        summary = _asking(command.send, files, options, as_json=as_json, quiet=quiet, verbose=verbose)
    return print_summary(summary, as_json=as_json, quiet=quiet)


@cli.command()
@check_options
def check(files: tuple[str, ...], *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Judge every row as send would, and send nothing.

    No token, no network (but for --online), no ledger written. Options that matter to sending only are taken too, so
    that the same command line serves both.
    """
    from importer.commands import send as command  # noqa: PLC0415

    summary = _asking(command.check, files, options, as_json=as_json, quiet=quiet, verbose=verbose)
    return print_summary(summary, as_json=as_json, quiet=quiet)


@cli.command()
@prepare_options
def prepare(files: tuple[str, ...], *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Prepare FILES into a folder that deliver sends, here or on several machines."""
    from importer.commands import prepare as command  # noqa: PLC0415  imports pandas

    done = _asking(command.prepare, files, options, as_json=as_json, quiet=quiet, verbose=verbose)
    if as_json:
        click.echo(json.dumps(done.as_json(), ensure_ascii=False))
    elif not quiet:
        ready = done.rows - sum(done.ended.values())
        click.echo(f"{done.rows:,} rows are prepared in {done.folder}, {ready:,} of them to be delivered.")
    return 0


@cli.command()
@deliver_options
def deliver(folder: str, *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Send what prepare left in FOLDER; several processes may, with one ledger in PostgreSQL."""
    from importer.commands import deliver as command  # noqa: PLC0415  imports pandas
    from importer.terminal.live_progress import watching  # noqa: PLC0415

    warn_of_test_events(options["test_event_code"], quiet=quiet)
    with (
        _told_where_it_stops(as_json=as_json, quiet=quiet),
        watching(quiet=quiet or as_json, verbose=verbose) as watch,
    ):
        summary = command.deliver(folder, on_progress=watch, **options)
    return print_summary(summary, as_json=as_json, quiet=quiet)


@cli.command()
@watch_options
def watch(
    folders: tuple[Path, ...], *, once: bool, unit: bool, as_json: bool, quiet: bool, verbose: bool, **options: Any
) -> int:
    """Import what arrives in folders, once; nothing there is changed.

    A file is taken when it rests. Reports go elsewhere. Without FOLDERS the folders of all profiles are watched.
    """
    from importer.commands import watch as command  # noqa: PLC0415  imports pandas

    if unit:
        click.echo(command.unit(folders, sys.argv[1:], options))
        return 0

    def tell(path: Path, summary: Summary) -> None:
        if as_json:
            click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
        elif not quiet:
            from importer.results.phrases import in_one_line  # noqa: PLC0415

            click.echo(plain_text(f"{path.name}: {in_one_line(summary)}. Report: {summary.report}"))
        sys.stdout.flush()

    if verbose:
        logging.getLogger("importer").setLevel(logging.INFO)
    with _setting_on_signals() as stop:
        return command.watch(*folders, once=once, on_file=tell, stop=stop, **options).exit_code


@contextmanager
def _setting_on_signals() -> Iterator[Event]:
    """Yield what is set by the first signal that asks for the end; the next one ends the program at once."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if number in hang_ups():
            let_go_of_terminal()
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, *hang_ups())}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _told_where_it_stops(*, as_json: bool, quiet: bool) -> Iterator[None]:
    """Print what a run came to that stops early, before its error is told."""
    try:
        yield
    except CapiImportError as error:
        if error.summary is not None:
            print_summary(error.summary, as_json=as_json, quiet=quiet)
        raise


def _asking(
    run: Callable[..., T],
    files: Sequence[str],
    options: dict[str, Any],
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> T:
    """Run, and ask the person at a terminal whatever the files leave open until nothing is; else tell the questions."""
    from importer.terminal.live_progress import watching  # noqa: PLC0415

    while True:
        try:
            with watching(quiet=quiet or as_json, verbose=verbose) as watch:
                return run(*files, on_progress=watch, keep_rejected=False, **options)
        except NeedsAnswer as error:
            if as_json:
                asked = {"questions": [question.as_json() for question in error.questions]}
                click.echo(json.dumps(asked, ensure_ascii=False))
            piped = any(str(file) == "-" for file in files)  # which cannot be read again
            if as_json or quiet or piped or not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise
            from importer.terminal.choices import choose  # noqa: PLC0415

            options = options | choose(error.questions, options)
