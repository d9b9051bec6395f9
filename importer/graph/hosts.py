"""Which host a Graph URL names, and whether it may see the token: Meta's, this very machine, or a trusted one."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from importer.errors import UsageError
from importer.network import is_loopback

PORTS = {"http": 80, "https": 443}

_META = re.compile(r"(?:[a-z0-9-]+\.)*facebook\.com\.?")


def check_graph_url(url: str) -> None:
    """Raise UsageError unless the URL is https, or http to this very machine, with a host and nothing secret in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        message = "The graph URL is not a valid URL; write it like https://graph.facebook.com."
        raise UsageError(message) from error
    if parts.scheme not in PORTS or not host:
        message = "The graph URL must begin with https:// and name a host, like https://graph.facebook.com."
        raise UsageError(message)
    if parts.scheme == "http" and not is_loopback(host):
        message = "Plain http is for this machine only (http://127.0.0.1:8000); write the graph URL with https://."
        raise UsageError(message)
    if parts.username or parts.password or parts.query or parts.fragment:
        message = "The graph URL may hold a host and a path only: no user, password, query or fragment."
        raise UsageError(message)


def check_token_host(url: str, trusted: Collection[str] = ()) -> None:
    """Raise UsageError unless the host of the Graph URL is Meta's, this very machine or one of those `trusted`.

    Whoever has the token can do at Meta what the user can; a mistyped or foreign address must not get it.
    """
    check_graph_url(url)
    host = urlsplit(url).hostname or ""
    if _META.fullmatch(host) or is_loopback(host) or host.rstrip(".") in trusted:
        return
    message = (
        f"The graph URL names {host}, which is neither Meta nor this machine, so it is not given the access token; "
        f"correct --graph-url (or CAPI_GRAPH_URL), or trust that host with --trust-host {host}."
    )
    raise UsageError(message)


def rehearsal_notice(url: str) -> str | None:
    """Return what a run says whose events stay on this machine: its report must not pass for one of Meta's answers."""
    parts = urlsplit(url)
    if not is_loopback(parts.hostname or ""):
        return None
    return f"This was a rehearsal: all went to {parts.netloc}, on this machine, and nothing to Meta."


def dataset_in_ledger(dataset: str, graph_url: str) -> str:
    """Return the name under which the ledger keeps what was sent to the dataset at the URL.

    It is the dataset's id, for Meta and whatever stands before Meta. What a sandbox on this machine took says nothing
    of Meta, nor of the sandbox on another port, so there the name is `1001@127.0.0.1:8765`.
    """
    check_graph_url(graph_url)
    parts = urlsplit(graph_url)
    host = parts.hostname or ""
    if not is_loopback(host):
        return dataset
    port = parts.port or PORTS[parts.scheme]
    return f"{dataset}@[{host}]:{port}" if ":" in host else f"{dataset}@{host}:{port}"
