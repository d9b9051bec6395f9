"""Which hosts are this machine, and which proxy leads to the others."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from importer.errors import UsageError


def is_loopback(host: str) -> bool:
    """Tell whether the host is this machine, by its name or address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment, or the system's settings, name for the URL; never one to this machine.

    A proxy sees of https the host alone. Plain http, token and all, goes to this machine only, which no proxy reaches.
    """
    parts, proxies = urlsplit(url), getproxies()
    if is_loopback(parts.hostname or ""):
        return None
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


@contextmanager
def usable_proxy() -> Iterator[None]:
    """Turn trouble with the environment's proxy into a UsageError, which quotes nothing of it, a password say."""
    import httpx  # noqa: PLC0415  0.1 s, which its callers have imported

    try:
        yield
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        message = (
            "The proxy that the environment names (HTTPS_PROXY, ALL_PROXY) cannot be used; write it like "
            "http://proxy.example:3128, or name hosts that need none in NO_PROXY."
        )
        raise UsageError(message) from error
