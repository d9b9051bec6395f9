"""The address of the customer's own device (`client_ip_address`), never hashed [CIP]."""

from __future__ import annotations

import ipaddress
import re

from importer.core.normalise.cell import BLANK, Cell, placeholder, tidy

_WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}|\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?")


def normal(text: str) -> Cell:
    """Return the first IPv4 or IPv6 address of the text in its shortest form; a port is dropped.

    Private addresses stay, since a till in the shop's own network may be all that is known; the unspecified, loopback,
    link-local and multicast ones are not a customer's.
    """
    text = tidy(text)
    if not text:
        return BLANK
    first = tidy(text.split(",")[0])
    if found := _WITH_PORT.fullmatch(first):
        first = found.group(1) or found.group(2)
    try:
        address = ipaddress.ip_address(first)
    except ValueError:
        return None, "placeholder" if placeholder(text) else "invalid"
    if address.is_unspecified or address.is_loopback or address.is_link_local or address.is_multicast or "%" in first:
        return None, "invalid"
    return str(address), None
