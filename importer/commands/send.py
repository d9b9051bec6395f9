"""START HERE: the whole journey of an export, in order.

    send = deliver(map(prepare, read(file)))

A file is taken in (opened, recognised, surveyed as a whole), its rows are prepared batch by batch in worker threads,
delivered by one event loop with one ledger, and written to the report: one line per source row, in the file's order.
`check` goes the same way up to the network.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from threading import Event, Thread
from typing import Any

from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES, Prepared, Raw
from importer.core.prepare import prepare, warm_up
from importer.delivery import Delivery, deliver, look_up
from importer.errors import CapiImportError
from importer.graph.connection import connected
from importer.graph.preflight import ask_before_sending, ask_online, ask_quality
from importer.graph.webhook import check_webhook, post_summary
from importer.intake import Intake, refuse_guesses, take_in
from importer.parallel import in_order, workers
from importer.progress import Progress, Watch
from importer.record import RunRecord
from importer.results import Summary
from importer.settings import Settings, read_settings, require_access
from importer.store import Ledger

Passing = deque[tuple[Intake, Raw]]
"""Source rows whose outcome is not known yet, in the order in which it will be."""


def check(*files: str | Path, on_progress: Watch | None = None, **options: Any) -> Summary:
    """Every row of the files is judged as `send` would judge it; nothing is sent and no ledger is written.

    With `online` Meta is asked first whether the dataset exists and takes offline events, which needs a token.

    The options are those of `capi-import check`, with underscores. Raises CapiImportError with a sentence that says
    what to do; the report at `Summary.report` has a line for each source row.
    """
    settings = read_settings(files, options)
    if settings.online:
        ask_online(settings)
    now = settings.now or datetime.now(UTC)
    _warm_up(bodies=False)
    intakes = _take_in(settings, now, on_progress)
    with Ledger.open(settings.ledger, read_only=True) as ledger, RunRecord(settings, intakes, check=True) as record:
        record.scored(ask_quality(settings) if settings.online else ())
        passing: Passing = deque()
        batches = _prepared(intakes, passing, bodies=False)
        for _, delivered in look_up(batches, ledger=ledger, dataset=settings.dataset, now=now.timestamp()):
            record.add(*passing.popleft(), delivered)
            record.tell(on_progress)
    return record.summary()


def send(*files: str | Path, on_progress: Watch | None = None, **options: Any) -> Summary:
    """Every sale in the files that Meta had not yet accepted is offered to Meta once; every row has its result.

    The options are those of `capi-import send`, with underscores. Raises CapiImportError with a sentence that says
    what to do; when a run has to stop early its report is complete all the same, and the error holds its `summary`.
    """
    settings = require_access(read_settings(files, options))
    check_webhook(settings.webhook)
    now = settings.now or datetime.now(UTC)
    _warm_up()
    intakes = _take_in(settings, now, on_progress)
    refuse_guesses(intakes, settings)
    ask_before_sending(settings)
    with Ledger.open(settings.ledger) as ledger, RunRecord(settings, intakes, check=False) as record:
        record.scored(ask_quality(settings))
        stopped = asyncio.run(_send(settings, now, intakes, record=record, ledger=ledger, watch=on_progress))
    summary = record.summary()
    post_summary(settings.webhook, summary.as_json())
    if stopped is not None:
        stopped.summary = summary
        raise stopped
    return summary


async def _send(
    settings: Settings, now: datetime, intakes: list[Intake], *, record: RunRecord, ledger: Ledger, watch: Watch | None
) -> CapiImportError | None:
    """Every batch is delivered and recorded; returns why the sending stopped early, if it did."""
    from importer.graph.client import GraphClient  # noqa: PLC0415  httpx, 0.1 s, which check does without

    passing: Passing = deque()

    def tell(progress: Progress) -> None:
        record.tell(watch, progress)

    async with connected(settings, GraphClient, settings.concurrency) as client:
        dispatch = deliver(
            _prepared(intakes, passing),
            client=client,
            ledger=ledger,
            delivery=_delivery(settings, intakes),
            clock=_clock(now),
            on_progress=tell,
            stop_requested=_stop_on_signal(),
        )
        async for _, delivered in dispatch:
            await asyncio.to_thread(record.add, *passing.popleft(), delivered)
        record.end(dispatch.stats, dispatch.stopped)
        return dispatch.stopped


def _take_in(settings: Settings, now: datetime, watch: Watch | None) -> list[Intake]:
    """The files, each read once as a whole."""
    intakes = []
    for path in settings.files:
        if watch is not None:
            watch(Progress(stage=f"Reading {path.name} as a whole, before anything is judged"))
        intakes.append(take_in(path, settings, now))
    return intakes


def _warm_up(*, bodies: bool = True) -> None:
    """What preparing imports is imported beside the survey of the file.

    Python waits for it where it ends early, since an import cut short by its own end aborts the process; the command
    line ends the process itself and need not.
    """
    Thread(target=warm_up, kwargs={"bodies": bodies}, name="warm-up").start()


def _prepared(intakes: list[Intake], passing: Passing, *, bodies: bool = True) -> Iterator[tuple[str, Prepared]]:
    """The batches of all files, prepared; their source rows wait in `passing` for what becomes of them.

    bodies: as `send` needs them. It leaves a core to the event loop, the ledger and the report: on two cores one thread
    prepares as many rows a second as two would, with 3 % less processor time and 150 MB less memory.
    """
    at_once, threads = (BATCH_ROWS, max(1, workers() - 1)) if bodies else (ROWS_WITHOUT_BODIES, workers())
    rows = ((intake, raw) for intake in intakes for raw in intake.batches(at_once))

    def handed_over(source: tuple[Intake, Raw], prepared: Prepared) -> tuple[str, Prepared]:
        passing.append(source)
        return source[0].export.file, prepared

    pairs = in_order(rows, lambda pair: prepare(pair[1], pair[0].preparation, bodies=bodies), threads)
    return starmap(handed_over, pairs)  # which keeps no batch that it has handed over, as a loop's variables would


def _delivery(settings: Settings, intakes: list[Intake]) -> Delivery:
    return Delivery(
        dataset=settings.dataset or "",
        files=tuple(intake.export.file for intake in intakes),
        batch_size=settings.batch_size,
        concurrency=settings.concurrency,
        test_event_code=settings.test_event_code,
    )


def _clock(now: datetime) -> Callable[[], float]:
    """The current UTC second: that of `now`, and what has gone by since."""
    start = now.timestamp() - time.monotonic()
    return lambda: start + time.monotonic()


def _stop_on_signal() -> Callable[[], bool]:
    """Whether Ctrl-C or SIGTERM has come: the first ends the run in order, the second ends the program at once."""
    stop, loop = Event(), asyncio.get_running_loop()

    def ask(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows, or not the main thread
            loop.add_signal_handler(number, ask, number)
    return stop.is_set
