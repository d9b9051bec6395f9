"""The summary of one run or of several, from their totals and facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from importer.core.model import KEYS, Status
from importer.results.facts import Facts
from importer.results.summary import OFFERED_BUT_UNSENT, TAKEN, Summary
from importer.results.totals import Totals


def retell(totals: Totals, runs: Sequence[Facts]) -> Summary:
    """What the runs came to together, as each of them told it when it ended."""
    check = all(run.check for run in runs) if runs else not totals.count(Status.ACCEPTED) and totals.taken > 0
    keys, sendable = totals.key_counts(), totals.sendable
    lost = sum(
        total.sales
        for (status, reason, _), total in totals.costs.items()
        if status == Status.UNSENT and reason in OFFERED_BUT_UNSENT
    )
    return Summary(
        rows=totals.by_status(),
        sent=totals.count(Status.ACCEPTED, Status.REJECTED) + lost,
        accepted=totals.count(Status.ACCEPTED),
        ready=totals.count(Status.READY),
        value={unit: total.value for unit, total in sorted(totals.money(*TAKEN).items()) if unit},
        reasons=_reasons(totals),
        match_keys={key.name: round(keys[key.name] / sendable, 4) for key in KEYS if keys[key.name]},
        sendable=sendable,
        warnings={":".join(note): rows for note, rows in totals.warnings.most_common()},
        examples={code: places[0] for code, places in totals.places.items()},
        check=check,
        requests=sum(run.requests for run in runs),
        retries=sum(run.retries for run in runs),
        dataset=_together(run.dataset for run in runs),
        schema=_together(file.schema for run in runs for file in run.files),
        files=_files(totals, runs),
        report=_report(runs),
        rejects=None,
        seconds=sum(run.seconds for run in runs),
        advice=runs[0].advice if len(runs) == 1 else (),
    )


def _reasons(totals: Totals) -> dict[str, dict[str, int]]:
    counts: Counter[tuple[str, str]] = Counter()
    for why, rows in totals.reasons.items():
        counts[why.status, why.reason] += rows
    found: dict[str, dict[str, int]] = {}
    for status in Status:
        for (its, reason), rows in counts.most_common():
            if its == status:
                found.setdefault(str(status), {})[reason] = rows
    return found


def _together(names: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _files(totals: Totals, runs: Sequence[Facts]) -> tuple[str, ...]:
    told = [file.file for run in runs for file in run.files]
    return tuple(dict.fromkeys([*told, *(file for file, _, _ in totals.rows)]))


def _report(runs: Sequence[Facts]) -> Path | None:
    return Path(runs[0].report) if len(runs) == 1 and runs[0].report else None
