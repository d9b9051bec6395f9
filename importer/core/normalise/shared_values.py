"""Values of keys that several people share are left out, with a warning; `core/shared_keys.py` finds them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import as_lists, from_flat, nulls, on_every_row, one_chunk
from importer.core.model import Column
from importer.core.normalise.by_column import at
from importer.core.normalise.flat_values import FlatValues, flatten

_LAST_DIGITS = 9


def comparable(field: str, texts: Column) -> Column:
    """Return the texts as they are compared: an e-mail or id in small letters without blanks, a phone's last digits."""
    if field == "ph":
        digits = pc.replace_substring_regex(texts, r"[^0-9]", "")
        return one_chunk(pc.utf8_slice_codeunits(digits, -_LAST_DIGITS))
    return one_chunk(pc.utf8_lower(pc.utf8_trim_whitespace(texts)))


def without_shared(
    lists: Mapping[str, Column], shared: Mapping[str, frozenset[str]]
) -> tuple[dict[str, Column], list[tuple[str, FlatValues]]]:
    """Return the columns without the values that are shared, and the warning of each row that held one."""
    kept, left_out = dict(lists), list[tuple[str, FlatValues]]()
    for field in shared.keys() & lists.keys():
        texts, rows = flatten(lists[field])
        own = ~np.asarray(pc.is_in(comparable(field, texts), pa.array(sorted(shared[field]))))
        if own.all():
            continue
        out = np.flatnonzero(~own)
        left_out.append((field, FlatValues(rows[out], nulls(len(out)), on_every_row("shared", len(out)))))
        kept[field] = from_flat(at(texts, np.flatnonzero(own)), rows[own], len(lists[field]))
    return {name: column for name, column in kept.items() if len(as_lists(column).values)}, left_out
