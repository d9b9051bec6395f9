"""The summary at the user's own address."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from importer.errors import UsageError
from importer.webhook import check_webhook, post_summary


@pytest.fixture
def receiver():
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_summary_arrives_as_json(receiver):
    url, got = receiver
    assert post_summary(f"{url}/hook", {"rows": {"total": 3}})
    assert got == [{"rows": {"total": 3}}]


def test_a_refusal_or_a_closed_port_is_told_without_the_address(receiver, caplog):
    url, _ = receiver
    assert not post_summary(f"{url}/broken", {})
    assert not post_summary("http://127.0.0.1:9/secret-path", {})
    assert len(caplog.records) == 2
    assert "secret-path" not in caplog.text
    assert "127.0.0.1" not in " ".join(record.getMessage() for record in caplog.records if record.name == "importer")


def test_without_an_address_nothing_is_posted():
    assert not post_summary(None, {})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x", "http://", "javascript:alert(1)", "http://[", "x"])
def test_only_web_addresses_are_taken(url):
    with pytest.raises(UsageError, match="--webhook"):
        check_webhook(url)
