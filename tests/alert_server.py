"""A web server of this machine that takes alerts, as apprise's json:// sends them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

KEY = "hush-key"


class AlertServer(ThreadingHTTPServer):
    """messages: what came. refuse: how many requests are answered 500 first."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[dict[str, str]] = []
        self.refuse = 0

    @property
    def address(self) -> str:
        return f"json://till:{KEY}@127.0.0.1:{self.server_port}/{KEY}"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refuse:
            self.server.refuse -= 1
            self.send_response(500)
        else:
            self.server.messages.append(json.loads(body))
            self.send_response(200)
        self.end_headers()


@pytest.fixture
def alert_server() -> Iterator[AlertServer]:
    pytest.importorskip("apprise", reason="apprise is not installed (the extra alerts brings it)")
    with AlertServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
