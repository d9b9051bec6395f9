"""A column of quantities as floating-point numbers."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.amounts import read_amounts
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column


def read_numbers(column: Column, *, decimal: str | None = None) -> tuple[Column, Column]:
    """Return quantities as float64, null where blank or not read, and the reason why not.

    Without a known decimal mark `1.500` is one and a half, as machines write it, and `1,500` stays ambiguous.
    """
    read = read_amounts(column, decimal=decimal)
    reason, values = read.reason, read.values
    doubtful = pc.fill_null(pc.equal(reason, "ambiguous_value"), fill_value=False)
    if decimal is None and pc.any(doubtful).as_py():
        texts = column if pa.types.is_string(column.type) else as_text(column)
        by_point = pc.and_(doubtful, pc.fill_null(pc.match_substring(texts, "."), fill_value=False))
        pointed = read_amounts(column, decimal=".")
        values = pc.if_else(by_point, pointed.values, values)
        reason = pc.if_else(by_point, pointed.reason, reason)
    return one_chunk(values.cast(pa.float64())), one_chunk(reason)
