"""The verdict on one reply: what to do next.

Codes decide, never texts, which are localised and change [ERR]; the HTTP status counts only where there is no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from importer.core.replies.reply_table import NEVER_SENT, RULE_OF_CODE, RULES, SUBCODES, Action, NetworkFault, Rule
from importer.core.replies.usage import notice_of, wait_of
from importer.errors import CapiImportError

NO_SUCH_OBJECT = 33
"""Subcode of code 100: the object does not exist, or not for this token [ERR]."""


@dataclass(frozen=True)
class Verdict:
    """A reply, judged. wait: seconds that Meta asks for; index: the event of the request that it names."""

    rule: Rule
    wait: float | None = None
    code: int | None = None
    subcode: int | None = None
    trace: str | None = None
    index: int | None = None
    notice: str | None = None

    @property
    def action(self) -> Action:
        """What to do next."""
        return self.rule.action

    @property
    def detail(self) -> str:
        """What happened, for the report: codes and our own words, never Meta's text, which may quote a customer."""
        if self.code is None:
            return self.rule.when
        numbers = f"code {self.code}" if self.subcode is None else f"code {self.code}, subcode {self.subcode}"
        known = SUBCODES.get(self.subcode or 0)
        return f"{numbers}: {known[1]}" if known and self.code == 100 else numbers  # noqa: PLR2004 - Meta's number

    @property
    def field(self) -> str | None:
        """The field that the subcode is about."""
        return (SUBCODES.get(self.subcode or 0, ("", ""))[0]) or None

    def error(self) -> CapiImportError:
        """Return the exception that ends the run: one sentence with Meta's numbers."""
        trace = f", trace {self.trace}" if self.trace else ""
        return self.rule.error(f"{self.rule.advice} ({self.detail}{trace})")


def verdict(
    status: int | None, headers: Mapping[str, str], body: bytes, sent: int, fault: NetworkFault | None = None
) -> Verdict:
    """Judge the reply to a request of `sent` events. Header names are in lower case; status None: no answer."""
    if fault is not None or status is None:
        return Verdict(rule_of_fault(fault or NetworkFault.RESET))
    notice = notice_of(headers)
    answer = object_in(body)
    error = answer.get("error")
    if isinstance(error, dict):
        return of_error(status, headers, error, sent, notice)
    trace = _trace(answer)
    received = _integer(answer.get("events_received"))
    if not 200 <= status < 300 or not received:  # noqa: PLR2004 - HTTP's classes
        rule = {413: "too_large", 429: "too_many"}.get(status, "unreadable")
        return Verdict(RULES[rule], wait=wait_of(headers), trace=trace, notice=notice)
    return Verdict(RULES["accepted" if received == sent else "count"], trace=trace, notice=notice)


def rule_of_fault(fault: NetworkFault) -> Rule:
    """Return the rule for what kept the answer from coming."""
    if fault is NetworkFault.TLS:
        return RULES["tls"]
    return RULES["unreachable" if fault in NEVER_SENT else "lost"]


def of_error(
    status: int, headers: Mapping[str, str], error: dict[str, object], sent: int, notice: str | None
) -> Verdict:
    """Judge Meta's error object, in answer to `sent` events."""
    code, subcode = _integer(error.get("code")), _integer(error.get("error_subcode"))
    wrong_object = subcode == NO_SUCH_OBJECT or error.get("type") == "GraphMethodException"
    rule = RULES[
        _rule_of_code(code, wrong_object=wrong_object, transient=error.get("is_transient") is True, status=status)
    ]
    wait = wait_of(headers) if rule.action is Action.THROTTLE else None
    return Verdict(rule, wait, code, subcode, _trace(error), _index(error, sent), notice)


def _rule_of_code(code: int | None, *, wrong_object: bool, transient: bool, status: int) -> str:
    by_code = RULE_OF_CODE.get(code) if code is not None else None
    if code == 100:  # noqa: PLR2004 - Meta's number
        if wrong_object:
            return "dataset"
        return "transient_parameter" if transient else "parameter"
    if by_code is not None:
        return by_code
    if transient:
        return "transient"
    if code is not None and code < 0:
        return "internal"
    return "unknown_server" if status >= 500 else "unknown"  # noqa: PLR2004 - HTTP's classes


# ---------------------------------------------------------------------- reading an answer

_BRACKETS = re.compile(r"\[\s*['\"]?data['\"]?\s*\]\s*\[\s*['\"]?([0-9]{1,6})['\"]?\s*\]")
_DEEPEST = 20
"""Levels of an answer that are looked at; Meta's have four."""
_DOTTED = re.compile(r"^data[\[.]([0-9]{1,6})(?:[\].]|$)")


def object_in(body: bytes) -> dict[str, object]:
    """Return the JSON object in the body; an empty one where there is none."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    return value if isinstance(value, int) and abs(value) < 1 << 63 else None


def _trace(source: dict[str, object]) -> str | None:
    value = source.get("fbtrace_id")
    return re.sub(r"[^A-Za-z0-9_.:-]", "", value)[:100] or None if isinstance(value, str) else None


def _index(error: dict[str, object], sent: int) -> int | None:
    """Return the event that the answer names by `['data'][n]` or `blame_field_specs`, if it was sent [L5][L7]."""
    parts = (error.get(name) for name in ("message", "error_user_msg", "error_data"))
    for number in (number for part in parts for number in _numbers(part)):
        if number < sent:
            return number
    return None


def _numbers(part: object, depth: int = 0) -> Iterator[int]:
    """Yield the event numbers in a text, an object, a list of path steps, or a text that holds one of these as JSON."""
    if depth > _DEEPEST:
        return
    match part:
        case str():
            inner = object_in(part.encode("utf-8", "replace")) if part.lstrip().startswith("{") else {}
            if inner:
                yield from _numbers(inner, depth + 1)
            else:
                yield from (int(found) for found in _BRACKETS.findall(part) or _DOTTED.findall(part))
        case dict():
            for value in part.values():
                yield from _numbers(value, depth + 1)
        case ["data", step, *_] if (number := _integer(step)) is not None and number >= 0:
            yield number
        case list():
            for value in part:
                yield from _numbers(value, depth + 1)
        case _:
            return
