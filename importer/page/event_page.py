"""One event by form: judged as one types, then sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

import importer
from importer.core.model import ACTION_SOURCES, STANDARD_EVENTS
from importer.errors import CapiImportError
from importer.page.languages import mark
from importer.page.pages import Desk, desk_of, form_of, show
from importer.secret import Secret
from importer.settings import read_access

FIELDS: Mapping[str, str] = {
    "email": mark("Email"),
    "phone": mark("Phone"),
    "first_name": mark("First name"),
    "last_name": mark("Last name"),
    "city": mark("City"),
    "state": mark("State"),
    "zip_code": mark("Postal code"),
    "country": mark("Country"),
    "external_id": mark("Customer ID"),
    "value": mark("Value"),
    "currency": mark("Currency"),
    "order_id": mark("Order ID"),
    "event_time": mark("Event time"),
    "content_ids": mark("Product IDs"),
    "event_source_url": mark("Web address"),
    "client_user_agent": mark("Browser (user agent)"),
    "fbclid": mark("Click ID (fbclid)"),
}
"""Parameters that are typed, with their labels."""

DEFAULTS: Mapping[str, str] = {
    "country": "US",
    "currency": "USD",
    "event_name": "Purchase",
    "action_source": "physical_store",
}
LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "event_name": (mark("Event name"), STANDARD_EVENTS),
    "action_source": (mark("Action source"), ACTION_SOURCES),
}


async def show_event(request: Request) -> Response:
    """Show the empty form."""
    return _page(request, DEFAULTS, None, None)


async def take_event(request: Request) -> Response:
    """Judge the event, or send it."""
    desk, form = desk_of(request), await form_of(request)
    given = {name: str(form.get(name, "")).strip() for name in (*FIELDS, *LISTS)}
    send = "send" in form
    if token := str(form.get("token", "")).strip():
        desk.token = Secret(token)
    try:
        item = await run_in_threadpool(
            _outcome, desk, form, {key: text for key, text in given.items() if text}, send=send
        )
    except CapiImportError as error:
        return _page(request, given, None, str(error), 400)
    return _page(request, given, item, None, sent=send, demo="demo" in form)


def _outcome(desk: Desk, form: FormData, given: Mapping[str, Any], *, send: bool) -> Mapping[str, Any]:
    if not send:
        return importer.event(dry_run=True, **now_of(desk), **given).items[0]
    access: dict[str, Any] = {name: value for name, value in desk.given.items() if name in {"token_file", "now"}}
    if desk.token is not None:
        access["token"] = desk.token
    if dataset := str(form.get("dataset", "")).strip():
        access["dataset"] = dataset
    return importer.event(demo="demo" in form, **access, **given).items[0]


def now_of(desk: Desk) -> dict[str, Any]:
    """Return the server's clock as an option, where it was set."""
    return {"now": desk.given["now"]} if "now" in desk.given else {}


def _page(
    request: Request,
    given: Mapping[str, str],
    item: Mapping[str, Any] | None,
    sentence: str | None,
    status: int = 200,
    **said: bool,
) -> Response:
    desk = desk_of(request)
    access = read_access({name: value for name, value in desk.given.items() if name == "token_file"})
    payload = None if item is None else item.get("payload")
    return show(
        request,
        "event.html.jinja",
        status,
        fields=FIELDS,
        lists=LISTS,
        given=given,
        item=item,
        payload=None if payload is None else json.dumps(payload, indent=2, ensure_ascii=False),
        sentence=sentence or (item or {}).get("error"),
        dataset=access.dataset or "",
        has_token=desk.token is not None or access.token is not None,
        said=said,
    )
