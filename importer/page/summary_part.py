"""The summary page's own middle part, as a part of another page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from importer.combined_reports import read_reports
from importer.commands.send import NEW_LEDGER, NO_DATASET
from importer.results import Summary
from importer.results.phrases import beyond_fixing, counted
from importer.results.summary import to_fix, too_late
from importer.results.summary_page import render

STYLE = re.compile(r' style="([^"]*)"')
MAIN = re.compile(r'<main id="main">(.*)</main>', re.DOTALL)


ON_THE_PAGE = {
    NO_DATASET: "The dataset is not known yet, so sales of earlier runs stand among those to send; none is sent twice."
}
"""A notice that names an option, and what the page says in its place."""
REHEARSAL_LEDGER = "rehearsal"
"""How the name of the ledger of a rehearsal begins."""


@dataclass(frozen=True)
class SummaryPart:
    """HTML without a style attribute, which the page's policy refuses, and the styles as rules for it."""

    html: str
    css: str


def summary_style() -> str:
    """Return the summary page's own style, which the page's pages share."""
    return (resources.files("importer.results.summary_page") / "templates" / "page.css").read_text(encoding="utf-8")


def summary_part(reports: Sequence[Path]) -> SummaryPart:
    """Return the summary of Parquet reports, of several each sale once, pictures included."""
    totals, runs = read_reports(reports)
    told = [replace(run, notices=tuple(_on_the_page(run.notices))) for run in runs]
    found = MAIN.search(render(totals, told, several=len(reports) > 1, what_next=what_next))
    html = found[1] if found else ""
    rules: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return f' data-style="{rules.setdefault(match[1], str(len(rules)))}"'

    html = STYLE.sub(named, html)
    css = "".join(f'[data-style="{name}"]{{{style}}}' for style, name in rules.items())
    return SummaryPart(html, css)


def _on_the_page(notices: Sequence[str]) -> Iterator[str]:
    for words in notices:
        if not words.startswith(NEW_LEDGER.format(path=REHEARSAL_LEDGER).partition(")")[0]):  # new at each rehearsal
            yield ON_THE_PAGE.get(words, words)


def what_next(summary: Summary) -> Iterator[str]:
    """Yield what to do next on the page, where nobody types a command."""
    bad = to_fix(summary)
    if bad and summary.check:
        yield f"Correct {counted(bad, 'row')}: open a row in the table below, type what is right, and check it again."
    elif bad:
        yield f"Download the rejects, fix {counted(bad, 'row')} in them, and import that file."
    if summary.check and summary.ready:
        yield "Nothing was sent yet: go to send, which shows what would be sent and asks."
    if late := too_late(summary):
        yield beyond_fixing(late)
