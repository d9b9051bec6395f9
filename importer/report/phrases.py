"""The words of the summary on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from importer.core.model import Status
from importer.report.summary import Summary
from importer.report.texts import WHOLE_CURRENCIES


def facts(summary: Summary) -> Iterator[tuple[str, str]]:
    """Where the files are, what the run was, what to do next: a label, empty where it goes on, and a sentence."""
    if summary.report is not None:
        yield "Report", f"{summary.report} has one line for every row."
    if summary.rejects is not None:
        yield "Rejects", f"{summary.rejects} holds your customers' data; delete it when you are done."
    yield "Run", ", ".join(_run_facts(summary)) + "."
    yield from (("Next" if not number else "", step) for number, step in enumerate(_steps(summary)))


def _run_facts(summary: Summary) -> Iterator[str]:
    if summary.dataset:
        yield f"dataset {summary.dataset}"
    if summary.schema:
        yield f"schema {summary.schema}"
    if not summary.check:
        yield counted(summary.requests, "request")
    if summary.retries:
        yield f"{summary.retries:,} of them repeated"
    yield f"{summary.seconds:,.1f} seconds"


def _steps(summary: Summary) -> Iterator[str]:
    """What to do next, one sentence each."""
    bad = summary.rows[Status.INVALID] + summary.rows[Status.REJECTED]
    if bad and summary.rejects is not None:
        yield f"Mend {counted(bad, 'row')} in {summary.rejects} and import that file."
    elif bad:
        yield f"Mend {counted(bad, 'row')} in the export (the report says where and why) and import it again."
    if summary.check and summary.ready:
        yield "Nothing was sent. To send what is ready, give the same command with send instead of check."
    if summary.rows[Status.UNSENT]:
        yield f"Run the same command again to send {counted(summary.rows[Status.UNSENT], 'row')} more."
    if not summary.check and (bad or summary.rows[Status.UNSENT]):
        yield "What Meta accepted is never sent twice."


def amount(total: Decimal, currency: str) -> str:
    """Money as people read it: 1,471.19, or 1,471 in yen."""
    return f"{total:,.{0 if currency in WHOLE_CURRENCIES else 2}f}"


def percent(share: float) -> str:
    """Whole percents; never 100% of less than all, nor 0% of more than none."""
    return f"{min(99, max(1, round(share * 100)))}%" if share < 1 else "100%"


def counted(count: int, noun: str) -> str:
    """1 row, 2 rows."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
