"""Cells that the user corrected, put into the rows as they are read; the file itself stays as it is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import Column, one_chunk
from importer.errors import UsageError
from importer.option_types import Edit


def edited(batch: pa.RecordBatch, edits: Iterable[Edit]) -> pa.RecordBatch:
    """Return the batch with the cells as the edits say; columns that it does not have are left out.

    UsageError: a text is none of its column's type.
    """
    rows = batch.column("row").to_numpy()
    for edit in edits:
        place = batch.schema.get_field_index(edit.column)
        for at in np.flatnonzero(rows == edit.row).tolist() if place >= 0 else ():
            cells = _with_cell(batch.column(place), at, edit)
            batch = batch.set_column(place, batch.schema.field(place), cells)
    return batch


def _with_cell(column: Column, at: int, edit: Edit) -> Column:
    """Put the text into one cell, in the column's own type."""
    try:
        cell = pa.array([edit.text or None], pa.string()).cast(column.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        message = (
            f"Row {edit.row}: the column {edit.column} holds values of type {column.type}, and the correction is none; "
            "write it as the other rows do."
        )
        raise UsageError(message) from error
    return one_chunk(pa.chunked_array([column.slice(0, at), cell, column.slice(at + 1)], column.type))
