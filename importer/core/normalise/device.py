"""The customer's own device: `client_ip_address` and `client_user_agent`, never hashed [CIP]."""

from __future__ import annotations

import ipaddress
import re

from importer.core.normalise.cell import BLANK, Cell, broken, hashed, placeholder, tidy

_WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}|\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")


def ip_address(text: str) -> Cell:
    """The first IPv4 or IPv6 address of the text in its shortest form; a port is dropped.

    Private addresses stay, since a till in the shop's own network may be all that is known; the unspecified, loopback,
    link-local and multicast ones are no customer's.
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


def user_agent(text: str) -> Cell:
    """The browser's text as typed, control characters as blanks; a hash of it is of no use to Meta [CIP]."""
    text = tidy(text)
    if not text:
        return BLANK
    if broken(text) or hashed(text, md5=False):
        return None, "invalid"
    agent = tidy(_CONTROL.sub(" ", text))
    if placeholder(agent):
        return None, "placeholder"
    return agent, None
