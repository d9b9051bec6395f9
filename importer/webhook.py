"""The run's summary, posted to the user's own address at the end; that it fails never changes the run's result."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from importer.errors import UsageError

SECONDS = 10.0
LOG = logging.getLogger("importer")


def check_webhook(url: str | None) -> None:
    """A UsageError unless the address is http(s) with a host."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound:
        message = "--webhook takes an http:// or https:// address."
        raise UsageError(message)


def post_summary(url: str | None, summary: Mapping[str, Any]) -> bool:
    """Whether the address, if there is one, took the summary as JSON; a failure is logged without the address."""
    if url is None:
        return False
    try:
        answer = httpx.post(url, json=dict(summary), timeout=SECONDS, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        LOG.warning("The webhook did not take the summary (%s).", type(error).__name__)
        return False
    if not answer.is_success:
        LOG.warning("The webhook did not take the summary (HTTP %s).", answer.status_code)
    return answer.is_success
