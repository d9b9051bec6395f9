"""Delivery of prepared events as of a file's rows; the ledger lasts as long as the task."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from importer.core.model import Delivered, Prepared
from importer.core.replies import GraphResponse
from importer.delivery import Delivery, deliver
from importer.errors import CapiImportError, Interrupted, MetaUnavailable
from importer.graph.client import GraphClient
from importer.store import open_ledger

CONCURRENCY = 4
PATIENCE_SECONDS = 30.0
"""The longest pause that a task waits out when Meta throttles; a longer one ends it with a sentence."""
SILENCE_SECONDS = 90.0
"""How long a task waits without any answer from Meta, retries included."""
NAME = "task"


@dataclass(frozen=True)
class Sent:
    """What became of the events. answers: Meta's own by their trace; stopped: why the sending ended early."""

    delivered: Delivered
    answers: Mapping[str | None, Mapping[str, Any]]
    stopped: CapiImportError | None


class RecordingClient(GraphClient):
    """A client that keeps Meta's answers to events, and the time of the last one."""

    answers: dict[str | None, Mapping[str, Any]]
    last_answer: float

    def begin(self) -> None:
        """Forget all answers and start the clock."""
        self.answers, self.last_answer = {}, time.monotonic()

    def is_silent(self) -> bool:
        """Tell whether Meta has not answered for too long."""
        return time.monotonic() - self.last_answer > SILENCE_SECONDS

    async def post_events(self, dataset: str, body: bytes) -> GraphResponse:
        """Post as the client does; keep an answer of success under its trace."""
        reply = await super().post_events(dataset, body)
        if reply.status is not None:
            self.last_answer = time.monotonic()
        if answer := _success(reply):
            self.answers[answer.get("fbtrace_id")] = answer
        return reply


def _success(reply: GraphResponse) -> Mapping[str, Any]:
    try:
        content = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(content, dict) or "events_received" not in content:
        return {}
    return {name: content[name] for name in ("events_received", "messages", "fbtrace_id") if name in content}


async def send(
    prepared: Prepared, client: RecordingClient, *, dataset: str, code: str | None, clock: Callable[[], float]
) -> Sent:
    """Send every event once, in requests of at most 1,000, bisected until each rejected event is isolated."""
    client.begin()
    delivery = Delivery(dataset, (NAME,), concurrency=CONCURRENCY, test_event_code=code, patience=PATIENCE_SECONDS)
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
        run = deliver(
            iter([(NAME, prepared)]),
            client=client,
            ledger=ledger,
            delivery=delivery,
            clock=clock,
            stop_requested=client.is_silent,
            drain_seconds=0.0,
        )
        delivered = [batch async for _, batch in run]
    batch = delivered[0]
    place = batch.schema.get_field_index("payload")  # which the delivery reduces to a mark
    with_json = batch.set_column(place, batch.schema.field(place), prepared.column("payload"))
    return Sent(Delivered(with_json), client.answers, _why(run.stopped))


def _why(stopped: CapiImportError | None) -> CapiImportError | None:
    """Return why the sending stopped, in the words of a task, which only silence interrupts."""
    if isinstance(stopped, Interrupted):
        message = (
            f"Meta gave no answer for {SILENCE_SECONDS:.0f} seconds, so it is not known whether it took the events; "
            "look into Events Manager before you run the task again."
        )
        return MetaUnavailable(message)
    return stopped
