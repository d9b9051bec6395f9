"""The datasets that a token can see; of one its details, what Meta counted, and its quality."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import importer
from importer.errors import CapiImportError
from importer.page.event_page import now_of
from importer.page.pages import Desk, desk_of, form_of, goto, show
from importer.secret import Secret

COUNTED = ("event", "match_keys", "event_source", "event_total_counts")
"""What Meta counts by [PIX]."""


async def show_datasets(request: Request) -> Response:
    """List the datasets."""
    desk = desk_of(request)
    account = request.query_params.get("account", "").strip()
    found, sentence = await _asked(lambda: importer.pixels(account or None, **_access(desk)))
    return show(request, "datasets.html.jinja", found=found or (), sentence=sentence, account=account)


async def take_token(request: Request) -> Response:
    """Keep the token in memory."""
    form = await form_of(request)
    if token := str(form.get("token", "")).strip():
        desk_of(request).token = Secret(token)
    return goto("/datasets")


async def show_dataset(request: Request) -> Response:
    """Show one dataset."""
    desk, dataset = desk_of(request), request.path_params["dataset"]
    by = request.query_params.get("by", COUNTED[0])
    found, sentence = await _asked(lambda: importer.pixel(dataset, by, **_access(desk), **now_of(desk)))
    most = max(found.totals.values(), default=0) if found is not None else 0
    return show(
        request,
        "dataset.html.jinja",
        found=found,
        sentence=sentence,
        dataset=dataset,
        by=by,
        counted=COUNTED,
        most=most,
    )


async def _asked(ask: Callable[[], Any]) -> tuple[Any, str | None]:
    try:
        return await run_in_threadpool(ask), None
    except CapiImportError as error:
        return None, str(error)


def _access(desk: Desk) -> dict[str, Any]:
    access = {name: value for name, value in desk.given.items() if name == "token_file"}
    return access if desk.token is None else access | {"token": desk.token}
