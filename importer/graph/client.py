"""One request to the Graph API; with `transport` the only module that sends events by httpx."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterable, Collection, Iterator, Mapping
from typing import Self
from urllib.parse import quote

import httpx
import orjson

from importer.core.replies import GraphResponse, NetworkFault
from importer.core.replies.usage import notice_of
from importer.errors import UsageError
from importer.graph.hosts import check_token_host
from importer.graph.transport import TransportPool
from importer.settings import GRAPH_URL, Access

HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "keep-alive",
    "User-Agent": f"python-httpx/{httpx.__version__}",
}

TIMEOUTS = {"timeout": httpx.Timeout(60.0, connect=5.0, pool=None).as_dict()}
"""Seconds without a byte sent or received, and until a connection stands."""

MAX_SECONDS = 180.0
"""The longest a request may take in all, however slowly bytes keep trickling."""

MAX_ANSWER_BYTES = 1_000_000
"""Meta's answers are some hundred bytes; what is longer is cut, and a cut answer is no JSON."""


class GraphClient:
    """The Graph API under one token, which travels in the Authorization header and stands in no URL, repr or error."""

    def __init__(
        self,
        token: str,
        *,
        app_secret: str | None = None,
        graph_url: str = GRAPH_URL,
        version: str,
        concurrency: int = 8,
        trusted: Collection[str] = (),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        check_token_host(graph_url, trusted)
        if not re.fullmatch(r"[!-~]+", token):  # the errors of httpx and of encoding would quote it
            message = "The access token is empty or holds blanks or strange characters; copy it again."
            raise UsageError(message)
        self._get_headers = httpx.Headers({**HEADERS, "Authorization": f"Bearer {token}"})
        self._post_headers = httpx.Headers({**self._get_headers, "Content-Type": "application/json"})
        # HMAC-SHA256 of the token under the app's secret, in lower-case hex (spec, 1.3)
        proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else None
        self._proof = {"appsecret_proof": proof} if proof else {}
        self._base = f"{graph_url.rstrip('/')}/{quote(version, safe='.')}"
        self.notices: dict[str, None] = {}  # what Meta warned of in headers, each text once
        self._transports = TransportPool(graph_url, concurrency, transport)
        for name in ("httpx", "httpcore"):  # they log every URL at INFO
            logging.getLogger(name).setLevel(logging.WARNING)

    @classmethod
    def of(cls, access: Access, concurrency: int = 8) -> Self:
        """Return a client under the access: the only place where token and secret are revealed."""
        token, secret = access.token, access.app_secret
        return cls(
            "" if token is None else token.reveal(),
            app_secret=None if secret is None else secret.reveal(),
            graph_url=access.graph_url,
            version=access.version,
            concurrency=concurrency,
            trusted=access.trust_host,
        )

    def __repr__(self) -> str:
        return f"GraphClient(base={self._base!r}, token=***)"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the transport was passed in."""
        await self._transports.aclose()

    def body(self, events: bytes | memoryview, test_event_code: str | None = None) -> bytes:
        """Return the JSON body of a request: the events' own JSON, separated by commas, the test code and the proof."""
        code = {"test_event_code": test_event_code} if test_event_code else {}
        fields = [orjson.dumps(name) + b":" + orjson.dumps(value) for name, value in {**code, **self._proof}.items()]
        return b"".join([b'{"data":[', events, b"]", *(b"," + field for field in fields), b"}"])

    async def post_events(self, dataset: str, body: bytes) -> GraphResponse:
        """Post a `body` and return the response; a failure of the network is one too, and nothing is raised."""
        return await self._request("POST", f"{quote(dataset, safe='')}/events", self._post_headers, content=body)

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> GraphResponse:
        """Return the response to a GET of a path such as `me/adaccounts`, which may hold no secret."""
        query = {**(params or {}), **self._proof} or None
        return await self._request("GET", quote(path.strip("/")), self._get_headers, params=query)

    async def _request(
        self,
        method: str,
        path: str,
        headers: httpx.Headers,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> GraphResponse:
        try:
            async with asyncio.timeout(MAX_SECONDS):
                url = f"{self._base}/{path}"
                request = httpx.Request(
                    method, url, params=params, headers=headers, content=content, extensions=TIMEOUTS
                )
                return await self._send(request)
        except TimeoutError:
            return GraphResponse(None, {}, b"", NetworkFault.TIMEOUT)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            return GraphResponse(None, {}, b"", fault_of(error))

    async def _send(self, request: httpx.Request) -> GraphResponse:
        async with self._transports.acquire() as transport:
            response = await transport.handle_async_request(request)
            try:
                chunks: AsyncIterable[bytes] = response.aiter_bytes()
                if isinstance(response.stream, httpx.AsyncByteStream) and "content-encoding" not in response.headers:
                    chunks = response.stream  # nothing to decode, unless a gateway has encoded it unasked
                body = bytearray()
                async for chunk in chunks:
                    body += chunk
                    if len(body) > MAX_ANSWER_BYTES:
                        break
            finally:
                await response.aclose()
        if (notice := notice_of(response.headers)) is not None:
            self.notices[notice] = None
        return GraphResponse(response.status_code, response.headers, bytes(body[:MAX_ANSWER_BYTES]))


def fault_of(error: BaseException) -> NetworkFault:
    """Return what kept the answer from coming, by the error and the errors it was raised from."""
    if not isinstance(error, httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol | httpx.InvalidURL):
        if isinstance(error, httpx.ConnectTimeout):
            return NetworkFault.CONNECT_TIMEOUT
        return NetworkFault.TIMEOUT if isinstance(error, httpx.TimeoutException) else NetworkFault.RESET
    causes = list(_causes(error))
    kinds = (
        (socket.gaierror, NetworkFault.DNS),
        (ssl.SSLError, NetworkFault.TLS),
        (ConnectionRefusedError, NetworkFault.REFUSED),
    )
    for kind, fault in kinds:
        if any(isinstance(cause, kind) for cause in causes):
            return fault
    return NetworkFault.UNREACHABLE


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting.extend(other for other in (cause.__cause__, cause.__context__) if other is not None)
        if isinstance(cause, BaseExceptionGroup):
            waiting.extend(cause.exceptions)
