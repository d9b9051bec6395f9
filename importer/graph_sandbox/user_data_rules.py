"""The rules of `user_data` [CIP][BP]: known keys, hashed or clear as they must be, and enough of them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from importer.graph_sandbox.graph_errors import GraphError, rule, unexpected, wrong_type, wrong_value
from importer.graph_sandbox.json_types import TEXT, JsonObject, is_integer, is_text
from importer.graph_sandbox.vocabulary import (
    CLEAR,
    HASH_OF_NOTHING,
    HASHED,
    LEAD_ID_DIGITS,
    LISTS,
    NUMBERS,
    TOO_BROAD,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ANY_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")
_CLICK_ID = re.compile(r"fb\.[012]\.[0-9]{13}\.[^\s.]+(\.[^\s.]{2}|\.[^\s.]{8})?")
_BROWSER_ID = re.compile(r"fb\.[012]\.[0-9]{13}\.[0-9]+(\.[^\s.]{2}|\.[^\s.]{8})?")
_DEVICE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNHASHED = 2804016
_NOT_ENOUGH = 2804050


def customer_errors(user: JsonObject, at: str) -> Iterator[GraphError]:
    """Yield the errors of one event's `user_data` in the order in which Meta names them."""
    for key, value in user.items():
        if key in HASHED:
            yield from _hashed_errors(key, value, at)
        elif key in CLEAR:
            yield from _clear_errors(key, value, f"{at}['{key}']")
        elif key == "external_id":
            yield from _external_id_errors(value, f"{at}['{key}']")
        else:
            yield unexpected(at, key)
    if any(user.keys() <= broad for broad in TOO_BROAD):
        yield rule(_NOT_ENOUGH)


def _values(key: str, value: object, at: str) -> Iterator[GraphError | str]:
    """Yield each text of the key, or the error that it holds something else; only some keys take lists."""
    if key in LISTS and isinstance(value, list):
        if not value:
            yield wrong_value(at, "the list must not be empty")
        for place, item in enumerate(value):
            yield item if isinstance(item, str) else wrong_type(f"{at}[{place}]", "string")
    else:
        expected = "string or array of strings" if key in LISTS else "string"
        yield value if isinstance(value, str) else wrong_type(at, expected)


def _hashed_errors(key: str, value: object, at: str) -> Iterator[GraphError]:
    for item in _values(key, value, f"{at}['{key}']"):
        if isinstance(item, GraphError):
            yield item
        elif item == HASH_OF_NOTHING or not _SHA256.fullmatch(item):
            yield rule(_UNHASHED, key)


def _external_id_errors(value: object, at: str) -> Iterator[GraphError]:
    for item in _values("external_id", value, at):
        if isinstance(item, GraphError):
            yield item
        elif item == HASH_OF_NOTHING or not is_text(item):
            yield wrong_value(at, "the id must not be empty, nor the hash of an empty text")


def _clear_errors(key: str, value: Any, at: str) -> Iterator[GraphError]:
    if key in NUMBERS:
        if not is_integer(value):
            yield wrong_type(at, "integer")
        elif value <= 0 or (key == "lead_id" and len(str(value)) not in LEAD_ID_DIGITS):
            yield wrong_value(at, "ids are positive; a lead id has 15 to 17 digits")
    elif not isinstance(value, str) or not is_text(value):
        yield wrong_type(at, TEXT.name)
    elif _ANY_SHA256.fullmatch(value):
        yield wrong_value(at, f"{key} must not be hashed")
    elif key in _FORMS:
        holds, hint = _FORMS[key]
        if not holds(value):
            yield wrong_value(at, hint)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


_FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "client_ip_address": (_is_address, "must be an IPv4 or IPv6 address"),
    "fbc": (lambda text: _CLICK_ID.fullmatch(text) is not None, "must be fb.<0 to 2>.<milliseconds>.<fbclid>"),
    "fbp": (lambda text: _BROWSER_ID.fullmatch(text) is not None, "must be fb.<0 to 2>.<milliseconds>.<number>"),
    "madid": (lambda text: _DEVICE.fullmatch(text) is not None, "must be a device's id in lower case, with hyphens"),
}
