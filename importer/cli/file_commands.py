"""The commands about files, schemas and reports, and those for first steps."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from importer.addresses import is_address, shown
from importer.cli.command_group import cli
from importer.cli.printed import print_summary
from importer.errors import UsageError
from importer.options import (
    ADDRESS,
    PATH,
    SUMMARY_AS_JSON,
    answer_options,
    export_options,
    force_option,
    json_option,
    profile_option,
)
from importer.terminal.console import console


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
        command.show(found, console(), shown(file) if is_address(file) else file)
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

    return print_summary(command.report(*reports, summary=summary, force=bool(force)), as_json=as_json, quiet=False)


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

    return command.demo(folder, console())
