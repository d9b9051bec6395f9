"""The words of the summary on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from importer.core.model import Status
from importer.results.csv_text import WHOLE_CURRENCIES
from importer.results.summary import Summary, exit_code, to_fix, too_late
from importer.results.totals import Sample, Totals

HEADLINE_CURRENCIES = 2

MEANINGS: Mapping[Status, tuple[str, str]] = {
    Status.ACCEPTED: ("green", "accepted by Meta"),
    Status.READY: ("green", "would be sent"),
    Status.DUPLICATE: ("cyan", "sent before, or more than once in these files; not sent again"),
    Status.SKIPPED: ("cyan", "not a sale to send"),
    Status.INVALID: ("red", "something in the row is wrong, so it was not sent"),
    Status.REJECTED: ("red", "refused by Meta"),
    Status.UNSENT: ("yellow", "not sent yet, or the answer was lost"),
}
"""Status -> color and words."""

KEY_NAMES: Mapping[str, str] = {
    "em": "e-mail",
    "ph": "phone",
    "fn": "first name",
    "ln": "last name",
    "db": "date of birth",
    "ge": "gender",
    "ct": "city",
    "st": "state",
    "zp": "postal code",
    "country": "country",
    "external_id": "customer id",
    "lead_id": "lead id",
    "madid": "advertising id",
    "fbc": "click id",
    "fbp": "browser id",
    "client_ip_address": "IP address",
    "client_user_agent": "browser",
}


def headline(summary: Summary) -> str:
    """Return what became of the files, in one sentence without its period."""
    if not summary.total:
        return "There are no rows in " + ", ".join(summary.files)
    if not (summary.accepted or summary.ready or exit_code(summary)):
        return f"Nothing to send: {counted(summary.total, 'row')} read, no new sale among them"
    status, events = (Status.READY, summary.ready) if summary.check else (Status.ACCEPTED, summary.accepted)
    words = "ready to send" if summary.check else "accepted"
    text = f"{summary.rows[status]:,} of {counted(summary.total, 'row')} {words}"
    if not events:
        return text
    money = [f"{amount(total, currency)} {currency}" for currency, total in summary.value.items()]
    listed = money if len(money) <= HEADLINE_CURRENCIES else [f"{len(money)} currencies"]
    return f"{text} ({', '.join([counted(events, 'sale'), *listed])})"


def in_one_line(summary: Summary) -> str:
    """Return what became of a file and of its other rows: 0 of 42 rows accepted; 34 duplicate, 8 skipped."""
    taken = (Status.ACCEPTED, Status.READY)
    others = [f"{rows:,} {status}" for status, rows in summary.rows.items() if rows and status not in taken]
    return headline(summary) + (f"; {', '.join(others)}" if others else "")


def closing_lines(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield where the files are, what was run and what to do next: a label, empty where it continues, and a text."""
    if summary.report is not None:
        yield "Report", f"{summary.report} has one line for every row."
    if summary.rejects is not None:
        yield "Rejects", f"{summary.rejects} {_rejects_hold(summary)}."
    if summary.page is not None:
        yield "Summary", f"{summary.page} shows the same with charts, in a browser."
    if told := ", ".join(_run_facts(summary)):
        yield "Run", f"{told}."
    yield from (("Next" if not number else "", step) for number, step in enumerate(steps(summary)))


def _rejects_hold(summary: Summary) -> str:
    if to_fix(summary):
        return "holds your customers' data; delete it when you are done"
    return "holds the header alone, since no row is to be fixed"


def _run_facts(summary: Summary) -> Iterator[str]:
    if summary.dataset:
        yield f"dataset {summary.dataset}"
    if summary.schema:
        yield f"schema {summary.schema}"
    if not summary.check and summary.seconds:
        yield counted(summary.requests, "request")
    if summary.retries:
        yield f"{summary.retries:,} of them repeated"
    if summary.seconds:
        yield f"{summary.seconds:,.1f} seconds"


def steps(summary: Summary) -> Iterator[str]:
    """Yield what to do next, one sentence each."""
    late = too_late(summary)
    expired = summary.reasons.get(Status.UNSENT, {}).get("expired_waiting", 0)
    unsent = summary.rows[Status.UNSENT] - expired
    bad = summary.rows[Status.INVALID] + summary.rows[Status.REJECTED] - (late - expired)
    if bad and summary.rejects is not None:
        yield f"Fix {counted(bad, 'row')} in {summary.rejects} and import that file."
    elif bad:
        yield f"Fix {counted(bad, 'row')} in the export (the report says where and why) and import it again."
    if summary.check and summary.ready:
        yield "Nothing was sent. To send what is ready, run the same command with send instead of check."
    if unsent:
        yield f"Run the same command again to send {counted(unsent, 'row')} more."
    if late:
        yield beyond_fixing(late)
    if not summary.check and (bad or unsent):
        yield "What Meta accepted is never sent twice."


def beyond_fixing(late: int) -> str:
    """Say that rows are too old, and what to do about the next ones."""
    is_too_late = "row is too old" if late == 1 else "rows are too old"
    return f"{late:,} {is_too_late} for Meta, which nobody can fix; import more often."


def amount(total: Decimal, currency: str) -> str:
    """Return money as people read it: 1,471.19, or 1,471 in yen."""
    return f"{total:,.{0 if currency in WHOLE_CURRENCIES else 2}f}"


def amounts(totals: Mapping[str, Decimal], most: int = 2) -> str:
    """Return money by currency, the greatest first: 1,471.19 USD, 20.00 EUR."""
    found = sorted(totals.items(), key=lambda item: -item[1])
    listed = [f"{amount(total, currency)} {currency}".strip() for currency, total in found[:most]]
    if (rest := len(found) - most) > 0:
        listed.append("1 more currency" if rest == 1 else f"{rest} more currencies")
    return ", ".join(listed)


def row_in_words(row: Sample, known: str) -> str:
    """Return what the report says of a row, no customer among it; its sentence only where it tells more than `known`.

    Empty where there is nothing but the row's place. An order id without a digit may be a name and is left out.
    """
    order = f"order {row.order_id}" if any(letter.isdigit() for letter in row.order_id) else ""
    time = f"{row.event_time.replace('T', ' ').removesuffix('Z')} UTC" if row.event_time else ""
    money = "" if row.value is None else f"{amount(row.value, row.currency)} {row.currency}".strip()
    facts = ", ".join(fact for fact in (order, time, money) if fact)
    message = row.message if row.message != known else ""
    return ". ".join(part for part in (facts, message.removesuffix(".")) if part)


def percent(share: float) -> str:
    """Return whole percents; never 100% of less than all, nor 0% of more than none."""
    return f"{share:.0%}" if share <= 0 or share >= 1 else f"{min(99, max(1, round(share * 100)))}%"


def counted(count: int, noun: str) -> str:
    """Return a number and its noun: 1 row, 2 rows."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def refunded_within(totals: Totals) -> str | None:
    """Tell of the sales that were not sent since other rows of their run take them back, and of their money."""
    if not (sales := sum(total.sales for total in totals.refunded.values())):
        return None
    money = amounts({unit: total.value for unit, total in totals.refunded.items() if total.priced})
    left_out = f"{counted(sales, 'sale')} ({money}) {'is' if sales == 1 else 'are'} left out"
    return f"{left_out}, since another row of the run shows the refund or cancellation; the report says which."
