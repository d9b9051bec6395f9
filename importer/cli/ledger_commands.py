"""The commands about what was sent: runs, and the ledger with its own."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from importer.cli.command_group import cli
from importer.command_help import CommandGroup
from importer.errors import UsageError
from importer.options import (
    PATH,
    json_option,
    ledger_option,
)
from importer.terminal.console import console


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
        show(console())
    return 0


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
        command.show(held, console())
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
