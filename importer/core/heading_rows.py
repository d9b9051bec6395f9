"""Reports that name a group, such as the customer, only on a heading row above its records."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from importer.core.cells.cell_text import as_text
from importer.core.customer_join import PREFIX
from importer.core.kernels.arrays import coalesce, filled_cells, one_chunk
from importer.core.model import Raw

HEADING = PREFIX + "heading"
"""The column in which each record bears the heading above it; no column of the export."""


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
