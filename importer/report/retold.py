"""The summary of one run or of several, from their accounts and facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from importer.core.model import KEYS, Status
from importer.report.account import Account
from importer.report.facts import Facts
from importer.report.summary import OFFERED_BUT_UNSENT, TAKEN, Summary


def retell(account: Account, runs: Sequence[Facts]) -> Summary:
    """What the runs came to together, as each of them told it when it ended."""
    check = all(run.check for run in runs) if runs else not account.count(Status.ACCEPTED) and account.taken > 0
    keys, sendable = account.key_counts(), account.sendable
    lost = sum(
        total.sales
        for (status, reason, _), total in account.costs.items()
        if status == Status.UNSENT and reason in OFFERED_BUT_UNSENT
    )
    return Summary(
        rows=account.by_status(),
        sent=account.count(Status.ACCEPTED, Status.REJECTED) + lost,
        accepted=account.count(Status.ACCEPTED),
        ready=account.count(Status.READY),
        value={unit: total.value for unit, total in sorted(account.money(*TAKEN).items()) if unit},
        reasons=_reasons(account),
        match_keys={key.name: round(keys[key.name] / sendable, 4) for key in KEYS if keys[key.name]},
        sendable=sendable,
        warnings={":".join(note): rows for note, rows in account.warnings.most_common()},
        examples={code: places[0] for code, places in account.places.items()},
        check=check,
        requests=sum(run.requests for run in runs),
        retries=sum(run.retries for run in runs),
        dataset=_together(run.dataset for run in runs),
        schema=_together(file.schema for run in runs for file in run.files),
        files=_files(account, runs),
        report=_report(runs),
        rejects=None,
        seconds=sum(run.seconds for run in runs),
        advice=runs[0].advice if len(runs) == 1 else (),
    )


def _reasons(account: Account) -> dict[str, dict[str, int]]:
    counts: Counter[tuple[str, str]] = Counter()
    for why, rows in account.reasons.items():
        counts[why.status, why.reason] += rows
    found: dict[str, dict[str, int]] = {}
    for status in Status:
        for (its, reason), rows in counts.most_common():
            if its == status:
                found.setdefault(str(status), {})[reason] = rows
    return found


def _together(names: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _files(account: Account, runs: Sequence[Facts]) -> tuple[str, ...]:
    told = [file.file for run in runs for file in run.files]
    return tuple(dict.fromkeys([*told, *(file for file, _, _ in account.rows)]))


def _report(runs: Sequence[Facts]) -> Path | None:
    return Path(runs[0].report) if len(runs) == 1 and runs[0].report else None
