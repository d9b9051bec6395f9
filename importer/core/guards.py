"""Guards that keep a spreadsheet from changing a cell (`="12.50"`, `'2026-11-20`), taken off times and amounts.

All other fields are read as text, which takes them off by itself.
"""

from __future__ import annotations

import pyarrow as pa

from importer.core.binding import Binding
from importer.core.cells.cell_text import unguarded
from importer.core.model import Raw

_FIELDS = ("event_time", "event_clock", "event_zone", "value", "net_revenue", "predicted_ltv")


def without_guards(raw: Raw, binding: Binding) -> Raw:
    """Return the rows with the cells of times, amounts and items as they would stand without a guard."""
    sources = [binding.columns[name] for name in _FIELDS if name in binding.columns]
    names = {name for source in (*sources, *binding.items.values()) for name in (*source.names, *source.minus)}
    names |= {name for _, name in binding.sale}
    found = {name: raw.column(name) for name in names.intersection(raw.schema.names)}
    changed = {name: plain for name, column in found.items() if (plain := unguarded(column)) is not column}
    if not changed:
        return raw
    columns = [changed.get(name, raw.column(name)) for name in raw.schema.names]
    return Raw(pa.RecordBatch.from_arrays(columns, schema=raw.schema))
