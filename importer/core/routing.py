"""Which dataset a row is for: its store's, or the one whose id stands in its own column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.cell_text import as_text
from importer.core.cells.people_in_text import has_person
from importer.core.kernels.arrays import Column, Indices, Mask, by_distinct, coalesce, column_of, one_chunk
from importer.core.model import Mapped, Raw
from importer.core.plan import OrderLayout, fold_value

DATASET, STORE = "dataset", "store_of_dataset"
"""Columns of mapped rows: the dataset, and what the export says it by."""

MOST_NAMED, LONGEST = 50, 80
"""Unknown stores of a batch that are named, and letters of a name; beyond them the column is one of something else."""

_ID = re.compile(r"[0-9]{1,32}")


@dataclass(frozen=True)
class Routing:
    """How the rows of one file are routed.

    column: of the export; stores: folded store -> dataset, None where the column holds ids; default: of rows whose cell
    is blank; only: the one dataset that the user named, though the column may name others.
    """

    column: str
    stores: Mapping[str, str] | None = None
    default: str | None = None
    only: str | None = None

    def dataset_of(self, text: str) -> str | None:
        """Return the dataset of a cell that is filled, None where it is not known."""
        if self.only is not None:
            return self.only if text == self.only else None
        if self.stores is None:
            return text if _ID.fullmatch(text) else None
        return self.stores.get(fold_value(text))

    @property
    def unknown(self) -> str:
        """The reason of rows whose dataset is not known."""
        return "unknown_store" if self.only is None else "other_dataset"


def routed(mapped: Mapped, raw: Raw, routing: Routing, layout: OrderLayout) -> Mapped:
    """Return the rows with their dataset; of lines, a blank cell is as the others of its order id."""
    cells = as_text(raw.column(routing.column))
    if layout.rows == "lines" and cells.null_count:
        cells = _filled(cells, column_of(mapped, "order_id"))
    datasets = by_distinct(cells, routing.dataset_of)
    if routing.default is not None and cells.null_count:
        datasets = one_chunk(pc.if_else(cells.is_null(), pa.scalar(routing.default), datasets))
    columns = {name: mapped.column(name) for name in mapped.schema.names} | {DATASET: datasets, STORE: cells}
    return Mapped(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))


def unroutable(orders: pa.RecordBatch, routing: Routing) -> tuple[Column, Column]:
    """Return for orders without a dataset the reason code, and the store that is not known."""
    datasets, stores = orders.column(DATASET), orders.column(STORE)
    names = {name for name in stores.filter(datasets.is_null()).unique().to_pylist() if name is not None}
    told = {name for name in names if len(name) <= LONGEST and not has_person(name)} if len(names) <= MOST_NAMED else {}
    missing = pc.if_else(stores.is_null(), pa.scalar("missing_store"), pa.scalar(routing.unknown))
    reason = pc.if_else(datasets.is_null(), missing, pa.scalar(None, pa.string()))
    detail = by_distinct(stores, lambda name: name if name in told else None)
    return one_chunk(reason), one_chunk(pc.if_else(datasets.is_null(), detail, pa.scalar(None, pa.string())))


def _filled(cells: Column, order_ids: Column) -> Column:
    """Fill blank cells with the nearest one above, else below, of the same order id."""
    ids = np.asarray(order_ids.dictionary_encode().indices.fill_null(-1)).astype(np.int64)
    order = np.argsort(ids, kind="stable")
    present = np.asarray(cells.is_valid())[order] & (ids[order] >= 0)
    above = coalesce([cells, _taken(cells, order, ids, _last(present))])
    below = len(order) - 1 - _last(present[::-1])[::-1]
    return coalesce([above, _taken(cells, order, ids, np.where(below < len(order), below, -1))])


def _last(present: Mask) -> Indices:
    """Return for each place the last one up to it that is present, -1 where there is none."""
    return np.maximum.accumulate(np.where(present, np.arange(len(present)), -1))


def _taken(cells: Column, order: Indices, ids: Indices, places: Indices) -> Column:
    """Return for each row the cell at a place of the order, where both rows have the same id."""
    rows = np.full(len(order), -1, np.int64)
    found = np.where(places >= 0, order[np.maximum(places, 0)], -1)
    same = (found >= 0) & (ids[order] == ids[found]) & (ids[order] >= 0)
    rows[order] = np.where(same, found, -1)
    return one_chunk(cells.take(pa.array(np.maximum(rows, 0), mask=rows < 0)))
