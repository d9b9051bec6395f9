"""Cells that hold an array, `["a","b"]` (JSON, lists of Parquet) or `{a,b}` (Postgres): all its values count."""

from __future__ import annotations

import csv
import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import from_flat, one_chunk, parents_of
from importer.core.kernels.bytes import text_bytes
from importer.core.model import Column

IN_BRACES = frozenset({"em", "ph"})
"""Fields of which a cell in braces is an array; ids stand in braces too."""


def spread(field: str, lists: Column) -> Column:
    """Return a field's column of lists with the values of arrays in place of the arrays."""
    texts = one_chunk(pc.list_flatten(lists))
    heads = text_bytes(texts).heads if len(texts) else np.zeros(0, np.uint8)
    opened = heads == ord("[")
    if field in IN_BRACES:
        opened |= heads == ord("{")
    if not opened.any():
        return lists
    rows, cells = parents_of(lists), texts.to_pylist()
    values = [_values(cell) if is_open else [cell] for cell, is_open in zip(cells, opened.tolist(), strict=True)]
    flat = pa.array([value for several in values for value in several], pa.string())
    return from_flat(flat, np.repeat(rows, [len(several) for several in values]), len(lists))


def _values(cell: str) -> list[str]:
    """Return the values of an array, or the cell itself where it is none.

    >>> _values('["a@example.com", null, "b@example.com"]'), _values('{a@example.com,"b"}'), _values("[none]")
    (['a@example.com', 'b@example.com'], ['a@example.com', 'b'], ['[none]'])
    """
    text = cell.strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            found = json.loads(text)
        except ValueError:
            return [cell]
        return _plain(found)
    if text.startswith("{") and text.endswith("}") and ":" not in text:
        inner = next(csv.reader([text[1:-1]], escapechar="\\", skipinitialspace=True), [])
        return [part.strip() for part in inner if part.strip() and part.strip() != "NULL"]
    return [cell]


def _plain(found: object) -> list[str]:
    """Return the texts and numbers of an array, in its arrays and objects as well."""
    if isinstance(found, list):
        return [text for part in found for text in _plain(part)]
    if isinstance(found, dict):
        return [text for part in found.values() for text in _plain(part)]
    return [] if found is None or isinstance(found, bool) else [str(found)]
