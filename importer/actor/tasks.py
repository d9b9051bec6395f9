"""START HERE: the actor's tasks, from input to result items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import orjson

from importer.actor import demo_mode, read_tasks
from importer.actor.judging import JudgedEvents, judge
from importer.actor.parameter_errors import ParameterError, read, type_name
from importer.actor.parameters import Event, Input
from importer.actor.result_items import Item, items_of
from importer.actor.target import deliver_events, open_target, require_dataset
from importer.actor.wording import Wording, of_the_actor
from importer.errors import CapiImportError, FileError, UsageError
from importer.graph.webhook import check_webhook
from importer.settings import Access, read_access
from importer.small_files import read_small, read_stream

T = TypeVar("T")

MOST_INPUT = 256 << 20
"""Bytes of a task: some 500,000 events."""

JUDGED_ONLY = "Judged on this machine; nothing was sent."
EVENTS_IGNORED = {
    "field": "events",
    "code": "ignored",
    "message": "This task sends the event of the other parameters; events goes with send_batch_events.",
}


def read_input(source: Path | BinaryIO | bytes) -> Mapping[str, Any]:
    """Read the JSON object that a file, standard input or the bytes hold."""
    name = source.name if isinstance(source, Path) else "standard input"
    try:
        content = _content_of(source)
    except OSError as error:
        message = f"The input {name} cannot be read; check its path and permissions."
        raise FileError(message) from error
    data = _json(content.removeprefix(b"\xef\xbb\xbf"), name)
    if not isinstance(data, dict):
        message = f"{name} must be a JSON object with the task's parameters, not {type_name(data)}."
        raise FileError(message)
    return data


def _content_of(source: Path | BinaryIO | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    return read_small(source, MOST_INPUT) if isinstance(source, Path) else read_stream(source, MOST_INPUT)


def _json(content: bytes | str, name: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        message = f"{name} is not valid JSON; look at line {error.lineno}, column {error.colno}."
        raise FileError(message) from error


def require_valid(found: T | ParameterError) -> T:
    """Return the model, or raise the UsageError that says what is wrong with it."""
    if isinstance(found, ParameterError):
        raise UsageError(found.message)
    return found


def validate_input(data: Mapping[str, Any]) -> Input:
    """Return the input if it is valid; only then may its webhook be called."""
    given = require_valid(read(Input, data))
    check_webhook(given.webhook_url, "webhookUrl")
    return given


def access_of(given: Input, options: Mapping[str, Any]) -> tuple[Access, datetime]:
    """Return the access and the time of the task; the input's token and dataset win over options and environment."""
    own = {"dataset": given.pixel_id}
    if given.access_token is not None and not given.demo_mode:
        own["token"] = given.access_token.get_secret_value()
    access = read_access({**options, **{name: value.strip() for name, value in own.items() if value}})
    return access, access.now or datetime.now(UTC)


def run_task(given: Input, access: Access, now: datetime) -> tuple[list[Item], CapiImportError | None]:
    """Run the task; return its items, and why it ended early if it did."""
    if given.task in read_tasks.READ_TASKS:
        return read_tasks.read_items(given, access, now), None
    if given.task == "test_event" and given.test_event_code is None:
        message = "testEventCode is required for test_event; copy it from Events Manager, Test Events."
        raise UsageError(message)
    blank = given.demo_mode and given.task in {"send_event", "test_event"} and demo_mode.is_blank_form(given)
    judged = judge(_events(demo_mode.with_example(given) if blank else given), given, now)
    if given.task == "validate_event":
        return items_of(judged, None, {"task": given.task, "note": JUDGED_ONLY}, of_the_actor), None
    items, stopped = send_events(given, judged, access, now, of_the_actor)
    if blank:
        items = [item | {"note": demo_mode.NOTE + demo_mode.FILLED} for item in items]
    if given.events and given.task != "send_batch_events":
        items = [item | {"warnings": [*item.get("warnings", ()), EVENTS_IGNORED]} for item in items]
    return items, stopped


def send_events(
    given: Input, judged: JudgedEvents, access: Access, now: datetime, words: Wording
) -> tuple[list[Item], CapiImportError | None]:
    """Send the judged events; return their items, and why the sending ended early if it did."""
    with open_target(given, access, now) as target:
        base = {"task": given.task, "pixelId": require_dataset(target)}
        sent = deliver_events(judged, target, given.test_event_code, now) if judged.prepared.num_rows else None
        return items_of(judged, sent, base, words), None if sent is None else sent.stopped


def _events(given: Input) -> Sequence[Any]:
    """Return the events of the input: its own parameters, or those of `events`."""
    if given.task != "send_batch_events" and not (given.task == "validate_event" and given.events):
        own = {name: getattr(given, name) for name in Event.model_fields}
        return [Event.model_construct(given.model_fields_set, **own)]
    listed = _json(given.events, "events") if isinstance(given.events, str) else given.events
    if not isinstance(listed, list | tuple) or not listed:
        message = "events must be a list of at least one event, or text that holds one as JSON."
        raise UsageError(message)
    return listed
