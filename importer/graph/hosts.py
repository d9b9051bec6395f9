"""Which host a Graph URL names: Meta's, or this very machine's."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from importer.errors import UsageError

PORTS = {"http": 80, "https": 443}


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


def is_loopback(host: str) -> bool:
    """Tell whether the host is this machine, by its name or address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
