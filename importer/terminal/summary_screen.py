"""The summary for a person at a terminal: what was taken, what was not and why, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from importer.core.reasons import WARNINGS
from importer.questions import in_words
from importer.results.outcomes import sentence
from importer.results.phrases import (
    HEADLINE_CURRENCIES,
    KEY_NAMES,
    MEANINGS,
    amount,
    closing_lines,
    counted,
    headline,
    percent,
)
from importer.results.summary import Summary, exit_code
from importer.results.totals import TO_FIX
from importer.terminal.console import plain_table
from importer.terminal.plain_text import plain_text

if TYPE_CHECKING:  # rich is imported when something is shown, not before
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

PLAIN_WIDTH = 100
"""Columns where the output is not a terminal."""
MOST_WIDTH = 120
MOST_REASONS = 10
MOST_WARNINGS = 8
BAR = 20


def show(summary: Summary, console: Console) -> None:
    """Show the summary on the console; as plain text, 100 columns wide, where the console is not a terminal."""
    from rich.console import Group  # noqa: PLC0415  rich is slow to import

    content = Group(*_parts(summary, console))
    if console.is_terminal:
        console.print(content, width=MOST_WIDTH, highlight=False)
        return
    for line in console.render_lines(content, console.options.update(width=PLAIN_WIDTH), pad=False):
        console.out("".join(segment.text for segment in line).rstrip(), highlight=False)


def _parts(summary: Summary, console: Console) -> Iterator[RenderableType]:
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    yield _headline(summary, console)
    for title, block in _blocks(summary, console):
        yield Text(f"\n{title}", "bold")
        yield Padding(block, (0, 0, 0, 2))
    yield Text()
    yield _closing(summary, console)


def _blocks(summary: Summary, console: Console) -> Iterator[tuple[str, RenderableType]]:
    if summary.total:
        yield "Rows", _statuses(summary)
    if len(summary.value) > HEADLINE_CURRENCIES:
        table = plain_table("", "", right=[0])
        for currency, total in sorted(summary.value.items(), key=lambda item: -item[1]):
            table.add_row(amount(total, currency), currency)
        yield "Value by currency", table
    if summary.reasons:
        yield "Why rows were not " + ("ready" if summary.check else "accepted"), _reasons(summary, console)
    if summary.warnings:
        yield "Worth knowing", _warnings(summary, console)
    yield from _online_blocks(summary, console)
    if summary.notices:
        yield "Notices", _sentences(summary.notices, console)
    if summary.advice:
        yield "Advice", _sentences(summary.advice, console)
    if summary.match_keys:
        yield f"Customer keys in {counted(summary.sendable, 'sale')}: more keys, more matches", _keys(summary, console)


def _headline(summary: Summary, console: Console) -> Text:
    from rich.text import Text  # noqa: PLC0415

    end = "." if not (summary.total and (summary.accepted or summary.ready or exit_code(summary))) else ""
    good = summary.total and not exit_code(summary)
    return Text(_plain(headline(summary) + end, console), "bold green" if good else "bold yellow")


def _statuses(summary: Summary) -> Table:
    table = plain_table("", "", "", right=[0])
    for status, (color, words) in MEANINGS.items():
        if summary.rows[status]:
            table.add_row(f"{summary.rows[status]:,}", f"[{color}]{status}[/]", words)
    return table


def _reasons(summary: Summary, console: Console) -> RenderableType:
    found = [
        (status, reason, rows)
        for status in sorted(MEANINGS, key=lambda status: status not in TO_FIX)
        for reason, rows in summary.reasons.get(status, {}).items()
    ]
    table = plain_table("rows", "status", "what it means", "for example", right=[0])
    for status, reason, rows in found[:MOST_REASONS]:
        color, _ = MEANINGS[status]
        place = summary.examples[status, reason]
        where = f"{place.counted} {place.line}"
        where = where if len(summary.files) == 1 else f"{PurePath(place.file).name}, {where}"
        words = _explained(sentence(reason, None), reason)
        table.add_row(f"{rows:,}", f"[{color}]{status}[/]", words, _literal(where, console))
    return _with_rest(table, len(found) - MOST_REASONS, "reason")


def _warnings(summary: Summary, console: Console) -> RenderableType:
    found = list(summary.warnings.items())
    table = plain_table("rows", "field", "what it means", right=[0])
    for warning, rows in found[:MOST_WARNINGS]:
        name, _, code = warning.rpartition(":")
        table.add_row(f"{rows:,}", _literal(name, console), _explained(WARNINGS.get(code, ""), code))
    return _with_rest(table, len(found) - MOST_WARNINGS, "note")


def _online_blocks(summary: Summary, console: Console) -> Iterator[tuple[str, RenderableType]]:
    if summary.questions:
        questions = [in_words([question]) for question in summary.questions]
        yield "Questions, to be answered before anything is sent", _sentences(questions, console)
    if rows := summary.online_sales.rows:
        money = [f"{amount(total, currency)} {currency}" for currency, total in summary.online_sales.value.items()]
        table = plain_table("", "", "")
        table.add_row(counted(rows, "row"), ", ".join(money), "--online-sales send sends them as website events")
        yield "Sales made online, left out", table


def _sentences(sentences: Sequence[str], console: Console) -> Table:
    table = plain_table("", "")
    for words in sentences:
        table.add_row("-", _literal(words, console))
    return table


def _keys(summary: Summary, console: Console) -> Table:
    block = "#" if console.options.ascii_only else "\N{BLACK SQUARE}"
    table = plain_table("", "", "", "", right=[2])
    for key, share in summary.match_keys.items():
        bar = block * max(1, round(share * BAR))
        table.add_row(key, KEY_NAMES.get(key, ""), percent(share), f"[blue]{bar}[/]")
    return table


def _closing(summary: Summary, console: Console) -> Table:
    table = plain_table("", "")
    for label, words in closing_lines(summary):
        table.add_row(f"[bold]{label}[/]", _literal(words, console))
    return table


def _with_rest(table: Table, left: int, noun: str) -> RenderableType:
    from rich.console import Group  # noqa: PLC0415

    return table if left <= 0 else Group(table, f"and {counted(left, f'more {noun}')} in the report")


def _explained(words: str, code: str) -> Text:
    from rich.text import Text  # noqa: PLC0415

    return Text.assemble(words, " ", (f"({code})", "dim")) if words else Text(code)


def _literal(text: str, console: Console) -> Text:
    """Return text from outside, such as a file's name, never as markup or a control sequence."""
    from rich.text import Text  # noqa: PLC0415

    return Text(_plain(text, console))


def _plain(text: str, console: Console) -> str:
    return plain_text(text.replace("\n", "?"), console.encoding)
