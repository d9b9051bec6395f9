"""How the commands present themselves: options under headings, a line for each command that is never cut."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from importer.terminal.console import mute_output

Headings = Mapping[str, Sequence[str]]
"""A heading -> the names of the options, or commands, that stand under it, in this order."""

COMMANDS: Headings = {
    "First steps": ("init", "template", "demo"),
    "Files": ("check", "send", "columns", "schemas", "watch", "web", "prepare", "deliver"),
    "What was sent": ("runs", "ledger", "report"),
    "Meta": ("pixels", "pixel", "event", "task", "sandbox"),
}

READ = (
    "format", "connection", "schema", "sheet", "all_sheets", "encoding", "customers", "join_on", "suppress", "edits",
)  # fmt: skip
MEANING = (
    "map", "status", "rows", "timezone", "currency", "country", "date_order", "decimal", "event_name", "action_source",
    "online_sales", "event_source_url", "consent", "accept_mapping", "already_hashed", "ldu",
)  # fmt: skip
PLACE = ("dataset", "dataset_column", "datasets", "token_file", "ledger")
GRAPH = ("graph_url", "graph_version", "trust_host")
RESULTS = ("report", "rejects", "summary", "save_answers", "force", "webhook", "alert", "json", "quiet", "verbose")
OTHER = ("profile", "now", "help")

OPTIONS: Mapping[str, Headings] = {
    "send": {
        "What is read": READ,
        "What it means": MEANING,
        "Where it goes": (*PLACE, "test_event_code", "batch_size", "concurrency", *GRAPH),
        "Results": RESULTS,
        "Other": OTHER,
    },
    "check": {
        "What is read": READ,
        "What it means": MEANING,
        "What was sent before": ("dataset", "dataset_column", "datasets", "ledger"),
        "Asking Meta": ("online", "token_file", *GRAPH),
        "Results": RESULTS,
        "Other": OTHER,
    },
    "event": {
        "The customer": (
            "email", "phone", "first_name", "last_name", "city", "state", "zip_code", "country", "external_id",
            "is_already_hashed", "fbclid", "fbc", "fbp", "client_ip_address", "client_user_agent",
        ),
        "The event": (
            "event_name", "custom_event_name", "value", "currency", "order_id", "event_time", "action_source",
            "event_source_url", "content_ids", "content_type", "event_id",
        ),
        "Where it goes": (
            "dataset", "token_file", "test_event_code", *GRAPH,
        ),
        "Results": ("dry_run", "demo", "webhook", "json", "quiet"),
        "Other": OTHER,
    },
}  # fmt: skip
"""Command -> its options under headings; of other commands the options stand in one list."""

ONLY_SENDING: Mapping[str, Sequence[str]] = {
    "check": ("batch_size", "concurrency", "test_event_code", "webhook", "alert"),
}
"""Options that a command takes, so that a command line of `send` is one of it too, though they change nothing there."""


class Command(click.Command):
    """A command whose help lists its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options that have an effect, under their headings."""
        hidden = ONLY_SENDING.get(self.name or "", ())
        lines = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if isinstance(param, click.Option) and record is not None and param.name not in hidden:
                name = "help" if "--help" in param.opts else param.name or ""
                lines[name.removeprefix("as_")] = record
        _write(formatter, lines, OPTIONS.get(self.name or "", {}), "Options")


class CommandGroup(click.Group):
    """A group of commands, under headings too, each with its whole first sentence."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; where nobody reads its output any more, as behind `| head`, it ends well and quietly."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            mute_output()
            return 0
        return result

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each command, however long."""
        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        lines = {name: (name, _sentence(command)) for name, command in found.items() if command and not command.hidden}
        _write(formatter, lines, COMMANDS if ctx.parent is None else {}, "Commands")


def _sentence(command: click.Command) -> str:
    """Return the first sentence of a command's help, without its period, as click's own list has it."""
    return " ".join((command.help or "").split("\n\n")[0].split()).removesuffix(".")


def _write(formatter: click.HelpFormatter, lines: Mapping[str, tuple[str, str]], headings: Headings, rest: str) -> None:
    """Write the lines under their headings, those without one under `rest`."""
    for heading, names in _with_rest(headings, lines, rest):
        if rows := [lines[name] for name in names if name in lines]:
            with formatter.section(heading):
                formatter.write_dl(rows)


def _with_rest(headings: Headings, names: Mapping[str, object], rest: str) -> Iterator[tuple[str, Sequence[str]]]:
    told = {name for of_heading in headings.values() for name in of_heading}
    yield from headings.items()
    yield (f"More {rest.lower()}" if told else rest), [name for name in names if name not in told]
