"""Ready-made hooks for rehearsals: what Meta and the network do on a bad day.

    Options(refuse=(every(5, throttled()),), spoil=(lose_every(7),))

Only requests that send events are counted and disturbed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from http import HTTPStatus

from importer.graph_sandbox.faults import Fault, error_body
from importer.graph_sandbox.request import CUT, Reply, Request, reply
from importer.graph_sandbox.usage_headers import usage_headers

_HTML = b"<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"


def _failure(fault: Fault, headers: dict[str, str] | None = None) -> Reply:
    return reply(fault.status, error_body(fault, "en", "SandboxRehearsal"), headers)


def throttled(code: int = 80004, *, subcode: int | None = 2446079, minutes: int = 0) -> Reply:
    """A throttle; with `minutes` the headers say when access is regained, without there are none."""
    fault = Fault(code, subcode=subcode, message="There have been too many calls. Wait a bit and try again.")
    return _failure(fault, usage_headers(100, minutes=minutes) if minutes else None)


def unavailable(code: int = 2) -> Reply:
    """Meta is down for a moment and says so in its own JSON."""
    return _failure(Fault(code, message="Service temporarily unavailable", status=503, transient=True))


def bad_gateway() -> Reply:
    """A machine on the way answers with HTML."""
    return Reply(502, {"content-type": "text/html; charset=utf-8"}, _HTML)


def every(nth: int, answer: Reply) -> Callable[[Request], Reply | None]:
    """A hook for `refuse`: each n-th request of events gets `answer` and is not processed."""
    counted = _counted(nth)
    return lambda request: answer if counted(request) else None


def lose_every(nth: int, answer: Reply = CUT) -> Callable[[Request, Reply], Reply]:
    """A hook for `spoil`: each n-th request of events is processed, then its answer is replaced by `answer`."""
    counted = _counted(nth)

    def spoil(request: Request, true_answer: Reply) -> Reply:
        accepted = true_answer.status == HTTPStatus.OK
        return answer if counted(request) and accepted else true_answer

    return spoil


def _counted(nth: int) -> Callable[[Request], bool]:
    """Whether a request is an n-th one that sends events."""
    numbers = itertools.count(1)
    return lambda request: request.method == "POST" and next(numbers) % nth == 0
