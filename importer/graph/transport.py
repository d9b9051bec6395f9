"""Connections to one host, each with a transport of its own.

A pool of httpcore looks at each of its connections for every request: with eight of them that is half of what a request
costs. Transports of one connection each cost 0.3 ms of processor time less.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from importer.network import proxy_for, usable_proxy


class TransportPool:
    """Transports for a URL's host; as many requests at once as there are transports, the others wait."""

    def __init__(self, url: str, count: int, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._owned: list[httpx.AsyncHTTPTransport] = []
        if transport is None:  # HTTP/2 in httpx costs six times the processor on bodies of a megabyte (decision 0006)
            context, proxy = httpx.create_ssl_context(), proxy_for(url)
            one = httpx.Limits(max_connections=1, max_keepalive_connections=1)
            with usable_proxy():
                self._owned = [
                    httpx.AsyncHTTPTransport(verify=context, http2=False, limits=one, proxy=proxy) for _ in range(count)
                ]
        self._free: list[httpx.AsyncBaseTransport] = [transport] * count if transport else [*self._owned]
        self._semaphore = asyncio.Semaphore(count)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """Hold a transport for the block: the one used last, whose connection is most likely alive."""
        async with self._semaphore:
            transport = self._free.pop()
            try:
                yield transport
            finally:
                self._free.append(transport)

    async def aclose(self) -> None:
        """Close the connections, unless the transport was passed in."""
        for transport in self._owned:
            await transport.aclose()
