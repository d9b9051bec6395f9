"""The record of a run: each delivered batch goes into the report, the rejects and the counts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import numpy as np

from importer.core.model import Delivered, Outcomes, Raw
from importer.errors import UsageError
from importer.intake import Intake
from importer.report import InSequence, RejectsWriter, ReportWriter, Summary, Tally, check_target, outcomes
from importer.settings import Settings


class Record:
    """Owns the report and the rejects while a run lasts; both stand complete on disk when it ends, however it ends."""

    def __init__(self, settings: Settings, intakes: Sequence[Intake], *, check: bool) -> None:
        self._settings, self._intakes, self._check = settings, intakes, check
        self._tally = Tally()
        self._stack = ExitStack()
        self._began = time.monotonic()
        self._sequence: tuple[Intake, InSequence] | None = None
        self.rows = self.sales = self.requests = self.retries = 0

    def __enter__(self) -> Self:
        settings = self._settings
        check_target(settings.report_path, settings.files)
        if settings.rejects is not None:
            check_target(settings.rejects, (*settings.files, settings.report_path))
        self._report = self._stack.enter_context(ReportWriter(settings.report_path))
        self._rejects = (
            None
            if settings.rejects is None
            else self._stack.enter_context(RejectsWriter(settings.rejects, _common_headers(self._intakes)))
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        self._stack.__exit__(kind, error, trace)

    def add(self, intake: Intake, raw: Raw, delivered: Delivered) -> None:
        """One batch is written and counted."""
        rows = outcomes(intake.export.file, intake.export.sheet, delivered)
        self._tally.add(delivered, rows)
        self.rows += rows.num_rows
        self.sales += int(np.asarray(delivered.column("payload").is_valid()).sum())
        if self._rejects is not None:
            self._rejects.write(raw, rows)
        if self._sequence is None or self._sequence[0] is not intake:
            self._flush()
            self._sequence = (intake, InSequence())
        for ready in self._sequence[1].push(rows):
            self._write(ready)

    def _flush(self) -> None:
        if self._sequence is not None:
            for rest in self._sequence[1].rest():
                self._write(rest)
            self._sequence = None

    def _write(self, rows: Outcomes) -> None:
        self._report.write(rows)

    def summary(self) -> Summary:
        """The counts so far, and where the files are."""
        settings = self._settings
        now = self._intakes[0].preparation.now if self._check else None
        names = list(dict.fromkeys(intake.plan.name for intake in self._intakes))
        return self._tally.summary(
            check=self._check,
            files=[str(path) for path in settings.files],
            seconds=time.monotonic() - self._began,
            dataset=settings.dataset,
            schema=", ".join(names) or None,
            report=settings.report_path,
            rejects=settings.rejects,
            requests=self.requests,
            retries=self.retries,
            now=now,
        )


def _common_headers(intakes: Sequence[Intake]) -> tuple[str, ...]:
    headers = intakes[0].export.headers
    if any(intake.export.headers != headers for intake in intakes):
        message = "--rejects needs files with the same columns; import files of different kinds one by one."
        raise UsageError(message)
    return headers
