"""Whom a task reaches: Meta under the user's token, or a sandbox where the input asks for a demonstration."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from importer.actor import demo_mode as demonstration
from importer.actor.event_delivery import Listening, Sent, send
from importer.actor.judging import Judged
from importer.actor.parameters import Input
from importer.errors import UsageError
from importer.settings import Access

NO_KEY = "API key is required"
"""The hosted actor's own words."""
NO_KEY_ADVICE = (
    "Put the access token of the dataset into accessToken or into the environment's CAPI_ACCESS_TOKEN, "
    "or set demoMode to true to try without one."
)


class NoKey(UsageError):
    """There is no access token, and the task needs one."""

    def __init__(self) -> None:
        super().__init__(f"{NO_KEY}. {NO_KEY_ADVICE}")


@contextmanager
def reached(given: Input, access: Access, now: datetime) -> Iterator[Access]:
    """The access to whom the task reaches, for as long as the block lasts."""
    if given.demo_mode:
        with demonstration.sandbox(access, now) as demo:
            yield demo
        return
    if access.token is None:
        raise NoKey
    yield access


def named_dataset(access: Access) -> str:
    """The dataset to reach; a UsageError where none is named."""
    if access.dataset is None:
        message = "pixelId is required: the id of the dataset (pixel), copied from Events Manager."
        raise UsageError(message)
    return access.dataset


def delivered(judged: Judged, access: Access, code: str | None, now: datetime) -> Sent:
    """The events were sent under the access."""
    return asyncio.run(_deliver(judged, access, code, now))


async def _deliver(judged: Judged, access: Access, code: str | None, now: datetime) -> Sent:
    started = time.monotonic()
    async with Listening.of(access) as client:
        return await send(
            judged.prepared,
            client,
            dataset=named_dataset(access),
            code=code,
            clock=lambda: now.timestamp() + time.monotonic() - started,
        )
