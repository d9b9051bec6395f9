"""Prepared events, delivered by the same dispatch as a file's; the ledger lasts as long as the task."""

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
"""The longest pause that a task sits out when Meta throttles; a longer one ends it with a sentence."""
SILENCE_SECONDS = 90.0
"""How long a task waits without one answer of Meta's, repeats included."""
NAME = "task"


@dataclass(frozen=True)
class Sent:
    """What became of the events. answers: Meta's own by their trace; stopped: why the sending ended early."""

    delivered: Delivered
    answers: Mapping[str | None, Mapping[str, Any]]
    stopped: CapiImportError | None


class Listening(GraphClient):
    """A client that keeps Meta's answers to events, and when it last heard of Meta."""

    answers: dict[str | None, Mapping[str, Any]]
    heard: float

    def begin(self) -> None:
        """Nothing has been heard yet."""
        self.answers, self.heard = {}, time.monotonic()

    def hears_nothing(self) -> bool:
        """Meta has been silent for too long."""
        return time.monotonic() - self.heard > SILENCE_SECONDS

    async def post_events(self, dataset: str, body: bytes) -> GraphResponse:
        """As the client's; an answer of success is kept under its trace."""
        reply = await super().post_events(dataset, body)
        if reply.status is not None:
            self.heard = time.monotonic()
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
    prepared: Prepared, client: Listening, *, dataset: str, code: str | None, clock: Callable[[], float]
) -> Sent:
    """Every event has been offered once, in requests of at most 1,000; the guilty among many stand alone."""
    client.begin()
    delivery = Delivery(dataset, (NAME,), concurrency=CONCURRENCY, test_event_code=code, patience=PATIENCE_SECONDS)
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
        dispatch = deliver(
            iter([(NAME, prepared)]),
            client=client,
            ledger=ledger,
            delivery=delivery,
            clock=clock,
            stop_requested=client.hears_nothing,
            drain_seconds=0.0,
        )
        delivered = [batch async for _, batch in dispatch]
    return Sent(_with_json(delivered[0], prepared), client.answers, _why(dispatch.stopped))


def _with_json(delivered: Delivered, prepared: Prepared) -> Delivered:
    place = delivered.schema.get_field_index("payload")
    return Delivered(delivered.set_column(place, delivered.schema.field(place), prepared.column("payload")))


def _why(stopped: CapiImportError | None) -> CapiImportError | None:
    """The reason in the words of a task: it is interrupted by silence only."""
    if isinstance(stopped, Interrupted):
        message = (
            f"Meta gave no answer for {SILENCE_SECONDS:.0f} seconds, so it is not known whether it took the events; "
            "look into Events Manager before you run the task again."
        )
        return MetaUnavailable(message)
    return stopped
