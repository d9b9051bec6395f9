"""The sandbox: a request in, Meta's answer out, and a memory of what was accepted. No sockets here."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from importer.graph_sandbox.access import no_such_object, proof_fault, token_fault, version_fault
from importer.graph_sandbox.event_rules import first_fault
from importer.graph_sandbox.faults import Fault, error_body, rule, wrong_value
from importer.graph_sandbox.json_types import Record
from importer.graph_sandbox.localized_texts import LANGUAGES
from importer.graph_sandbox.memory import Dataset, Logged, Summary, accept, codes_in, summary_of
from importer.graph_sandbox.request import Parameters, Reply, Request, events_of, label_fault, parameters, reply
from importer.graph_sandbox.routes import View, read
from importer.graph_sandbox.sandbox_options import Options
from importer.graph_sandbox.usage_headers import usage_headers

_POISONED = 2804001
_EDGES = frozenset({"events", "stats", "adspixels", "adaccounts", "dataset_quality"})
_TOO_LARGE = Fault(1, message="Please reduce the amount of data you're asking for, then retry your request", status=500)


class Sandbox:
    """A stand-in for the Graph API with a memory; safe to call from several threads."""

    def __init__(self, options: Options | None = None, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives Unix seconds; ages are judged by it."""
        self.options = options or Options()
        self._clock = clock
        self._numbers = itertools.count(1)
        self._refused = itertools.count()
        self._lock = threading.Lock()
        self._datasets: dict[str, Dataset] = {}
        self._log: list[Logged] = []

    def handle(
        self, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        """Meta's answer to one request; its events are accepted all together or not at all."""
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        request = Request(next(self._numbers), method.upper(), path, query, lower, body)
        answer, events = self._hooked(request), 0
        if answer is None:
            answer, events = self._answered(request)
        for spoil in self.options.spoil:
            answer = spoil(request, answer)
        self._write_down(request, answer, events)
        return answer

    def events(self, dataset: str) -> list[Record]:
        """Every event accepted for the dataset, repeats included, in the order of arrival."""
        with self._lock:
            return list(self._datasets[dataset].events) if dataset in self._datasets else []

    def sales(self, dataset: str) -> list[Record]:
        """The first copy of each sale of the dataset, as Meta would count them."""
        with self._lock:
            return list(self._datasets[dataset].sales) if dataset in self._datasets else []

    def log(self) -> list[Logged]:
        """Each request so far, in numbers."""
        with self._lock:
            return list(self._log)

    def summary(self) -> Summary:
        """The counts so far, of all datasets together."""
        with self._lock:
            return summary_of(self._datasets, self._log)

    def _hooked(self, request: Request) -> Reply | None:
        answers = (refuse(request) for refuse in self.options.refuse)
        return next((answer for answer in answers if answer is not None), None)

    def _answered(self, request: Request) -> tuple[Reply, int]:
        """The answer by Meta's rules, and how many events the request holds."""
        now = self._clock()
        given = self._admitted(request, now)
        events: list[Any] = []
        if isinstance(given, Fault):
            result: Parameters | Fault = given
        elif request.method == "POST":
            result = self._take(request, given, now, events)
        else:
            result = self._read(request, given, now)
        return self._reply(request, result), len(events)

    def _admitted(self, request: Request, now: float) -> Parameters | Fault:
        """The parameters of a request that may come in, or why it may not."""
        if len(request.body) > self.options.max_body_bytes:
            return _TOO_LARGE
        given = parameters(request)
        if isinstance(given, Fault):
            return given
        sending = request.method == "POST"
        fault = (
            version_fault(_parts(request)[0], now, sending=sending)
            or token_fault(given, self.options.tokens, sending=sending)
            or proof_fault(given, self.options.app_secret)
        )
        return fault or given

    def _take(self, request: Request, given: Parameters, now: float, events: list[Any]) -> Parameters | Fault:
        """`events` holds those of the request; all are in the memory, or none is and the first fault is returned."""
        match _parts(request)[1:]:
            case [number, "events"] if self.options.world.has_dataset(number):
                found = events_of(given)
            case _:
                return no_such_object("post")
        if isinstance(found, Fault):
            return found
        events.extend(found)
        fault = label_fault(given) or self._event_fault(events, int(now))
        if fault:
            return fault
        with self._lock:
            dataset = self._datasets.setdefault(number, Dataset())
            accept(dataset, events, now, keep=self.options.keep, test="test_event_code" in given)
        return {"events_received": len(events), "messages": []}

    def _event_fault(self, events: list[Any], now: int) -> Fault | None:
        for place, event in enumerate(events):
            fault = first_fault(event, place, now)
            if fault is None and self.options.poisons(event):
                at = f"$['data'][{place}]"
                fault = wrong_value(at, "not accepted") if self.options.poison_path else rule(_POISONED)
            if fault:
                return fault
        return None

    def _read(self, request: Request, given: Parameters, now: float) -> Parameters | Fault:
        parts = _parts(request)[1:]
        if request.method != "GET" or parts[-1:] == ["events"]:
            return no_such_object(request.method)
        options = self.options
        with self._lock:
            return read(parts, given, View(options.world, self._datasets, now, _address(request), options.page_size))

    def _reply(self, request: Request, result: Parameters | Fault) -> Reply:
        trace = f"Sandbox{request.number:016d}"
        headers = {"x-fb-trace-id": trace, **usage_headers(self.options.usage)}
        if isinstance(result, Fault):
            turn = LANGUAGES[next(self._refused) % len(LANGUAGES)]
            return reply(result.status, error_body(result, self.options.language or turn, trace), headers)
        sent = {"fbtrace_id": trace} if request.method == "POST" else {}
        return reply(HTTPStatus.OK, {**result, **sent}, headers)

    def _write_down(self, request: Request, answer: Reply, events: int) -> None:
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
    """The parts of the path; the first should be a version."""
    return request.path.strip("/").split("/")


def _address(request: Request) -> str:
    """The address the caller used, as far as its Host header tells."""
    host = request.headers.get("host", "graph.facebook.com")
    local = host.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"}
    return f"{'http' if local else 'https'}://{host}{request.path}"
