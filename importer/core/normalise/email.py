"""E-mail addresses (`em`) [CIP: trim, lower case]: dots and plus parts stay, also at Gmail."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, Mask, codes_of, one_chunk
from importer.core.kernels.bytes import DIGIT, SMALL, Bytes, TextBytes, text_bytes, texts_between, within
from importer.core.model import Column
from importer.core.normalise.cell import Cell, lower, placeholder, plain_forms, start, tidy
from importer.core.normalise.fast.plain_cells import Plain
from importer.core.normalise.fast.word_set import suspects
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
_SUSPECTS = suspects(placeholders.MAIL_USERS | placeholders.MAIL_DOUBLES)
_AT, _DOT = ord("@"), ord(".")


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
    found = text_bytes(lower_case)
    signs = np.flatnonzero(~within(found.data, SMALL, DIGIT))
    cells, ats = found.single(signs.compress(found.data.take(signs) == _AT))
    cells &= ~found.holding(_odd(found.data, signs)) & (found.heads != _DOT)
    if cells.any():
        cells &= _usual_users(found, ats) & _usual_domains(found, ats, cells)
    return Plain(lower_case, cells)


def _odd(data: Bytes, places: Indices) -> Indices:
    """The places of signs as no plain address has them: others than `. _ + - @`, a dot before another or the @."""
    signs = data.take(places)
    dots, ats = signs == _DOT, signs == _AT
    odd = ~(dots | ats | (signs == ord("_")) | (signs == ord("+")) | (signs == ord("-")))
    odd[:-1] |= dots[:-1] & (dots[1:] | ats[1:]) & (np.diff(places) == 1)
    wrong: Indices = places[odd]
    return wrong


def _usual_users(found: TextBytes, ats: Indices) -> Mask:
    """Whether what stands before the @ is of usual length and nobody's word."""
    lengths = (ats - found.bounds[:-1]).astype(np.int32)
    usual: Mask = (lengths > 1) & (lengths <= _LONGEST_USER)
    likely = _SUSPECTS.likely(found.heads, found.data.take(ats - 1), lengths)
    users = one_chunk(_halves(found, ats).take(pa.array(2 * likely)))
    usual[likely] &= ~_SUSPECTS.hold(users)
    return usual


def _usual_domains(found: TextBytes, ats: Indices, cells: Mask) -> Mask:
    """Whether what stands behind the @ is a usual domain, of the cells that may be plain; judged once for each one."""
    behind = np.zeros(2 * len(ats), np.bool_)
    behind[1::2] = cells
    encoded = _halves(found, ats, behind).dictionary_encode()
    known = np.array([_usual_domain(domain[1:]) for domain in encoded.dictionary.to_pylist()] + [False])
    usual: Mask = known.take(codes_of(encoded)[1::2])
    return usual


def _halves(found: TextBytes, ats: Indices, valid: Mask | None = None) -> Column:
    """What stands before the @ and what begins with it, cell after cell, on the memory of the cells."""
    bounds = np.empty(2 * len(ats) + 1, np.int32)
    bounds[::2], bounds[1::2] = found.bounds, ats
    return texts_between(bounds, found.data, valid)


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
