"""The target of a task: Meta under the user's token, or a sandbox where the input asks for a demonstration."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from importer.actor import demo_mode
from importer.actor.event_delivery import RecordingClient, Sent, send
from importer.actor.judging import JudgedEvents
from importer.actor.parameters import Input
from importer.clock import clock_from
from importer.errors import UsageError
from importer.event_loop import run
from importer.settings import Access

LOG = logging.getLogger("importer")

NO_KEY = "API key is required"
"""The hosted actor's own words."""
NO_KEY_ADVICE = (
    "Put the access token of the dataset into accessToken or into the environment's CAPI_ACCESS_TOKEN, "
    "or set demoMode to true to try without one."
)


class MissingToken(UsageError):
    """There is no access token, and the task needs one."""

    def __init__(self) -> None:
        super().__init__(f"{NO_KEY}. {NO_KEY_ADVICE}")


@contextmanager
def open_target(given: Input, access: Access, now: datetime) -> Iterator[Access]:
    """Yield the access to the target of the task, for as long as the block lasts."""
    if given.demo_mode:
        with demo_mode.sandbox(access, now) as demo:
            yield demo
        return
    if access.token is None:
        raise MissingToken
    for sentence in access.version_notices:
        LOG.warning("%s", sentence)
    yield access


def require_dataset(access: Access) -> str:
    """Return the dataset of the access; UsageError where none is named."""
    if access.dataset is None:
        message = "pixelId is required: the id of the dataset (pixel), copied from Events Manager."
        raise UsageError(message)
    return access.dataset


def deliver_events(judged: JudgedEvents, access: Access, code: str | None, now: datetime) -> Sent:
    """Send the events under the access."""
    return run(_deliver(judged, access, code, now))


async def _deliver(judged: JudgedEvents, access: Access, code: str | None, now: datetime) -> Sent:
    async with RecordingClient.of(access) as client:
        return await send(
            judged.prepared,
            client,
            dataset=require_dataset(access),
            code=code,
            clock=clock_from(now),
        )
