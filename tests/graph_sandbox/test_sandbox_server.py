"""The sandbox over real loopback: connections stay open, clients run side by side, bad requests end well."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from importer.errors import UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, every, lose_every, run_forever, serve, unavailable

NOW = 1_795_474_800
HEADERS = {"Authorization": "Bearer any-token"}


def sandbox(**options):
    return Sandbox(SandboxOptions(**options), clock=lambda: NOW)


def raw(url, text):
    """The answer to bytes written straight to the port, read until the server closes."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(text)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_one_connection_serves_many_requests(sale):
    box = sandbox()
    with serve(box) as running, httpx.Client(base_url=running.url, headers=HEADERS) as client:
        ports = set()
        for number in range(5):
            answer = client.post("/v25.0/1001/events", json={"data": [sale(f"A-{number}")]})
            assert answer.json()["events_received"] == 1
            assert answer.headers["content-type"] == "application/json; charset=UTF-8"
            ports.add(answer.extensions["network_stream"].get_extra_info("client_addr")[1])
    assert len(ports) == 1
    assert box.summary().distinct == 5


def test_eight_clients_at_once(sale):
    box = sandbox()

    def send(client_number):
        with httpx.Client(base_url=running.url, headers=HEADERS) as client:
            for number in range(10):
                events = [sale(f"{client_number}-{number}-{line}") for line in range(20)]
                assert client.post("/v25.0/1001/events", json={"data": events}).status_code == 200

    with serve(box) as running, ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert box.summary().distinct == 8 * 10 * 20


def test_errors_travel_with_their_status(sale):
    with serve(sandbox()) as running, httpx.Client(base_url=running.url) as client:
        missing = client.get("/v25.0/1001")
        assert (missing.status_code, missing.json()["error"]["code"]) == (400, 104)
        dead = client.get("/v25.0/1001", params={"access_token": "malformed-token"})
        assert (dead.status_code, dead.json()["error"]["code"]) == (401, 190)
        assert client.delete("/v25.0/1001/events", headers=HEADERS).json()["error"]["error_subcode"] == 33
        assert client.head("/v25.0/1001", headers=HEADERS).content == b""


def test_pages_can_be_followed_by_their_addresses():
    with serve(sandbox()) as running, httpx.Client(base_url=running.url) as client:
        answer = client.get("/v25.0/act_101/adspixels", params={"limit": 2}, headers=HEADERS).json()
        rest = client.get(answer["paging"]["next"]).json()
    assert len(answer["data"]) == 2
    assert len(rest["data"]) == 1


def test_a_lost_answer_is_a_cut_connection_and_the_events_are_there(sale):
    box = sandbox(spoil=(lose_every(2),))
    with serve(box) as running, httpx.Client(base_url=running.url, headers=HEADERS) as client:
        assert client.post("/v25.0/1001/events", json={"data": [sale("A-1")]}).status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/v25.0/1001/events", json={"data": [sale("A-2")]})
        assert client.post("/v25.0/1001/events", json={"data": [sale("A-3")]}).status_code == 200
    assert len(box.sales("1001")) == 3


def test_the_server_waits_as_long_as_its_options_say(sale):
    with serve(sandbox(latency=0.2)) as running, httpx.Client(base_url=running.url, headers=HEADERS) as client:
        start = time.perf_counter()
        client.post("/v25.0/1001/events", json={"data": [sale()]})
        assert time.perf_counter() - start >= 0.2


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: many", b"400"),
        (b"Content-Length: -5", b"400"),
        (b"Content-Length: 999999999999", b"413"),
    ],
)
def test_a_body_that_cannot_be_read_closes_the_connection(head, status):
    with serve(sandbox()) as running:
        answer = raw(running.url, b"POST /v25.0/1001/events HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)


def test_a_client_that_goes_away_is_no_trouble(sale, capsys):
    box = sandbox(refuse=(every(1, unavailable()),))
    with serve(box) as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"POST /v25.0/1001/events HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
        with httpx.Client(base_url=running.url, headers=HEADERS) as client:
            assert client.post("/v25.0/1001/events", json={"data": [sale()]}).status_code == 503
    assert capsys.readouterr() == ("", "")


def test_a_taken_port_is_one_clear_sentence():
    with serve(sandbox()) as running:
        port = int(running.url.rpartition(":")[2])
        with pytest.raises(UsageError, match="choose another port"):
            serve(sandbox(), port=port)


def test_closing_hangs_up_on_clients_that_keep_their_connection():
    running = serve(sandbox())
    with httpx.Client(base_url=running.url, headers=HEADERS) as client:
        assert client.get("/v25.0/1001").status_code == 200
        running.close()
        with pytest.raises(httpx.TransportError):
            client.get("/v25.0/1001")
    running.wait()


def test_running_forever_tells_its_address_and_prints_nothing(monkeypatch, capsys):
    urls = []

    def interrupted(running):
        assert httpx.get(f"{urls[0]}/v25.0/1001", headers=HEADERS).status_code == 200
        raise KeyboardInterrupt

    monkeypatch.setattr("importer.graph_sandbox.server.Running.wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_forever(sandbox(), "127.0.0.1", 0, urls.append)
    with pytest.raises(httpx.ConnectError):
        httpx.get(urls[0])
    assert capsys.readouterr() == ("", "")
    assert not [thread for thread in threading.enumerate() if thread.name == "sandbox"]


def test_the_sandbox_answers_httpx_without_a_socket(sale):
    box = sandbox()

    def answer(request):
        query = request.url.query.decode()
        status, headers, body = box.handle(request.method, request.url.path, query, request.headers, request.content)
        return httpx.Response(status, headers=headers, content=body)

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="https://graph.facebook.com") as client:
        assert client.post("/v25.0/1001/events", json={"data": [sale()]}, headers=HEADERS).status_code == 200
    assert box.summary().received == 1
