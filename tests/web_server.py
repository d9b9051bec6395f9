"""A web server of this machine that breaks off, changes its file, refuses."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

OLD = b"".join(b"%06d,old,ada@example.com\n" % row for row in range(40_000))


class Server(ThreadingHTTPServer):
    """Serves `content`; the first answers break off after `cuts` bytes of their body."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.cuts, self.requests, self.modified = OLD, [], [], "Sat, 28 Nov 2026 10:00:00 GMT"
        self.ranges, self.tag, self.length, self.statuses, self.at_cut = True, '"v1"', "length", [], lambda: None
        self.location = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/exports/sales.csv?sig=hush"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        server.requests.append(dict(self.headers))
        if server.location and "moved" not in self.path:
            return self.answer(302, b"", Location=server.location)
        if server.statuses:
            return self.answer(server.statuses.pop(0), b"")
        start, wanted = 0, self.headers.get("Range")
        same = self.headers.get("If-Range") in {server.tag, server.modified}
        if wanted and server.ranges and same:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        return self.answer(206 if start else 200, server.content, start)

    def answer(self, status, content, start=0, **headers):  # noqa: C901  one answer, in order
        server = self.server
        self.send_response(status)
        if server.length == "length":
            self.send_header("Content-Length", str(len(content) - start))
        elif server.length == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        if server.tag:
            self.send_header("ETag", server.tag)
        if server.modified:
            self.send_header("Last-Modified", server.modified)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        body = content[start:]
        cut = server.cuts.pop(0) if server.cuts and body else None
        body = body if cut is None else body[:cut]
        if server.length == "chunked":
            for at in range(0, len(body), 50_000):
                part = body[at : at + 50_000]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            if cut is None:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(body)
        if cut is not None or server.length == "close":
            self.close_connection = True
            server.at_cut()


@pytest.fixture
def web_server():
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()
