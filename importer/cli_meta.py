"""The commands that talk to Meta about single events and datasets; `cli.py` gathers them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from importer.errors import CapiImportError, Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from importer.actor.results import TaskResult

F = TypeVar("F", bound=Callable[..., Any])

ACCESS = (
    click.option(
        "--token-file", type=click.Path(path_type=Path), help="A file with the token; or env CAPI_ACCESS_TOKEN."
    ),
    click.option("--graph-url", metavar="URL", help="env CAPI_GRAPH_URL  [default: https://graph.facebook.com]"),
    click.option("--graph-version", metavar="V", help="env CAPI_GRAPH_VERSION  [default: v25.0]"),
    click.option("--now", metavar="TIME", help="Judge ages as of this instant (rehearsals, tests)."),
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="The result as JSON on stdout.")
QUIET = click.option("--quiet", is_flag=True, help="Only errors on stderr.")

PLAIN = (
    "email", "phone", "first-name", "last-name", "city", "state", "zip-code", "external-id", "fbclid", "fbp", "fbc",
    "client-ip-address", "client-user-agent", "order-id", "event-id", "event-source-url", "value", "custom-event-name",
)  # fmt: skip
"""Parameters of `event` that are text and have no default."""
DESCRIBED = (
    ("event-name", "[default: Purchase]"),
    ("country", "ISO 3166-1 alpha-2  [default: US]"),
    ("currency", "ISO 4217  [default: USD]"),
    ("event-time", "ISO 8601, without a zone UTC; or Unix seconds  [default: now]"),
    ("content-ids", "Product ids, parted by commas."),
    ("content-type", "product or product_group  [default: product]"),
    ("action-source", "[default: website]"),
)


def _options(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        return reduce(lambda inner, option: option(inner), reversed(options), function)

    return decorate


parameters = _options(
    *(click.option(f"--{name}", help=words) for name, words in DESCRIBED),
    *(click.option(f"--{name}") for name in PLAIN),
    click.option(
        "--is-already-hashed",
        "--already-hashed",
        "is_already_hashed",
        is_flag=True,
        default=None,
        help="Customer values are SHA-256 hex.",
    ),
)


@click.command()
@parameters
@click.option("--dataset", "--pixel-id", "dataset", metavar="ID", help="Dataset (pixel) id; env CAPI_DATASET_ID.")
@click.option("--test-event-code", metavar="CODE", help="Sent along; Meta counts test events too.")
@click.option("--webhook", "--webhook-url", "webhook", metavar="URL", help="POST the result there.")
@click.option("--dry-run", is_flag=True, help="Print the event that would go, hashes only; no token needed.")
@click.option(
    "--demo-mode/--no-demo-mode", "demo", default=False, help="The built-in sandbox answers; no token needed."
)
@_options(*ACCESS, AS_JSON, QUIET)
def event(*, as_json: bool, quiet: bool, dry_run: bool, **options: Any) -> int:
    """Validate, normalise, hash and send one event."""
    from importer.commands.event import event as run  # noqa: PLC0415  imports pandas

    given = {name: value for name, value in options.items() if value is not None}
    if given.get("test_event_code") and not quiet:
        click.echo("Warning: Meta counts test events too; they are used for targeting and measurement.", err=True)
    given.setdefault("event_name", "Purchase")
    with _not_resumable():
        result = run(dry_run=dry_run, **given)
    item = result.items[0]
    if as_json:
        click.echo(json.dumps(item, ensure_ascii=False))
    elif dry_run and "payload" in item:
        click.echo(json.dumps(item["payload"], ensure_ascii=False, indent=2))
    if not as_json:
        _tell(item, quiet=quiet, dry_run=dry_run)
    return result.exit_code


@click.command()
@click.argument("input", metavar="INPUT.json", type=click.Path(path_type=Path, allow_dash=True))
@_options(*ACCESS, QUIET)
@click.option("--json", "as_json", is_flag=True, help="The items are JSON always; this changes nothing.")
def task(input: Path, *, quiet: bool, as_json: bool, **options: Any) -> int:  # noqa: A002, ARG001  the actor's word
    """Run the hosted actor's JSON input (a file, or - for standard input); result items as JSON on stdout."""
    from importer.commands import task as command  # noqa: PLC0415

    with _not_resumable():
        result = _from_stdin(options) if str(input) == "-" else command.task(input, **options)
    click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    if not quiet:
        for item in result.items:
            if result.stopped is not None and "error" in item:
                click.echo(f"Error: {item['error']}" + (f". {item['advice']}" if "advice" in item else ""), err=True)
                break
    return result.exit_code


def _from_stdin(options: dict[str, Any]) -> TaskResult:
    from importer.actor import results, tasks  # noqa: PLC0415
    from importer.commands import task as command  # noqa: PLC0415

    try:
        data = tasks.parse_input(sys.stdin.buffer.read(), "standard input")
    except CapiImportError as error:
        return results.failed(error)
    return command.task(data, **options)


@click.command()
@click.option("--ad-account", metavar="act_...", help="By default every ad account that the token can see.")
@_options(*ACCESS[:3], AS_JSON)
def pixels(ad_account: str | None, *, as_json: bool, **options: Any) -> int:
    """List the datasets (pixels) of an ad account, or of every one that the token can see."""
    from importer.commands.pixels import pixels as find  # noqa: PLC0415
    from importer.terminal.pixel_tables import show_pixels  # noqa: PLC0415

    found = find(ad_account, **options)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        show_pixels(found, _console())
    return 0


@click.command()
@click.argument("dataset", metavar="ID")
@click.option("--aggregation", default="event", show_default=True, help="What is counted, such as event or match_keys.")
@click.option("--since", metavar="TIME", help="ISO 8601 or Unix seconds  [default: seven days ago]")
@click.option("--until", metavar="TIME", help="[default: now]")
@_options(*ACCESS, AS_JSON)
def pixel(dataset: str, *, as_json: bool, **options: Any) -> int:
    """Show a dataset: details, statistics by hour, and its offline quality where the token may read it."""
    from importer.commands.pixels import pixel as ask  # noqa: PLC0415
    from importer.terminal.pixel_tables import show_pixel  # noqa: PLC0415

    report = ask(dataset, **options)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        show_pixel(report, _console())
    return 0


def _tell(item: dict[str, Any], *, quiet: bool, dry_run: bool) -> None:
    """The event's result for a person: what became of it on stdout, what is worth knowing on stderr."""
    if not item["success"]:
        click.echo(f"Error: {item['error']}", err=True)
    elif not dry_run and not quiet:
        trace = item.get("response", {}).get("fbtrace_id")
        demo = " (demonstration: nothing went to Meta)" if item.get("demoMode") else ""
        click.echo(
            f"Meta took the event{demo}: {item['eventName']}, id {item['eventId']}, keys {'+'.join(item['matchKeys'])}"
            + (f", trace {trace}." if trace else ".")
        )
    for warning in () if quiet else item.get("warnings", ()):
        click.echo(f"Warning: {warning['field']}: {warning['message']}", err=True)


@contextmanager
def _not_resumable() -> Iterator[None]:
    """Ctrl-C says that a task has no state to go on from."""
    try:
        yield
    except KeyboardInterrupt as error:
        message = "Stopped. What Meta took before is not remembered: a second run sends every event again."
        raise Interrupted(message) from error


def _console() -> Console:
    from rich.console import Console as RichConsole  # noqa: PLC0415

    return RichConsole()
