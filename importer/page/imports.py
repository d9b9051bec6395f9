"""One import on its way through the page: its files, what the user said, and how far each step is."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import importer
from importer.commands.column_values import StatusWord
from importer.commands.columns import Columns
from importer.errors import NeedsAnswer
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.option_types import Edit
from importer.page.report_rows import ReportRows
from importer.page.summary_part import REHEARSAL_LEDGER, SummaryPart, summary_part
from importer.page.uploads import free_path
from importer.page.work import Work
from importer.progress import Watch
from importer.questions import Question
from importer.results import Summary
from importer.secret import Secret
from importer.state_folders import reports_folder

WORKBOOKS = {".xlsx", ".xls", ".xlsb", ".xlsm", ".ods"}
REPEATED = ("map", "status")
"""Options of which every answer counts."""


@dataclass(frozen=True)
class Checked:
    """What `check` came to: its summary, the summary's part of the page, and the rows."""

    summary: Summary
    part: SummaryPart
    rows: ReportRows
    report: Path


@dataclass(frozen=True)
class SentFiles:
    """What one `send` came to."""

    summary: Summary
    part: SummaryPart
    report: Path


@dataclass
class Import:
    """The files of one import and everything that was said of them.

    given: options of the server that hold for all its imports: the ledger, the clock. options: those of this import.
    words: of the status columns. rows: of the last check; stale: a cell was corrected since. sample: invented sales,
    which never go to Meta. rehearsal: what was sent last went to the sandbox.
    """

    name: str
    folder: Path
    files: Sequence[Path]
    given: Mapping[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    edits: dict[tuple[str, str, int, str], Edit] = field(default_factory=dict)
    understood: Work[list[Columns]] | None = None
    checked: Work[Checked] | None = None
    sent: Work[SentFiles] | None = None
    words: tuple[StatusWord, ...] = ()
    rows: ReportRows | None = None
    stale: bool = False
    sample: bool = False
    rehearsal: bool = False
    dataset: str | None = None
    reports: list[Path] = field(default_factory=list)
    stop_asked: threading.Event = field(default_factory=threading.Event)
    check_given_up: threading.Event = field(default_factory=threading.Event)

    @property
    def all_options(self) -> dict[str, Any]:
        """The options of `check`, the corrected cells among them."""
        own = {"dataset": self.dataset} if self.dataset else {}
        edits = {"edits": tuple(self.edits.values())} if self.edits else {}
        return {**self.given, **own, **self.options, **edits}

    def understand(self) -> Work[list[Columns]]:
        """Begin to recognise the files anew; what was checked before no longer holds."""
        options = self.all_options
        self.checked = None
        self._forget_what_was_sent()

        def run(_: Watch) -> list[Columns]:
            found = [importer.columns(file, **options) for file in self.files]
            self.words = tuple(word for file in self.files for word in importer.statuses(file, **options))
            return found

        self.understood = Work(run)
        return self.understood

    def left_to_ask(self, answers: Sequence[str]) -> int:
        """Return how many questions these answers would leave, without taking them. Raises as `columns` does."""
        tried = replace(self, options=dict(self.options))
        tried.answer(answers)
        return sum(len(importer.columns(file, **tried.all_options).questions) for file in self.files)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked, as far as it is known."""
        work = self.understood
        asked = [question for found in (work.result if work else None) or () for question in found.questions]
        for stopped in (self.understood, self.checked):
            if stopped is not None and isinstance(stopped.error, NeedsAnswer):
                asked += stopped.error.questions
        return tuple({(one.kind, one.field, one.column, one.text): one for one in asked}.values())

    def answer(self, texts: Sequence[str]) -> None:
        """Take answers as the options of the command line, such as `--map 'Betrag=value'`; a later one replaces."""
        for text in texts:
            name, *value = shlex.split(text)
            key, told = name.removeprefix("--").replace("-", "_"), " ".join(value)
            if key in REPEATED:
                said = told.rpartition("=")[0]
                kept = [one for one in self.options.get(key, ()) if one.rpartition("=")[0] != said]
                self.options[key] = (*kept, told)
            else:
                self.options[key] = told or True

    def check(self) -> Work[Checked]:
        """Begin to check every row; a check that is under way is given up."""
        report, options = free_path(self.folder / "check.parquet"), self.all_options
        self.check_given_up.set()
        given_up = self.check_given_up = threading.Event()

        def run(watch: Watch) -> Checked:
            summary = importer.check(*self.files, on_progress=watch, stop=given_up, report=report, **options)
            self.rows = ReportRows(report)
            return Checked(summary, summary_part([report]), self.rows, report)

        self.stale = False
        self._forget_what_was_sent()
        self.checked = Work(run)
        return self.checked

    def _forget_what_was_sent(self) -> None:
        """Let the files be sent once more, after an answer or a correction; the ledger knows what Meta has."""
        if self.sent is not None and self.sent.is_over:
            self.sent = None

    @property
    def rejects(self) -> Path:
        """Where the rows to mend lie once there are any: a workbook's in a workbook, else as a CSV."""
        kinds = {path.suffix.lower() for path in self.files}
        return self.folder / ("rejects.xlsx" if kinds <= WORKBOOKS else "rejects.csv")

    @property
    def of_one_kind(self) -> bool:
        """Tell whether all files have the same columns, as their rejects must."""
        found = (self.understood.result if self.understood else None) or []
        return len({tuple(column.header for column in file.columns) for file in found}) == 1

    def send(self, dataset: str | None, token: Secret | None) -> None:
        """Begin to send to Meta; begun again it goes on where it was."""
        if self.rehearsal:
            self.rehearsal, self.reports = False, []
        self.dataset = dataset
        self._send(reports_folder(), {} if token is None else {"token": token})

    def rehearse(self, dataset: str | None) -> None:
        """Begin to send to the sandbox, with a ledger of its own: nothing goes to Meta, and nothing counts as sent."""
        self.rehearsal, self.reports = True, []
        ledger = free_path(self.folder / f"{REHEARSAL_LEDGER}.db")
        of_all = {} if dataset is None else {"dataset": dataset}
        self._send(self.folder, {**of_all, "token": Secret("rehearsal"), "ledger": ledger})

    def _send(self, folder: Path, access: Mapping[str, Any]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        report = free_path(folder / f"{self.files[0].name}.report.parquet")
        options = self.all_options | {"report": report, **access}
        options |= {"rejects": self.rejects} if self.of_one_kind else {}
        self.stop_asked = threading.Event()

        def run(watch: Watch) -> SentFiles:
            self.rejects.unlink(missing_ok=True)
            with ExitStack() as stack:
                if self.rehearsal:
                    now = options.get("now")
                    clock = time.time if now is None else datetime.fromisoformat(now).timestamp
                    options["graph_url"] = stack.enter_context(serve(Sandbox(SandboxOptions(), clock=clock))).url
                try:
                    summary = importer.send(*self.files, on_progress=watch, stop=self.stop_asked, **options)
                finally:
                    self.reports += [report] if report.is_file() else []
            return SentFiles(summary, summary_part(self.reports), report)

        self.sent = Work(run)

    def stop(self) -> None:
        """Ask the sending to end in order."""
        self.stop_asked.set()

    def give_up(self) -> None:
        """Ask whatever is under way to end."""
        self.stop_asked.set()
        self.check_given_up.set()

    def row(self, place: int) -> dict[str, Any] | None:
        """Return the row at a place of the last check's report; None where there is none."""
        found = None if self.rows is None else self.rows.row(place)
        return None if found is None else dict(found)

    def correct(self, file: str, sheet: str, row: int, cells: Mapping[str, str]) -> None:
        """Keep corrected cells of a row; what was checked before no longer holds for it."""
        self.stale = self.stale or bool(cells)
        for column, text in cells.items():
            self.edits[file, sheet, row, column] = Edit(file, row, column, text, sheet)
