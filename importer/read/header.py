"""The header row of a table: after titles and preambles, before a row that only describes the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SEARCHED = 80
"""The header stands among this many first records, or the file is taken to have none."""

Row = Sequence[str]
Known = Callable[[Sequence[str]], int]
"""How many cells of a row are header names that the program knows."""

_EMAIL = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")
_SEVERAL_WORDS = re.compile(r"\S\s+\S|[\u2e80-\u9fff\uac00-\ud7af]{3}")  # Han, kana and Hangul need no blanks
_CERTAIN = 2  # known names in one row that settle the matter
_FULL = 0.6  # share of the table's width that a header fills at least
_TYPED = 0.2  # share of cells with numbers, dates or addresses that a header has at most
_DISTINCT = 0.5  # share of distinct cells that a header has at least
_LONGEST = 200  # letters of a header cell
_EXPLAINED = 2  # columns of values that a row of descriptions explains at least
_FOLLOWING = 10  # rows that are compared with a row of descriptions


@dataclass(frozen=True)
class Header:
    """Where the header stands among the rows given, and whether the row after it only describes the columns."""

    index: int
    described: bool


def nothing_known(_cells: Sequence[str]) -> int:
    """Know no header name, so that the shape of the rows alone decides."""
    return 0


def find_header(rows: Sequence[Row], known: Known = nothing_known) -> Header | None:
    """Find the header among the first records of a table, blank ones left out; None where no row can be one.

    A row with two or more known names is the header (the first that has at least half as many as the best). Else it is
    the first row that fills the table's width with distinct words; numbers, dates or addresses in a full row before
    one was found mean that the file has no header.
    """
    searched = rows[:SEARCHED]
    scores = [0 if any(_EMAIL.search(cell) for cell in row) else known(row) for row in searched]
    needed = max(_CERTAIN, max(scores, default=0) / 2)
    index = next((index for index, score in enumerate(scores) if score >= needed), None)
    if index is None:
        index = _by_shape(searched, known)
    return None if index is None else Header(index, _is_description(rows, index))


def is_typed(cell: str) -> bool:
    """Tell whether a cell is a value rather than a word: an e-mail address, or more digits than letters."""
    digits = sum(char.isdigit() for char in cell)
    letters = sum(char.isalpha() for char in cell)
    return digits > letters or _EMAIL.search(cell) is not None


def _by_shape(rows: Sequence[Row], known: Known) -> int | None:
    # the table's width: the last filled cell of those rows that make up most of it by rows times width
    widths = Counter(max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0) for row in rows)
    width = max(widths, key=lambda width: widths[width] * width, default=0)
    candidates: list[int] = []
    for index, row in enumerate(rows):
        cells = [cell for cell in row if cell.strip()]
        if len(cells) < max(_FULL * width, min(width, 2)):
            continue
        if _like_header(cells):
            candidates.append(index)
        elif sum(map(is_typed, cells)) > _TYPED * len(cells):
            break
    named = [index for index in candidates if known(rows[index])]
    return next(iter(named or candidates), None)


def _like_header(cells: Sequence[str]) -> bool:
    return (
        not any(_EMAIL.search(cell) for cell in cells)
        and sum(map(is_typed, cells)) <= _TYPED * len(cells)
        and len({cell.strip().casefold() for cell in cells}) >= _DISTINCT * len(cells)
        and max(map(len, cells)) <= _LONGEST
    )


def _is_description(rows: Sequence[Row], header: int) -> bool:
    """Tell whether the row after the header explains columns of values in several words (TikTok Shop).

    It must hold no value itself and explain two columns at least, in different words, so that a first record with
    `n/a` or `pending` stays a record.
    """
    following = rows[header + 2 : header + 2 + _FOLLOWING]
    if not following or any(map(is_typed, rows[header + 1])):
        return False
    explained = []
    for place, cell in enumerate(rows[header + 1]):
        values = [row[place] for row in following if place < len(row) and row[place].strip()]
        if cell.strip() and sum(map(is_typed, values)) * 2 > len(values):
            explained.append(cell)
    sentences = [cell for cell in explained if _SEVERAL_WORDS.search(cell.strip())]
    return len(set(sentences)) >= _EXPLAINED and len(sentences) * 2 >= len(explained)
