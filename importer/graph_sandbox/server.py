"""The sandbox on a port: HTTP/1.1 with connections kept open, one thread for each."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.graph_sandbox.app import Sandbox

_MOST_BYTES = 64_000_000
"""A body beyond this is not even read."""
_IDLE_SECONDS = 120
_CLOSING_SECONDS = 5


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._connections: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that go away; anything else keeps its traceback."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Close every connection, also those that a client keeps open."""
        with self._changed:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # the client was faster
                    continue
            self._changed.wait_for(lambda: not self._connections, timeout=_CLOSING_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65_536  # headers and body leave in one piece
    timeout = _IDLE_SECONDS
    server: _Server

    def _answer(self) -> None:
        status, length = self._length()
        if status:
            self.close_connection = True
            self._write(status, {"connection": "close"}, b"")
            return
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        sandbox = self.server.sandbox
        status, headers, content = sandbox.handle(
            self.command, parts.path, parts.query, dict(self.headers.items()), body
        )
        if sandbox.options.latency:
            time.sleep(sandbox.options.latency)
        if status == 0:
            self.close_connection = True
            return
        self._write(status, headers, content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _answer  # noqa: N815 http.server's names

    def _length(self) -> tuple[int, int]:
        """Return the status to refuse with, 0 if none, and the body's length."""
        text = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers:
            return HTTPStatus.LENGTH_REQUIRED, 0
        if not (text.isascii() and text.isdigit()):
            return HTTPStatus.BAD_REQUEST, 0
        too_large = int(text) > _MOST_BYTES
        return (HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_large else 0), int(text)

    def _write(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 http.server's name
        """Print nothing: an address may hold a token."""


class Running:
    """A sandbox that listens until the `with` block ends."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        host, port = server.server_address[:2]
        name = host.decode() if isinstance(host, bytes | bytearray) else str(host)
        self.url = f"http://{name}:{port}"
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait(self) -> None:
        """Return when the sandbox is closed; Ctrl-C passes through."""
        self._thread.join()

    def close(self) -> None:
        """Close every connection and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


def serve(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> Running:
    """Let the sandbox listen on `host`; port 0 takes a free one, `Running.url` tells which."""
    try:
        server = _Server((host, port), sandbox)
    except OSError as error:
        message = f"The sandbox cannot listen on {host}:{port}; choose another port with --port."
        raise UsageError(message) from error
    return Running(server)


def run_forever(sandbox: Sandbox, host: str, port: int, started: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `started` is called with the address. Nothing is printed here."""
    with serve(sandbox, host, port) as running:
        started(running.url)
        running.wait()
