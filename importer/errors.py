"""Everything that stops a run, grouped by what the user must do.

CapiImportError
|-- UsageError          fix the command: an option is missing, wrong or contradicts another
|   `-- NeedsAnswer     the files leave questions open; each names the options that answer it
|-- FileError           fix the file: it cannot be read as an export
|-- SchemaError         fix the schema file: a key is unknown, missing or wrong
|-- LedgerError         fix the ledger: held by another run, damaged, newer, or its disk is full
|-- AccessError         fix the token or its permissions: Meta answers that it is dead or may not send
|-- MetaUnavailable     wait: Meta cannot be reached, throttles or blocks for now
`-- Interrupted         run the same command again: the user stopped this run

Each holds one plain sentence that says what to do. None ever holds a customer's value or the token.
A bad row is never an exception: it is a status, a reason and a message in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from importer.questions import Question, in_words

if TYPE_CHECKING:
    from importer.results import Summary

STOPPED = "Stopped; run the same command again to go on where it was."


class CapiImportError(Exception):
    """A run could not start or had to stop; the message says what to do."""

    exit_code: ClassVar[int] = 2

    summary: Summary | None = None
    """The summary of the run up to its stop, where it had begun (results.Summary)."""


class UsageError(CapiImportError):
    """An option is missing, wrong, or contradicts another."""


class NeedsAnswer(UsageError):
    """The files leave questions open that only the user can answer, each with an option.

    questions: all that is open in the run's files.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__(in_words(self.questions))


class FileError(CapiImportError):
    """The input cannot be read as an export, or an output cannot be written."""


class SchemaError(CapiImportError):
    """A schema file names an unknown key, misses one, or holds a wrong value."""


class LedgerError(CapiImportError):
    """The ledger is held by another run, damaged, newer than this program, or cannot be written."""


class AccessError(CapiImportError):
    """Meta refuses the token, the dataset or the permission."""


class MetaUnavailable(CapiImportError):
    """Meta cannot be reached, throttles for too long, or blocks the account for now."""


class Interrupted(CapiImportError):
    """The user stopped the run with Ctrl-C, SIGTERM or SIGHUP; its state is kept."""

    exit_code: ClassVar[int] = 130
