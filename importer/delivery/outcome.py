"""Outcomes of events, as the report states them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from importer.core.model import Status
from importer.core.reasons import reject
from importer.core.replies import Verdict
from importer.store import Acceptance
from importer.store.same_sale import AMENDED, SAME, UNSURE


@dataclass(frozen=True)
class Outcome:
    """What became of an event: columns of the report. warning: `field:code`, added to the row's own."""

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


_, REFUNDED_AFTER_ACCEPTANCE = reject("", "refunded_after_acceptance")
READY = Outcome(Status.READY)
TOO_OLD = _ended(Status.INVALID, "too_old", field="event_time")
EXPIRED = _ended(Status.UNSENT, "expired_waiting", field="event_time")
RUN_STOPPED = _ended(Status.UNSENT, "run_stopped")
ANSWER_LOST = _ended(Status.UNSENT, "answer_lost")
TOO_MANY_REQUESTS = _ended(Status.UNSENT, "too_many_requests")


def accepted(verdict: Verdict, *, test: bool) -> Outcome:
    """Return the outcome of an event that Meta took, with a warning for a test event and for a count that differs."""
    notes = ["event:count_differs"] if verdict.rule.name == "count" else []
    notes += ["event:test_event"] if test else []
    return Outcome(Status.ACCEPTED, trace=verdict.trace, warning="; ".join(notes) or None)


def rejected(verdict: Verdict) -> Outcome:
    """Return the outcome of an event that Meta refused by itself."""
    return _answered(Status.REJECTED, "meta_rejected", verdict, verdict.field or "")


def not_processed(verdict: Verdict) -> Outcome:
    """Return the outcome of an event for which Meta failed or was not reached, as often as we tried."""
    return _answered(Status.UNSENT, "meta_unavailable", verdict)


@dataclass(frozen=True)
class Likeness:
    """How a sale is known to be one that came before: a level of `same_sale`, and both amounts where AMENDED."""

    level: int = SAME
    before: str = ""
    now: str = ""


EXACT = Likeness()


def earlier_run(acceptance: Acceptance, likeness: Likeness = EXACT) -> Outcome:
    """Return the outcome of a sale that Meta took in an earlier run."""
    place = f"{acceptance.file} on {acceptance.day}"
    return _duplicate("earlier_run", place, likeness, place)


def repeat_of(first: Outcome, file: str, *, same_file: bool, likeness: Likeness = EXACT) -> Outcome:
    """Return the outcome of a repeat in this run: duplicate if the first one arrives, else as the first one's."""
    if first.status not in {Status.ACCEPTED, Status.READY}:
        return replace(first, warning=None)
    if same_file:
        return _duplicate("same_file", None, likeness, "this file")
    return _duplicate("other_file", file, likeness, file)


def _duplicate(reason: str, detail: str | None, likeness: Likeness, place: str) -> Outcome:
    if likeness.level == AMENDED:
        amounts = f"{likeness.before or 'none'} in {place}, {likeness.now or 'none'} here"
        return _ended(Status.DUPLICATE, "amended", amounts, "value")
    outcome = _ended(Status.DUPLICATE, reason, detail)
    return replace(outcome, warning="order_id:other_day") if likeness.level == UNSURE else outcome


def _answered(status: Status, reason: str, verdict: Verdict, field: str = "") -> Outcome:
    outcome = _ended(status, reason, verdict.detail, field)
    return replace(outcome, error_code=verdict.code, error_subcode=verdict.subcode, trace=verdict.trace)
