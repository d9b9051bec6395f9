"""A request as it arrives and a response as it leaves, without sockets; parameters from query and body."""

from __future__ import annotations

import email.parser
import email.policy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from importer.graph_sandbox.graph_errors import GraphError, configuration, wrong_type
from importer.graph_sandbox.json_types import is_text
from importer.graph_sandbox.vocabulary import MAX_EVENTS

Parameters = dict[str, Any]

_NO_LIST = configuration("(#100) Param data must be an array.")
_TEXT_PARAMETERS = ("test_event_code", "partner_agent", "upload_tag", "upload_id", "upload_source", "namespace_id")
_AGENT_LENGTH = 23
_AGENT_LETTERS = 2


@dataclass(frozen=True)
class Request:
    """One call. What may hold a token or a customer's value stays out of its repr.

    number: 1 for the first request of a sandbox.
    headers: names in lower case.
    """

    number: int
    method: str
    path: str
    query: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Response(NamedTuple):
    """Status, headers, body. Status 0 stands for a connection that is cut without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes


CUT = Response(0, {}, b"")


def json_response(status: int, content: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response that holds `content` as JSON."""
    return Response(
        status, {"content-type": "application/json; charset=UTF-8", **(headers or {})}, orjson.dumps(content)
    )


def parameters(request: Request) -> Parameters | GraphError:
    """Return the request's parameters: those of the body over those of the query, the header's token over both."""
    found: Parameters = dict(parse_qsl(request.query))
    body = _body_parameters(request) if request.body and request.method == "POST" else {}
    if isinstance(body, GraphError):
        return body
    found |= body
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        found["access_token"] = token.strip()
    return found


def _body_parameters(request: Request) -> Parameters | GraphError:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(request.body.decode(), keep_blank_values=True, errors="strict"))
        if kind == "multipart/form-data":
            return _multipart(request.headers["content-type"], request.body)
        content = orjson.loads(request.body)
    except ValueError:
        return configuration("(#100) The body cannot be read in its content type.")
    return content if isinstance(content, dict) else configuration("(#100) The body must be a JSON object.")


def _multipart(content_type: str, body: bytes) -> Parameters:
    """Parse the fields of a form as browsers and curl send it."""
    head = b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n"
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    found: Parameters = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            found[name] = payload.decode()
    return found


def events_of(given: Parameters) -> list[Any] | GraphError:
    """Return the 1 to 1,000 events of a request: a list, its JSON text, or a list of JSON texts as the SDK sends it."""
    if "data" not in given:
        return configuration("(#100) The parameter data is required.")
    data = given["data"]
    try:
        events = orjson.loads(data) if isinstance(data, str) else data
    except ValueError:
        return _NO_LIST
    if not isinstance(events, list):
        return _NO_LIST
    if not events:
        return configuration("(#100) Param data must be a non-empty array.")
    if len(events) > MAX_EVENTS:
        return configuration(f"(#100) Param data must hold at most {MAX_EVENTS} events.")
    return _parsed(events)


def _parsed(events: list[Any]) -> list[Any] | GraphError:
    """Parse the events that are JSON texts."""
    for place, event in enumerate(events):
        if isinstance(event, str):
            try:
                events[place] = orjson.loads(event)
            except ValueError:
                return wrong_type(f"$['data'][{place}]", "object")
    return events


def label_error(given: Parameters) -> GraphError | None:
    """Return the first error of the labels beside the events: they are texts, an agent's name is short [MB][PLAT]."""
    for key in _TEXT_PARAMETERS:
        if key in given and not is_text(given[key]):
            return configuration(f"(#100) Param {key} must be a string.")
    agent = given.get("partner_agent", "sandbox")
    if len(agent) >= _AGENT_LENGTH or sum(map(str.isalpha, agent)) < _AGENT_LETTERS:
        return configuration("(#100) Param partner_agent must be under 23 characters with at least two letters.")
    return None
