"""A little Graph API on loopback for what is asked and for single events; it shares nothing with the sandbox.

Answers are functions of the request; what is not set is Meta's 100/33. Every request is kept, with its headers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "EAAsecret0123456789"
DATASET = "1234567890123456"


@dataclass
class FakeRequest:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    taken: bool = False


@dataclass
class FakeResponse:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


Answer = Callable[[FakeRequest], FakeResponse]


def error(
    code: int, subcode: int | None = None, *, status: int = 400, headers: dict[str, str] | None = None, **more: Any
) -> FakeResponse:
    fault = {"message": "Ugyldig parameter", "type": "OAuthException", "code": code, "fbtrace_id": "Aerr"}
    if subcode is not None:
        fault["error_subcode"] = subcode
    return FakeResponse(status, {"error": {**fault, **more}}, headers or {})


NOWHERE = error(100, 33, type="GraphMethodException")


class FakeGraph:
    """`on(method, path, answer)` sets what is told; paths are without version."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Answer] = {}
        self.asked: list[FakeRequest] = []
        self.on("POST", f"{DATASET}/events", self.take)

    def on(self, method: str, path: str, answer: Answer | FakeResponse | Any) -> None:
        if isinstance(answer, dict):
            answer = FakeResponse(200, answer)
        self.answers[method, path] = answer if callable(answer) else (lambda _asked, told=answer: told)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event of every request that was taken."""
        return [event for asked in self.asked if asked.method == "POST" and asked.taken for event in asked.body["data"]]

    def take(self, asked: FakeRequest) -> FakeResponse:
        count = len(asked.body["data"])
        if not 1 <= count <= 1_000:
            return error(100)
        return FakeResponse(200, {"events_received": count, "messages": [], "fbtrace_id": f"A{len(self.asked)}"})

    def answer(self, asked: FakeRequest) -> FakeResponse:
        self.asked.append(asked)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return error(190, 463, status=401)
        told = self.answers.get((asked.method, asked.path), lambda _asked: NOWHERE)(asked)
        asked.taken = told.status == 200
        return told

    def __enter__(self) -> Self:
        graph = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.reply()

            def do_POST(self) -> None:
                self.reply()

            def reply(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                version, _, path = parts.path.strip("/").partition("/")
                assert version.startswith("v")
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                told = graph.answer(
                    FakeRequest(self.command, path, query, headers, json.loads(content) if content else None)
                )
                body = told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
                self.send_response(told.status)
                for name, value in {**told.headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def paged(nodes: list[dict[str, Any]], size: int, *, blank_page: bool = False) -> Answer:
    """A list in pages as Meta gives them: the address of the next page holds the token, and a page may be empty."""

    def answer(asked: FakeRequest) -> FakeResponse:
        assert "access_token" not in asked.query, "the address of the next page holds the token and is not to be used"
        start = int(asked.query.get("after", "c0")[1:])
        end = start if blank_page and start == 0 and "after" not in asked.query else min(start + size, len(nodes))
        paging: dict[str, Any] = {"cursors": {"before": f"c{start}", "after": f"c{end}"}}
        if end < len(nodes):
            paging["next"] = f"https://graph.facebook.com/v25.0/x?access_token={TOKEN}&after=c{end}"
        return FakeResponse(200, {"data": nodes[start:end], "paging": paging})

    return answer
