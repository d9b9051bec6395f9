"""How often texts occur in a column; a column with one text on every row, as most have, is told by its bytes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Mask
from importer.core.model import Column
from importer.core.octets import as_stored


def only(column: Column) -> str | None:
    """The text that stands on every row; None if they differ, one is null or there are none. 1 nanosecond a row."""
    if not len(column) or column.null_count:
        return None
    cells = as_stored(column)
    width = int(cells.bounds[1])
    if len(cells.data) != width * len(column) or (cells.data[width:] != cells.data[: -width or None]).any():
        return None
    return None if (cells.lengths != width).any() else str(column[0].as_py())


def counts(column: Column) -> dict[str, int]:
    """How often each text occurs; nulls are not counted."""
    text = only(column)
    if text is not None:
        return {text: len(column)}
    found = column.drop_null().value_counts()
    return dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))


def counts_of_parts(column: Column, separator: str) -> Counter[str]:
    """How often each part of joined texts occurs; a part counts once a row."""
    parts: Counter[str] = Counter()
    for text, count in counts(column).items():
        for part in {part for part in text.split(separator) if part}:
            parts[part] += count
    return parts


def among(column: Column, texts: Sequence[str]) -> Mask:
    """Which rows have one of the texts."""
    text = only(column)
    if text is not None:
        return np.full(len(column), text in texts)
    found = pc.is_in(column, value_set=pa.array([str(text) for text in texts]))
    return np.asarray(found).astype(np.bool_)


def those(batch: pa.RecordBatch, wanted: Mask) -> pa.RecordBatch:
    """The wanted rows of the batch."""
    return batch if wanted.all() else batch.filter(pa.array(wanted))
