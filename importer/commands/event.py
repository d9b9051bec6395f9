"""`event`: send one event, or several, from options or Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Unpack

import click

from importer.actor.judging import judge
from importer.actor.parameter_errors import read
from importer.actor.parameters import Event, Input
from importer.actor.result_items import items_of
from importer.actor.results import TaskResult, finished
from importer.actor.tasks import JUDGED_ONLY, require_valid, send_events
from importer.actor.wording import of_events
from importer.errors import UsageError
from importer.event_loop import awaited
from importer.graph.webhook import check_webhook
from importer.option_help import lists_options
from importer.option_types import EventOptions
from importer.options import event_options
from importer.settings import read_access, require_access


@lists_options(EventOptions, event_options)
def event(
    *events: Event | Mapping[str, Any], demo: bool = False, dry_run: bool = False, **options: Unpack[EventOptions]
) -> TaskResult:
    """Validate, normalise, hash and send one event, or several; with `dry_run` do everything but send.

    An event is an `importer.Event`, the same parameters as a mapping, or an event as Meta documents it; the parameters
    of a single one may stand among the options. Options: dataset, token or token_file, test_event_code, webhook,
    graph_url, graph_version, now. demo: the built-in sandbox answers. Raises CapiImportError where it cannot run;
    what Meta or our own checks refuse is an item, as in `task`.

    >>> import importer
    >>> result = importer.event(email="John_Smith@gmail.com", value=5, action_source="email", dry_run=True)
    >>> result.items[0]["payload"]["user_data"]["em"]
    ['62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f']
    """
    given_options: dict[str, Any] = {**options}
    own = {name: given_options.pop(name) for name in list(options) if name in Event.model_fields}
    if bool(own) == bool(events):
        message = "Give either events, or the parameters of one event."
        raise UsageError(message)
    task_only = {"webhook_url": given_options.pop("webhook", None)}
    task_only["test_event_code"] = given_options.pop("test_event_code", None)
    given = require_valid(read(Input, {"task": "send_event", "demo_mode": demo, **task_only}))
    check_webhook(given.webhook_url)
    access = read_access(given_options)
    now = access.now or datetime.now(UTC)
    judged = judge(events or (require_valid(read(Event, own)),), given, now)
    if dry_run:
        items = items_of(judged, None, {"task": "event", "note": JUDGED_ONLY}, of_events)
        return TaskResult("event", tuple(items))
    if not demo:
        require_access(access)
    return finished(given, *send_events(given, judged, access, now, of_events))


@lists_options(EventOptions, event_options)
async def event_async(
    *events: Event | Mapping[str, Any], demo: bool = False, dry_run: bool = False, **options: Unpack[EventOptions]
) -> TaskResult:
    """Send as `event` does, in a thread, so that the running event loop goes on."""
    return await awaited(lambda _: event(*events, demo=demo, dry_run=dry_run, **options))


def show(result: TaskResult, *, quiet: bool, dry_run: bool) -> None:
    """Print what became of one event on stdout, or the payload of a dry run; errors and warnings on stderr."""
    (item,) = result.items
    if dry_run and "payload" in item:
        click.echo(json.dumps(item["payload"], ensure_ascii=False, indent=2))
    if not item["success"]:
        click.echo(f"Error: {item['error']}", err=True)
    elif not dry_run and not quiet:
        trace = item.get("response", {}).get("fbtrace_id")
        demo = " (demonstration: nothing went to Meta)" if item.get("demoMode") else ""
        click.echo(
            f"Meta took the event{demo}: {item['eventName']}, id {item['eventId']}, keys {'+'.join(item['matchKeys'])}"
            + (f", trace {trace}." if trace else ".")
        )
    for warning in () if quiet else item.get("warnings", ()):
        click.echo(f"Warning: {warning['field']}: {warning['message']}", err=True)
