"""How far work is, told to the page's script as it happens (server-sent events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from importer.page.imports import Import
from importer.page.pages import import_of
from importer.page.work import Work

INTERVAL = 0.4


async def events(request: Request) -> Response:
    """Stream the progress of one step, `understand`, `check` or `send`, until it is over."""
    found = import_of(request)
    return StreamingResponse(_told(request, found, request.path_params["step"]), media_type="text/event-stream")


def _work(found: Import, step: str) -> Work[Any] | None:
    return {"understand": found.understood, "check": found.checked, "send": found.sent}.get(step)


async def _told(request: Request, found: Import, step: str) -> AsyncIterator[str]:
    last = ""
    while (work := _work(found, step)) is not None and not work.is_over:
        text = json.dumps(asdict(work.progress) | {"rate": round(work.rate), "left": work.left})
        if text != last:
            yield f"data: {text}\n\n"
            last = text
        if await request.is_disconnected():
            return
        await asyncio.sleep(INTERVAL)
    yield "event: over\ndata: {}\n\n"
