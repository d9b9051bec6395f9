"""Messages when a run stops or leaves rows to fix, to wherever apprise can write: Slack, Teams, e-mail, a web hook.

A message holds codes, counts, amounts and where the report lies; never a customer's value, and never the address that
it is sent to, which may hold a key.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from importer.core.model import Status
from importer.errors import (
    AccessError,
    CapiImportError,
    Interrupted,
    LedgerError,
    MetaUnavailable,
    NeedsAnswer,
    UsageError,
)
from importer.results.phrases import amounts, beyond_fixing, counted
from importer.results.summary import Summary, exit_code, to_fix, too_late
from importer.results.totals import TO_FIX

if TYPE_CHECKING:
    import apprise

PAUSES = (1.0, 4.0)
"""Seconds before the second and the third attempt."""
BUG = "A bug in capi-import ended the run; what Meta accepted is safe in the ledger. The crash file says more."
MOST_REASONS = 5
MOST_FILES = 5
MOST_COUNTED = 64 << 20
"""Bytes of files whose rows and money are counted, where a run stopped before it began."""
LOG = logging.getLogger("importer")


@dataclass(frozen=True)
class Waiting:
    """What waits: rows of files, their money by currency, and where the report lies, if there is one."""

    files: Sequence[str]
    rows: int | None = None
    money: Mapping[str, Decimal] = field(default_factory=dict)
    report: Path | str | None = None


@dataclass(frozen=True)
class Alert:
    """A message: a title, and lines of text."""

    title: str
    text: str


def check_alerts(addresses: Sequence[str]) -> None:
    """Raise UsageError unless apprise is there and knows each address; none of them is repeated."""
    if addresses:
        _services(addresses)


def send_alert(addresses: Sequence[str], alert: Alert, sleep: Callable[[float], object] = time.sleep) -> bool:
    """Send a message to each address and return whether all took it; what one refuses is tried twice more.

    A failure is logged without the address, and changes nothing of the run.
    """
    import apprise  # noqa: PLC0415  an extra, and 0.3 s

    delivered = True
    for number, service in enumerate(_services(addresses), 1):
        for pause in (0.0, *PAUSES):
            if pause:
                sleep(pause)
            taken = service.notify(
                alert.text,
                title=alert.title,
                notify_type=apprise.NotifyType.WARNING,
                body_format=apprise.NotifyFormat.TEXT,
            )
            if taken:
                break
        else:
            delivered = False
            LOG.warning("The alert could not be delivered to address %d of --alert; check it.", number)
    return delivered


def _services(addresses: Sequence[str]) -> list[apprise.Apprise]:
    try:
        import apprise  # noqa: PLC0415
    except ImportError as error:
        message = "--alert needs the extra alerts: pip install 'capi-import[alerts]'."
        raise UsageError(message) from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # which would print addresses, keys and all
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # apprise imports a module of Python's that is going away
        for number, address in enumerate(addresses, 1):
            service = apprise.Apprise()
            if not service.add(address):
                message = (
                    f"Address {number} of --alert is none that apprise knows; write it like slack://..., mailto://... "
                    "or json://host/path (its documentation lists the services)."
                )
                raise UsageError(message)
            found.append(service)
    return found


class Told:
    """What `alerting` knows of a run. count: counts what waits where the run stopped before its first row."""

    def __init__(self, files: Sequence[str]) -> None:
        self.alert: Alert | None = None
        self.count: Callable[[], Waiting] = lambda: Waiting(files)

    def of(self, summary: Summary) -> Summary:
        """Note what a run came to, and return it."""
        self.alert = alert_of_summary(summary)
        return summary


@contextmanager
def alerting(addresses: Sequence[str], files: Sequence[str]) -> Iterator[Told]:
    """Send one message at the end of the block where its run stopped, or left rows to fix; none for a good run."""
    run = Told(files)
    try:
        yield run
    except CapiImportError as error:
        if addresses and not isinstance(error, Interrupted):
            readable = isinstance(error, AccessError | MetaUnavailable | LedgerError | NeedsAnswer)
            run.alert = alert_of_error(error, run.count() if readable and error.summary is None else Waiting(files))
        raise
    except Exception:
        run.alert = Alert(f"capi-import stopped: {_files(files)}", BUG)
        raise
    finally:
        if addresses and run.alert is not None:
            send_alert(addresses, run.alert)


def alert_of_summary(summary: Summary) -> Alert | None:
    """Return what to say of a run that went through; None where it left nothing to fix."""
    if not exit_code(summary):
        return None
    rows, late = to_fix(summary), too_late(summary)
    lines = [f"{counted(rows, 'row')} of {summary.total:,} to fix or to send again.", *_details(summary)]
    what = f"{counted(rows, 'row')} to fix" if rows or not late else f"{counted(late, 'row')} too old"
    return Alert(f"capi-import: {what} in {_files(summary.files)}", _text(lines, waiting_of(summary)))


def alert_of_error(error: CapiImportError, waiting: Waiting) -> Alert | None:
    """Return what to say of a run that stopped; None where the user stopped it.

    waiting: what waits where the run had not begun.
    """
    if isinstance(error, Interrupted):
        return None
    sentence = _questions(error, waiting) if isinstance(error, NeedsAnswer) else str(error)
    lines = [sentence]
    if error.summary is not None:
        waiting = waiting_of(error.summary)
        lines += _details(error.summary)
    return Alert(f"capi-import stopped: {_files(waiting.files)}", _text(lines, waiting))


def waiting_of(summary: Summary) -> Waiting:
    """Return what of a run waits: the rows to fix or to send again."""
    return Waiting(summary.files, to_fix(summary), summary.money_to_fix, summary.report)


def counted_by(check: Summary) -> Waiting:
    """Return what waits where nothing was sent at all: what would be sent, and the rows to fix."""
    rows = to_fix(check) + check.rows[Status.READY]
    money = dict(check.money_to_fix)
    for currency, amount in check.value.items():
        money[currency] = money.get(currency, Decimal(0)) + amount
    return Waiting(check.files, rows, money)


def _questions(error: NeedsAnswer, waiting: Waiting) -> str:
    """Say what is asked without its words, which may be a customer's."""
    kinds = ", ".join(dict.fromkeys(str(question.kind) for question in error.questions))
    return (
        f"{counted(len(error.questions), 'question')} about {_files(waiting.files)} must be answered first ({kinds}); "
        "nothing of it was sent. capi-import check shows them, each with the option that answers it."
    )


def _details(summary: Summary) -> list[str]:
    """Return the reasons of the rows to fix, the most frequent first."""
    found = [(rows, status, code) for status in TO_FIX for code, rows in summary.reasons.get(status, {}).items()]
    listed = [f"{code} {rows:,}" for rows, _, code in sorted(found, reverse=True)[:MOST_REASONS]]
    late = [beyond_fixing(rows)] if (rows := too_late(summary)) else []
    taken = [f"Accepted before: {summary.rows['accepted']:,}."] if summary.rows["accepted"] else []
    return [*([f"Reasons: {', '.join(listed)}."] if listed else []), *late, *taken]


def _text(lines: Sequence[str], waiting: Waiting) -> str:
    found = [*lines]
    if waiting.rows is not None:
        found.append(f"Rows that wait: {waiting.rows:,}.")
    if waiting.money:
        found.append(f"Money that waits: {amounts(waiting.money, len(waiting.money))}.")
    if waiting.report is not None:
        report = waiting.report.absolute() if isinstance(waiting.report, Path) else waiting.report
        found.append(f"Report: {report}")
    return "\n".join(found)


def _files(files: Sequence[str]) -> str:
    names = [Path(file).name for file in files[:MOST_FILES]]
    more = len(files) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")
