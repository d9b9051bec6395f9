from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import socket
import ssl
from collections.abc import Callable

import httpx
import pytest
from fake_meta import DATASET, TOKEN, FakeMeta

from importer.core.replies import GraphResponse, NetworkFault
from importer.errors import UsageError
from importer.graph import client as module
from importer.graph.client import GraphClient, fault_of
from importer.graph.hosts import check_graph_url

SECRET = "5ecret-of-the-app"


def client_of(handler: Callable[..., object], **options: object) -> GraphClient:
    return GraphClient(TOKEN, transport=httpx.MockTransport(handler), **options, version="v25.0")


def post(handler: Callable[..., object], body: bytes = b'{"data":[]}') -> GraphResponse:
    return asyncio.run(client_of(handler).post_events(DATASET, body))


def test_events_are_posted_as_meta_wants_them() -> None:
    meta = FakeMeta()
    body = client_of(meta).body(b'{"event_id":"a"},{"event_id":"b"}')
    reply = post(meta, body)
    assert body == b'{"data":[{"event_id":"a"},{"event_id":"b"}]}'
    assert reply.status == 200
    assert reply.fault is None
    assert dict(meta.arrived) == {"a": 1, "b": 1}


def test_the_proof_and_the_test_code_stand_beside_the_events() -> None:
    body = json.loads(client_of(FakeMeta(), app_secret=SECRET).body(b"{}", 'TEST"1'))
    proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    assert body == {"data": [{}], "test_event_code": 'TEST"1', "appsecret_proof": proof}


def test_the_token_and_the_secret_stand_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    client = client_of(FakeMeta(), app_secret=SECRET)
    asyncio.run(client.post_events(DATASET, client.body(b'{"event_id":"a"}')))
    for text in (repr(client), str(client), caplog.text):
        assert TOKEN not in text
        assert SECRET not in text
    assert DATASET not in caplog.text


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "umlaut\u00e4", "nul\0"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_quoted(token: str) -> None:
    with pytest.raises(UsageError) as raised:
        GraphClient(token, version="v25.0")
    assert not token or token not in str(raised.value)


def test_reading_asks_with_the_token_in_the_header() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert request.url.path == "/v25.0/act_1/adspixels"
        assert request.url.params["fields"] == "id,name"
        assert TOKEN not in str(request.url)
        return httpx.Response(200, json={"data": []}, headers={"X-App-Usage": "{}"})

    reply = asyncio.run(client_of(handler).get("/act_1/adspixels", {"fields": "id,name"}))
    assert (reply.status, reply.body, reply.headers["x-app-usage"]) == (200, b'{"data":[]}', "{}")


def test_a_redirect_is_not_followed() -> None:
    calls = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://elsewhere.example/"})

    assert post(handler).status == 302
    assert calls == ["graph.facebook.com"]


def caused(error: Exception, *causes: BaseException) -> Exception:
    inner: BaseException = error
    for cause in causes:
        inner.__cause__ = cause
        inner = cause
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (caused(httpx.ConnectError("x"), OSError("x"), ConnectionRefusedError()), NetworkFault.REFUSED),
        (
            caused(httpx.ConnectError("x"), OSError("x"), ExceptionGroup("x", [OSError(), ConnectionRefusedError()])),
            NetworkFault.REFUSED,
        ),
        (caused(httpx.ConnectError("x"), socket.gaierror()), NetworkFault.DNS),
        (caused(httpx.ConnectError("x"), ssl.SSLCertVerificationError()), NetworkFault.TLS),
        (httpx.ConnectError("x"), NetworkFault.UNREACHABLE),
        (httpx.ProxyError("x"), NetworkFault.UNREACHABLE),
        (httpx.UnsupportedProtocol("x"), NetworkFault.UNREACHABLE),
        (httpx.InvalidURL("x"), NetworkFault.UNREACHABLE),
        (httpx.ConnectTimeout("x"), NetworkFault.CONNECT_TIMEOUT),
        (httpx.ReadTimeout("x"), NetworkFault.TIMEOUT),
        (httpx.WriteTimeout("x"), NetworkFault.TIMEOUT),
        (httpx.ReadError("x"), NetworkFault.RESET),
        (httpx.WriteError("x"), NetworkFault.RESET),
        (httpx.RemoteProtocolError("x"), NetworkFault.RESET),
        (httpx.DecodingError("x"), NetworkFault.RESET),
        (ConnectionResetError(), NetworkFault.RESET),
    ],
)
def test_a_failure_of_the_network_is_a_response(error: Exception, fault: NetworkFault) -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        raise error

    assert fault_of(error) is fault
    assert post(handler) == GraphResponse(None, {}, b"", fault)


def test_a_request_that_trickles_for_ever_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SECONDS", 0.05)
    assert post(FakeMeta(latency=30.0), b'{"data":[{"event_id":"a"}]}').fault is NetworkFault.TIMEOUT


def test_an_endless_answer_is_cut() -> None:
    async def endless() -> object:
        while True:
            yield b"x" * 65_536

    assert len(post(lambda _request: httpx.Response(200, content=endless())).body) == module.MAX_ANSWER_BYTES


def serve_once(behave: Callable[[socket.socket], None]) -> GraphResponse:
    """The reply of a real connection to a server that behaves in some way to the first request."""

    async def run() -> GraphResponse:
        loop = asyncio.get_running_loop()
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

            def accept() -> None:
                connection, _ = server.accept()
                with connection:
                    behave(connection)

            serving = loop.run_in_executor(None, accept)
            async with GraphClient(TOKEN, graph_url=f"http://127.0.0.1:{port}", version="v25.0") as client:
                reply = await client.post_events(DATASET, b'{"data":[]}')
            await serving
        return reply

    return asyncio.run(run())


def test_over_a_real_connection_an_answer_comes_back() -> None:
    def behave(connection: socket.socket) -> None:
        received = connection.recv(65_536)
        assert received.startswith(f"POST /v25.0/{DATASET}/events HTTP/1.1\r\n".encode())
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n" + b'{"events_received":1}')

    assert serve_once(behave).body == b'{"events_received":1}'


def test_over_a_real_connection_a_closed_or_cut_answer_is_a_reset() -> None:
    assert serve_once(lambda connection: connection.recv(65_536) and None).fault is NetworkFault.RESET

    def cut(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"events_')

    assert serve_once(cut).fault is NetworkFault.RESET


def test_over_a_real_connection_refused_and_unencrypted_are_told_apart() -> None:
    async def ask(url: str) -> GraphResponse:
        async with GraphClient(TOKEN, graph_url=url, version="v25.0") as client:
            return await client.post_events(DATASET, b"{}")

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert asyncio.run(ask(f"http://127.0.0.1:{port}")).fault is NetworkFault.REFUSED

    async def talk_tls_to_plain() -> GraphResponse:
        async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"this is no TLS\r\n")
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            return await ask(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")

    assert asyncio.run(talk_tls_to_plain()).fault is NetworkFault.TLS


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.facebook.com",
        "https://graph.facebook.com/",
        "http://127.0.0.1:8000",
        "http://127.9.9.9",
        "http://localhost:1",
        "http://[::1]:8000/x",
    ],
)
def test_a_graph_url_may_be_https_or_loopback(url: str) -> None:
    check_graph_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.facebook.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "ftp://graph.facebook.com",
        "graph.facebook.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        "https://",
        "https://user:pass@graph.facebook.com",
        "https://graph.facebook.com?x=1",
        "https://graph.facebook.com#x",
        "https://[::1",
        "https://graph.facebook.com:port",
    ],
)
def test_any_other_graph_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        check_graph_url(url)
