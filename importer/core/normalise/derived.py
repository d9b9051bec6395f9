"""Keys made of other columns, in rows that have none of their own: names, birthdays, clicks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import (
    by_distinct,
    by_distinct_pair,
    first_of,
    from_flat,
    nulls,
    one_chunk,
    with_context_pair,
)
from importer.core.model import Column
from importer.core.normalise import birthday, clicks
from importer.core.normalise.cell import Cell, tidy
from importer.core.normalise.fast import full_name_fast as full_names
from importer.core.normalise.flat_values import Flat, flatten, joined, of_rows, without

BIRTH_PARTS = ("doby", "dobm", "dobd")
"""Year, month and day of birth in columns of their own."""


def from_full_names(column: Column, values: Mapping[str, Flat]) -> dict[str, Flat]:
    """First names and surnames out of whole names, in rows that have neither."""
    flat, parents = without(column, [values[name] for name in ("fn", "ln") if name in values])
    given, family, codes = full_names.parted(flat)
    none = nulls(len(flat))
    return {
        "fn": joined(values.get("fn"), Flat(parents, given, none)),
        "ln": joined(values.get("ln"), Flat(parents, family, none)),
        "full_name": Flat(parents, none, codes),
    }


def not_hashed(column: Column, _values: Mapping[str, Flat]) -> dict[str, Flat]:
    """No names, but a warning for each whole name in a file that is said to hold hashes only."""
    flat, parents = flatten(column)
    codes = by_distinct(flat, lambda text: "not_hashed" if tidy(text) else None)
    return {"full_name": Flat(parents, nulls(len(flat)), codes)}


def from_parts(rows: Mapping[str, Column], values: Mapping[str, Flat], today: date) -> dict[str, Flat]:
    """Birthdays out of year, month and day in columns of their own, in rows without one."""
    year, month, day = (first_of(rows[part]) for part in BIRTH_PARTS)
    texts = one_chunk(pc.binary_join_element_wise(year, month, day, pa.scalar("/")))
    flat, parents = without(
        from_flat(texts, np.arange(len(texts)), len(texts)), [values["db"]] if "db" in values else []
    )
    new = Flat(parents, *by_distinct_pair(flat, partial(birthday.of_parts, today=today)))
    return {"db": joined(values.get("db"), new)}


def from_clicks(column: Column, values: Mapping[str, Flat], times: Column) -> dict[str, Flat]:
    """Clicks out of click ids and the row's time, in rows without one."""
    flat, parents = without(column, [values["fbc"]] if "fbc" in values else [])
    seconds = of_rows(times.cast(pa.string()), parents)

    def read(text: str, second: str | None) -> Cell:
        return clicks.from_fbclid(text, int(second) if second else None)

    return {"fbc": joined(values.get("fbc"), Flat(parents, *with_context_pair(flat, seconds, read)))}
