"""One request to the Graph API; with `lanes` the only module that knows httpx."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterable, Iterator, Mapping
from typing import Self
from urllib.parse import quote, urlsplit

import httpx
import orjson

from importer.core.replies import Fault, Reply
from importer.errors import UsageError
from importer.graph.transport import Lanes

GRAPH_URL = "https://graph.facebook.com"
GRAPH_VERSION = "v25.0"

HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "keep-alive",
    "User-Agent": f"python-httpx/{httpx.__version__}",
}

LIMITS = {"timeout": httpx.Timeout(60.0, connect=5.0, pool=None).as_dict()}
"""Seconds without a byte sent or received, and until a connection stands."""

WHOLE_SECONDS = 180.0
"""The longest a request may take in all, however slowly bytes keep trickling."""

MOST_ANSWER_BYTES = 1_000_000
"""Meta's answers are some hundred bytes; what is longer is cut, and a cut answer is no JSON."""


class GraphClient:
    """The Graph API under one token, which travels in the Authorization header and stands in no URL, repr or error."""

    def __init__(
        self,
        token: str,
        *,
        app_secret: str | None = None,
        graph_url: str = GRAPH_URL,
        version: str = GRAPH_VERSION,
        concurrency: int = 8,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        check_graph_url(graph_url)
        self._asking = httpx.Headers({**HEADERS, "Authorization": f"Bearer {_sound_token(token)}"})
        self._posting = httpx.Headers({**self._asking, "Content-Type": "application/json"})
        self._events_urls: dict[str, httpx.URL] = {}
        self._proof = _proof(token, app_secret) if app_secret else None
        self._base = f"{graph_url.rstrip('/')}/{quote(version, safe='.')}"
        self._lanes = Lanes(graph_url, concurrency, transport)
        for name in ("httpx", "httpcore"):  # they log every URL at INFO
            logging.getLogger(name).setLevel(logging.WARNING)

    def __repr__(self) -> str:
        return f"GraphClient(base={self._base!r}, token=***)"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """The connections are closed, unless the transport was passed in."""
        await self._lanes.aclose()

    def body(self, events: bytes | memoryview, test_event_code: str | None = None) -> bytes:
        """The JSON body of a request: the events' own JSON, parted by commas, then the proof and the test code."""
        extra = {"test_event_code": test_event_code, "appsecret_proof": self._proof}
        fields = [orjson.dumps(name) + b":" + orjson.dumps(value) for name, value in extra.items() if value]
        return b"".join([b'{"data":[', events, b"]", *(b"," + field for field in fields), b"}"])

    async def post_events(self, dataset: str, body: bytes) -> Reply:
        """The reply to one POST of a `body`; a failure of the network is a reply too, and nothing is raised."""
        url = self._events_url(dataset)
        return await self._ask(httpx.Request("POST", url, headers=self._posting, content=body, extensions=LIMITS))

    def _events_url(self, dataset: str) -> httpx.URL:
        if dataset not in self._events_urls:
            self._events_urls[dataset] = httpx.URL(f"{self._base}/{quote(dataset, safe='')}/events")
        return self._events_urls[dataset]

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """The reply to one GET of a path such as `me/adaccounts`, which may hold no secret."""
        proof = {"appsecret_proof": self._proof} if self._proof else {}
        url = f"{self._base}/{quote(path.strip('/'))}"
        asked = {**(params or {}), **proof} or None
        return await self._ask(httpx.Request("GET", url, params=asked, headers=self._asking, extensions=LIMITS))

    async def _ask(self, request: httpx.Request) -> Reply:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._answer(request)
        except TimeoutError:
            return Reply(None, {}, b"", Fault.TIMEOUT)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            return Reply(None, {}, b"", fault_of(error))

    async def _answer(self, request: httpx.Request) -> Reply:
        async with self._lanes.lane() as lane:
            response = await lane.handle_async_request(request)
            try:
                body = bytearray()
                async for chunk in _content(response):
                    body += chunk
                    if len(body) > MOST_ANSWER_BYTES:
                        break
            finally:
                await response.aclose()
        return Reply(response.status_code, response.headers, bytes(body[:MOST_ANSWER_BYTES]))


def _content(response: httpx.Response) -> AsyncIterable[bytes]:
    """The body as it comes; decoded only where a gateway encoded it though nobody asked for that."""
    if "content-encoding" in response.headers or not isinstance(response.stream, httpx.AsyncByteStream):
        return response.aiter_bytes()
    return response.stream


def fault_of(error: BaseException) -> Fault:
    """What kept the answer from coming, by the error and the errors it was raised from."""
    if not isinstance(error, httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol | httpx.InvalidURL):
        if isinstance(error, httpx.ConnectTimeout):
            return Fault.CONNECT_TIMEOUT
        return Fault.TIMEOUT if isinstance(error, httpx.TimeoutException) else Fault.RESET
    causes = list(_causes(error))
    kinds = ((socket.gaierror, Fault.DNS), (ssl.SSLError, Fault.TLS), (ConnectionRefusedError, Fault.REFUSED))
    for kind, fault in kinds:
        if any(isinstance(cause, kind) for cause in causes):
            return fault
    return Fault.UNREACHABLE


def check_graph_url(url: str) -> None:
    """`UsageError` unless the URL is https, or http to this very machine, with a host and nothing secret in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        message = "The graph URL is none; write it like https://graph.facebook.com."
        raise UsageError(message) from error
    if parts.scheme not in {"http", "https"} or not host:
        message = "The graph URL must begin with https:// and name a host, like https://graph.facebook.com."
        raise UsageError(message)
    if parts.scheme == "http" and not is_loopback(host):
        message = "Plain http is for this machine only (http://127.0.0.1:8000); write the graph URL with https://."
        raise UsageError(message)
    if parts.username or parts.password or parts.query or parts.fragment:
        message = "The graph URL may hold a host and a path only: no user, password, query or fragment."
        raise UsageError(message)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its name or address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sound_token(token: str) -> str:
    """The token, if a header can carry it; the errors of httpx and of encoding would quote it."""
    if not re.fullmatch(r"[!-~]+", token):
        message = "The access token is empty or holds blanks or strange characters; copy it again."
        raise UsageError(message)
    return token


def _proof(token: str, app_secret: str) -> str:
    """HMAC-SHA256 of the token under the app's secret, in lower-case hex (spec, 1.3)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


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
