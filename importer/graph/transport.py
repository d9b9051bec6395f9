"""Connections to one host, a lane each.

A pool of httpcore looks at each of its connections for every request: with eight of them that is half of what a request
costs. Lanes of one connection each cost 0.3 ms of processor time less.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx


class Lanes:
    """Transports for a URL's host; as many requests at once as there are lanes, the others wait."""

    def __init__(self, url: str, count: int, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._free = [transport] * count if transport else _transports(url, count)
        self._owned = () if transport else tuple(self._free)
        self._turn = asyncio.Semaphore(count)

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """A lane that nobody else uses inside the block; the one used last, whose connection is most likely alive."""
        async with self._turn:
            lane = self._free.pop()
            try:
                yield lane
            finally:
                self._free.append(lane)

    async def aclose(self) -> None:
        """The connections are closed, unless the transport was passed in."""
        for lane in self._owned:
            await lane.aclose()


def _transports(url: str, count: int) -> list[httpx.AsyncBaseTransport]:
    """HTTP/1.1: HTTP/2 in httpx costs six times the processor on bodies of a megabyte (docs/decisions/0006)."""
    context, proxy = httpx.create_ssl_context(), proxy_for(url)
    one = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    return [httpx.AsyncHTTPTransport(verify=context, http2=False, limits=one, proxy=proxy) for _ in range(count)]


def proxy_for(url: str) -> str | None:
    """The proxy that the environment, or the system's settings, name for the URL."""
    parts, proxies = urlsplit(url), getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
