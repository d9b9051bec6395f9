"""Which of the user's columns, and which word of a status column, the sentence of a row names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding
from importer.core.cells.cell_text import as_text
from importer.core.cells.people_in_text import has_person
from importer.core.kernels.arrays import one_chunk
from importer.core.model import Delivered, Raw
from importer.core.online_sales import FEW_DIGITS, MOST_LETTERS, MOST_VALUES, NAME
from importer.core.reasons import AT_FAULT
from importer.core.sales import verdict_of_word
from importer.core.unknown_words import Words
from importer.questions import option

MOST_NAMED, MOST_HEADER = 3, 60
"""Columns that a sentence names, and characters of a header."""


def columns_at_fault(binding: Binding, headers: Mapping[str, str]) -> dict[str, str]:
    """Return reason code -> its file's columns in words: ` in the column "Betrag"`. headers: of each column's name."""
    named = {}
    for reason, fields in AT_FAULT.items():
        names = dict.fromkeys(headers[name] for name in _names(binding, fields) if headers.get(name))
        if names:
            quoted = [f'"{header[:MOST_HEADER]}"' for header in list(names)[:MOST_NAMED]]
            named[reason] = f" in the column {' or '.join(quoted)}"
    return named


def _names(binding: Binding, fields: Sequence[str]) -> Iterator[str]:
    for field in fields:
        if field == "status":
            yield from (name for rule, name in binding.sale if rule.of_words)
        elif field == "value":
            yield from binding.amount_columns
        elif field in binding.columns:
            yield from binding.columns[field].names


def with_status_words(
    delivered: Delivered, raw: Raw, binding: Binding, words: Words, *, in_lines: bool = True
) -> Delivered:
    """Return the rows; those whose status nobody knows say as `detail` which word it is, where it may be quoted.

    raw: their source rows. words: all unknown words of the file. in_lines: its rows stand in lines of a file.
    """
    rows = np.flatnonzero(pc.fill_null(pc.equal(delivered.column("reason"), "unknown_status"), False))
    if not len(rows):
        return delivered
    details: list[str | None] = delivered.column("detail").to_pylist()
    for rule, name in binding.sale:
        if not rule.of_words or rule.other != "unknown_status":
            continue
        verdict = verdict_of_word(rule)
        for row, word in zip(rows, as_text(raw.column(name)).take(pa.array(rows)).to_pylist(), strict=True):
            if word is not None and verdict(word) == "unknown_status" and _is_quotable(word, name, words):
                details[row] = details[row] or _sentence(word, name, words, "line" if in_lines else "row")
    place = delivered.schema.get_field_index("detail")
    return Delivered(delivered.set_column(place, "detail", one_chunk(pa.array(details, pa.string()))))


def _sentence(word: str, name: str, words: Words, place: str) -> str:
    count, line = words[name, word]
    rows = "this row alone" if count == 1 else f"{count:,} rows, the first in {place} {line}"
    told = option("--status", f"{word}=unpaid")
    return f'The word "{word}" in the column "{name[:MOST_HEADER]}" is not known ({rows}); say what it means: {told}.'


def _is_quotable(word: str, name: str, words: Words) -> bool:
    """Tell whether a word of a status column is one of few, and could be nobody's name, address or number."""
    if (name, word) not in words or len(word) > MOST_LETTERS or has_person(word) or "@" in word:
        return False
    few = sum(column == name for column, _ in words) <= MOST_VALUES
    name_like = words[name, word][0] == 1 and NAME.fullmatch(word) is not None
    return few and not name_like and sum(letter.isdigit() for letter in word) <= FEW_DIGITS
