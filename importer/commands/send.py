"""START HERE: `send` and `check`, the whole way of an export.

    send = deliver(map(prepare, read(file)))

A file is taken in (opened, recognized, surveyed as a whole: intake.py), its rows are prepared batch by batch in worker
threads (core/prepare.py), delivered by one event loop with one ledger (delivery/), and recorded: one line of the report
for each source row, in the file's order (record.py). `check` goes the same way up to the network.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import starmap
from threading import Event, Thread
from typing import Unpack

from importer.alerts import MOST_COUNTED, Waiting, alerting, check_alerts, counted_by
from importer.bucket_report import report_brought, take_free_address
from importer.clock import clock_from
from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES, Column, Prepared, Raw
from importer.core.prepare import prepare, warm_up
from importer.delivery import Delivery, deliver, look_up
from importer.errors import STOPPED, CapiImportError, Interrupted, LedgerError, NeedsAnswer
from importer.event_loop import awaited, run
from importer.graph.hosts import check_token_host, dataset_in_ledger
from importer.graph.preflight import Preflight, ask_before_sending, ask_each_online, ask_online, ask_quality
from importer.graph.webhook import check_webhook, post_summary
from importer.inputs import Importable, fetched
from importer.intake import (
    GATEWAY_COLUMN,
    Intake,
    SurveyWhole,
    by_own_datasets,
    described,
    require_edited_rows,
    require_inputs,
    require_known_columns,
    survey_here,
    take_in_sheets,
    with_refunds,
)
from importer.ledger_place import short_name, shown
from importer.option_help import lists_options
from importer.option_types import CheckOptions, SendOptions
from importer.options import check_options, file_options
from importer.own_files import without_own_files
from importer.parallel import in_order, workers
from importer.private_files import PrivateFolder
from importer.progress import Progress, Watch
from importer.questions import Question
from importer.read.suppression import read_suppressed
from importer.record import RunRecord
from importer.results import Summary
from importer.results.outcomes import readable
from importer.results.written_files import (
    check_outputs,
    check_sent_outputs,
    free_outputs,
    overwriting,
    settings_of_check,
)
from importer.saved_answers import save_answers
from importer.settings import Settings, read_settings
from importer.state_folders import ledger_memory
from importer.store import Ledger, open_ledger
from importer.store_datasets import access_to, require_routes, with_routes

LOG = logging.getLogger("importer")

NEW_LEDGER = "A new ledger was made ({path}): it knows of no sale that was sent before."
NO_LEDGER = "There is no ledger yet ({path}), so no sale counts as sent before."
NO_DATASET = "No dataset was named (--dataset), so duplicates of earlier runs are not looked up."

Pending = deque[tuple[Intake, Raw]]
"""Source rows whose outcome is not known yet, in the order in which it will be."""


@lists_options(CheckOptions, check_options)
def check(
    *files: Importable, on_progress: Watch | None = None, stop: Event | None = None, **options: Unpack[CheckOptions]
) -> Summary:
    """Validate every row of the files as `send` would; nothing is sent and no ledger is written.

    files: paths, bytes, files opened in binary mode, DataFrames, Arrow tables and streams, lists of mappings.
    With `online` Meta is asked first whether the dataset exists and takes offline events, which needs a token. Raises
    NeedsAnswer where only the user can tell how to go on, and CapiImportError with a sentence that says what to do.
    `Summary.outcomes` has a row for each source row; without a path nothing is written unless `report` says so.
    stop: set it from another thread, and the run ends in order with `Interrupted`.
    """
    given = read_settings(files, options)
    settings = settings_of_check(_without_own_files(with_routes(given, to_send=given.online)))
    check_alerts(settings.alert)
    with alerting(settings.alert, [file.place for file in settings.files]) as told:
        check_outputs(settings)
        require_inputs(settings)
        if settings.online and settings.dataset_column is not None:
            require_routes(settings)
        ready = ask_online(settings) if settings.online and settings.dataset_column is None else Preflight()
        take_free_address(settings)
        with _fetched(settings) as settings:
            return told.of(report_brought(_check(settings, ready, on_progress, stop or Event()), settings))


def _check(settings: Settings, ready: Preflight, on_progress: Watch | None, stop: Event) -> Summary:
    now = settings.now or datetime.now(UTC)
    intakes = take_in_all(settings, now, on_progress, stop, check=True)
    if settings.dataset is None and all(intake.preparation.routing is not None for intake in intakes):
        settings = replace(settings, dataset_column=settings.dataset_column or GATEWAY_COLUMN)
    in_ledger = None if settings.dataset is None else _name_in_ledger(settings)(settings.dataset)
    is_routed = settings.dataset_column is not None
    opened = open_ledger(settings.ledger, read_only=True, memory=ledger_memory())
    with opened as ledger, RunRecord(settings, intakes, check=True) as record:
        ledger.require_newest()
        tell_of_versions(settings, ready.warned, record)
        for notice in (ready.notice, NO_DATASET if in_ledger is None and not is_routed else None):
            if notice is not None:
                record.notice(notice)
        if ledger.is_new and (in_ledger is not None or is_routed):
            tell_of_ledger(NO_LEDGER, settings, record)
        record.scored(ask_quality(settings) if settings.online else ())
        pending: Pending = deque()
        lasting = (
            in_ledger is not None or is_routed
        ) and not ledger.is_new  # else no customer need be known as the ledger does
        kept = {"bodies": False, "lasting": lasting, "refunds": lasting}
        batches = prepared_batches(intakes, pending, ROWS_WITHOUT_BODIES, workers(), **kept)
        found = look_up(
            batches,
            ledger=ledger,
            dataset=in_ledger,
            now=now.timestamp(),
            lasting=lasting,
            in_ledger=_name_in_ledger(settings) if is_routed else None,
        )
        for _, delivered in found:
            _go_on(stop)
            record.add(*pending.popleft(), delivered)
            record.tell(on_progress)
        if settings.online and is_routed:  # only now it is known which datasets occur
            answered = ask_each_online([access_to(settings, dataset) for dataset in record.datasets])
            if answered.notice is not None:
                record.notice(answered.notice)
            for text in answered.warned:
                record.warned(text)
    return record.summary()


@lists_options(SendOptions, file_options)
def send(
    *files: Importable, on_progress: Watch | None = None, stop: Event | None = None, **options: Unpack[SendOptions]
) -> Summary:
    """Offer every sale in the files that Meta has not yet accepted to Meta once; every source row has its result.

    files, stop and what is written: as for `check`. Raises NeedsAnswer for open questions, before anything is sent, and
    CapiImportError with a sentence that says what to do; when a run has to stop early its report is complete all the
    same, and the error holds its `summary`.
    """
    settings = require_routes(
        by_own_datasets(_without_own_files(with_routes(read_settings(files, options), to_send=True)))
    )
    check_token_host(settings.graph_url, settings.trust_host)
    check_webhook(settings.webhook)
    check_alerts(settings.alert)
    with alerting(settings.alert, [file.place for file in settings.files]) as told:
        told.count = partial(_waiting, settings)
        check_sent_outputs(settings)
        require_inputs(settings)
        ready = ask_before_sending(settings) if settings.dataset_column is None else Preflight()
        if ready.notice is not None:
            LOG.info("%s", ready.notice)
        take_free_address(settings)
        with _fetched(settings) as settings:
            return told.of(_sent(settings, ready, on_progress, stop or Event()))


@contextmanager
def _fetched(settings: Settings) -> Iterator[Settings]:
    """Bring what lies elsewhere, for as long as the block lasts; this program's own files are left out there too."""
    elsewhere = any(file.fetch is not None for file in settings.files)
    with fetched(settings.files) as inputs:
        there = replace(settings, files=inputs)
        yield _without_own_files(there) if elsewhere else there


def _waiting(settings: Settings) -> Waiting:
    """Count the rows and the money of files of which nothing was sent yet, where they are not too large for that."""
    places = [file.place for file in settings.files]
    with suppress(CapiImportError, OSError), PrivateFolder() as folder, _fetched(settings) as there:
        if sum(file.path.stat().st_size for file in there.files if file.path is not None) <= MOST_COUNTED:
            unwritten = replace(there, report=folder / "check.csv", rejects=None, summary=None, save_answers=None)
            counted = _check(replace(unwritten, online=False), Preflight(), None, Event())
            return replace(counted_by(counted), files=places)
    return Waiting(places)


@lists_options(CheckOptions, check_options)
async def check_async(*files: Importable, on_progress: Watch | None = None, **options: Unpack[CheckOptions]) -> Summary:
    """Check as `check` does, in a thread, so that the running event loop goes on."""
    return await awaited(lambda stop: check(*files, on_progress=on_progress, stop=stop, **options))


@lists_options(SendOptions, file_options)
async def send_async(*files: Importable, on_progress: Watch | None = None, **options: Unpack[SendOptions]) -> Summary:
    """Send as `send` does, in a thread, so that the running event loop goes on; cancelled, the run ends in order.

    Then the report is complete, the ledger says what Meta took, and a second run goes on where this one was.
    """
    return await awaited(lambda stop: send(*files, on_progress=on_progress, stop=stop, **options))


def _sent(settings: Settings, ready: Preflight, on_progress: Watch | None, stop: Event) -> Summary:
    now = settings.now or datetime.now(UTC)
    intakes = take_in_all(settings, now, on_progress, stop, check=False)
    opened = open_ledger(settings.ledger, memory=ledger_memory())
    with opened as ledger, RunRecord(free_outputs(settings), intakes, check=False) as record:
        tell_of_versions(settings, ready.warned, record)
        if ledger.is_new:
            tell_of_ledger(NEW_LEDGER, settings, record)
        record.scored(ask_quality(settings))
        sending = _send(settings, now, intakes, record=record, ledger=ledger, watch=on_progress, stop=stop)
        stopped = run(sending, stop)
    summary = report_brought(record.summary(), settings)
    post_summary(settings.webhook, summary.as_json())
    if stopped is not None:
        stopped.summary = summary
        raise stopped
    return summary


def _without_own_files(settings: Settings) -> Settings:
    """Leave out what this program wrote itself, which a pattern like `*.csv` names as well."""
    return replace(settings, files=without_own_files(settings.files))


async def _send(
    settings: Settings,
    now: datetime,
    intakes: list[Intake],
    *,
    record: RunRecord,
    ledger: Ledger,
    watch: Watch | None,
    stop: Event,
) -> CapiImportError | None:
    """Deliver and record every batch; return why the sending stopped early, if it did."""
    from importer.graph.client import GraphClient  # noqa: PLC0415  httpx, 0.1 s, which check does without

    pending: Pending = deque()
    refunds = not ledger.is_new or len(intakes) > 1  # else none of the sales was accepted before

    def on_progress(progress: Progress) -> None:
        record.tell(watch, progress)

    async with AsyncExitStack() as stack:

        def client_of(dataset: str) -> GraphClient:
            client = GraphClient.of(access_to(settings, dataset), settings.concurrency)
            stack.push_async_exit(client)
            return client

        delivery = deliver(
            # One thread leaves a core to the event loop, the ledger and the report: on two cores it prepares as many
            # rows a second as two would, with 3 % less processor time and 150 MB less memory.
            prepared_batches(intakes, pending, BATCH_ROWS, max(1, workers() - 1), refunds=refunds),
            client=client_of,
            ledger=ledger,
            delivery=Delivery(
                dataset=None if settings.dataset_column is not None else settings.dataset or "",
                files=tuple(intake.export.file for intake in intakes),
                batch_size=settings.batch_size,
                concurrency=settings.concurrency,
                test_event_code=settings.test_event_code,
                in_ledger=_name_in_ledger(settings),
            ),
            clock=clock_from(now),
            on_progress=on_progress,
            stop_requested=stop.is_set,
        )
        async for _, delivered in delivery:
            await asyncio.to_thread(record.add, *pending.popleft(), delivered)
        record.end(delivery.stats, delivery.stopped)
        for dataset, error in delivery.stops.items() if delivery.stopped is None else ():
            record.notice(f"Dataset {dataset}: {error} Its rows are unsent.")
            LOG.warning("Dataset %s: %s Its rows are unsent.", dataset, error)
        with suppress(LedgerError):  # the report says the same
            ledger.summarize(delivery.first_run, record.outline())
        return delivery.stopped


def _name_in_ledger(settings: Settings) -> Callable[[str], str]:
    """Return the function that gives the ledger's name for a dataset."""
    return partial(dataset_in_ledger, graph_url=settings.graph_url)


def _go_on(stop: Event) -> None:
    if stop.is_set():
        raise Interrupted(STOPPED)


def tell_of_versions(settings: Settings, warned: Sequence[str], record: RunRecord) -> None:
    """Say where the version of the Graph API ends soon, and what Meta itself warned of before the first event."""
    for sentence in settings.version_notices:
        LOG.warning("%s", sentence)
        record.notice(sentence)
    for text in warned:
        record.warned(text)


def tell_of_ledger(sentence: str, settings: Settings, record: RunRecord) -> None:
    """Say where the ledger is, or would be; the summary, which may be forwarded, names its file only."""
    LOG.warning("%s", sentence.format(path=shown(settings.ledger)))
    record.notice(sentence.format(path=readable(short_name(settings.ledger))))


def take_in_all(
    settings: Settings,
    now: datetime,
    watch: Watch | None,
    stop: Event,
    *,
    check: bool,
    survey_whole: SurveyWhole = survey_here,
) -> list[Intake]:
    """Survey each file as a whole, while a thread beside it imports what preparing needs.

    Questions that touch some of a file's rows only do not stop `check`, which leaves those out.

    Python waits for that thread where it ends early, since an import cut short by its own end aborts the process; the
    command line ends the process itself and need not.
    """
    Thread(target=warm_up, name="warm-up").start()
    intakes: list[Intake] = []
    questions: list[Question] = []
    for source in settings.files:
        _go_on(stop)
        if watch is not None:
            watch(Progress(stage=f"Reading {source.name} as a whole, before anything is judged"))
        try:
            intakes += take_in_sheets(source, settings, now, survey_whole)
        except NeedsAnswer as error:  # those of all files are asked at once
            questions += error.questions
    if not check:
        questions += [question for intake in intakes for question in intake.questions]
    if questions:
        raise NeedsAnswer(questions)
    require_known_columns(intakes, dict(settings.consent))
    require_edited_rows(intakes, settings.edits)
    intakes = with_refunds(intakes)
    if settings.suppress is not None:
        intakes = _without(read_suppressed(settings.suppress, settings.country), intakes)
    if settings.save_answers is not None:
        save_answers(settings.save_answers, intakes, settings, overwriting(settings, check=check))
    for intake in intakes:
        LOG.info("%s", described(intake))
        for notice in intake.notices:
            LOG.warning("%s", notice)
    return intakes


def _without(suppressed: Column, intakes: list[Intake]) -> list[Intake]:
    """Return the intakes with people to keep out, by the SHA-256 of their e-mails and phones."""
    return [replace(intake, preparation=replace(intake.preparation, suppressed=suppressed)) for intake in intakes]


def prepared_batches(
    intakes: list[Intake], pending: Pending, rows: int, threads: int, **wanted: bool
) -> Iterator[tuple[str, Prepared]]:
    """Prepare the batches of all files in threads, in order; their source rows wait in `pending` for their outcome.

    wanted: see `prepare`.
    """
    batches = ((intake, raw) for intake in intakes for raw in intake.batches(rows))

    def hand_over(source: tuple[Intake, Raw], prepared: Prepared) -> tuple[str, Prepared]:
        pending.append(source)
        return source[0].export.file, prepared

    def prepare_one(source: tuple[Intake, Raw]) -> Prepared:
        return prepare(source[1], source[0].preparation, **wanted)

    pairs = in_order(batches, prepare_one, threads)
    return starmap(hand_over, pairs)  # which keeps no batch that it has handed over, as a loop's variables would
