"""A customer file joined to a sales file: e-mail, phone and the rest by a customer id that both hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding, Source
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import one_chunk
from importer.core.model import CUSTOMER_FIELDS, Raw

PREFIX = "customers/"
"""Begins the names of joined columns, which are no columns of the export."""


@dataclass(frozen=True)
class Customers:
    """A customer file in memory, one row per id (of several rows with one id the first).

    sales_column: the sales file's column that holds the id. ids: the customers' ids, as text. table: their columns,
    named with PREFIX.
    """

    sales_column: str
    ids: pa.Array
    table: pa.Table


def customers_of(table: pa.Table, id_column: str, sales_column: str) -> Customers:
    """Return the customers by their id; leave out rows without one."""
    ids = as_text(one_chunk(table.column(id_column)))
    encoded = ids.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1))
    _, firsts = np.unique(codes, return_index=True)
    rows = pa.array(firsts[codes[firsts] >= 0])
    named = table.rename_columns([PREFIX + name for name in table.schema.names])
    return Customers(sales_column, one_chunk(ids.take(rows)), named.take(rows))


def joined(raw: Raw, customers: Customers) -> Raw:
    """Return the rows with their customers' columns beside their own, null where the id is not known."""
    ids = as_text(raw.column(customers.sales_column))
    places = pc.index_in(ids, value_set=customers.ids)
    columns = [one_chunk(column.take(places)) for column in customers.table.columns]
    names = [*raw.schema.names, *customers.table.schema.names]
    return Raw(pa.RecordBatch.from_arrays([*raw.columns, *columns], names=names))


def with_customers(sales: Binding, customers: Binding) -> Binding:
    """Return the sales' binding in which customers fill what the sales file itself does not say."""
    columns: dict[str, Source] = dict(sales.columns)
    for field, source in customers.columns.items():
        if field not in CUSTOMER_FIELDS:
            continue
        names = tuple(PREFIX + name for name in source.names)
        own = columns.get(field)
        columns[field] = Source((*(own.names if own else ()), *names), own.take if own else source.take)
    return replace(sales, columns=columns)
