"""START HERE: the actor's tasks, from input to result items."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from importer.actor import demonstration, questions
from importer.actor.items import Item, items_of
from importer.actor.judging import Judged, judge
from importer.actor.mistakes import Mistake, kind_of, read
from importer.actor.parameters import Event, Input
from importer.actor.reach import delivered, named_dataset, reached
from importer.actor.results import TaskResult, failed, finished
from importer.actor.words import Words, of_events, of_the_actor
from importer.errors import CapiImportError, FileError, UsageError
from importer.settings import Access, read_access, require_access
from importer.webhook import check_webhook

T = TypeVar("T")

JUDGED_ONLY = "Judged on this machine; nothing was sent."
EVENTS_IGNORED = {
    "field": "events",
    "code": "ignored",
    "message": "This task sends the event of the other parameters; events goes with send_batch_events.",
}


def task(input: Mapping[str, Any] | str | os.PathLike[str], **options: Any) -> TaskResult:  # noqa: A002  the actor's word
    """One run of the actor's JSON input, given as a mapping or as the path of its file.

    Whatever goes wrong is an item with `success` false and an `error` that says what to do. Options: token or
    token_file (for inputs without accessToken), graph_url, graph_version, now.

    >>> import importer
    >>> result = importer.task({"task": "validate_event", "email": "ada@example.com", "actionSource": "email"})
    >>> result.items[0]["error"]
    'A Purchase needs an amount; fill the value.'
    >>> result = importer.task({"task": "list_pixels", "adAccountId": "act_101"})
    >>> [item["name"] for item in result.items]
    ['Call centre', 'Shops', 'Web shop']
    """
    given: Input | None = None
    name = "send_event"
    try:
        data = input if isinstance(input, Mapping) else read_input(Path(input))
        name = str(data.get("task") or name)[:40]
        given = _checked(data)
        access, now = _access(given, options)
        return finished(given, *_run(given, access, now))
    except CapiImportError as error:
        return failed(error, name, given)


def event(*events: Event | Mapping[str, Any], demo: bool = False, dry_run: bool = False, **options: Any) -> TaskResult:
    """One event, or several, validated, normalised, hashed and sent; with `dry_run` everything but sent.

    An event is an `importer.Event`, the same parameters as a mapping, or an event as Meta documents it; the parameters
    of a single one may stand among the options. Options: dataset, token or token_file, test_event_code, webhook,
    graph_url, graph_version, now. demo: the built-in sandbox answers. Raises CapiImportError if it cannot run; what
    Meta or our own checks refuse is an item, as in `task`.

    >>> import importer
    >>> result = importer.event(email="John_Smith@gmail.com", value=5, action_source="email", dry_run=True)
    >>> result.items[0]["payload"]["user_data"]["em"]
    ['62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f']
    """
    own = {name: options.pop(name) for name in list(options) if name in Event.model_fields}
    if bool(own) == bool(events):
        message = "Give either events, or the parameters of one event."
        raise UsageError(message)
    task_only = {"webhook_url": options.pop("webhook", None), "test_event_code": options.pop("test_event_code", None)}
    given = _sound(read(Input, {"task": "send_event", "demo_mode": demo, **task_only}))
    check_webhook(given.webhook_url)
    access = read_access(options)
    now = access.now or datetime.now(UTC)
    judged = judge(events or (_sound(read(Event, own)),), given, now)
    if dry_run:
        items = items_of(judged, None, {"task": "event", "note": JUDGED_ONLY}, of_events)
        return TaskResult("event", tuple(items))
    if not demo:
        require_access(access)
    return finished(given, *_sent(given, judged, access, now, of_events))


def read_input(path: Path) -> Mapping[str, Any]:
    """The JSON object that the file holds."""
    try:
        return parse_input(path.read_bytes(), path.name)
    except OSError as error:
        message = f"The input {path} cannot be read; check its path and permissions."
        raise FileError(message) from error


def parse_input(content: bytes, name: str) -> Mapping[str, Any]:
    """The JSON object that the bytes are."""
    data = _json(content.removeprefix(b"\xef\xbb\xbf"), name)
    if not isinstance(data, dict):
        message = f"{name} must be a JSON object with the task's parameters, not {kind_of(data)}."
        raise FileError(message)
    return data


def _json(content: bytes | str, name: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        message = f"{name} is no JSON: look at line {error.lineno}, column {error.colno}."
        raise FileError(message) from error


def _sound(found: T | Mistake) -> T:
    """The model, or the UsageError that says what is wrong with it."""
    if isinstance(found, Mistake):
        raise UsageError(found.message)
    return found


def _checked(data: Mapping[str, Any]) -> Input:
    """The input, if it is sound; only then may its webhook be told anything."""
    given = _sound(read(Input, data))
    check_webhook(given.webhook_url, "webhookUrl")
    return given


def _access(given: Input, options: Mapping[str, Any]) -> tuple[Access, datetime]:
    """The input's own token and dataset go before the options and the environment."""
    own = {"dataset": given.pixel_id}
    if given.access_token is not None and not given.demo_mode:
        own["token"] = given.access_token.get_secret_value()
    access = read_access({**options, **{name: value.strip() for name, value in own.items() if value}})
    return access, access.now or datetime.now(UTC)


def _run(given: Input, access: Access, now: datetime) -> tuple[list[Item], CapiImportError | None]:
    """The items of the task, and why it ended early if it did."""
    if given.task in questions.TASKS:
        return questions.answers(given, access, now), None
    if given.task == "test_event" and given.test_event_code is None:
        message = "testEventCode is required for test_event; copy it from Events Manager, Test Events."
        raise UsageError(message)
    bare = given.demo_mode and given.task in {"send_event", "test_event"} and demonstration.is_bare(given)
    judged = judge(_events(demonstration.filled(given) if bare else given), given, now)
    if given.task == "validate_event":
        return items_of(judged, None, {"task": given.task, "note": JUDGED_ONLY}, of_the_actor), None
    items, stopped = _sent(given, judged, access, now, of_the_actor)
    if bare:
        items = [item | {"note": demonstration.NOTE + demonstration.FILLED} for item in items]
    if given.events and given.task != "send_batch_events":
        items = [item | {"warnings": [*item.get("warnings", ()), EVENTS_IGNORED]} for item in items]
    return items, stopped


def _sent(
    given: Input, judged: Judged, access: Access, now: datetime, words: Words
) -> tuple[list[Item], CapiImportError | None]:
    with reached(given, access, now) as reach:
        base = {"task": given.task, "pixelId": named_dataset(reach)}
        sent = delivered(judged, reach, given.test_event_code, now) if judged.prepared.num_rows else None
        return items_of(judged, sent, base, words), None if sent is None else sent.stopped


def _events(given: Input) -> Sequence[Any]:
    """The events of the input: its own parameters, or those of `events`."""
    if given.task != "send_batch_events" and not (given.task == "validate_event" and given.events):
        return [_one(given)]
    listed = _json(given.events, "events") if isinstance(given.events, str) else given.events
    if not isinstance(listed, list | tuple) or not listed:
        message = "events must be a list of at least one event, or text that holds one as JSON."
        raise UsageError(message)
    return listed


def _one(given: Input) -> Event:
    """The event of the input's own parameters."""
    return Event.model_construct(given.model_fields_set, **{name: getattr(given, name) for name in Event.model_fields})
