"""Why a request is refused, and the body that Meta answers with.

An error holds codes, names of parameters and places in the request. It never holds a customer's value.
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
class GraphError:
    """One reason to refuse a request.

    text: the entry of `localized_texts` shown to users; empty for errors that Meta explains to developers only.
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


def rule(subcode: int, name: str = "") -> GraphError:
    """Return the error of a broken business rule; Meta does not say which event breaks it."""
    return GraphError(subcode=subcode, text=str(subcode), name=name)


def unexpected(path: str, key: str) -> GraphError:
    """Return the error of a key that Meta does not know; a key that might be a customer's value is not quoted."""
    name = key if _PLAIN_KEY.fullmatch(key) else "?"
    return GraphError(subcode=SHAPE, text="unexpected", name=name, path=path)


def missing(path: str, key: str) -> GraphError:
    """Return the error of a missing key."""
    return GraphError(subcode=SHAPE, text="missing", name=key, path=path)


def wrong_type(path: str, expected: str) -> GraphError:
    """Return the error of a value of another JSON type than `expected`."""
    return GraphError(subcode=SHAPE, text="type", name=expected, path=path)


def wrong_value(path: str, hint: str) -> GraphError:
    """Return the error of a value that Meta does not accept; `hint` says what it must be."""
    return GraphError(subcode=SHAPE, message=f"Invalid parameter: {hint}", text="value", path=path)


def configuration(message: str, *, subcode: int | None = None) -> GraphError:
    """Return the error of a request that no event is to blame for: path, method, signature, the list itself."""
    kind = "GraphMethodException" if subcode == NO_SUCH_OBJECT else "OAuthException"
    return GraphError(subcode=subcode, message=message, kind=kind)


def error_body(error: GraphError, language: str, trace: str) -> dict[str, Any]:
    """Return Meta's error object; optional members stand only where the error has them."""
    content: dict[str, Any] = {"message": error.message, "type": error.kind, "code": error.code}
    if error.subcode is not None:
        content["error_subcode"] = error.subcode
    content["is_transient"] = error.transient
    if error.text:
        title, message = text_of(error.text, language)
        content["error_user_title"] = title
        content["error_user_msg"] = message.format(name=error.name, path=error.path)
    content["fbtrace_id"] = trace
    return {"error": content}
