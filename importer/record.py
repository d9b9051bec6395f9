"""The record of a run: each delivered batch goes into the report, the rejects and the counts."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from importer.core.model import Delivered, Outcomes, Raw
from importer.delivery import Stats
from importer.errors import CapiImportError, UsageError
from importer.intake import Intake
from importer.progress import Progress
from importer.results import FileOrder, RejectsWriter, ReportWriter, Summary, Tally, check_target, outcomes
from importer.results.advice import advice
from importer.results.facts import Facts, Moment
from importer.results.first_rows import FirstRows
from importer.results.phrases import amounts
from importer.results.quality import meta_scores
from importer.results.summary_page import PAGE_ENDINGS, PageFile
from importer.results.timeline import Timeline
from importer.results.totals import Totals
from importer.run_facts import describe
from importer.settings import Settings
from importer.terminal.progress import Standing, Watch


class Record:
    """Owns the report and the rejects while a run lasts; both stand complete on disk when it ends, however it ends."""

    def __init__(self, settings: Settings, intakes: Sequence[Intake], *, check: bool) -> None:
        self._settings, self._intakes, self._check = settings, intakes, check
        self._tally = Tally()
        self._stack = ExitStack()
        self._began = time.monotonic()
        self._facts = describe(intakes, settings, check=check)
        self._timeline = Timeline()
        self._total = sum(intake.found.rows for intake in intakes)
        self._totals = Totals()
        self._leads = FirstRows(self._facts.layouts)
        self._counts_all = settings.summary is not None or settings.report_path.suffix.lower() == ".xlsx"
        self._sequence: tuple[Intake, FileOrder] | None = None
        self.rows = self.sales = self.requests = self.retries = 0
        self._stopped: CapiImportError | None = None
        self._stats: Stats | None = None

    def __enter__(self) -> Self:
        settings = self._settings
        check_target(settings.report_path, settings.files)
        if settings.rejects is not None:
            check_target(settings.rejects, (*settings.files, settings.report_path))
        if settings.summary is not None:
            check_target(settings.summary, (*settings.files, settings.report_path), endings=PAGE_ENDINGS)
        with ExitStack() as opening:  # what was opened is left as it was if the next cannot be
            self._page = None if settings.summary is None else opening.enter_context(PageFile(settings.summary))
            self._report = opening.enter_context(ReportWriter(settings.report_path))
            self._rejects = (
                None
                if settings.rejects is None
                else opening.enter_context(RejectsWriter(settings.rejects, _common_headers(self._intakes)))
            )
            self._stack = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._flush()
            if error is None or self.rows:
                self._finish(error)
        finally:
            self._stack.__exit__(kind, error, trace)

    def _finish(self, error: BaseException | None) -> None:
        """What the rows cannot say is told to the report and the page."""
        facts = self._told(error)
        self._report.tell(self._totals, facts)
        if self._page is not None:
            self._page.fill(self._totals, facts)

    def add(self, intake: Intake, raw: Raw, delivered: Delivered) -> None:
        """One batch is written and counted."""
        rows = outcomes(intake.export.file, intake.export.sheet, delivered)
        self._tally.add(delivered, rows)
        self.rows += rows.num_rows
        self.sales += rows.num_rows - delivered.column("payload").null_count
        if self._rejects is not None:
            self._rejects.write(raw, rows)
        if self._sequence is None or self._sequence[0] is not intake:
            self._flush()
            self._sequence = (intake, FileOrder())
        for ready in self._sequence[1].push(rows):
            self._write(ready)

    def _flush(self) -> None:
        if self._sequence is not None:
            for rest in self._sequence[1].rest():
                self._write(rest)
            self._sequence = None

    def _write(self, rows: Outcomes) -> None:
        self._report.write(rows)
        if self._counts_all:
            self._totals.add(rows, self._leads)

    def tell(self, watch: Watch | None, progress: Progress | None = None) -> None:
        """The run's progress is kept for the summary and shown to whoever watches."""
        sales = self.sales if progress is None else progress.sales
        standing = Standing(self.rows, self._total, sales, amounts(self._tally.value), check=self._check)
        if progress is not None:
            standing = replace(
                standing,
                requests=progress.requests,
                retries=progress.retries,
                flying=progress.in_flight,
                limit=progress.limit,
                waiting=progress.waiting,
                why=progress.why,
            )
        paused = 0.0 if progress is None else progress.paused
        second = time.monotonic() - self._began
        counts = (standing.requests, standing.retries, standing.flying, paused)
        self._timeline.note(Moment(round(second, 3), standing.done, sales, *counts))
        if watch is not None:
            watch(standing)

    def scored(self, quality: Sequence[Mapping[str, Any]]) -> None:
        """Meta's own scores of the dataset's offline quality, as it answered, are told in the summary."""
        self._facts = replace(self._facts, scores=meta_scores({"offline": quality}))

    def end(self, stats: Stats, stopped: CapiImportError | None) -> None:
        """The sending is over: what it came to, and why it stopped early, if it did."""
        self._stats, self._stopped = stats, stopped
        self.requests, self.retries = stats.requests, stats.retries

    def _told(self, error: BaseException | None) -> Facts:
        stopped = error if isinstance(error, CapiImportError) else self._stopped
        tally, now = self._tally, self._facts.now
        return replace(
            self._facts,
            seconds=round(time.monotonic() - self._began, 3),
            requests=self.requests,
            retries=self.retries,
            paused=0.0 if self._stats is None else self._stats.paused,
            notices=() if self._stats is None else self._stats.notices,
            stopped=None if stopped is None else str(stopped),
            timeline=self._timeline.moments,
            advice=() if now is None else tuple(advice(tally.seen, tally.keys, tally.warnings, tally.reasons, now)),
        )

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
            page=settings.summary,
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
