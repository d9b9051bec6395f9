"""E-mail addresses (`em`) [CIP: trim, lower case]: dots and plus parts stay, also at Gmail."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Mask, one_chunk
from importer.core.model import Column
from importer.core.normalise.cell import Cell, lower, placeholder, plain_forms, start, tidy
from importer.core.normalise.plain import Plain
from importer.core.octets import octets
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

_DRESSED = re.compile(r"[<>():;,\"\s]")
_BREAKS = re.compile(r"[;,|\r\n\t]+")
_LONGEST_USER = 64
_SUSPECTS = one_chunk(pa.array(sorted(placeholders.MAIL_USERS | placeholders.MAIL_DOUBLES), pa.string()))


def normal(text: str) -> Cell:
    """The address in lower case and NFC; dropped when it has no address's shape or is nobody's own."""
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    address = lower(plain_forms(_bare(text_or_cell)))
    if not shapely(address):
        return None, "placeholder" if placeholder(text_or_cell) else "invalid"
    return _someones(address)


def addresses(column: Column) -> Plain:
    """The addresses of letters, digits and `. _ + -` that are certainly somebody's own, in lower case."""
    lower_case = one_chunk(pc.ascii_lower(column))
    found = octets(lower_case)
    at, dot = found.data == ord("@"), found.data == ord(".")
    usual = found.letters | found.digits | dot | at | found.among("_-+")
    beside = np.append(dot[:-1] & (dot[1:] | at[1:]), False)  # two dots, or one before the @
    odd = found.some(~usual | beside) | found.first(dot) | (found.count(at) != 1)
    if odd.all():
        return Plain(lower_case, ~odd)
    rows = np.flatnonzero(~odd)
    parts = pc.split_pattern(lower_case.take(pa.array(rows)), "@").flatten()
    users, domains = (one_chunk(parts.take(pa.array(np.arange(first, len(parts), 2)))) for first in (0, 1))
    cells = np.zeros(len(column), np.bool_)
    cells[rows] = _usual_users(users) & _usual_domains(domains)
    return Plain(lower_case, cells)


def _usual_users(users: Column) -> Mask:
    lengths = np.asarray(pc.binary_length(users))
    suspects = np.asarray(pc.is_in(users, value_set=_SUSPECTS))
    return np.asarray((lengths > 1) & (lengths <= _LONGEST_USER) & ~suspects)


def _usual_domains(domains: Column) -> Mask:
    encoded = domains.dictionary_encode()
    known = np.array([_usual_domain(domain) for domain in encoded.dictionary.to_pylist()] or [False], np.bool_)
    usual: Mask = known[np.asarray(encoded.indices)]
    return usual


@lru_cache(maxsize=1 << 15)
def _usual_domain(domain: str) -> bool:
    return re.fullmatch(_DOMAIN, domain) is not None and domain not in placeholders.MAIL_DOMAINS and not _relay(domain)


def _bare(text: str) -> str:
    """The address out of `Name <address>`, `Name (address)`, `mailto:address`, brackets and separators around it."""
    if not _DRESSED.search(text):
        return text
    if found := _ANGLED.search(text) or _ROUND.search(text):
        text = found.group(1)
    text = tidy(text.strip(" ,;"))
    if label := _LABEL.match(text):
        text = text[label.end() :]
    return tidy(text.strip(' ,;"'))


def shapely(address: str) -> bool:
    """Whether the text has the shape local@domain.tld; letters, marks and digits of every script count as letters."""
    if not address.isascii():
        address = "".join(char if char.isascii() else _stand_in(char) for char in address)
    return _ADDRESS.fullmatch(address) is not None


def _stand_in(char: str) -> str:
    """A letter in place of any other script's letter, mark or digit, and white space in place of anything else."""
    return "x" if unicodedata.category(char)[0] in "LM" or char.isdecimal() else " "


def _someones(address: str) -> Cell:
    """The address, unless it is a placeholder's or a marketplace's relay."""
    user, _, domain = address.partition("@")
    first = domain.partition(".")[0]
    if user in placeholders.MAIL_USERS or domain in placeholders.MAIL_DOMAINS:
        return None, "placeholder"
    if user == first and (user in placeholders.MAIL_DOUBLES or len(user) == 1):
        return None, "placeholder"
    return (None, "relay") if _relay(domain) else (address, None)


def _relay(domain: str) -> bool:
    """Whether the domain, or one that it is part of, passes mail on to a hidden customer."""
    labels = domain.split(".")
    if len(labels) < _RELAY_LABELS:
        return False
    if any(".".join(labels[i:]) in placeholders.RELAYS for i in range(len(labels) - 1)):
        return True
    return any(f".{domain}.".find(f".{relay}.") >= 0 for relay in placeholders.RELAY_LABELS)


def split_many(text: str) -> list[str]:
    """The addresses of a cell that holds several; a cell with one, or none, stays as it is.

    Parts without an @ are left out between separators. Blanks part addresses only where every part has an @, so that
    an address that was broken by a blank is never mistaken for a shorter one.
    """
    parts = [part for part in _BREAKS.split(text) if "@" in part] or [text]
    return [address for part in parts for address in _by_blanks(part)]


def _by_blanks(text: str) -> list[str]:
    """The words of a text in which each is an address; else the text alone."""
    words = re.split(r"[\s/]+", text.strip())
    return words if len(words) > 1 and all("@" in word for word in words) else [text]
