"""E-mail addresses (`em`) [CIP: trim, lower case]: dots and plus parts stay, also at Gmail."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from importer.core.cells.cell_lists import items_of
from importer.core.normalise.cell import BLANK, Cell, lower, placeholder, plain_forms, start, tidy
from importer.core.normalise.entities import decoded
from importer.core.normalise.hash_forms import sha256_of
from importer.core.tables import placeholders

_DOMAIN = r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?![0-9]+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@)[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@{_DOMAIN}"
)
_ANGLED = re.compile(r"<([^<>]*@[^<>]*)>")
_ROUND = re.compile(r"\((?:mailto:)?([^()\s]+@[^()\s]+)\)\W*$")
_LABEL = re.compile(r"(?:mailto|e-?mail|smtp)\s*:\s*", re.IGNORECASE)
_NOTE = re.compile(r"\s{0,9}\([^()@]*\)$")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_SEVERAL = re.compile("[&<>{}\\[\\];,|/%\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What stands in a cell that holds more than one bare address."""
_LINE_BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li|ul|tr|td)\b[^<>@]*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font)(?:\s[^<>]*)?>", re.IGNORECASE)
_RELAY_LABELS = 3
"""Labels of the shortest domain that passes mail on."""

_DECORATED = re.compile(r"[<>():;,\"'\s\u2018-\u201f\u00ab\u00bb]|\.$")
_QUOTES = " ,;<>\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_SEPARATORS = re.compile(r"[;,|\r\n\t]+")
_BETWEEN = re.compile(
    r"[\s/]+(?:(?:&|\+|or|and|oder|und|ou|et|o|y|e|of|en)\s+)?|(?<=[A-Za-z])&(?=[^&@\s]+@)", re.IGNORECASE
)
_BESIDE = frozenset({"home", "work", "private", "privat", "office", "business", "personal", "other", "main", "alt"})
"""Words that may stand for themselves between addresses."""
_PHONE_DIGITS = 7
_HASH_SEPARATORS = re.compile(r"[;,|\s]+")


def of_cell(text: str) -> list[Cell]:
    """Return the normal form of each address in a cell.

    A cell is split only where all of its parts are addresses, or say nothing: `o#039;neil@example.com` is not Neil's.
    """
    if not _SEVERAL.search(text):
        return [normal(text)]
    items = items_of(tidy(text))
    if items is not None:
        return [cell for item in items for cell in of_cell(item)] or [BLANK]
    text = _LINE_BREAK.sub("\n", _TAG.sub("", _INVISIBLE.sub("", decoded(text))))
    if "@" not in text and text.count("%40") == 1:
        text = unquote(text)
    return [normal(part) for part in _parts(text)]


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


def _parts(text: str) -> list[str]:
    """Split a cell that holds several addresses or hashes; a cell with one, or none, stays as it is."""
    angled = _ANGLED.findall(text)
    if angled and "@" not in _ANGLED.sub("", text):
        return angled
    split = [part.strip() for part in _SEPARATORS.split(text)]
    if all(sha256_of(tidy(part)) for part in text.split()) or all(sha256_of(tidy(part)) for part in split):
        return [part for part in _HASH_SEPARATORS.split(text) if tidy(part)] or [text]
    words = [word for part in split for word in _words(part)]
    addresses = [word for word in words if "@" in word]
    if not addresses or not all(_has_shape(lower(plain_forms(_bare(tidy(word))))) for word in addresses):
        return [text]
    return addresses if all("@" in word or _says_nothing(word) for word in words) else [text]


def _words(part: str) -> list[str]:
    """Split a part at blanks, slashes and words such as `or` where an address stands on both sides."""
    words = _BETWEEN.split(part)
    return words if len(words) > 1 and all("@" in word for word in words) else [part]


def _says_nothing(word: str) -> bool:
    """Tell whether what stands beside an address is certainly no part of it: nothing, a note, a phone number."""
    bare = word.strip(" ()[].:-").lower()
    digits = sum(char.isdecimal() for char in bare)
    is_phone = digits >= _PHONE_DIGITS and not any(char.isalpha() for char in bare)
    return not bare or bare in _BESIDE or is_phone or placeholder(word.strip())


def _bare(text: str) -> str:
    """Return the address in `Name <address>`, `Name (address)`, `mailto:address`, brackets, quotes or separators."""
    if not _DECORATED.search(text):
        return text
    angled, rounded = _ANGLED.search(text), _ROUND.search(text)
    if angled and not text[angled.end() :].strip(" ,;"):
        text = angled.group(1)
    elif rounded and text.count("@") == 1 + text[: rounded.start()].count(rounded.group(1)):  # no other address
        text = rounded.group(1)
    text = tidy(text.strip(_QUOTES))
    if label := _LABEL.match(text):
        text = text[label.end() :]
    text = _NOTE.sub("", text.strip(_QUOTES))
    return tidy(text.strip(_QUOTES).removesuffix("."))


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
