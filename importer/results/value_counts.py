"""How often texts occur in a column; one text on every row, as in most columns, is found by comparing bytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Mask, one_text
from importer.core.model import Column


def counts(column: Column) -> dict[str, int]:
    """Return how often each text occurs; nulls are not counted."""
    text = one_text(column)
    if text is not None:
        return {text: len(column)}
    found = column.drop_null().value_counts()
    return dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))


def among(column: Column, texts: Sequence[str]) -> Mask:
    """Return a mask of the rows that have one of the texts."""
    text = one_text(column)
    if text is not None:
        return np.full(len(column), text in texts)
    found = pc.is_in(column, value_set=pa.array([str(text) for text in texts]))
    return np.asarray(found).astype(np.bool_)


def those(batch: pa.RecordBatch, wanted: Mask) -> pa.RecordBatch:
    """Return the wanted rows of the batch."""
    return batch if wanted.all() else batch.filter(pa.array(wanted))
