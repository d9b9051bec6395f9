"""A run's results, posted to the user's own address at the end; a failure never changes what was sent."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.network import is_loopback, proxy_for

SECONDS = 10.0
PAUSES = (0.5, 2.0)
"""Seconds before the second and the third attempt."""
TRANSIENT = frozenset({408, 425, 429})
LOG = logging.getLogger("importer")


def check_webhook(url: str | None, option: str = "--webhook") -> None:
    """Raise UsageError unless the address is https, or http to this very machine: results must not travel in clear."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host:
        message = f"{option} takes an https:// address."
        raise UsageError(message)
    if parts.scheme == "http" and not is_loopback(host):
        message = f"{option} takes plain http for this machine only (http://127.0.0.1:8000); write it with https://."
        raise UsageError(message)


def post_summary(url: str | None, summary: Mapping[str, Any], sleep: Callable[[float], object] = time.sleep) -> bool:
    """Post the results as one JSON to the address, if there is one; return whether it took them.

    What may pass (no connection, no answer in time, HTTP 5xx, 429) is retried twice. A failure is logged without
    the address, which may hold a key.
    """
    if url is None:
        return False
    failure = ""
    for pause in (0.0, *PAUSES):
        if pause:
            sleep(pause)
        failure, passing = _post(url, summary)
        if not failure or not passing:
            break
    if failure:
        LOG.warning("The webhook did not take the results (%s); what was sent stays sent.", failure)
    return not failure


def _post(url: str, summary: Mapping[str, Any]) -> tuple[str, bool]:
    """Return what went wrong, empty where nothing did, and whether it may pass."""
    import httpx  # noqa: PLC0415  0.1 s, which check does without

    try:
        with httpx.Client(transport=httpx.HTTPTransport(proxy=proxy_for(url)), timeout=SECONDS) as client:
            answer = client.post(url, json=dict(summary))
    except httpx.TransportError as error:
        return type(error).__name__, not isinstance(error, httpx.UnsupportedProtocol)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError) as error:  # or a proxy that cannot be used
        return type(error).__name__, False
    if answer.is_success:
        return "", False
    return f"HTTP {answer.status_code}", answer.is_server_error or answer.status_code in TRANSIENT
