"""Small raw batches and bindings for tests of the core."""

from collections.abc import Iterator

import pyarrow as pa

from importer.core.binding import Binding, bind
from importer.core.model import Raw
from importer.core.plan import read_plan


def raw(columns: dict[str, list], first_row: int = 1) -> Raw:
    """A batch as the reader gives it: row, line, fault, then text columns."""
    count = len(next(iter(columns.values())))
    arrays = {
        "row": pa.array(range(first_row, first_row + count), pa.int64()),
        "line": pa.array(range(first_row + 1, first_row + 1 + count), pa.int64()),
        "fault": pa.nulls(count, pa.string()),
        **{name: pa.array(values) if isinstance(values, list) else values for name, values in columns.items()},
    }
    arrays = {
        name: column.cast(pa.string()) if pa.types.is_null(column.type) else column for name, column in arrays.items()
    }
    return Raw(pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays)))


def parts(whole: Raw, size: int) -> Iterator[Raw]:
    for start in range(0, whole.num_rows, size):
        yield Raw(whole.slice(start, size))


def binding(batch: Raw, **plan) -> Binding:
    names = batch.schema.names[3:]
    defaults = {"name": "test", "columns": {"order_id": "id", "event_time": "date", "value": "total"}}
    return bind(read_plan(defaults | plan, "test"), names, names)
