"""The sandbox: a request in, Meta's answer out, and a memory of what was accepted. It opens no socket."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from importer.graph_sandbox.access import no_such_object, proof_error, token_error, version_error
from importer.graph_sandbox.event_rules import first_error
from importer.graph_sandbox.graph_errors import GraphError, error_body, rule, wrong_value
from importer.graph_sandbox.json_types import JsonObject
from importer.graph_sandbox.localized_texts import LANGUAGES
from importer.graph_sandbox.memory import Dataset, Logged, SandboxSummary, accept, codes_in, summary_of
from importer.graph_sandbox.request import (
    Parameters,
    Request,
    Response,
    events_of,
    json_response,
    label_error,
    parameters,
)
from importer.graph_sandbox.routes import ReadContext, read
from importer.graph_sandbox.sandbox_options import SandboxOptions
from importer.graph_sandbox.usage_headers import usage_headers

_POISONED = 2804001
_EDGES = frozenset({"events", "stats", "adspixels", "adaccounts", "dataset_quality"})
_TOO_LARGE = GraphError(
    1, message="Please reduce the amount of data you're asking for, then retry your request", status=500
)


class Sandbox:
    """A Graph API that remembers what it accepted; safe to call from several threads."""

    def __init__(self, options: SandboxOptions | None = None, clock: Callable[[], float] = time.time) -> None:
        """Start with an empty memory; `clock` returns Unix seconds, by which ages are judged."""
        self.options = options or SandboxOptions()
        self._clock = clock
        self._numbers = itertools.count(1)
        self._refused = itertools.count()
        self._lock = threading.Lock()
        self._datasets: dict[str, Dataset] = {}
        self._log: list[Logged] = []

    def handle(
        self, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Response:
        """Answer one request as Meta does; its events are accepted all together or not at all."""
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        request = Request(next(self._numbers), method.upper(), path, query, lower, body)
        refused = (refuse(request) for refuse in self.options.refuse)
        answer, events = next((response for response in refused if response is not None), None), 0
        if answer is None:
            answer, events = self._answer(request)
        for spoil in self.options.spoil:
            answer = spoil(request, answer)
        self._record(request, answer, events)
        return answer

    def events(self, dataset: str) -> list[JsonObject]:
        """Return every event accepted for the dataset, repeats included, in the order of arrival."""
        with self._lock:
            return list(self._datasets[dataset].events) if dataset in self._datasets else []

    def sales(self, dataset: str) -> list[JsonObject]:
        """Return the first copy of each sale of the dataset, as Meta would count them."""
        with self._lock:
            return list(self._datasets[dataset].sales) if dataset in self._datasets else []

    def log(self) -> list[Logged]:
        """Return each request so far, in numbers."""
        with self._lock:
            return list(self._log)

    def summary(self) -> SandboxSummary:
        """Count what happened so far, in all datasets together."""
        with self._lock:
            return summary_of(self._datasets, self._log)

    def _answer(self, request: Request) -> tuple[Response, int]:
        """Answer by Meta's rules; return the response and how many events the request holds."""
        now = self._clock()
        given = self._admitted(request, now)
        events: list[Any] = []
        if isinstance(given, GraphError):
            result: Parameters | GraphError = given
        elif request.method == "POST":
            result = self._take(request, given, now, events)
        else:
            result = self._read(request, given, now)
        return self._response(request, result), len(events)

    def _admitted(self, request: Request, now: float) -> Parameters | GraphError:
        """Return the parameters of a request that is let in, or why it is not."""
        if len(request.body) > self.options.max_body_bytes:
            return _TOO_LARGE
        given = parameters(request)
        if isinstance(given, GraphError):
            return given
        sending = request.method == "POST"
        error = (
            version_error(_parts(request)[0], now, sending=sending)
            or token_error(given, self.options.tokens, sending=sending)
            or proof_error(given, self.options.app_secret)
        )
        return error or given

    def _take(self, request: Request, given: Parameters, now: float, events: list[Any]) -> Parameters | GraphError:
        """Fill `events` with those of the request; accept all of them, or none and return the first error."""
        match _parts(request)[1:]:
            case [number, "events"] if self.options.world.has_dataset(number):
                found = events_of(given)
            case _:
                return no_such_object("post")
        if isinstance(found, GraphError):
            return found
        events.extend(found)
        error = label_error(given) or self._event_error(events, int(now))
        if error:
            return error
        with self._lock:
            dataset = self._datasets.setdefault(number, Dataset())
            accept(dataset, events, now, keep=self.options.keep, test="test_event_code" in given)
        return {"events_received": len(events), "messages": []}

    def _event_error(self, events: list[Any], now: int) -> GraphError | None:
        for place, event in enumerate(events):
            error = first_error(event, place, now)
            if error is None and self.options.poisons(event):
                at = f"$['data'][{place}]"
                error = wrong_value(at, "not accepted") if self.options.poison_path else rule(_POISONED)
            if error:
                return error
        return None

    def _read(self, request: Request, given: Parameters, now: float) -> Parameters | GraphError:
        parts = _parts(request)[1:]
        if request.method != "GET" or parts[-1:] == ["events"]:
            return no_such_object(request.method)
        options = self.options
        with self._lock:
            return read(
                parts, given, ReadContext(options.world, self._datasets, now, _address(request), options.page_size)
            )

    def _response(self, request: Request, result: Parameters | GraphError) -> Response:
        trace = f"Sandbox{request.number:016d}"
        headers = {"x-fb-trace-id": trace, **usage_headers(self.options.usage)}
        if isinstance(result, GraphError):
            turn = LANGUAGES[next(self._refused) % len(LANGUAGES)]
            return json_response(result.status, error_body(result, self.options.language or turn, trace), headers)
        sent = {"fbtrace_id": trace} if request.method == "POST" else {}
        return json_response(HTTPStatus.OK, {**result, **sent}, headers)

    def _record(self, request: Request, answer: Response, events: int) -> None:
        edge = _parts(request)[-1]
        code, subcode = codes_in(answer.body) if answer.status != HTTPStatus.OK else (None, None)
        line = Logged(
            number=request.number,
            method=request.method,
            edge=edge if edge in _EDGES else "node",
            events=events,
            status=answer.status,
            code=code,
            subcode=subcode,
        )
        with self._lock:
            self._log.append(line)


def _parts(request: Request) -> list[str]:
    """Split the path; the first part should be a version."""
    return request.path.strip("/").split("/")


def _address(request: Request) -> str:
    """Return the address that the caller used, as far as its Host header tells."""
    host = request.headers.get("host", "graph.facebook.com")
    local = host.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"}
    return f"{'http' if local else 'https'}://{host}{request.path}"
