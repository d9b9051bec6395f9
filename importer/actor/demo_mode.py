"""The sandbox in place of Meta: `demoMode` does real work on invented events, and marks its results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from importer.actor.event_rows import CUSTOMER
from importer.actor.parameters import Event, Input
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.secret import Secret
from importer.settings import Access

DATASET = "1001"
TOKEN = "demo-token"  # noqa: S105  the sandbox takes any
NOTE = "Demonstration: the built-in sandbox answered, nothing went to Meta. Set demoMode to false to reach Meta."
FILLED = " The input names no customer and no value, so those of an example were taken."

EXAMPLE = {"email": "ada.lovelace@example.com", "first_name": "Ada", "last_name": "Lovelace", "value": 49.9}
PAGE = "https://example.com/thank-you"


@contextmanager
def sandbox(access: Access, now: datetime) -> Iterator[Access]:
    """Serve a fresh sandbox on loopback, its clock still at `now`, while the block lasts; yield the access to it."""
    graph = Sandbox(SandboxOptions(), clock=now.timestamp)
    with serve(graph) as running:
        yield Access(access.dataset or DATASET, graph_url=running.url, now=now, token=Secret(TOKEN))


def is_blank_form(task: Input) -> bool:
    """Tell whether the input says nothing of its event: the actor's form before anybody fills it in."""
    said = task.model_fields_set & {*CUSTOMER, "value", "order_id", "content_ids"}
    return not said - {"country"}


def with_example(task: Input) -> Input:
    """Fill in an example's customer and value, so that the first look at the program shows something."""
    page = {} if task.event_source_url else {"event_source_url": PAGE}
    return task.model_copy(update={**EXAMPLE, **page, "is_already_hashed": False})


def examples(now: datetime) -> list[Event]:
    """Invent some sales of the last hours, so that statistics have something to count."""
    hours = ((1, "Purchase"), (1, "Purchase"), (2, "Lead"), (5, "Purchase"), (9, "Lead"))
    return [
        Event(
            event_name=name,
            email=f"customer{number}@example.com",
            value=10.0 + number,
            event_time=now - timedelta(hours=back),
            action_source="physical_store",
        )
        for number, (back, name) in enumerate(hours)
    ]
