"""One request to the Graph API; the only module that knows httpx, which it imports when the first client is made."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urlsplit

import orjson

from importer.core.replies import Fault
from importer.errors import UsageError

if TYPE_CHECKING:
    import httpx

GRAPH_URL = "https://graph.facebook.com"
GRAPH_VERSION = "v25.0"

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
WHOLE_SECONDS = 180.0
"""The longest a request may take in all, however slowly bytes keep trickling."""

MOST_ANSWER_BYTES = 1_000_000
"""Meta's answers are some hundred bytes; what is longer is cut, and a cut answer is no JSON."""


@dataclass(frozen=True)
class Reply:
    """What came back. `fault`: why there is no whole answer; then `status` is None. Header names are in lower case."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    fault: Fault | None = None


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
        http: httpx.AsyncClient | None = None,
    ) -> None:
        check_graph_url(graph_url)
        self._headers = {"Authorization": f"Bearer {_sound_token(token)}", "Accept-Encoding": "identity"}
        self._proof = _proof(token, app_secret) if app_secret else None
        self._base = f"{graph_url.rstrip('/')}/{quote(version, safe='.')}"
        self._owned = http is None
        self._http = http or _new_http(concurrency)
        for name in ("httpx", "httpcore"):  # they log every URL at INFO
            logging.getLogger(name).setLevel(logging.WARNING)

    def __repr__(self) -> str:
        return f"GraphClient(base={self._base!r}, token=***)"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """The connections are closed, unless they were passed in."""
        if self._owned:
            await self._http.aclose()

    def body(self, events: bytes, test_event_code: str | None = None) -> bytes:
        """The JSON body of a request: the events' own JSON, parted by commas, then the proof and the test code."""
        extra = {"test_event_code": test_event_code, "appsecret_proof": self._proof}
        fields = [orjson.dumps(name) + b":" + orjson.dumps(value) for name, value in extra.items() if value]
        return b"".join([b'{"data":[', events, b"]", *(b"," + field for field in fields), b"}"])

    async def post_events(self, dataset: str, body: bytes) -> Reply:
        """The reply to one POST of a `body`; a failure of the network is a reply too, and nothing is raised."""
        url = f"{self._base}/{quote(dataset, safe='')}/events"
        headers = {**self._headers, "Content-Type": "application/json"}
        return await self._ask(self._http.build_request("POST", url, content=body, headers=headers))

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """The reply to one GET of a path such as `me/adaccounts`, which may hold no secret."""
        proof = {"appsecret_proof": self._proof} if self._proof else {}
        url = f"{self._base}/{quote(path.strip('/'))}"
        request = self._http.build_request("GET", url, params={**(params or {}), **proof}, headers=self._headers)
        return await self._ask(request)

    async def _ask(self, request: httpx.Request) -> Reply:
        import httpx  # noqa: PLC0415

        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._answer(request)
        except TimeoutError:
            return Reply(None, {}, b"", Fault.TIMEOUT)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            return Reply(None, {}, b"", fault_of(error))

    async def _answer(self, request: httpx.Request) -> Reply:
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_ANSWER_BYTES:
                    break
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, bytes(body[:MOST_ANSWER_BYTES]))


def fault_of(error: BaseException) -> Fault:
    """What kept the answer from coming, by the error and the errors it was raised from."""
    import httpx  # noqa: PLC0415

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


def _new_http(concurrency: int) -> httpx.AsyncClient:
    """HTTP/1.1: HTTP/2 in httpx costs six times the processor on bodies of a megabyte (docs/decisions/0006)."""
    import httpx  # noqa: PLC0415  0.1 s, which check does without

    return httpx.AsyncClient(
        http2=False,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=None),
    )


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
