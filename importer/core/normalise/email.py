"""E-mail addresses (`em`) [CIP: trim, lower case]: dots and plus parts stay, also at Gmail."""

from __future__ import annotations

import re
import unicodedata

from importer.core.normalise.cell import Cell, lower, placeholder, plain_forms, start, tidy
from importer.core.tables import placeholders

_DOMAIN = r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?![0-9]+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@)[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@{_DOMAIN}"
)
_ANGLED = re.compile(r"<([^<>]*@[^<>]*)>[\s,;]*$")
_ROUND = re.compile(r"\(([^()\s]+@[^()\s]+)\)\W*$")
_LABEL = re.compile(r"(?:mailto|e-?mail|smtp)\s*:\s*", re.IGNORECASE)
_RELAY_LABELS = 3
"""Labels of the shortest domain that passes mail on."""

_DECORATED = re.compile(r"[<>():;,\"\s]")
_BREAKS = re.compile(r"[;,|\r\n\t]+")


def normal(text: str) -> Cell:
    """Return the address in lower case and NFC; dropped when it has no address's shape or is nobody's own."""
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    address = lower(plain_forms(_bare(text_or_cell)))
    if not _has_shape(address):
        return None, "placeholder" if placeholder(text_or_cell) else "invalid"
    user, _, domain = address.partition("@")
    if user in placeholders.MAIL_USERS or domain in placeholders.MAIL_DOMAINS:
        return None, "placeholder"
    doubled = user == domain.partition(".")[0]  # no@no.com
    if doubled and (user in placeholders.MAIL_DOUBLES or len(user) == 1):
        return None, "placeholder"
    return (None, "relay") if _is_relay(domain) else (address, None)


def _bare(text: str) -> str:
    """Return the address in `Name <address>`, `Name (address)`, `mailto:address`, brackets or separators."""
    if not _DECORATED.search(text):
        return text
    if found := _ANGLED.search(text) or _ROUND.search(text):
        text = found.group(1)
    text = tidy(text.strip(" ,;"))
    if label := _LABEL.match(text):
        text = text[label.end() :]
    return tidy(text.strip(' ,;"'))


def _has_shape(address: str) -> bool:
    """Tell whether the text is local@domain.tld; letters, marks and digits of every script count as letters."""
    ascii_like = (
        address
        if address.isascii()
        else "".join(
            char if char.isascii() else "x" if unicodedata.category(char)[0] in "LM" or char.isdecimal() else " "
            for char in address
        )
    )
    return _ADDRESS.fullmatch(ascii_like) is not None


def _is_relay(domain: str) -> bool:
    """Tell whether the domain, or one that it is part of, passes mail on to a hidden customer."""
    labels = domain.split(".")
    if len(labels) < _RELAY_LABELS:
        return False
    if any(".".join(labels[i:]) in placeholders.RELAYS for i in range(len(labels) - 1)):
        return True
    return any(f".{relay}." in f".{domain}." for relay in placeholders.RELAY_LABELS)


def split_many(text: str) -> list[str]:
    """Split a cell that holds several addresses; a cell with one, or none, stays as it is.

    Parts without an @ are left out between separators. Blanks split addresses only where every part has an @, so that
    an address that was broken by a blank is never mistaken for a shorter one.
    """
    parts = [part for part in _BREAKS.split(text) if "@" in part] or [text]
    found: list[str] = []
    for part in parts:
        words = re.split(r"[\s/]+", part.strip())
        found += words if len(words) > 1 and all("@" in word for word in words) else [part]
    return found
