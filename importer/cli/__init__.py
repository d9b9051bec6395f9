"""The command line: options in, one function called, its result printed, an exit code out.

Nothing heavy is imported before a command runs, so that --help and completion answer at once.
"""

from __future__ import annotations

from importer.cli import file_commands, import_commands, ledger_commands, meta_commands  # each adds its commands
from importer.cli.command_group import cli
from importer.cli.program import main

__all__ = ["cli", "file_commands", "import_commands", "ledger_commands", "main", "meta_commands"]
