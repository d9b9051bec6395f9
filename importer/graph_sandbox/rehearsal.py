"""Hooks for rehearsals: what Meta and the network do on a bad day.

    SandboxOptions(refuse=(every(5, throttled()),), spoil=(lose_every(7),))

Only requests that send events are counted and disturbed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from http import HTTPStatus

from importer.graph_sandbox.graph_errors import GraphError, error_body
from importer.graph_sandbox.request import CUT, Request, Response, json_response
from importer.graph_sandbox.usage_headers import usage_headers

_HTML = b"<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"


def _failure(error: GraphError, headers: dict[str, str] | None = None) -> Response:
    return json_response(error.status, error_body(error, "en", "SandboxRehearsal"), headers)


def throttled(code: int = 80004, *, subcode: int | None = 2446079, minutes: int = 0) -> Response:
    """Return a throttle; with `minutes` the headers say when access is regained, without it there are none."""
    error = GraphError(code, subcode=subcode, message="There have been too many calls. Wait a bit and try again.")
    return _failure(error, usage_headers(100, minutes=minutes) if minutes else None)


def unavailable(code: int = 2) -> Response:
    """Return what Meta says in its own JSON when it is down for a moment."""
    return _failure(GraphError(code, message="Service temporarily unavailable", status=503, transient=True))


def bad_gateway() -> Response:
    """Return the HTML of a proxy on the way."""
    return Response(502, {"content-type": "text/html; charset=utf-8"}, _HTML)


def every(nth: int, answer: Response) -> Callable[[Request], Response | None]:
    """Make a hook for `refuse`: each n-th request of events gets `answer` and is not processed."""
    counted = _counted(nth)
    return lambda request: answer if counted(request) else None


def lose_every(nth: int, answer: Response = CUT) -> Callable[[Request, Response], Response]:
    """Make a hook for `spoil`: each n-th request of events is processed, then its answer is replaced by `answer`."""
    counted = _counted(nth)

    def spoil(request: Request, true_answer: Response) -> Response:
        accepted = true_answer.status == HTTPStatus.OK
        return answer if counted(request) and accepted else true_answer

    return spoil


def _counted(nth: int) -> Callable[[Request], bool]:
    """Return a test that holds for each n-th request that sends events."""
    numbers = itertools.count(1)
    return lambda request: request.method == "POST" and next(numbers) % nth == 0
