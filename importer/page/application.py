"""Which address is which page."""

from __future__ import annotations

from html import escape

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from importer.page import (
    check_page,
    datasets_page,
    event_page,
    events,
    history_page,
    import_page,
    send_page,
    understand_page,
)
from importer.page.languages import mark
from importer.page.pages import Desk, show, static_text
from importer.page.safety import Safety
from importer.page.summary_part import summary_style
from importer.terminal.crash_file import write_crash_file

STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}

ROUTES = [
    Route("/", import_page.show_import),
    Route("/imports", import_page.take_files, methods=["POST"]),
    Route("/imports/{name}/understand", understand_page.show_understood),
    Route("/imports/{name}/understand", understand_page.take_answers, methods=["POST"]),
    Route("/imports/{name}/try", understand_page.try_answers, methods=["POST"]),
    Route("/imports/{name}/check", check_page.show_checked),
    Route("/imports/{name}/check", check_page.begin_check, methods=["POST"]),
    Route("/imports/{name}/rows/{place}", check_page.show_row),
    Route("/imports/{name}/rows/{place}", check_page.correct_row, methods=["POST"]),
    Route("/imports/{name}/edits.csv", check_page.download_edits),
    Route("/imports/{name}/send", send_page.show_send),
    Route("/imports/{name}/send", send_page.begin_sending, methods=["POST"]),
    Route("/imports/{name}/stop", send_page.stop_sending, methods=["POST"]),
    Route("/imports/{name}/result", send_page.show_result),
    Route("/imports/{name}/files/{file}", send_page.download),
    Route("/imports/{name}/events/{step}", events.events),
    Route("/history", history_page.show_history),
    Route("/history/{run}/report", history_page.download_report),
    Route("/event", event_page.show_event),
    Route("/event", event_page.take_event, methods=["POST"]),
    Route("/datasets", datasets_page.show_datasets),
    Route("/datasets", datasets_page.take_token, methods=["POST"]),
    Route("/datasets/{dataset}", datasets_page.show_dataset),
]


def application(desk: Desk) -> ASGIApp:
    """Return the page as an ASGI application: nothing of it is reached but through what `safety` asks for."""
    app = Starlette(
        routes=[*ROUTES, Route("/static/{file}", _static)],
        exception_handlers={HTTPException: _refused, Exception: _bug},
    )
    app.state.desk = desk
    return Safety(app, desk.session)


async def _static(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in STATIC:
        raise HTTPException(404, mark("There is no such file."))
    return Response((summary_style() if name == "page.css" else "") + static_text(name), media_type=STATIC[name])


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = error.detail if isinstance(error, HTTPException) else ""
    return show(request, "trouble.html.jinja", status, title=mark("This page"), sentence=sentence, back="/")


async def _bug(request: Request, error: Exception) -> Response:
    del request
    return PlainTextResponse(escape(f"This is a bug in capi-import. {write_crash_file(error)}\n"), 500)
