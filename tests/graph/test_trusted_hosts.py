"""The token goes to Meta, to this machine and to hosts that are trusted by name; a proxy sees none of it."""

from __future__ import annotations

import socketserver
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import importer
from importer.errors import UsageError
from importer.graph.client import GraphClient
from importer.graph.hosts import check_token_host
from importer.graph.webhook import post_summary
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.settings import read_settings

NOW = "2026-11-23T23:00:00Z"
SALE = "order_id,email,event_time,value,currency\nA-1,ada@example.com,2026-11-20T10:00:00Z,12.50,EUR\n"


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.facebook.com",
        "https://GRAPH.Facebook.com/x",
        "https://facebook.com",
        "https://graph.beta.facebook.com.",
        "https://127.0.0.1:8443",
        "http://[::1]:8000",
        "http://localhost:8000",
        "https://gateway.example.com:8443",
        "https://GATEWAY.example.com.",
    ],
)
def test_meta_this_machine_and_a_trusted_host_may_see_the_token(url: str) -> None:
    check_token_host(url, ("gateway.example.com",))


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.facebook.com.example.com",
        "https://graph-facebook.com",
        "https://notfacebook.com",
        "https://example.com\\.facebook.com",
        "https://facebook.co",
        "https://other.gateway.example.com",
        "https://gateway.example.com.evil.example",
        "https://10.0.0.1",
        "https://graph.faceb\u043eok.com",
    ],
)
def test_no_other_host_may(url: str) -> None:
    with pytest.raises(UsageError, match="--trust-host"):
        check_token_host(url, ("gateway.example.com",))
    with pytest.raises(UsageError, match="--trust-host"):
        GraphClient("token", graph_url=url, version="v25.0")


@pytest.mark.parametrize("host", ["https://gateway.example.com", "*", "*.example.com", "a b", "", "host:8443"])
def test_a_trusted_host_is_a_name_alone(host: str) -> None:
    with pytest.raises(UsageError, match="--trust-host"):
        read_settings(("a.csv",), {"trust_host": (host,)}, {})


def test_send_refuses_a_foreign_host_before_it_reads_a_file(tmp_path) -> None:
    with pytest.raises(UsageError, match=r"graph\.example\.com.*--trust-host graph\.example\.com"):
        importer.send(tmp_path / "none.csv", dataset="1001", token="t", graph_url="https://graph.example.com")
    result = importer.task(
        {"task": "list_pixels", "demoMode": False, "accessToken": "t"}, graph_url="https://a.example"
    )
    assert "--trust-host" in result.items[0]["error"]


class Proxy:
    """A proxy that keeps all that it is sent, and answers nothing of use."""

    def __init__(self) -> None:
        heard = self.heard = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                heard.append(self.request.recv(65536))

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def proxy(monkeypatch):
    proxy = Proxy()
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    yield proxy
    proxy.server.shutdown()
    proxy.server.server_close()


def test_a_rehearsal_and_a_webhook_on_this_machine_pass_by_the_proxy(proxy, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sales.csv").write_text(SALE)
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments) -> None:
            pass

    hook = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=hook.serve_forever, args=(0.05,), daemon=True).start()
    with serve(Sandbox(SandboxOptions())) as running:
        given = {"dataset": "1001", "token": "SECRET", "now": NOW, "ledger": "l.db"}
        hook_url = f"http://127.0.0.1:{hook.server_port}"
        summary = importer.send("sales.csv", graph_url=running.url, webhook=hook_url, **given)
    hook.shutdown()
    hook.server_close()
    assert summary.as_json()["rows"]["accepted"] == 1
    assert len(got) == 1
    assert proxy.heard == []


def test_a_proxy_on_the_way_to_meta_sees_the_host_and_no_token(proxy) -> None:
    with pytest.raises(importer.CapiImportError):
        importer.pixels(token="SECRET", now=NOW)
    assert proxy.heard
    assert all(words.startswith(b"CONNECT graph.facebook.com:443 ") for words in proxy.heard)
    assert b"SECRET" not in b"".join(proxy.heard)
    assert not post_summary("https://hook.example/key-KEPT", {"rows": 1}, sleep=lambda _: None)
    assert b"KEPT" not in b"".join(proxy.heard)


@pytest.mark.parametrize("address", ["socks5://user:PASSWORD@proxy.example", "ftp://user:PASSWORD@proxy.example"])
def test_a_proxy_that_cannot_be_used_is_told_in_one_sentence(monkeypatch, address: str) -> None:
    monkeypatch.setenv("https_proxy", address)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(UsageError, match="proxy") as error:
        importer.pixels(token="SECRET")
    assert "PASSWORD" not in str(error.value)
