"""The command line's one group, which the modules beside this one fill with commands."""

from __future__ import annotations

import click

from importer.command_help import CommandGroup

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(
    cls=CommandGroup,
    context_settings=CONTEXT,
    epilog="Begin with: capi-import check FILE. It sends nothing. Options of a command: capi-import COMMAND --help.",
)
@click.version_option(package_name="capi-import", prog_name="capi-import")
def cli() -> None:
    """Offline sales from CSV, Parquet and Excel exports into Meta's Conversions API, a result for every row."""
