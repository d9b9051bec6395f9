"""Meta's `/events` as one function from request to response, with faults to order.

A fault is a function of (meta, events, accept) that returns a response or raises what httpx would raise; `accept()`
records the events as arrived, so that a fault can lose the answer to a request that was taken.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

Events = list[dict[str, Any]]
Fault = Callable[[Events, Callable[[], None]], httpx.Response]

TOKEN = "EAAtoken0123456789"
DATASET = "1234567890"


def ok(events: Events, accept: Callable[[], None]) -> httpx.Response:
    accept()
    return httpx.Response(200, json={"events_received": len(events), "messages": [], "fbtrace_id": "Aok"})


def error(
    code: int | None,
    subcode: int | None = None,
    *,
    status: int = 400,
    message: str = "Ugyldig parameter",
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Fault:
    fields = {
        "message": message,
        "type": "OAuthException",
        "code": code,
        "error_subcode": subcode,
        "fbtrace_id": "Aerr",
    }
    body = {"error": {name: value for name, value in {**fields, **more}.items() if value is not None}}
    return lambda _events, _accept: httpx.Response(status, json=body, headers=headers)


def raising(make: Callable[[], Exception], *, taken: bool = False) -> Fault:
    def fault(_events: Events, accept: Callable[[], None]) -> httpx.Response:
        if taken:
            accept()
        raise make()

    return fault


def answering(status: int, content: bytes, *, taken: bool = False, headers: dict[str, str] | None = None) -> Fault:
    def fault(_events: Events, accept: Callable[[], None]) -> httpx.Response:
        if taken:
            accept()
        return httpx.Response(status, content=content, headers=headers)

    return fault


def _caused(error_: Exception, cause: Exception) -> Exception:
    error_.__cause__ = cause
    return error_


def miscount(events: Events, accept: Callable[[], None]) -> httpx.Response:
    accept()
    return httpx.Response(200, json={"events_received": len(events) + 1, "fbtrace_id": "Acount"})


REFUSED = raising(lambda: _caused(httpx.ConnectError("no"), ConnectionRefusedError()))
DNS = raising(lambda: _caused(httpx.ConnectError("no"), socket.gaierror()))
TLS = raising(lambda: _caused(httpx.ConnectError("no"), ssl.SSLError()))
CONNECT_TIMEOUT = raising(lambda: httpx.ConnectTimeout("slow"))
RESET_BEFORE = raising(lambda: httpx.WriteError("reset"))
RESET_AFTER = raising(lambda: httpx.ReadError("reset"), taken=True)
TIMEOUT_AFTER = raising(lambda: httpx.ReadTimeout("slow"), taken=True)
CLOSED_AFTER = raising(lambda: httpx.RemoteProtocolError("closed"), taken=True)
HTML = answering(502, b"<html><body>Bad gateway</body></html>")
HTML_AFTER = answering(200, b"<html>ok</html>", taken=True)
CUT = answering(200, b'{"events_received": 10', taken=True)
EMPTY = answering(200, b"", taken=True)
BUSY = answering(503, b"")
TOO_MANY = answering(429, b"", headers={"Retry-After": "2"})

TRANSIENT: dict[str, Fault] = {
    "refused": REFUSED,
    "dns": DNS,
    "tls": TLS,
    "connect_timeout": CONNECT_TIMEOUT,
    "reset_before": RESET_BEFORE,
    "reset_after": RESET_AFTER,
    "timeout_after": TIMEOUT_AFTER,
    "closed_after": CLOSED_AFTER,
    "html": HTML,
    "html_after": HTML_AFTER,
    "cut": CUT,
    "empty": EMPTY,
    "503": BUSY,
    "429": TOO_MANY,
    "408": answering(408, b""),
    "miscount": miscount,
    "code 1": error(1, status=500),
    "code 2": error(2, status=503, is_transient=True),
    "is_transient": error(99, is_transient=True),
    "negative": error(-3),
    "unknown": error(12_345),
    **{f"code {code}": error(code) for code in (4, 17, 32, 341, 613, *range(80_000, 80_015))},
    "throttled with minutes": error(
        80_004,
        2_446_079,
        headers={"X-Business-Use-Case-Usage": '{"1":[{"type":"ads_management","estimated_time_to_regain_access":3}]}'},
    ),
    "throttled with seconds": error(
        17, 2_446_079, headers={"X-Ad-Account-Usage": '{"acc_id_util_pct":100,"reset_time_duration":100}'}
    ),
}
"""Faults after which the same request succeeds."""


class FakeMeta:
    """Takes what the script does not spoil; refuses whole requests that hold a poisoned event.

    script: called with the number of the request (from 0) and its events; a fault, or None.
    poison: event ids that Meta refuses, with `error_of` saying how; `named`: whether the answer holds the path.
    """

    def __init__(
        self,
        script: Callable[[int, Events], Fault | None] | None = None,
        *,
        poison: frozenset[str] = frozenset(),
        subcode: int = 2_804_003,
        named: bool = False,
        latency: float = 0.0,
        most_events: int = 1_000,
    ) -> None:
        self.script = script or (lambda _number, _events: None)
        self.poison = poison
        self.subcode = subcode
        self.named = named
        self.latency = latency
        self.most_events = most_events
        self.arrived: Counter[str] = Counter()
        self.versions: dict[str, str] = {}
        self.sizes: list[int] = []
        self.in_flight = 0
        self.most_in_flight = 0

    @property
    def requests(self) -> int:
        return len(self.sizes)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        events = self._read(request)
        number = len(self.sizes)
        self.sizes.append(len(events))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency)
            return self._answer(number, events)
        finally:
            self.in_flight -= 1

    def _read(self, request: httpx.Request) -> Events:
        assert request.method == "POST"
        assert request.url.path == f"/v25.0/{DATASET}/events"
        assert TOKEN not in str(request.url)
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert request.headers["Content-Type"] == "application/json"
        assert len(request.content) <= 2_000_000
        body = json.loads(request.content)
        assert set(body) <= {"data", "test_event_code", "appsecret_proof"}
        events: Events = body["data"]
        assert 1 <= len(events) <= 1_000
        ids = [event["event_id"] for event in events]
        assert len(set(ids)) == len(ids)
        for event in events:
            text = json.dumps(event, sort_keys=True)
            assert self.versions.setdefault(event["event_id"], text) == text, "a repeat must be identical"
        return events

    def _answer(self, number: int, events: Events) -> httpx.Response:
        def accept() -> None:
            if rejected is None:
                self.arrived.update(event["event_id"] for event in events)

        fault = self.script(number, events)
        rejected = next((place for place, event in enumerate(events) if event["event_id"] in self.poison), None)
        if fault is not None and (rejected is None or fault is not miscount):
            return fault(events, accept)
        if rejected is not None:
            message = f"(#100) $['data'][{rejected}]['event_time'] er forkert" if self.named else "For gammel"
            return error(100, self.subcode, message=message)(events, accept)
        if len(events) > self.most_events:
            return error(1, status=500, message="Please reduce the amount of data")(events, accept)
        return ok(events, accept)
