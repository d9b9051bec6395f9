"""Reports that name a group, such as the customer, only on a heading row above its records."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from importer.core.cells.cell_text import as_text
from importer.core.customer_join import PREFIX
from importer.core.kernels.arrays import coalesce, filled_cells, one_chunk
from importer.core.model import Raw
from importer.core.plan import SKIPS, SaleRule
from importer.core.understanding.headers import read_headers
from importer.core.understanding.lexicon import lexicon

WIDE = 4
"""Only in tables of at least so many columns can a nearly empty row be told from a record."""

HEADING = PREFIX + "heading"
"""The column in which each record bears the heading above it; no column of the export."""


LONGEST_HEADING = 4
"""Words of a heading that names a part of a report; a sentence is none."""


def rule_of_parts(sample: Raw) -> SaleRule | None:
    """Return the rule of a report with a part of its own for what is no sale: `Cancelled orders`, `Refunds`."""
    names = sample.schema.names[3:]
    lone = np.flatnonzero(filled_cells(sample, names) == 1)
    if len(names) < WIDE or not len(lone):
        return None
    texts = coalesce([as_text(one_chunk(sample.column(name).take(pa.array(lone)))) for name in names])
    found: dict[str, list[str]] = {}
    for text in texts.unique().drop_null().to_pylist():
        if (meaning := _of_part(text)) is not None:
            found.setdefault(meaning, []).append(text)
    return SaleRule(column=(HEADING,), other="sale", **found) if found else None  # type: ignore[arg-type]


def _of_part(text: str) -> str | None:
    """Return why nothing under a heading is a sale, None where it says no such thing."""
    words = text.split()
    if not 0 < len(words) <= LONGEST_HEADING:
        return None
    said = [lexicon().status(part) for part in (text, *words)]
    ends = [meaning for meaning in said if meaning in SKIPS]
    if not ends:
        header = read_headers([text])[0]
        ends = [meaning for meaning in ("cancelled", "refunded", "refund") if header.has(meaning)]
    return ends[0] if ends and "sale" not in said else None


def with_headings(batches: Iterator[Raw]) -> Iterator[Raw]:
    """Yield the rows with the heading that each stands under; of a heading row only one cell is filled."""
    above: str | None = None
    for raw in batches:
        names = raw.schema.names[3:]
        lone = np.flatnonzero(filled_cells(raw, names) == 1)
        texts = coalesce([as_text(one_chunk(raw.column(name).take(pa.array(lone)))) for name in names]).to_pylist()
        known = pa.array([above, *texts], pa.string())  # place 0: the heading that the batch begins under
        places = np.zeros(raw.num_rows, np.int64)
        places[lone] = np.arange(1, len(lone) + 1)
        headings = one_chunk(known.take(pa.array(np.maximum.accumulate(places))))
        yield Raw(pa.RecordBatch.from_arrays([*raw.columns, headings], names=[*raw.schema.names, HEADING]))
        above = known[-1].as_py()
