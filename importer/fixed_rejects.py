"""A rejects file that comes back: without the two columns that this program added, it is the same export again."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from importer.core.model import Raw
from importer.read import Export
from importer.results.guide import INVALID_REASONS, REASONS_OF_META
from importer.results.rejects import added_names

ADDED = added_names(())
"""How the two columns are called where the export has none of these names."""


def without_added_columns(export: Export, sample: Raw) -> tuple[Export, Raw]:
    """Return the export and its first rows without the columns `reason` and `message` of a rejects file.

    They are its last two, and the first of them holds nothing but our reasons of rows to fix.
    """
    *own, reason, message = export.headers if len(export.headers) > len(ADDED) else ("", "", "")
    if (reason, message) != added_names(own):
        return export, sample
    cells = sample.column(export.names[-2])
    codes = cells.drop_null()
    if not pa.types.is_string(cells.type) or not len(codes):
        return export, sample
    if not pc.all(pc.is_in(codes, value_set=pa.array([*INVALID_REASONS, *REASONS_OF_META]))).as_py():
        return export, sample
    names = export.names[:-2]
    schema = pa.schema(list(export.schema)[:-2])
    kept = Raw(sample.select(schema.names))
    return replace(export, headers=tuple(own), names=names, schema=schema), kept
