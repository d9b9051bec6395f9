"""Files from web servers: streamed to disk, resumed after a cut, begun again where the file changed meanwhile."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from importer.addresses.address import last_name, shown, split_address
from importer.addresses.fetched_file import Fetched, begin_again, private_path, write, writing
from importer.addresses.google_sheets import SIGN_IN_HOST, export_address, sheet_name
from importer.addresses.patience import Patience
from importer.errors import FileError, UsageError
from importer.network import is_loopback, proxy_for, usable_proxy

if TYPE_CHECKING:
    import httpx

TIMEOUT = 15.0
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others in a moment."""
REDIRECTS = 10
LOG = logging.getLogger("importer")


@dataclass
class _Part:
    """What is here of the file. validator: by which the server knows whether the rest is of the same file.

    size: of the whole, where the server says.
    """

    done: int = 0
    validator: str = ""
    size: int | None = None


class _ChangedError(Exception):
    """The server cannot give the rest of the same file."""


def fetch_http(address: str, folder: Path, environ: Mapping[str, str]) -> list[Fetched]:
    """Bring the file of an https address (or http, of this machine) into the folder. FileError: it cannot be had."""
    import httpx  # noqa: PLC0415  0.1 s, which other runs do without

    _require_safe(address)
    url, place = export_address(address), shown(address)
    name = sheet_name(address) or last_name(httpx.URL(url).path, httpx.URL(url).host)
    path, patience, part = private_path(folder, name), Patience(), _Part()
    with writing(path, place) as stream, _client(url, environ) as client:
        while True:
            try:
                _download(client, url, stream, part, place)
                break
            except (httpx.TransportError, _PassingError, _ChangedError) as error:
                changed = isinstance(error, _ChangedError)
                if changed:
                    begin_again(stream)
                    part = _Part()
                patience.reached(part.done)
                if not (patience.restart() if changed else patience.more()):
                    raise FileError(_why(error, place, part)) from error
                LOG.info("%s broke off at %d bytes; trying again.", place, part.done)
            except httpx.InvalidURL as error:
                message = f"{place} is not a valid address; copy it again."
                raise UsageError(message) from error
    return [Fetched(path.name, path, place)]


class _PassingError(Exception):
    """The server answers that it cannot now. status: its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _require_safe(address: str) -> None:
    """Raise UsageError for http to another machine: customers' data must not travel in clear."""
    parts = split_address(address)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        message = f"{shown(address)} would bring customers' data unencrypted; write it with https://."
        raise UsageError(message)


def _client(url: str, environ: Mapping[str, str]) -> httpx.Client:
    import httpx  # noqa: PLC0415

    context = httpx.create_ssl_context(trust_env=False)
    if extra := environ.get("SSL_CERT_FILE"):
        try:
            context.load_verify_locations(extra)
        except (OSError, ssl.SSLError) as error:
            message = f"SSL_CERT_FILE names {extra}, which is not a file of certificates; correct or unset it."
            raise UsageError(message) from error
    auth = None
    with suppress(OSError, SyntaxError):  # no ~/.netrc, or one that is none
        auth = httpx.NetRCAuth(os.path.expanduser("~/.netrc"))  # noqa: PTH111  as netrc itself does
    with usable_proxy():
        transport = httpx.HTTPTransport(verify=context, proxy=proxy_for(url))
    headers = {"Accept-Encoding": "identity", "User-Agent": "capi-import"}
    return httpx.Client(transport=transport, timeout=TIMEOUT, auth=auth, headers=headers, follow_redirects=False)


def _download(client: httpx.Client, url: str, stream: BinaryIO, part: _Part, place: str) -> None:
    """Bring what is missing of the file; what came stays in `stream` and `part` however it ends."""
    headers = {}
    if part.done:
        if not part.validator:
            raise _ChangedError
        headers = {"Range": f"bytes={part.done}-", "If-Range": part.validator}
    request = client.build_request("GET", url, headers=headers)
    for _ in range(REDIRECTS):
        answer = client.send(request, stream=True)
        try:
            if answer.next_request is None:
                _take(answer, stream, part, place)
                return
            request = answer.next_request
        finally:
            answer.close()
        _require_safe(str(request.url))
    message = f"{place} leads from one address to another without end; check the address."
    raise FileError(message)


def _take(answer: httpx.Response, stream: BinaryIO, part: _Part, place: str) -> None:
    """Append the body of an answer to the file."""
    status = answer.status_code
    if status in PASSING:
        raise _PassingError(status)
    if answer.url.host == SIGN_IN_HOST:
        message = f"{place} is not shared: share the sheet with anyone who has the link, or download it as .xlsx."
        raise FileError(message)
    if part.done and status == HTTPStatus.OK:  # the file is another by now, or the server gives no parts
        begin_again(stream)
        part.done = 0
    elif part.done and not _continues(answer, part):
        raise _ChangedError
    if status != (HTTPStatus.PARTIAL_CONTENT if part.done else HTTPStatus.OK):
        raise FileError(_refusal(status, place))
    if not part.done:
        _begin(answer, part, place)
    for data in answer.iter_raw():
        write(stream, data)
        part.done += len(data)
    if part.size is not None and part.done != part.size:
        raise _ChangedError


def _begin(answer: httpx.Response, part: _Part, place: str) -> None:
    """Note what the first answer says of the whole file."""
    length = answer.headers.get("Content-Length", "")
    part.size = int(length) if length.isdecimal() else None
    if part.size is None and "chunked" not in answer.headers.get("Transfer-Encoding", "").lower():
        message = (
            f"{place} does not say how long it is, so a cut would go unseen; download the file and name it instead."
        )
        raise FileError(message)
    part.validator = _validator(answer)


def _validator(answer: httpx.Response) -> str:
    tag = str(answer.headers.get("ETag", ""))
    return tag if tag.startswith('"') else str(answer.headers.get("Last-Modified", ""))


def _continues(answer: httpx.Response, part: _Part) -> bool:
    """Tell whether the answer is the rest of the very file whose beginning is here."""
    if answer.status_code != HTTPStatus.PARTIAL_CONTENT or _validator(answer) != part.validator:
        return False
    unit, _, ranges = str(answer.headers.get("Content-Range", "")).partition(" ")
    span, _, size = ranges.partition("/")
    begins = unit == "bytes" and span.partition("-")[0] == str(part.done)
    return begins and (part.size is None or size in {str(part.size), "*"})


def _refusal(status: int, place: str) -> str:
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return f"There is no file at {place} (HTTP {status}); check the address."
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return (
            f"{place} refuses access (HTTP {status}): its credentials are missing or wrong, or its link has run out; "
            "put a user and password into ~/.netrc, or get a new link."
        )
    return f"{place} does not give the file (HTTP {status}); check the address."


def _why(error: Exception, place: str, part: _Part) -> str:
    """Say why the file cannot be had, without quoting what may hold the address's query."""
    if isinstance(error, _ChangedError):
        return f"{place} changes, or is cut, each time it is read; wait until it is written, and try again."
    if isinstance(error, _PassingError):
        return f"{place} cannot be had now (HTTP {error.status}); try again later."
    if isinstance(error.__cause__ or error, ssl.SSLError) or "CERTIFICATE" in str(error).upper():
        return (
            f"{place} has a certificate that this machine does not trust; name its authority's file in SSL_CERT_FILE, "
            "or correct the address."
        )
    if part.done:
        return f"The connection to {place} broke off again and again; nothing was sent. Run the same command again."
    return f"{place} cannot be reached; check the address and the network."
