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
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import starmap
from threading import Event, Thread
from typing import Unpack

from importer.clock import clock_from
from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES, Prepared, Raw
from importer.core.prepare import prepare, warm_up
from importer.delivery import Delivery, deliver, look_up
from importer.errors import STOPPED, CapiImportError, Interrupted, LedgerError, NeedsAnswer
from importer.event_loop import awaited, run
from importer.graph.hosts import check_token_host, dataset_in_ledger
from importer.graph.preflight import Preflight, ask_before_sending, ask_online, ask_quality
from importer.graph.webhook import check_webhook, post_summary
from importer.inputs import Importable, fetched
from importer.intake import Intake, require_inputs, require_known_columns, take_in_sheets
from importer.ledger_place import short_name, shown
from importer.option_types import CheckOptions, SendOptions
from importer.parallel import in_order, workers
from importer.progress import Progress, Watch
from importer.questions import Question
from importer.record import RunRecord
from importer.results import Summary
from importer.results.outcomes import readable
from importer.results.written_files import check_outputs
from importer.saved_answers import save_answers
from importer.settings import Settings, ledger_memory, read_settings, require_access
from importer.store import Ledger, open_ledger

LOG = logging.getLogger("importer")

NEW_LEDGER = "A new ledger was made ({path}): it knows of no sale that was sent before."
NO_LEDGER = "There is no ledger yet ({path}), so no sale counts as sent before."
NO_DATASET = "No dataset was named (--dataset), so it is not looked up which of these sales were sent before."

Pending = deque[tuple[Intake, Raw]]
"""Source rows whose outcome is not known yet, in the order in which it will be."""


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
    settings = read_settings(files, options)
    check_outputs(settings)
    require_inputs(settings)
    ready = ask_online(settings) if settings.online else Preflight()
    with fetched(settings.files) as inputs:
        return _check(replace(settings, files=inputs), ready, on_progress, stop or Event())


def _check(settings: Settings, ready: Preflight, on_progress: Watch | None, stop: Event) -> Summary:
    now = settings.now or datetime.now(UTC)
    intakes = take_in_all(settings, now, on_progress, stop, check=True)
    in_ledger = None if settings.dataset is None else dataset_in_ledger(settings.dataset, settings.graph_url)
    opened = open_ledger(settings.ledger, read_only=True, memory=ledger_memory())
    with opened as ledger, RunRecord(settings, intakes, check=True) as record:
        ledger.require_newest()
        tell_of_versions(settings, ready.warned, record)
        for notice in (ready.notice, NO_DATASET if in_ledger is None else None):
            if notice is not None:
                record.notice(notice)
        if ledger.is_new and in_ledger is not None:
            tell_of_ledger(NO_LEDGER, settings, record)
        record.scored(ask_quality(settings) if settings.online else ())
        pending: Pending = deque()
        lasting = in_ledger is not None and not ledger.is_new  # else no customer need be known as the ledger does
        kept = {"bodies": False, "lasting": lasting, "refunds": lasting}
        batches = prepared_batches(intakes, pending, ROWS_WITHOUT_BODIES, workers(), **kept)
        found = look_up(batches, ledger=ledger, dataset=in_ledger, now=now.timestamp(), lasting=lasting)
        for _, delivered in found:
            _go_on(stop)
            record.add(*pending.popleft(), delivered)
            record.tell(on_progress)
    return record.summary()


def send(
    *files: Importable, on_progress: Watch | None = None, stop: Event | None = None, **options: Unpack[SendOptions]
) -> Summary:
    """Offer every sale in the files that Meta has not yet accepted to Meta once; every source row has its result.

    files, stop and what is written: as for `check`. Raises NeedsAnswer for open questions, before anything is sent, and
    CapiImportError with a sentence that says what to do; when a run has to stop early its report is complete all the
    same, and the error holds its `summary`.
    """
    settings = require_access(read_settings(files, options))
    check_token_host(settings.graph_url, settings.trust_host)
    check_webhook(settings.webhook)
    check_outputs(settings)
    require_inputs(settings)
    ready = ask_before_sending(settings)
    if ready.notice is not None:
        LOG.info("%s", ready.notice)
    with fetched(settings.files) as inputs:
        return _sent(replace(settings, files=inputs), ready, on_progress, stop or Event())


async def check_async(*files: Importable, on_progress: Watch | None = None, **options: Unpack[CheckOptions]) -> Summary:
    """Check as `check` does, in a thread, so that the running event loop goes on."""
    return await awaited(lambda stop: check(*files, on_progress=on_progress, stop=stop, **options))


async def send_async(*files: Importable, on_progress: Watch | None = None, **options: Unpack[SendOptions]) -> Summary:
    """Send as `send` does, in a thread, so that the running event loop goes on; cancelled, the run ends in order.

    Then the report is complete, the ledger says what Meta took, and a second run goes on where this one was.
    """
    return await awaited(lambda stop: send(*files, on_progress=on_progress, stop=stop, **options))


def _sent(settings: Settings, ready: Preflight, on_progress: Watch | None, stop: Event) -> Summary:
    now = settings.now or datetime.now(UTC)
    intakes = take_in_all(settings, now, on_progress, stop, check=False)
    opened = open_ledger(settings.ledger, memory=ledger_memory())
    with opened as ledger, RunRecord(settings, intakes, check=False) as record:
        tell_of_versions(settings, ready.warned, record)
        if ledger.is_new:
            tell_of_ledger(NEW_LEDGER, settings, record)
        record.scored(ask_quality(settings))
        sending = _send(settings, now, intakes, record=record, ledger=ledger, watch=on_progress, stop=stop)
        stopped = run(sending, stop)
    summary = record.summary()
    post_summary(settings.webhook, summary.as_json())
    if stopped is not None:
        stopped.summary = summary
        raise stopped
    return summary


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

    async with GraphClient.of(settings, settings.concurrency) as client:
        delivery = deliver(
            # One thread leaves a core to the event loop, the ledger and the report: on two cores it prepares as many
            # rows a second as two would, with 3 % less processor time and 150 MB less memory.
            prepared_batches(intakes, pending, BATCH_ROWS, max(1, workers() - 1), refunds=refunds),
            client=client,
            ledger=ledger,
            delivery=Delivery(
                dataset=settings.dataset or "",
                files=tuple(intake.export.file for intake in intakes),
                batch_size=settings.batch_size,
                concurrency=settings.concurrency,
                test_event_code=settings.test_event_code,
                in_ledger=dataset_in_ledger(settings.dataset or "", settings.graph_url),
            ),
            clock=clock_from(now),
            on_progress=on_progress,
            stop_requested=stop.is_set,
        )
        async for _, delivered in delivery:
            await asyncio.to_thread(record.add, *pending.popleft(), delivered)
        record.end(delivery.stats, delivery.stopped)
        with suppress(LedgerError):  # the report says the same
            ledger.summarize(delivery.sender.ledger.run, record.outline())
        return delivery.stopped


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


def take_in_all(settings: Settings, now: datetime, watch: Watch | None, stop: Event, *, check: bool) -> list[Intake]:
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
            intakes += take_in_sheets(source, settings, now)
        except NeedsAnswer as error:  # those of all files are asked at once
            questions += error.questions
    if not check:
        questions += [question for intake in intakes for question in intake.questions]
    if questions:
        raise NeedsAnswer(questions)
    require_known_columns(intakes)
    if settings.save_answers is not None:
        save_answers(settings.save_answers, intakes, settings)
    for intake in intakes:
        for notice in intake.notices:
            LOG.warning("%s", notice)
    return intakes


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
