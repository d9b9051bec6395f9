"""Workbooks that count days from 1904, as old Macs did: days without a date's format are counted from 1900."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import by_distinct, one_chunk
from importer.core.model import Column
from importer.read.export import HEAD, Export
from importer.read.stretches import Stretch

_LATER = 1_462  # days from the one epoch to the other
_FIRST, _LAST = 20_000, 80_000  # days of 1904 that are dates of our time; smaller and larger numbers are something else
_DAYS = re.compile(r"\d{5}(?:\.\d+)?")


def with_days_of_1900(export: Export, names: Collection[str]) -> Export:
    """Return the export with the days in these columns counted from 1900; dates with a format are dates already."""
    if not export.epoch_1904:
        return export
    places = {place for place, name in enumerate(export.names) if name in names}

    def read(wanted: tuple[int, ...], rows: int, stretch: Stretch | None = None) -> Iterator[pa.RecordBatch]:
        for batch in export.reader(wanted, rows, stretch):
            columns = list(batch.columns)
            for at, place in enumerate(wanted, start=len(HEAD)):
                if place in places:
                    columns[at] = _later(columns[at])
            yield pa.RecordBatch.from_arrays(columns, schema=batch.schema)

    return replace(export, reader=read)


def _later(column: Column) -> Column:
    if pa.types.is_string(column.type):
        return by_distinct(column, _later_text)
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return column
    is_day = pc.and_(pc.greater_equal(column, _FIRST), pc.less(column, _LAST))
    return one_chunk(pc.if_else(is_day, pc.add(column, pa.scalar(_LATER, column.type)), column))


def _later_text(text: str) -> str:
    """Count a day of 1904 in a column of mixed cells from 1900."""
    if not (_DAYS.fullmatch(text) and _FIRST <= float(text) < _LAST):
        return text
    whole, point, part = text.partition(".")
    return f"{int(whole) + _LATER}{point}{part}"
