"""Why a request is refused, and the body Meta answers with.

A fault holds codes, names of parameters and places in the request. It never holds a customer's value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from importer.graph_sandbox.localized_texts import text_of

INVALID = 100
SHAPE = 2804019
"""Subcode of "Server Side Api Parameter Error"; known from third-party fixtures only, see docs/sandbox.md."""
NO_SUCH_OBJECT = 33

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,39}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason to refuse a request.

    text: the entry of `texts` shown to users; empty for faults that Meta explains to developers only.
    name, path: fill `{name}` and `{path}` of that text.
    """

    code: int = INVALID
    subcode: int | None = None
    message: str = "Invalid parameter"
    text: str = ""
    name: str = ""
    path: str = ""
    kind: str = "OAuthException"
    status: int = 400
    transient: bool = False


def rule(subcode: int, name: str = "") -> Fault:
    """The fault of a broken business rule; Meta does not say which event breaks it."""
    return Fault(subcode=subcode, text=str(subcode), name=name)


def unexpected(path: str, key: str) -> Fault:
    """The fault of a key Meta does not know; a key that might be a customer's value is not quoted."""
    name = key if _PLAIN_KEY.fullmatch(key) else "?"
    return Fault(subcode=SHAPE, text="unexpected", name=name, path=path)


def missing(path: str, key: str) -> Fault:
    """The fault of a key that must be there."""
    return Fault(subcode=SHAPE, text="missing", name=key, path=path)


def wrong_type(path: str, expected: str) -> Fault:
    """The fault of a value of another JSON type than `expected`."""
    return Fault(subcode=SHAPE, text="type", name=expected, path=path)


def wrong_value(path: str, hint: str) -> Fault:
    """The fault of a value Meta does not take; `hint` tells the developer what it must be."""
    return Fault(subcode=SHAPE, message=f"Invalid parameter: {hint}", text="value", path=path)


def configuration(message: str, *, subcode: int | None = None, status: int = 400) -> Fault:
    """The fault of a request that no event is to blame for: path, method, signature, the list itself."""
    kind = "GraphMethodException" if subcode == NO_SUCH_OBJECT else "OAuthException"
    return Fault(subcode=subcode, message=message, kind=kind, status=status)


def error_body(fault: Fault, language: str, trace: str) -> dict[str, Any]:
    """Meta's error object; optional members stand only where the fault has them."""
    error: dict[str, Any] = {"message": fault.message, "type": fault.kind, "code": fault.code}
    if fault.subcode is not None:
        error["error_subcode"] = fault.subcode
    error["is_transient"] = fault.transient
    if fault.text:
        title, message = text_of(fault.text, language)
        error["error_user_title"] = title
        error["error_user_msg"] = message.format(name=fault.name, path=fault.path)
    error["fbtrace_id"] = trace
    return {"error": error}
