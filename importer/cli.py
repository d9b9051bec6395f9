"""The command line: options in, one function called, its result printed, an exit code out.

Nothing heavy is imported before a command runs, so that --help and completion answer at once.
"""

from __future__ import annotations

import functools
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from importer.cli_meta import event, pixel, pixels, task
from importer.errors import CapiImportError
from importer.terminal.crash_file import write_crash_file

if TYPE_CHECKING:
    from rich.console import Console

    from importer.results import Summary

F = TypeVar("F", bound=Callable[..., Any])
STOPPED = 130
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="capi-import", prog_name="capi-import")
def cli() -> None:
    """Offline sales from CSV, Parquet and Excel exports into Meta's Conversions API, a result for every row."""


def main() -> NoReturn:
    """Run the command and exit: 0 done, 1 some rows failed, 2 could not run, 3 a bug, 130 stopped."""
    code = _run()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
            stream.flush()
    os._exit(code)  # every file is closed; to take Python itself apart takes 0.3 s


def _run() -> int:
    """The command has run, its errors are told, each in a sentence; returns the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # 130 MB less than with mimalloc at a million rows
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads have nothing to do here
    gc.set_threshold(50_000, 20, 20)  # imports make many objects and no garbage: 0.1 s of a start
    logging.basicConfig(format="%(message)s", level=logging.ERROR if "--quiet" in sys.argv else logging.WARNING)
    try:
        result = cli.main(standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except CapiImportError as error:
        click.echo(str(error) if error.exit_code == STOPPED else f"Error: {error}", err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped. The same command goes on where it was.", err=True)
        code = STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:  # noqa: BLE001  the last resort: a bug must not show a traceback
        click.echo(f"Error: this is a bug in capi-import. {write_crash_file(error)}", err=True)
        code = 3
    return code


def _group_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        return functools.reduce(lambda inner, option: option(inner), reversed(options), function)

    return decorate


file_argument = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
export_options = _group_options(
    click.option("--schema", metavar="NAME|PATH", help="The kind of export; by default recognised by its headers."),
    click.option("--sheet", metavar="NAME|N", help="Worksheet; by default the first with a recognisable header."),
    click.option("--encoding", help="Text encoding of a CSV file, when it is recognised wrongly."),
)
join_options = _group_options(
    click.option(
        "--customers",
        type=click.Path(path_type=Path),
        help="A customer file that brings e-mail and phone to sales that hold only a customer id.",
    ),
    click.option("--join-on", metavar="COLUMN", help="The id's column in both files, or SALES_COLUMN=CUSTOMER_COLUMN."),
)
row_options = _group_options(
    click.option("--event-name", help="For rows that do not say.  [default: Purchase]"),
    click.option("--action-source", help="For rows that do not say.  [default: physical_store]"),
    click.option("--currency", metavar="CODE", help="For rows that do not say: ISO 4217, such as EUR."),
    click.option("--country", metavar="CODE", help="For rows that do not say: ISO 3166-1 alpha-2, such as DE."),
    click.option("--timezone", metavar="ZONE", help="For times without a zone: IANA, such as Europe/Berlin."),
    click.option("--date-order", type=click.Choice(["mdy", "dmy", "ymd"]), help="For dates such as 03/04/2026."),
    click.option("--already-hashed", is_flag=True, default=None, help="Customer columns hold SHA-256 hex."),
    click.option(
        "--ldu", is_flag=True, default=None, help="Limited Data Use for every row, unless columns say otherwise."
    ),
    click.option("--now", metavar="TIME", help="Judge ages as of this instant (rehearsals, tests)."),
)
output_options = _group_options(
    click.option("--ledger", type=click.Path(path_type=Path), help="The ledger's file; env CAPI_LEDGER."),
    click.option(
        "--report", type=click.Path(path_type=Path), help=".csv, .parquet or .xlsx  [default: FILE.report.csv]"
    ),
    click.option(
        "--rejects",
        type=click.Path(path_type=Path),
        help="The rows not accepted, in the export's own columns (customers' data included), to mend and import again.",
    ),
    click.option(
        "--summary",
        type=click.Path(path_type=Path),
        metavar="FILE.html",
        help="A page with pictures to look at and to forward; it opens offline and names no customer.",
    ),
    click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object on stdout."),
    click.option("--quiet", is_flag=True, help="Only errors on stderr."),
    click.option("--verbose", is_flag=True, help="More on stderr."),
)
delivery_options = _group_options(
    click.option(
        "--token-file", type=click.Path(path_type=Path), help="A file with the token; or env CAPI_ACCESS_TOKEN."
    ),
    click.option(
        "--accept-mapping", is_flag=True, default=None, help="Send although columns were matched by likeness."
    ),
    click.option("--batch-size", type=int, help="Events in a request, 1 to 1000.  [default: 1000]"),
    click.option("--concurrency", type=int, help="Most requests in flight.  [default: 8]"),
    click.option("--test-event-code", metavar="CODE", help="Sent along; Meta counts test events too."),
    click.option("--graph-url", metavar="URL", help="env CAPI_GRAPH_URL  [default: https://graph.facebook.com]"),
    click.option("--graph-version", metavar="V", help="env CAPI_GRAPH_VERSION  [default: v25.0]"),
    click.option("--webhook", metavar="URL", help="POST the run's summary there at the end."),
)
dataset_option = click.option("--dataset", metavar="ID", help="Dataset (pixel) id; env CAPI_DATASET_ID.")


@cli.command()
@file_argument
@dataset_option
@export_options
@join_options
@row_options
@output_options
@delivery_options
def send(files: tuple[Path, ...], *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Send every sale in FILES that Meta has not yet accepted; write a result for every row."""
    from importer.commands import send as run  # noqa: PLC0415  imports pandas

    _warn_of_test_events(options, quiet=quiet)
    try:
        with _watching(quiet=quiet or as_json, verbose=verbose) as watch:
            summary = run.send(*files, on_progress=watch, **options)
    except CapiImportError as error:
        if error.summary is not None:
            _finish(error.summary, as_json=as_json, quiet=quiet)
        raise
    return _finish(summary, as_json=as_json, quiet=quiet)


@cli.command()
@file_argument
@dataset_option
@export_options
@join_options
@row_options
@output_options
@delivery_options
@click.option(
    "--online", is_flag=True, default=None, help="Ask Meta whether the dataset exists and takes offline events."
)
def check(files: tuple[Path, ...], *, as_json: bool, quiet: bool, verbose: bool, **options: Any) -> int:
    """Judge every row of FILES as send would: no token, no network (but for --online), no ledger written."""
    from importer.commands import send as run  # noqa: PLC0415

    with _watching(quiet=quiet or as_json, verbose=verbose) as watch:
        summary = run.check(*files, on_progress=watch, **options)
    return _finish(summary, as_json=as_json, quiet=quiet)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@export_options
@click.option("--save", type=click.Path(path_type=Path), help="Write a schema to edit.")
@click.option("--json", "as_json", is_flag=True, help="What was recognised as one JSON object on stdout.")
def columns(file: Path, save: Path | None, *, as_json: bool, **options: Any) -> int:
    """Show what was recognised in FILE: format, header, schema, each column and its field, and what is missing."""
    from importer.commands import columns as command  # noqa: PLC0415

    shown = command.columns(file, save=save, **options)
    if as_json:
        click.echo(json.dumps(shown.as_json(), indent=2, ensure_ascii=False))
    else:
        command.show(shown, _console(stderr=False))
    return 0


@cli.command()
@click.argument("name", required=False)
def schemas(name: str | None) -> int:
    """List the exports known by name; with NAME print that one's schema."""
    from importer.commands import schemas as command  # noqa: PLC0415

    if name:
        click.echo(command.schema_text(name), nl=False)
        return 0
    known = command.schemas()
    width = max(len(key) for key in known)
    for key, title in sorted(known.items()):
        click.echo(f"{key:<{width}}  {title}")
    return 0


@cli.command()
@click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="REPORT...")
@click.option(
    "--summary",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Where the page goes.  [default: beside the first report, with the ending .html]",
)
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object on stdout.")
def report(reports: tuple[Path, ...], summary: Path | None, *, as_json: bool) -> int:
    """Render the summary again from stored REPORTs; several are told together, as a month of weekly imports."""
    from importer.commands.report import report as run  # noqa: PLC0415  imports pyarrow

    return _finish(run(*reports, summary=summary), as_json=as_json, quiet=False)


@cli.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("capi-import-demo"), show_default=True)
def demo(folder: Path) -> int:
    """The whole journey on sample data against the built-in sandbox: no token, no network."""
    from importer.commands.demo import demo as run_demo  # noqa: PLC0415

    return run_demo(folder, _console(stderr=False))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 picks a free one.")
@click.option("--now", metavar="TIME", help="The sandbox's clock stands still at this instant.")
def sandbox(port: int, now: str | None) -> int:
    """Run a local stand-in for the Graph API, strict as Meta is, until Ctrl-C."""
    from importer.commands.sandbox import sandbox as run_sandbox  # noqa: PLC0415

    return run_sandbox(port, now)


@cli.group(invoke_without_command=True)
@click.option("--ledger", type=click.Path(path_type=Path), help="The ledger's file; env CAPI_LEDGER.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object on stdout.")
@click.pass_context
def ledger(context: click.Context, ledger: Path | None, *, as_json: bool) -> int:
    """Show what the ledger holds: per dataset and file, counts by status and dates."""
    context.obj = ledger
    if context.invoked_subcommand:
        return 0
    from importer.commands import ledger as command  # noqa: PLC0415

    held = command.ledger(ledger)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in held], indent=2))
    else:
        command.show(held, _console(stderr=False))
    return 0


@ledger.command()
@click.option("--dataset", required=True, metavar="ID")
@click.option("--before", required=True, metavar="DATE", help="Forget sales older than this day (YYYY-MM-DD).")
@click.pass_obj
def forget(path: Path | None, dataset: str, before: str) -> int:
    """Forget the sales of a dataset before a date: they would be sent again."""
    from importer.commands import ledger as command  # noqa: PLC0415

    count = command.forget(dataset, before, path)
    click.echo(f"{count} sales before {before} are forgotten.")
    return 0


for _command in (event, task, pixels, pixel):
    cli.add_command(_command)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console as RichConsole  # noqa: PLC0415

    return RichConsole(stderr=stderr)


def _watching(*, quiet: bool, verbose: bool) -> Any:
    from importer.terminal.live_progress import watching  # noqa: PLC0415

    return watching(quiet=quiet, verbose=verbose)


def _warn_of_test_events(options: Mapping[str, Any], *, quiet: bool) -> None:
    if options.get("test_event_code") and not quiet:
        click.echo("Warning: Meta counts test events too; they are used for targeting and measurement.", err=True)


def _finish(summary: Summary, *, as_json: bool, quiet: bool) -> int:
    from importer.results import exit_code  # noqa: PLC0415
    from importer.terminal.summary_screen import show  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    elif not quiet:
        show(summary, _console(stderr=False))
    return exit_code(summary)
