"""What became of an event, as the report tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from importer.core.model import Status
from importer.core.reasons import reject
from importer.core.replies import Verdict
from importer.store import Acceptance


@dataclass(frozen=True)
class Outcome:
    """The columns of a row's outcome; `warning` is added to the row's own as `field:code`."""

    status: Status
    field: str | None = None
    reason: str | None = None
    detail: str | None = None
    error_code: int | None = None
    error_subcode: int | None = None
    trace: str | None = None
    warning: str | None = None


def _ended(status: Status, reason: str, detail: str | None = None, field: str = "") -> Outcome:
    field, reason = reject(field, reason)
    return Outcome(status, field or None, reason, detail)


READY = Outcome(Status.READY)
TOO_OLD = _ended(Status.INVALID, "too_old", field="event_time")
EXPIRED = _ended(Status.UNSENT, "expired_waiting", field="event_time")
RUN_STOPPED = _ended(Status.UNSENT, "run_stopped")
ANSWER_LOST = _ended(Status.UNSENT, "answer_lost")
TOO_MANY_REQUESTS = _ended(Status.UNSENT, "too_many_requests")


def accepted(verdict: Verdict, *, test: bool) -> Outcome:
    """Meta took the event; a test event and a count that differs are worth knowing."""
    notes = ["event:count_differs"] if verdict.rule.name == "count" else []
    notes += ["event:test_event"] if test else []
    return Outcome(Status.ACCEPTED, trace=verdict.trace, warning="; ".join(notes) or None)


def rejected(verdict: Verdict) -> Outcome:
    """Meta refused this very event."""
    return _with_numbers(_ended(Status.REJECTED, "meta_rejected", verdict.detail, verdict.field or ""), verdict)


def not_processed(verdict: Verdict) -> Outcome:
    """Meta was not reached or said that it failed, as often as we tried."""
    return _with_numbers(_ended(Status.UNSENT, "meta_unavailable", verdict.detail), verdict)


def earlier_run(acceptance: Acceptance) -> Outcome:
    """Meta took the same sale in an earlier run."""
    return _ended(Status.DUPLICATE, "earlier_run", f"{acceptance.file} on {acceptance.day}")


def repeat_of(first: Outcome, file: str, *, same_file: bool) -> Outcome:
    """The fate of a sale that stood in this run before: a duplicate of what will arrive, else what the first met."""
    if first.status not in {Status.ACCEPTED, Status.READY}:
        return replace(first, warning=None)
    if same_file:
        return _ended(Status.DUPLICATE, "same_file")
    return _ended(Status.DUPLICATE, "other_file", file)


def _with_numbers(fate: Outcome, verdict: Verdict) -> Outcome:
    return replace(fate, error_code=verdict.code, error_subcode=verdict.subcode, trace=verdict.trace)
