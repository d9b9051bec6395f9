"""Transports: each request has a connection to itself, kept alive; a proxy is found as httpx finds it, but for this machine."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from importer.graph.client import GraphClient
from importer.graph.transport import TransportPool
from importer.network import proxy_for

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


async def answering(most: list[int], serving: set[asyncio.Task[None] | None]) -> asyncio.Server:
    """A server that answers every request after a moment; `most`: requests at once, `serving`: one for a connection."""
    at_once = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once
        serving.add(asyncio.current_task())
        while await reader.readline():
            at_once += 1
            most.append(at_once)
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(2)
            await asyncio.sleep(0.01)
            at_once -= 1
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()
        await writer.wait_closed()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


def test_as_many_requests_at_once_as_transports_on_connections_that_stay() -> None:
    most: list[int] = []
    serving: set[asyncio.Task[None] | None] = set()

    async def main() -> list[int | None]:
        async with await answering(most, serving) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with GraphClient("token", graph_url=url, concurrency=3, version="v25.0") as client:
                replies = await asyncio.gather(*(client.post_events("1", b"{}") for _ in range(12)))
            await asyncio.gather(*(task for task in serving if task))
        return [reply.status for reply in replies]

    assert asyncio.run(main()) == [200] * 12
    assert max(most) == 3
    assert len(serving) == 3


def test_a_transport_is_free_again_after_an_error_inside() -> None:
    async def main() -> None:
        pool = TransportPool("http://127.0.0.1", 1, httpx.MockTransport(lambda _request: httpx.Response(200)))
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                async with pool.acquire():
                    raise ZeroDivisionError

    asyncio.run(main())


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"https_proxy": "http://proxy.example:8080"},
        {"https_proxy": "proxy.example:8080"},
        {"http_proxy": "http://proxy.example:8080"},
        {"all_proxy": "http://proxy.example:8080"},
        {"all_proxy": "http://one.example", "https_proxy": "http://two.example"},
        {"https_proxy": "http://proxy.example", "no_proxy": "*"},
        {"https_proxy": "http://proxy.example", "no_proxy": "facebook.com"},
        {"https_proxy": "http://proxy.example", "no_proxy": "other.example, graph.facebook.com"},
        {"https_proxy": "http://proxy.example", "no_proxy": "book.com"},
        {"https_proxy": "http://proxy.example", "no_proxy": ".facebook.com"},
        {"http_proxy": "http://proxy.example", "no_proxy": "localhost,127.0.0.1"},
    ],
)
@pytest.mark.parametrize("url", ["https://graph.facebook.com", "https://gateway.example.com:8443"])
def test_the_proxy_is_the_one_that_httpx_would_take(
    settings: dict[str, str], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = httpx.AsyncClient()
    taken = client._transport_for_url(httpx.URL(url))
    proxy = getattr(taken._pool, "_proxy_url", None) if taken is not client._transport else None  # type: ignore[attr-defined]
    found = proxy_for(url)
    assert (found is None) == (proxy is None)
    if found is not None and proxy is not None:
        assert httpx.URL(found).host == proxy.host.decode()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:8000", "https://127.0.0.1"]
)
@pytest.mark.parametrize("name", NAMES)
def test_no_proxy_is_taken_to_this_machine(url: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in NAMES:
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "http://proxy.example:8080")
    assert proxy_for(url) is None
