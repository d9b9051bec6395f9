"""Words of status columns: counted over the whole file; those that nobody knows are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from importer.core.binding import Binding
from importer.core.cells.cell_text import as_text
from importer.core.model import Column, Raw
from importer.core.plan import SaleRule, fold_value
from importer.core.sales import verdict_of_word

MOST = 51
"""Unknown words of a column that are kept in one batch; a column of more than 50 is no status."""

Words = Mapping[tuple[str, str], tuple[int, int]]
"""(column, word) -> its rows and the line of the first of them."""


def unknown_words(raw: Raw, binding: Binding) -> Words:
    """Count the words of each status column that have no meaning.

    Where there are any, words such as tip or fee are counted with them: they are the sales of some reports.
    """
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for rule, name in binding.sale:
        if not rule.of_words or rule.other != "unknown_status":
            continue
        words = as_text(raw.column(name))
        said = _said(words, rule)
        unknown = [word for word, verdict in said.items() if verdict.meaning == "unknown_status"]
        doubtful = [word for word, verdict in said.items() if verdict.meaning == "not_a_sale"]
        for word in [*unknown, *doubtful][:MOST] if unknown else ():
            found[name, word] = (said[word].rows, _line(raw, words, word))
    return found


def ending_words(raw: Raw, binding: Binding) -> Words:
    """Count the words of each status column that say that a row is no sale."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for rule, name in binding.sale:
        if not rule.of_words:
            continue
        words = as_text(raw.column(name))
        for word, verdict in _said(words, rule).items():
            if verdict.meaning not in (None, "sale"):
                found[name, word] = (verdict.rows, _line(raw, words, word))
    return found


def meant_words(raw: Raw, binding: Binding) -> dict[tuple[str, str], tuple[int, str]]:
    """Return (column, word) -> its rows and what it means as a user would say it; empty where nobody knows."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for rule, name in binding.sale:
        if not rule.of_words:
            continue
        for word, verdict in list(_said(as_text(raw.column(name)), rule).items())[:MOST]:
            meaning = "" if verdict.meaning == "unknown_status" else verdict.meaning or "sale"
            found.setdefault((name, word), (verdict.rows, meaning))
    return found


class _Verdict(NamedTuple):
    meaning: str | None
    rows: int


def _said(words: Column, rule: SaleRule) -> dict[str, _Verdict]:
    """Return what each word of a status column means, and its rows."""
    verdict = verdict_of_word(rule)
    counted = words.drop_null().value_counts()
    pairs = zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True)
    return {word: _Verdict(verdict(word), rows) for word, rows in pairs}


def _line(raw: Raw, words: Column, word: str) -> int:
    line: int = raw.column("line")[words.index(word).as_py() or 0].as_py()
    return line


def added(first: Words, second: Words) -> Words:
    """Add up what two batches say, the first batch's lines first."""
    if not second:
        return first
    found = dict(first)
    for key, (count, line) in second.items():
        before, first_line = found.get(key, (0, line))
        found[key] = (before + count, first_line)
    return found


def by_column(words: Words) -> dict[str, dict[str, tuple[int, int]]]:
    """Return the words of each column, each spelling once, most frequent first."""
    columns: dict[str, dict[str, tuple[int, int]]] = {}
    for (name, word), (count, line) in sorted(words.items(), key=lambda item: -item[1][0]):
        of_column = columns.setdefault(name, {})
        same = next((known for known in of_column if fold_value(known) == fold_value(word)), word)
        before, first_line = of_column.get(same, (0, line))
        of_column[same] = (before + count, min(line, first_line))
    return columns
