"""The record of a run: each delivered batch goes into the report, the rejects and the totals."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, Self

from importer.core.model import OUTCOMES, ROUTED_OUTCOMES, Delivered, Outcomes, Raw
from importer.core.tables.graph_versions import meta_warning
from importer.delivery import Stats
from importer.errors import CapiImportError, UsageError
from importer.freed_memory import give_back_freed_memory
from importer.graph.hosts import rehearsal_notice
from importer.intake import Intake
from importer.kept_rows import KeptRows
from importer.progress import Progress, Watch
from importer.read.arrow_table import TABLE
from importer.results import FileOrder, RejectsWriter, ReportWriter, Summary, outcomes, summary_of
from importer.results.at_fault import columns_at_fault, with_status_words
from importer.results.facts import ColumnFacts, Facts, FileFacts, Moment, used_fields
from importer.results.outcomes import EDITED, readable, with_note
from importer.results.phrases import amounts, refunded_within
from importer.results.quality import meta_scores
from importer.results.run_totals import RunTotals
from importer.results.summary_page import PageFile
from importer.results.timeline import Timeline
from importer.results.totals import TAKEN
from importer.results.written_files import overwriting
from importer.settings import Settings
from importer.text_form import TextForm

LOG = logging.getLogger("importer")

SHOWN_OPTIONS = (
    "schema", "sheet", "all_sheets", "encoding", "customers", "join_on", "suppress", "event_name", "action_source",
    "online_sales", "currency", "country", "timezone", "date_order", "already_hashed", "ldu", "batch_size",
    "concurrency", "graph_version", "test_event_code",
)  # fmt: skip
"""Options that say how the rows were read and sent; none of them is secret."""

ROWS_A_TRIM = 500_000
"""Rows after which freed memory is given back: 20 ms, and the memory of a long run does not grow."""


class RunRecord:
    """Owns the report and the rejects while a run lasts; both stand complete on disk when it ends, however it ends.

    seconds: how long the run has lasted already.
    """

    def __init__(
        self,
        settings: Settings,
        intakes: Sequence[Intake],
        *,
        check: bool,
        facts: Facts | None = None,
        seconds: float = 0.0,
    ) -> None:
        self._settings, self._intakes, self._check = settings, intakes, check
        self._overwrite = overwriting(settings, check=check)
        self._stack = ExitStack()
        self._began = time.monotonic() - seconds
        self._questions = tuple(question for intake in intakes for question in intake.questions)
        self._facts = facts_of(intakes, settings, check=check) if facts is None else facts
        self._timeline = Timeline()
        self._counted = RunTotals(self._facts.layouts)
        self._columns: tuple[Intake, Mapping[str, str]] | None = None
        self._sequence: tuple[object, FileOrder] | None = None
        self._progress = Progress(total=sum(file.rows for file in self._facts.files), check=check)
        self._since_trim = self._progress.total  # the survey has read them
        self._stats: Stats | None = None
        self._stopped: CapiImportError | None = None
        self._page: PageFile | None = None
        self._rejects: RejectsWriter | None = None
        self._is_routed = settings.dataset_column is not None
        self._datasets: dict[str, None] = {}
        self._kept = KeptRows(settings.report_path, rejected=settings.keep_rejected)
        if not check and (rehearsal := rehearsal_notice(settings.graph_url)) is not None:
            self.notice(rehearsal)

    def __enter__(self) -> Self:
        settings = self._settings
        with ExitStack() as opening:  # what was opened is left as it was if the next cannot be
            if settings.summary is not None:
                self._page = opening.enter_context(PageFile(settings.summary, self._overwrite))
            opening.enter_context(self._kept)
            schema = ROUTED_OUTCOMES if self._is_routed else OUTCOMES
            self._report = opening.enter_context(
                ReportWriter(self._kept.report, self._overwrite, noted=settings.report_path is not None, schema=schema)
            )
            if settings.rejects is not None:
                headers, export = _common_headers(self._intakes), self._intakes[0].export
                rejects = RejectsWriter(
                    settings.rejects,
                    headers,
                    self._overwrite,
                    form=_form(self._intakes),
                    sheet=export.sheet,
                    mixed=export.mixed,
                )
                self._rejects = opening.enter_context(rejects)
            self._stack = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._flush()
            if error is None or self._counted.totals.total:
                facts = self._final_facts(error)
                self._report.add_summary(self._counted.totals, facts)
                if self._page is not None:
                    self._page.fill(self._counted.totals, facts)
        finally:
            self._stack.__exit__(kind, error, trace)

    def add(self, intake: Intake, raw: Raw, delivered: Delivered) -> None:
        """Write and count one batch."""
        rows = outcomes_of(intake, raw, delivered, self._columns_of(intake), routed=self._is_routed)
        if self._is_routed:
            self._datasets |= dict.fromkeys(delivered.column("dataset").drop_null().unique().to_pylist())
        self._kept.write(raw, rows, intake.export.headers)
        if self._rejects is not None:
            self._rejects.write(raw, rows)
        self.add_outcomes(intake, rows, delivered)

    def add_outcomes(self, source: object, rows: Outcomes, delivered: Delivered) -> None:
        """Write and count one batch as the report has it. source: stands for the file, or sheet, of the rows."""
        self._counted.add(rows, delivered)
        totals = self._counted.totals
        money = amounts({currency: sum_.value for currency, sum_ in totals.money(*TAKEN).items()})
        self._progress = replace(self._progress, rows=totals.total, sales=totals.taken, money=money)
        if self._sequence is None or self._sequence[0] is not source:
            self._flush()
            self._sequence = (source, FileOrder())
        for ready in self._sequence[1].push(rows):
            self._report.write(ready)
        self._since_trim += rows.num_rows
        if self._since_trim >= ROWS_A_TRIM:
            give_back_freed_memory()
            self._since_trim = 0

    def _columns_of(self, intake: Intake) -> Mapping[str, str]:
        """Return what the sentences of a file say of its columns."""
        if self._columns is None or self._columns[0] is not intake:
            self._columns = intake, columns_in_words(intake)
        return self._columns[1]

    def _flush(self) -> None:
        if self._sequence is not None:
            for rest in self._sequence[1].rest():
                self._report.write(rest)
            self._sequence = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that rows were for so far, where each row has its own."""
        return tuple(self._datasets)

    def tell(self, watch: Watch | None, delivery: Progress | None = None) -> None:
        """Keep the run's progress for the summary, and show it to whoever watches. delivery: how far the sending is."""
        progress = self._progress
        if delivery is not None:
            progress = replace(
                delivery, rows=progress.rows, total=progress.total, money=progress.money, check=progress.check
            )
        second = round(time.monotonic() - self._began, 3)
        counts = (progress.requests, progress.retries, progress.in_flight, progress.paused)
        self._timeline.add(Moment(second, progress.rows, progress.sales, *counts))
        if watch is not None:
            watch(progress)

    def notice(self, sentence: str) -> None:
        """Keep a sentence on the run as a whole for the summary, once."""
        self._facts = replace(self._facts, notices=tuple(dict.fromkeys((*self._facts.notices, sentence))))

    def warned(self, text: str) -> None:
        """Keep what Meta warned of in a header, and say it at once."""
        sentence = meta_warning(text)
        if sentence not in self._facts.notices:
            LOG.warning("%s", sentence)
        self.notice(sentence)

    def scored(self, quality: Sequence[Mapping[str, Any]]) -> None:
        """Keep Meta's own scores of the dataset's offline quality, as it answered, for the summary."""
        self._facts = replace(self._facts, scores=meta_scores({"offline": quality}))

    def end(self, stats: Stats, stopped: CapiImportError | None) -> None:
        """Keep what the sending came to, and why it stopped early, if it did."""
        self._stats, self._stopped = stats, stopped
        for text in stats.notices:
            self.warned(text)

    @property
    def _report_path(self) -> Path | None:
        """Where the report is; None where nobody asked for one."""
        return None if self._settings.report_path is None else self._report.path

    def summary(self) -> Summary:
        """Return the counts so far, and where the files are."""
        settings = self._settings
        facts = self._final_facts(None)
        return replace(
            summary_of(self._counted.totals, [facts]),
            datasets=tuple(self._datasets) if self._is_routed else None,
            files=tuple(file.place for file in settings.files),
            report=self._report_path,
            rejects=None if self._rejects is None else self._rejects.path,
            page=None if self._page is None else self._page.path,
            advice=facts.advice if self._check else (),
            questions=self._questions,
            kept=self._kept.kept(self._report.path),
        )

    def outline(self) -> str:
        """Return what the run came to as the ledger's list of runs keeps it: JSON with exact amounts."""
        summary = self.summary()
        value = {currency: str(amount) for currency, amount in summary.value.items()}
        path = self._report_path
        target = self._settings.report_target
        report = target.address if target is not None else None if path is None else str(path.resolve())
        return json.dumps({"rows": dict(summary.rows), "value": value, "report": report})

    def _final_facts(self, error: BaseException | None) -> Facts:
        """Return the facts with what is known only when the run is over."""
        stopped = error if isinstance(error, CapiImportError) else self._stopped
        stats, now = self._stats, self._facts.now
        refunded = refunded_within(self._counted.totals)
        return replace(
            self._facts,
            dataset=", ".join(self._datasets) or None if self._is_routed else self._facts.dataset,
            seconds=round(time.monotonic() - self._began, 3),
            requests=0 if stats is None else stats.requests,
            retries=0 if stats is None else stats.retries,
            paused=0.0 if stats is None else stats.paused,
            stopped=None if stopped is None else str(stopped),
            timeline=self._timeline.moments,
            notices=self._facts.notices if refunded is None else (refunded, *self._facts.notices),
            advice=() if now is None else tuple(self._counted.advice(now)),
        )


def columns_in_words(intake: Intake) -> Mapping[str, str]:
    """Return what the sentences about a file's rows say of its columns."""
    headers = dict(zip(intake.export.names, intake.export.headers, strict=True))
    return columns_at_fault(intake.preparation.binding, headers)


def outcomes_of(
    intake: Intake, raw: Raw, delivered: Delivered, columns: Mapping[str, str], *, routed: bool = False
) -> Outcomes:
    """Return a batch as the report tells of it.

    columns: what the sentences say of the file's columns. routed: each row's dataset is told too.
    """
    export, preparation = intake.export, intake.preparation
    in_lines = export.format != TABLE
    told = with_status_words(delivered, raw, preparation.binding, intake.found.words, in_lines=in_lines)
    rows = outcomes(export.file, export.sheet, told, preparation.now, columns, in_lines=in_lines, routed=routed)
    return with_note(rows, export.edited, EDITED)


def _common_headers(intakes: Sequence[Intake]) -> tuple[str, ...]:
    headers = intakes[0].export.headers
    if any(intake.export.headers != headers for intake in intakes):
        message = "--rejects needs files with the same columns; import files of different kinds one by one."
        raise UsageError(message)
    return headers


def _form(intakes: Sequence[Intake]) -> TextForm | None:
    """Return how the first file is written; without quotation marks only where the others are written alike."""
    forms = [intake.export.form for intake in intakes]
    if forms[0] is None or forms[0].quotes != "none" or forms.count(forms[0]) == len(forms):
        return forms[0]
    return forms[0]._replace(quotes="needed")


def facts_of(intakes: Sequence[Intake], settings: Settings, *, check: bool) -> Facts:
    """Return the facts that are known when the run begins."""
    try:
        program = version("capi-import")
    except PackageNotFoundError:  # run from a folder without being installed
        program = ""
    return Facts(
        command="check" if check else "send",
        program=program,
        began=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        now=intakes[0].preparation.now if intakes else None,
        dataset=settings.dataset,
        files=tuple(_file_facts(intake) for intake in intakes),
        notices=tuple(readable(notice) for intake in intakes for notice in intake.notices),
        options=_given_options(settings),
        report="" if settings.report_path is None else readable(settings.report_path.name),
        rejects=None if settings.rejects is None else readable(settings.rejects.name),
    )


def _given_options(settings: Settings) -> Mapping[str, str]:
    """Return the options that were given, as they are written; a path by its name only."""
    defaults, given = Settings(files=settings.files), dict[str, str]()
    for name in SHOWN_OPTIONS:
        value = getattr(settings, name)
        if value != getattr(defaults, name):
            text = str(value)
            is_path = isinstance(value, str | PurePath) and "/" in text
            shown = "" if value is True else readable(PurePath(text).name if is_path else text)
            given[f"--{name.replace('_', '-')}"] = shown
    return given


def _file_facts(intake: Intake) -> FileFacts:
    export, plan = intake.export, intake.plan
    fields: dict[str, list[str]] = {}
    for name, column in used_fields(intake.preparation.binding):
        fields.setdefault(column, []).append(name)
    return FileFacts(
        file=readable(export.file),
        sheet=readable(export.sheet),
        format=export.format,
        schema=plan.name,
        title=plan.title,
        guessed=plan.guessed,
        rows=intake.found.rows,
        layout=plan.orders.rows,
        details=dict(export.details),
        columns=tuple(
            ColumnFacts(header, tuple(fields.get(name, ())))
            for header, name in zip(export.headers, export.names, strict=True)
        ),
    )
