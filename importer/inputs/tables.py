"""Rows in memory as an Arrow table: data frames and lists of mappings. True types stay true, mixed ones become text."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

_REFUSALS = (pa.ArrowException, ValueError, TypeError, OverflowError)
"""What Arrow raises for values that have no type in common."""

_NUMBERS = {int, float, Decimal}
_NULLS = ("NAType", "NaTType")


def table_of_frame(frame: pd.DataFrame) -> pa.Table:
    """Return the columns of a pandas DataFrame; the levels of its index that have a name come first."""
    levels = [(name, frame.index.get_level_values(place)) for place, name in enumerate(frame.index.names)]
    columns = [(name, level.to_series()) for name, level in levels if name is not None]
    columns += [(name, frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    return pa.Table.from_arrays([_of_series(series) for _, series in columns], names=[str(name) for name, _ in columns])


def table_of_mappings(rows: Sequence[Mapping[Any, Any]]) -> pa.Table:
    """Return a table with a column for each key of any of the mappings; a mapping without a key has a blank there."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.Table.from_arrays(
        [_of_objects([row.get(name) for row in rows]) for name in names], names=[str(name) for name in names]
    )


def _of_series(series: pd.Series[Any]) -> pa.Array | pa.ChunkedArray:
    if series.dtype == object:
        return _of_objects(series.tolist())
    array = _attempted(lambda: pa.array(series, from_pandas=True))
    if array is None or isinstance(array.type, pa.BaseExtensionType):  # periods would be numbers
        return _as_text(series.astype(object).tolist())
    return array


def _of_objects(values: Sequence[Any]) -> pa.Array | pa.ChunkedArray:
    """Return Python's objects as the type that they have in common, else as text."""
    kinds = {type(value) for value in values if not _is_null(value)}
    alike = len(kinds) <= 1 or kinds <= _NUMBERS
    zoned = {value.tzinfo is None for value in values if isinstance(value, datetime) and not _is_null(value)}
    array = _attempted(lambda: pa.array(values, from_pandas=True)) if alike and len(zoned) <= 1 else None
    if array is None or isinstance(array.type, pa.BaseExtensionType):
        return _as_text(values)
    return array


def _attempted(make: Callable[[], pa.Array | pa.ChunkedArray]) -> pa.Array | pa.ChunkedArray | None:
    try:
        return make()
    except _REFUSALS:
        return None


def _is_null(value: Any) -> bool:
    return value is None or type(value).__name__ in _NULLS or (isinstance(value, float) and math.isnan(value))


def _as_text(values: Iterable[Any]) -> pa.Array:
    """Return values as a CSV would hold them, in bytes: text that is no Unicode is told where the rows are read."""
    return pa.array([None if _is_null(value) else _text(value) for value in values], pa.binary())


def _text(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    elif isinstance(value, date | datetime | time):
        text = value.isoformat()
    elif isinstance(value, list | tuple | dict):
        text = json.dumps(value, default=str, ensure_ascii=False)
    else:
        text = str(value)
    return text.encode("utf-8", "surrogatepass")
