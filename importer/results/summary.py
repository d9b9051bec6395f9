"""The counts of a run: rows by status, money, match keys, reasons and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from importer.core.model import KEYS, Delivered, Outcomes, Status
from importer.results.advice import Observations, advice
from importer.results.value_counts import among, counts, counts_of_parts, those

TAKEN = (Status.ACCEPTED, Status.READY)
"""What counts as a sale made known to Meta, or for `check` as one that would be."""

SENDABLE = (*TAKEN, Status.REJECTED, Status.UNSENT)
"""Events that passed our own checks and were not sent before."""

OFFERED_BUT_UNSENT = ("answer_lost", "too_many_requests")
"""Reasons of unsent events that did go out in a request."""

TO_MEND = (Status.INVALID, Status.REJECTED, Status.UNSENT)

_TOLD = ("status", "reason", "currency", "value", "match_keys")
"""What is counted of events, beside their time."""


class Place(NamedTuple):
    """Where a row stands."""

    file: str
    line: int


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
    report: Path | None
    rejects: Path | None
    seconds: float
    advice: Sequence[str] = ()
    page: Path | None = None

    @property
    def total(self) -> int:
        """All source rows."""
        return sum(self.rows.values())

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints (contract.md, "The summary")."""
        return {
            "rows": {"total": self.total, **self.rows},
            "events": {"sent": self.sent, "accepted": self.accepted},
            "value": {currency: float(amount) for currency, amount in self.value.items()},
            "reasons": {status: dict(counts) for status, counts in self.reasons.items()},
            "match_keys": dict(self.match_keys),
            "requests": self.requests,
            "retries": self.retries,
            "dataset": self.dataset,
            "schema": self.schema,
            "files": list(self.files),
            "report": None if self.report is None else str(self.report),
            "rejects": None if self.rejects is None else str(self.rejects),
            "seconds": round(self.seconds, 3),
        }


def exit_code(summary: Summary) -> int:
    """0 when every row is accepted, ready, a duplicate or skipped; 1 when some are invalid, rejected or unsent."""
    return int(any(summary.rows[status] for status in TO_MEND))


@dataclass
class Tally:
    """The counts so far; it grows with the number of codes and currencies, not with the number of rows."""

    rows: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    value: dict[str, Decimal] = field(default_factory=dict)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    examples: dict[tuple[str, str], Place] = field(default_factory=dict)
    offered_but_unsent: int = 0
    seen: Observations = field(default_factory=Observations)

    def add(self, delivered: Delivered, outcomes: Outcomes) -> None:
        """The batch is counted: rows one by one, events by the row that bears the payload, the first of its order."""
        self.rows.update(counts(outcomes.column("status")))
        self.warnings.update(counts_of_parts(outcomes.column("warnings"), "; "))
        self._add_reasons(outcomes)
        told = {name: outcomes.column(name) for name in _TOLD} | {"event_time": delivered.column("event_time")}
        bears = np.asarray(delivered.column("payload").is_valid()).astype(np.bool_)
        self._add_events(those(pa.RecordBatch.from_pydict(told), bears))

    def _add_events(self, events: pa.RecordBatch) -> None:
        status = events.column("status")
        self.events.update(counts(status))
        self._add_money(those(events, among(status, TAKEN)))
        sendable = those(events, among(status, SENDABLE))
        self.keys.update(counts_of_parts(sendable.column("match_keys"), "+"))
        self.seen.add(sendable)
        lost = among(events.column("reason"), OFFERED_BUT_UNSENT) & among(status, (Status.UNSENT,))
        self.offered_but_unsent += int(lost.sum())

    def _add_money(self, events: pa.RecordBatch) -> None:
        table = pa.Table.from_batches([events]).group_by("currency", use_threads=False)
        for row in table.aggregate([("value", "sum")]).to_pylist():
            if row["currency"] is not None and row["value_sum"] is not None:
                self.value[row["currency"]] = self.value.get(row["currency"], Decimal(0)) + row["value_sum"]

    def _add_reasons(self, outcomes: Outcomes) -> None:
        if outcomes.column("reason").null_count == outcomes.num_rows:
            return
        explained = outcomes.filter(outcomes.column("reason").is_valid())
        table = pa.Table.from_batches([explained]).group_by(["status", "reason"], use_threads=False)
        for row in table.aggregate([("line", "count"), ("line", "first"), ("file", "first")]).to_pylist():
            code = (row["status"], row["reason"])
            self.reasons[code] += row["line_count"]
            self.examples.setdefault(code, Place(row["file_first"], row["line_first"]))

    def summary(
        self,
        *,
        check: bool,
        files: Iterable[str | Path],
        seconds: float,
        dataset: str | None = None,
        schema: str | None = None,
        report: Path | None = None,
        rejects: Path | None = None,
        requests: int = 0,
        retries: int = 0,
        now: float | None = None,
        page: Path | None = None,
    ) -> Summary:
        """The counts as they stand, with what the run knows about itself."""
        sendable = sum(self.events[status] for status in SENDABLE)
        return Summary(
            rows={str(status): self.rows[status] for status in Status},
            sent=self.events[Status.ACCEPTED] + self.events[Status.REJECTED] + self.offered_but_unsent,
            accepted=self.events[Status.ACCEPTED],
            ready=self.events[Status.READY],
            value={currency: self.value[currency] for currency in sorted(self.value)},
            reasons=self._reasons_by_status(),
            match_keys={name: round(self.keys[name] / sendable, 4) for name in self._keys_in_order()},
            sendable=sendable,
            warnings=dict(self.warnings.most_common()),
            examples=dict(self.examples),
            check=check,
            requests=requests,
            retries=retries,
            dataset=dataset,
            schema=schema,
            files=tuple(str(file) for file in files),
            report=report,
            rejects=rejects,
            seconds=seconds,
            page=page,
            advice=() if now is None else tuple(advice(self.seen, self.keys, self.warnings, self.reasons, now)),
        )

    def _keys_in_order(self) -> list[str]:
        return [key.name for key in KEYS if self.keys[key.name]]

    def _reasons_by_status(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for status in Status:
            for (its, reason), count in self.reasons.most_common():
                if its == status:
                    found.setdefault(str(status), {})[reason] = count
        return found
