"""The command line: options in, one function called, its result printed, an exit code out.

Nothing heavy is imported before a command runs, so that --help and completion answer at once.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import gc
import json
import logging
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from importer.addresses import is_address, shown
from importer.command_help import CommandGroup
from importer.errors import CapiImportError, Interrupted, NeedsAnswer, UsageError
from importer.options import (
    ADDRESS,
    PATH,
    SUMMARY_AS_JSON,
    access_options,
    answer_options,
    check_options,
    deliver_options,
    event_options,
    export_options,
    file_options,
    force_option,
    json_option,
    ledger_option,
    now_option,
    prepare_options,
    profile_option,
    quiet_option,
    token_option,
    watch_options,
)
from importer.signals import hang_ups, let_go_of_terminal
from importer.terminal.console import mute_output
from importer.terminal.crash_file import write_crash_file
from importer.terminal.plain_text import PlainFormatter, fitted, plain_text

if TYPE_CHECKING:
    from types import FrameType

    from rich.console import Console

    from importer.results import Summary

T = TypeVar("T")

STOPPED = 130
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Options of glibc's mallopt."""
SAFE = " What Meta accepted is safe in the ledger and is not sent again."
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(
    cls=CommandGroup,
    context_settings=CONTEXT,
    epilog="Begin with: capi-import check FILE. It sends nothing. Options of a command: capi-import COMMAND --help.",
)
@click.version_option(package_name="capi-import", prog_name="capi-import")
def cli() -> None:
    """Offline sales from CSV, Parquet and Excel exports into Meta's Conversions API, a result for every row."""


def main() -> NoReturn:
    """Run the command and exit: 0 done, 1 some rows failed, 2 could not run, 3 a bug, 130 stopped."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, as by >&-
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  open until the end
    code = _run()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
            stream.flush()
    os._exit(code)  # every file is closed; to take Python itself apart takes 0.3 s


def _keep_freed_memory() -> None:
    """Let glibc use the memory of freed columns again, rather than give it back and fetch it anew: 8 % of `send`."""
    with suppress(OSError, AttributeError):  # another C library
        set_option = ctypes.CDLL(None).mallopt
        set_option(M_MMAP_THRESHOLD, 32 << 20)  # the most that glibc allows
        set_option(M_TRIM_THRESHOLD, 256 << 20)


class _Stopping:
    """End as by Ctrl-C on every signal that asks for the end; the same one twice ends the program at once.

    A terminal that goes away may bring two, one after the other.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if number in hang_ups():
            let_go_of_terminal()
        is_first, is_new = not self._seen, number not in self._seen
        self._seen.add(number)
        if is_first or not is_new:
            signal.default_int_handler(number, frame)


def _run() -> int:
    """Run the command and print each error as one sentence; return the exit code."""
    stopping = _Stopping()
    for number in (signal.SIGINT, signal.SIGTERM, *hang_ups()):
        signal.signal(number, stopping)
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # 130 MB less than with mimalloc at a million rows
    _keep_freed_memory()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads have nothing to do here
    sys.setswitchinterval(
        0.0005
    )  # hashing holds the interpreter's lock: requests need not wait 5 ms for it, 5 % of send
    gc.set_threshold(50_000, 20, 20)  # imports make many objects and no garbage: 0.1 s of a start
    lines = logging.StreamHandler()
    lines.setFormatter(PlainFormatter("%(message)s"))
    if "--verbose" in sys.argv:
        logging.getLogger("importer").setLevel(logging.INFO)
    logging.basicConfig(handlers=[lines], level=logging.ERROR if "--quiet" in sys.argv else logging.WARNING)
    try:
        result = cli.main(standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except CapiImportError as error:
        said = str(error) if error.exit_code == STOPPED else f"Error: {error}"
        click.echo(fitted(plain_text(said), sys.stderr), err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped. The same command goes on where it was.", err=True)
        code = STOPPED
    except Exception as error:  # noqa: BLE001  the last resort: a bug must not show a traceback
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return _without_room()
        safe = SAFE if "send" in sys.argv[1:2] else ""
        click.echo(f"Error: this is a bug in capi-import. {write_crash_file(error)}{safe}", err=True)
        code = 3
    return code


def _without_room() -> int:
    """Say that something could not be written for want of room; return the exit code."""
    safe = SAFE if "send" in sys.argv[1:2] else ""
    click.echo(
        f"Error: The disk is full, or the output's limit is reached; make room and run it again.{safe}", err=True
    )
    return 2


@cli.command()
@file_options
def send(files: tuple[str, ...], *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Send every sale that Meta has not yet accepted, once.

    Every row of FILES gets its line in a report. What only you can tell is asked before anything is sent.
    """
    from importer.commands import send as command  # noqa: PLC0415  imports pandas

    _warn_of_test_events(options["test_event_code"], quiet=quiet)
    try:
        summary = _asking(command.send, files, options, as_json=as_json, quiet=quiet, verbose=verbose)
    except CapiImportError as error:
        if error.summary is not None:
            _print_summary(error.summary, as_json=as_json, quiet=quiet)
        raise
    return _print_summary(summary, as_json=as_json, quiet=quiet)


@cli.command()
@check_options
def check(files: tuple[str, ...], *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Judge every row as send would, and send nothing.

    No token, no network (but for --online), no ledger written. Options that matter to sending only are taken too, so
    that the same command line serves both.
    """
    from importer.commands import send as command  # noqa: PLC0415

    summary = _asking(command.check, files, options, as_json=as_json, quiet=quiet, verbose=verbose)
    return _print_summary(summary, as_json=as_json, quiet=quiet)


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
def deliver(folder: Path, *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Send what prepare left in FOLDER; several processes may, with one ledger in PostgreSQL."""
    from importer.commands import deliver as command  # noqa: PLC0415  imports pandas
    from importer.terminal.live_progress import watching  # noqa: PLC0415

    _warn_of_test_events(options["test_event_code"], quiet=quiet)
    try:
        with watching(quiet=quiet or as_json, verbose=verbose) as watch:
            summary = command.deliver(folder, on_progress=watch, **options)
    except CapiImportError as error:
        if error.summary is not None:
            _print_summary(error.summary, as_json=as_json, quiet=quiet)
        raise
    return _print_summary(summary, as_json=as_json, quiet=quiet)


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


@cli.command()
@click.argument("file", type=ADDRESS)
@profile_option
@export_options
@answer_options
@click.option("--save", type=PATH, help="Write what was understood as a schema, to look at and to use with --schema.")
@json_option("What was recognised as one JSON object on stdout.")
def columns(file: str, save: Path | None, *, as_json: bool, **options: Any) -> int:
    """Show what each column of a file fills, how sure, and what is asked.

    Also its format, header and schema, and what is missing. Of values only their shape is shown.
    """
    from importer.commands import columns as command  # noqa: PLC0415

    found = command.columns(file, save=save, **options)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        command.show(found, _console(), shown(file) if is_address(file) else file)
    return 0


@cli.command()
@click.argument("name", required=False)
def schemas(name: str | None) -> int:
    """List the exports known by name, or print the schema of one."""
    from importer.commands import schemas as command  # noqa: PLC0415

    if name:
        from importer.schema_files import schema_text  # noqa: PLC0415

        click.echo(schema_text(name), nl=False)
        return 0
    known = command.schemas()
    width = max(len(key) for key in known)
    for key, title in sorted(known.items()):
        click.echo(f"{key:<{width}}  {title}")
    return 0


@cli.command()
@event_options
@json_option("The result as JSON on stdout.")
@quiet_option
def event(*, as_json: bool, quiet: bool, dry_run: bool, **options: Any) -> int:
    """Send one event, told by options."""
    from importer.commands import event as command  # noqa: PLC0415  imports pandas

    given = {"event_name": "Purchase"} | {name: value for name, value in options.items() if value is not None}
    _warn_of_test_events(given.get("test_event_code"), quiet=quiet)
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
        show_pixels(found, _console())
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
        show_pixel(found, _console())
    return 0


@cli.command()
@click.argument("reports", nargs=-1, required=True, type=PATH, metavar="REPORT...")
@click.option(
    "--summary",
    type=PATH,
    metavar="FILE.html",
    help="Where the page goes.  [default: beside the first report, with the ending .html]",
)
@force_option
@json_option(SUMMARY_AS_JSON)
def report(reports: tuple[Path, ...], summary: Path | None, *, force: bool, as_json: bool) -> int:
    """Make the summary page again from stored reports.

    Several are combined, such as a month of weekly imports: each sale once, as it stands now.
    """
    from importer.commands import report as command  # noqa: PLC0415  imports pyarrow

    return _print_summary(command.report(*reports, summary=summary, force=bool(force)), as_json=as_json, quiet=False)


@cli.command()
@click.argument("run", metavar="[N]", type=int, required=False)
@click.option("--refunds", is_flag=True, help="The sales refunded since Meta accepted them, and what they come to.")
@click.option(
    "--audit", type=PATH, metavar="FILE.jsonl", help="Write what run N sent, without customers, to a new file."
)
@ledger_option
@json_option("As one JSON object on stdout.")
def runs(run: int | None, ledger: str | None, audit: Path | None, *, refunds: bool, as_json: bool) -> int:
    """List the runs of this ledger, newest first, or show one.

    When, to which dataset, with which files, how many rows of each status, how much money, and where the report lies.
    """
    from importer.commands import runs as command  # noqa: PLC0415

    if refunds:
        if run is not None or audit is not None:
            message = "--refunds tells of all runs; leave the run's number and --audit out."
            raise UsageError(message)
        taken_back = command.runs(refunds=True, ledger=ledger)
        told, show = taken_back.as_json(), partial(command.show_refunds, taken_back)
    else:
        found = command.runs(run, audit=audit, ledger=ledger)
        told, show = {"runs": [one.as_json() for one in found]}, partial(command.show, found)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        show(_console())
    return 0


@cli.command()
def init() -> int:
    """Write a first capi-import.toml by asking.

    It holds what you would type every week: dataset, time zone, currency. `--profile NAME` uses it.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        message = (
            "capi-import init asks questions, and here is no terminal; write capi-import.toml by hand, as the README "
            "shows under Profiles."
        )
        raise UsageError(message)
    from importer.commands import init as command  # noqa: PLC0415

    name = command.ask()
    if name is None:
        click.echo("Nothing was written.")
    else:
        click.echo(f"capi-import.toml is written. Next: capi-import check FILE --profile {shlex.quote(name)}")
    return 0


@cli.command()
@click.option("--lang", metavar="L", default="en", show_default=True, help="The language, such as de, fr or ja.")
@click.option("-o", "--output", type=PATH, required=True, metavar="FILE.xlsx", help="The new workbook.")
def template(lang: str, output: Path) -> int:
    """Write an empty workbook of sales, to fill in and to import."""
    from importer.commands import template as command  # noqa: PLC0415

    path = command.template(output, lang=lang)
    zone = command.zone_of(lang)
    click.echo(f"{path} is ready to be filled in; its second sheet explains how. Then run:")
    click.echo(f"  capi-import check {shlex.quote(str(path))} --timezone {zone}")
    return 0


@cli.command()
@click.option("--folder", type=PATH, default=Path("capi-import-demo"), show_default=True)
def demo(folder: Path) -> int:
    """Try everything on sample data: no token, no network."""
    from importer.commands import demo as command  # noqa: PLC0415

    return command.demo(folder, _console())


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


@cli.group(cls=CommandGroup, invoke_without_command=True)
@ledger_option
@json_option("As one JSON object on stdout.")
@click.pass_context
def ledger(context: click.Context, ledger: str | None, *, as_json: bool) -> int:
    """Show what was sent, by dataset and file.

    The ledger is the memory of what Meta accepted; by it no sale is sent twice.
    """
    context.obj = ledger
    if context.invoked_subcommand:
        return 0
    from importer.commands import ledger as command  # noqa: PLC0415

    held = command.ledger(ledger)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in held], indent=2))
    else:
        command.show(held, _console())
    return 0


def own_ledger(function: Callable[..., int]) -> Callable[..., int]:
    """Let a command of `ledger` take --ledger too: before its name and behind it mean the same."""

    @ledger_option
    @click.pass_obj
    @functools.wraps(function)
    def with_ledger(before: str | None, /, ledger: str | None, **options: Any) -> int:
        return function(ledger or before, **options)

    return with_ledger


@ledger.command()
@click.option("--dataset", required=True, metavar="ID", help="As the ledger shows it.")
@click.option("--before", required=True, metavar="DATE", help="Forget sales older than this day (YYYY-MM-DD).")
@click.option("--file", metavar="NAME", help="Only those of this file, as the ledger shows it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@own_ledger
def forget(path: str | None, *, dataset: str, before: str, file: str | None, yes: bool) -> int:
    """Forget sales, which would then be sent again."""
    from importer.commands import ledger as command  # noqa: PLC0415

    count = command.forgettable(dataset, before, path, file)
    what = f"{count:,} {'sale' if count == 1 else 'sales'} of dataset {dataset} before {before}"
    what += f" from {file}" if file else ""
    if count and not yes and not _confirmed(f"Forget {what}? Imported again, they would be sent again."):
        click.echo("Nothing was forgotten.")
        return 0
    count = command.forget(dataset, before, path, file) if count else 0
    click.echo(f"Forgotten: {what}.")
    return 0


def _confirmed(question: str) -> bool:
    """Ask the person at the terminal; elsewhere nobody can answer, and --yes has to."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        message = f"{question} Say --yes: there is no terminal to ask at."
        raise UsageError(message)
    return click.confirm(question, err=True)


@ledger.command(name="check")
@own_ledger
def ledger_check(path: str | None) -> int:
    """Say whether the ledger is whole."""
    from importer.commands import ledger as command  # noqa: PLC0415

    faults = command.ledger_check(path)
    for fault in faults:
        click.echo(fault, err=True)
    if not faults:
        click.echo("The ledger is whole.")
    return 1 if faults else 0


@ledger.command()
@click.argument("file", type=PATH)
@own_ledger
def backup(path: str | None, *, file: Path) -> int:
    """Write a right copy to a new FILE, also in mid-run."""
    from importer.commands import ledger as command  # noqa: PLC0415

    click.echo(f"The ledger was copied to {command.ledger_backup(file, path)}.")
    return 0


@ledger.command(name="copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def ledger_copy(source: str, target: str) -> int:
    """Copy a whole ledger into a new one: from a file to PostgreSQL, or back."""
    from importer.commands import ledger as command  # noqa: PLC0415
    from importer.ledger_place import shown  # noqa: PLC0415

    click.echo(f"The ledger was copied to {shown(command.ledger_copy(source, target))}.")
    return 0


@ledger.command()
@own_ledger
def accept(path: str | None) -> int:
    """Say that this older copy is meant.

    What Meta took since the copy was made would be sent again.
    """
    from importer.commands import ledger as command  # noqa: PLC0415

    command.ledger_accept(path)
    click.echo("The ledger is taken as it is.")
    return 0


def _console() -> Console:
    from importer.terminal.console import console  # noqa: PLC0415

    return console()


def _warn_of_test_events(code: str | None, *, quiet: bool) -> None:
    if code and not quiet:
        click.echo("Warning: Meta counts test events too; they are used for targeting and measurement.", err=True)


@contextmanager
def _not_resumable() -> Iterator[None]:
    """Say on Ctrl-C that the command keeps no state to resume from."""
    try:
        yield
    except KeyboardInterrupt as error:
        message = "Stopped. What Meta took before is not remembered: a second run sends every event again."
        raise Interrupted(message) from error


def _print_summary(summary: Summary, *, as_json: bool, quiet: bool) -> int:
    """Print the summary of a run; return the exit code that it stands for."""
    from importer.results import exit_code  # noqa: PLC0415
    from importer.terminal.summary_screen import show  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    elif not quiet:
        try:
            show(summary, _console())
            sys.stdout.flush()
        except BrokenPipeError:
            mute_output()
    return exit_code(summary)
