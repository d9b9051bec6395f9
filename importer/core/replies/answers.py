"""Answers to questions (GET): their content, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from importer.core.replies.reply_table import RULES, NetworkFault
from importer.core.replies.usage import notice_of, wait_of
from importer.core.replies.verdict import Verdict, object_in, of_error, rule_of_fault


def parse_answer(
    status: int | None, headers: Mapping[str, str], body: bytes, fault: NetworkFault | None = None
) -> Mapping[str, Any] | Verdict:
    """Return the answer's object, or a verdict by the same table as for events; header names are in lower case."""
    if fault is not None or status is None:
        return Verdict(rule_of_fault(fault or NetworkFault.RESET))
    content = object_in(body)
    error = content.get("error")
    if isinstance(error, dict):
        return of_error(status, headers, error, 0, notice_of(headers))
    if not content or not 200 <= status < 300:  # noqa: PLR2004 - HTTP's classes
        return Verdict(RULES["too_many" if status == 429 else "unreadable"], wait=wait_of(headers))  # noqa: PLR2004
    return content
