"""Meta's headers: how long to wait, and that the version is running out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import orjson

MAX_SECONDS = 86_400.0
"""No header makes anyone wait longer than a day."""


def wait_of(headers: Mapping[str, str]) -> float | None:
    """Return the longest wait that the headers ask for, in seconds, or None; header names are in lower case.

    Minutes in X-Business-Use-Case-Usage, seconds in X-Ad-Account-Usage [RL-G]; X-App-Usage gives percentages but no
    time. Retry-After is not Meta's, but a gateway's.
    """
    minutes = [
        value * 60
        for name in ("x-business-use-case-usage", "x-business-use-case")
        for value in _values(headers.get(name), "estimated_time_to_regain_access")
    ]
    seconds = list(_values(headers.get("x-ad-account-usage"), "reset_time_duration"))
    after = _seconds(headers.get("retry-after", "").strip())
    waits = [wait for wait in (*minutes, *seconds, after) if wait is not None and wait > 0]
    return min(max(waits), MAX_SECONDS) if waits else None


def notice_of(headers: Mapping[str, str]) -> str | None:
    """Return Meta's warning that the version of the call has expired and was raised [VER], in printable ASCII."""
    text = re.sub(r"[^ -~]", "", headers.get("x-ad-api-version-warning", "")).strip()
    return text[:300] or None


def _values(header: str | None, name: str) -> Iterator[float]:
    """Yield every number under the name in a JSON header, however deep; none where it is not valid JSON."""
    if not header:
        return
    try:
        waiting = [orjson.loads(header)]
    except orjson.JSONDecodeError:
        return
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            found = _seconds(part.get(name))
            if found is not None:
                yield found
            waiting.extend(part.values())


def _seconds(value: object) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value):
        return float(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
