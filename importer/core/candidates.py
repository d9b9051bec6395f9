"""Columns whose contents could fill a field that no header names."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.cells.times import read_times
from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column

MOST = 5
"""Columns that are offered for one field."""

SHARE = 0.8
"""Of the filled cells so many must read as the field wants."""


def candidates(field: str, columns: Iterable[tuple[str, Column]]) -> list[str]:
    """Return the headers of columns that could be `event_time` or `value`, best first.

    columns: a header and a sample of its column. Dates with a time of day come before dates alone; amounts with
    decimals and a currency before whole numbers, of which one on every row may as well be a number of something.
    """
    scored = []
    for place, (header, column) in enumerate(columns):
        filled = one_chunk(column.drop_null())
        if not header or not len(as_text(filled).drop_null()):
            continue
        score = _as_time(filled) if field == "event_time" else _as_amount(filled)
        if score > 0:
            scored.append((-score, place, header))
    return [header for _, _, header in sorted(scored)[:MOST]]


def _as_time(filled: Column) -> float:
    if pa.types.is_temporal(filled.type):
        return 2.0
    if not pa.types.is_string(filled.type):
        return 0.0
    texts = as_text(filled)
    read = max(
        (read_times(texts, order=order, zone="UTC") for order in ("dmy", "mdy")),
        key=lambda one: -one.seconds.null_count,
    )
    share = 1 - read.seconds.null_count / len(texts)
    separated = pc.match_substring_regex(texts, r"[0-9].*[-/. :年].*[0-9]").true_count / len(texts)
    return share + separated / 10 if share >= SHARE and separated >= SHARE else 0.0


def _as_amount(filled: Column) -> float:
    if pa.types.is_temporal(filled.type):
        return 0.0
    read = read_amounts(filled, decimal=None)
    texts = as_text(filled)
    if 1 - read.values.null_count / len(texts) < SHARE:
        return 0.0
    decimals = pc.match_substring_regex(texts, r"[.,][0-9]{2}(?:[^0-9]|$)").true_count / len(texts)
    with_currency = 1 - read.currency.null_count / len(texts)
    long = pc.greater(pc.utf8_length(texts), 12).true_count / len(texts)
    return 0.0 if long > 1 - SHARE else 0.1 + decimals + with_currency
