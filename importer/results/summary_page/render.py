"""The page made of its parts, and the file that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from importer.core.model import Status
from importer.results.facts import Facts
from importer.results.files_db import FileKind
from importer.results.output_files import Output, Overwrite, translated
from importer.results.phrases import counted, headline, row_in_words, steps
from importer.results.quality import criteria, meta_scores
from importer.results.summary import Summary, exit_code, summary_of
from importer.results.summary_page import page_tables as parts
from importer.results.summary_page.day_chart import by_day
from importer.results.summary_page.request_chart import speed_chart
from importer.results.totals import TAKEN, Totals

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE_ENDINGS = (".html", ".htm")
MOST_NAMED_FILES = 3


def render(
    totals: Totals,
    runs: Sequence[Facts],
    meta_quality: Mapping[str, Any] | None = None,
    *,
    several: bool = False,
    what_next: Callable[[Summary], Iterable[str]] = steps,
) -> str:
    """Return the page as HTML, of one run or of several combined.

    meta_quality: Meta's answer about the dataset's offline quality, where a token may read it.
    several: the totals are of more than one report. what_next: the sentences on what to do next.
    """
    summary = summary_of(totals, runs)
    now = max((run.now for run in runs if run.now is not None), default=None)
    rows = totals.by_status()
    more_files = len(summary.files) - MOST_NAMED_FILES
    title = ", ".join(summary.files[:MOST_NAMED_FILES])
    if summary.total and not exit_code(summary):
        mood = "good"
    else:
        mood = "warn" if summary.accepted or summary.ready or not summary.total else "bad"
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            style=_text("page.css"),
            title=title + (f" and {counted(more_files, 'more file')}" if more_files > 0 else ""),
            verdict=headline(summary) + ".",
            mood=mood,
            stopped=[run.stopped for run in runs if run.stopped],
            steps=list(what_next(summary)),
            summary=summary,
            totals=totals,
            runs=runs,
            only=runs[0] if len(runs) == 1 else None,
            read_on=None if now is None else f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M} UTC",
            to_fix=totals.to_fix,
            taken_money=parts.listed(totals.money(*TAKEN)),
            fix_money=parts.listed(totals.money_to_fix()),
            before=rows[Status.DUPLICATE],
            skipped=rows[Status.SKIPPED],
            late=totals.too_late,
            statuses=parts.statuses(totals) if totals.total else None,
            files=parts.files(totals),
            most_currencies=parts.MOST_CURRENCIES,
            days=by_day(totals, now, check=summary.check, several=several),
            reasons=parts.reasons(totals) if totals.total else [],
            keys=parts.key_bars(totals) if totals.sendable else [],
            keys_per_sale=parts.keys_per_sale(totals),
            notes=parts.notes(totals, runs) if totals.total else [],
            mappings=parts.mappings(totals, runs),
            criteria=list(criteria(totals, now)) if totals.total else [],
            scores=meta_scores(meta_quality) or next((run.scores for run in reversed(runs) if run.scores), ()),
            speed=speed_chart(runs[0]) if len(runs) == 1 else None,
            pauses=sum(run.paused for run in runs),
        )
    )


def _text(name: str) -> str:
    return (resources.files("importer.results.summary_page") / "templates" / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    from jinja2 import Environment as Jinja  # noqa: PLC0415  only then is it worth its import
    from jinja2 import FunctionLoader, StrictUndefined  # noqa: PLC0415

    environment = Jinja(
        autoescape=True, loader=FunctionLoader(_text), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["counted"] = counted
    environment.filters["row_in_words"] = row_in_words
    environment.filters["clock"] = lambda time: time.replace("T", " ").removesuffix("Z") + " UTC" if time else ""
    return environment


class PageFile:
    """The page on disk: its path is tried before a run begins, and the page stands there once it is written."""

    def __init__(self, path: Path, overwrite: Overwrite = Overwrite.ANY) -> None:
        self._output = Output(path, FileKind.SUMMARY, overwrite)
        self._filled = False

    @property
    def path(self) -> Path:
        """Where the page stands when it is closed, will stand until then."""
        return self._output.path

    def fill(self, totals: Totals, facts: Facts) -> None:
        """Write the page of this run. FileError: the disk refuses."""
        write_page(self._output, render(totals, [facts]))
        self._filled = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Put the page under its name; where nothing was written, an older one stays as it was."""
        if self._filled:
            self._output.publish()
        else:
            self._output.discard()


def write_page(output: Output, page: str) -> None:
    """Write the page to the disk, under its temporary name."""
    with translated(output.path):
        output.stream.write(page.encode(errors="replace"))
    output.sync()
