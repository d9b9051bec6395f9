"""What a run came to, for people and for `--json`; made from the totals and the facts of one run or of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from importer.addresses import ReportTarget
from importer.core.model import KEYS, Status
from importer.errors import UsageError
from importer.private_files import PrivateFolder
from importer.questions import Question
from importer.results.facts import Facts
from importer.results.totals import TAKEN, TO_FIX, TOO_LATE, Place, Totals

MOST_NAMED_FILES = 3
OFFERED_BUT_UNSENT = ("answer_lost", "too_many_requests")
"""Reasons of unsent events that did go out in a request."""


@dataclass(frozen=True)
class OnlineSalesLeftOut:
    """Sales made on a web shop that were not sent: source rows, and by currency the value of the orders."""

    rows: int = 0
    value: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """How the rows of a run are read again. folder: a private one, which goes with the summary."""

    outcomes: Callable[[], pa.Table]
    rejected: Callable[[], pa.Table] | None
    folder: PrivateFolder


@dataclass(frozen=True)
class Summary:
    """What a run came to. Counts under `rows` count source rows; events, money and keys count each order once."""

    rows: Mapping[str, int]  # by status, every status
    sent: int  # events
    accepted: int  # events
    ready: int  # events
    value: Mapping[str, Decimal]  # by currency, of accepted or ready events
    reasons: Mapping[str, Mapping[str, int]]  # by status, then reason: rows
    match_keys: Mapping[str, float]  # share of the sendable events that have the key
    sendable: int  # events
    warnings: Mapping[str, int]  # `field:code`: rows
    examples: Mapping[tuple[str, str], Place]  # (status, reason): the first such row
    check: bool
    requests: int
    retries: int
    dataset: str | None
    schema: str | None
    files: Sequence[str]
    report: Path | str | None  # as text where it is an address
    rejects: Path | None
    seconds: float
    advice: Sequence[str] = ()
    notices: Sequence[str] = ()  # sentences on the run as a whole: sheets that were not read, what Meta warned of
    online_sales: OnlineSalesLeftOut = OnlineSalesLeftOut()
    questions: Sequence[Question] = ()  # open ones, which `check` went on without
    page: Path | None = None
    money_to_fix: Mapping[str, Decimal] = field(default_factory=dict)  # by currency, of rows to fix or to send again
    report_target: ReportTarget | None = field(default=None, repr=False, compare=False)
    datasets: Sequence[str] | None = None  # of a run in which each row has its own
    kept: Kept | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        rows = {status: count for status, count in self.rows.items() if count}
        value = {currency: f"{amount:.2f}" for currency, amount in self.value.items()}
        return f"<Summary ok={self.ok} rows={rows} value={value} questions={len(self.questions)} report={self.report}>"

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled; private files stay with the process that made them."""
        return self.__dict__ | {"kept": None}

    @property
    def ok(self) -> bool:
        """Tell whether nothing is left to do: what exit code 0 says."""
        return exit_code(self) == 0

    @cached_property
    def outcomes(self) -> pa.Table:
        """One row for each source row, with the report's columns: read from the report when it is asked for."""
        if self.kept is None:
            message = (
                "The rows are not here: of several reports, or of a run in another process, read the report itself."
            )
            raise UsageError(message)
        return self.kept.outcomes()

    @cached_property
    def rejected_rows(self) -> pa.Table:
        """The rows to fix, in the input's own columns and types, with `reason` and `message`; customers' values."""
        if self.kept is None or self.kept.rejected is None:
            message = "The rejected rows were not kept; leave out keep_rejected=False, or name a file with rejects=."
            raise UsageError(message)
        return self.kept.rejected()

    @property
    def total(self) -> int:
        """All source rows."""
        return sum(self.rows.values())

    def as_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "rows": {"total": self.total, **self.rows},
            "events": {"sent": self.sent, "accepted": self.accepted},
            "value": {currency: float(amount) for currency, amount in self.value.items()},
            "reasons": {status: dict(counts) for status, counts in self.reasons.items()},
            "match_keys": dict(self.match_keys),
            "requests": self.requests,
            "retries": self.retries,
            "dataset": self.dataset if self.datasets is None else list(self.datasets),
            "schema": self.schema,
            "files": list(self.files),
            "report": None if self.report is None else str(self.report),
            "rejects": None if self.rejects is None else str(self.rejects),
            "seconds": round(self.seconds, 3),
            "notices": list(self.notices),
            "online_sales": {
                "rows": self.online_sales.rows,
                "value": {currency: float(amount) for currency, amount in self.online_sales.value.items()},
            },
            "questions": [question.as_json() for question in self.questions],
        }


def exit_code(summary: Summary) -> int:
    """Return 1 when rows can be fixed or are unsent, all rows are too old, or a question is open; else 0."""
    too_old = sum(reasons.get("too_old", 0) for reasons in summary.reasons.values())
    others = sum(summary.rows[status] for status in TO_FIX) - too_old
    return int(bool(summary.questions) or others > 0 or (too_old > 0 and too_old == summary.total))


def too_late(summary: Summary) -> int:
    """Return the number of rows that nobody can fix any more."""
    return sum(rows for reasons in summary.reasons.values() for code, rows in reasons.items() if code in TOO_LATE)


def to_fix(summary: Summary) -> int:
    """Return the number of rows that somebody has to fix or to send again."""
    return sum(summary.rows[status] for status in TO_FIX) - too_late(summary)


def summary_of(totals: Totals, runs: Sequence[Facts]) -> Summary:
    """Return what the runs came to together; without facts, as far as their rows tell it."""
    check = all(run.check for run in runs) if runs else not totals.count(Status.ACCEPTED) and totals.taken > 0
    keys, sendable = totals.key_counts(), totals.sendable
    lost = sum(total.sales for reason in OFFERED_BUT_UNSENT for total in totals.cost(Status.UNSENT, reason).values())
    files = [*(file.file for run in runs for file in run.files), *(file for file, _, _ in totals.rows)]
    return Summary(
        rows=totals.by_status(),
        sent=totals.count(Status.ACCEPTED, Status.REJECTED) + lost,
        accepted=totals.count(Status.ACCEPTED),
        ready=totals.count(Status.READY),
        value={unit: total.value for unit, total in sorted(totals.money(*TAKEN).items()) if unit and total.priced},
        reasons=totals.by_reason(),
        online_sales=_online_sales(totals),
        match_keys={key.name: round(keys[key.name] / sendable, 4) for key in KEYS if keys[key.name]},
        sendable=sendable,
        warnings={":".join(note): rows for note, rows in totals.warnings.most_common()},
        examples={code: places[0] for code, places in totals.places.items()},
        check=check,
        requests=sum(run.requests for run in runs),
        retries=sum(run.retries for run in runs),
        dataset=_joined(run.dataset for run in runs),
        schema=_joined(file.schema for run in runs for file in run.files),
        files=tuple(dict.fromkeys(files)),
        report=Path(runs[0].report) if len(runs) == 1 and runs[0].report else None,
        rejects=None,
        seconds=sum(run.seconds for run in runs),
        advice=tuple(_advice(runs)),
        notices=tuple(dict.fromkeys(notice for run in runs for notice in run.notices)),
        money_to_fix={unit: total.value for unit, total in totals.money_to_fix().items() if unit and total.priced},
    )


def _advice(runs: Sequence[Facts]) -> Iterator[str]:
    """Yield the advice of all runs; what was not said of each of them, with the names of the files."""
    said: dict[str, list[Facts]] = {}
    for run in runs:
        for sentence in run.advice:
            said.setdefault(sentence, []).append(run)
    for sentence, those in said.items():
        files = list(dict.fromkeys(file.file for run in those for file in run.files))
        more = f" and {len(files) - MOST_NAMED_FILES} more" if len(files) > MOST_NAMED_FILES else ""
        named = ", ".join(files[:MOST_NAMED_FILES]) + more
        yield sentence if len(those) == len(runs) or not named else f"{named}: {sentence}"


def _online_sales(totals: Totals) -> OnlineSalesLeftOut:
    rows = sum(count for key, count in totals.reasons.items() if key.reason == "online_sale")
    money = totals.cost(Status.SKIPPED, "online_sale")
    return OnlineSalesLeftOut(
        rows, {unit: total.value for unit, total in sorted(money.items()) if unit and total.priced}
    )


def _joined(names: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(name for name in names if name)) or None
