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
    null_if_empty,
    nulls,
    one_chunk,
    with_context_pair,
)
from importer.core.model import Column
from importer.core.normalise import birthday, fbc, full_name
from importer.core.normalise.by_column import by_text
from importer.core.normalise.cell import Cell, tidy
from importer.core.normalise.flat_values import FlatValues, at_rows, flatten, merge, of_rows_without
from importer.core.normalise.normalise_options import NormaliseOptions

ORDER_BY_COUNTRY = pa.array(sorted(full_name.ORDER_BY_COUNTRY))
BIRTH_PARTS = ("doby", "dobm", "dobd")
"""Year, month and day of birth in columns of their own."""


def derive(
    lists: Mapping[str, Column],
    values: Mapping[str, FlatValues],
    times: Column,
    countries: Column,
    options: NormaliseOptions,
) -> dict[str, FlatValues]:
    """Derive keys from other columns where a row has none of its own; `full_name` has codes only.

    countries: each row's code.

    In a file that is said to hold hashes only, each whole name is a warning, and no birthday is made.
    """
    derived: dict[str, FlatValues] = {}
    if "full_name" in lists and options.already_hashed:
        texts, rows = flatten(lists["full_name"])
        codes = by_distinct(texts, lambda text: "not_hashed" if tidy(text) else None)
        derived["full_name"] = FlatValues(rows, nulls(len(texts)), codes)
    elif "full_name" in lists:
        derived |= _from_full_names(lists["full_name"], values, countries, options)
    if all(part in lists for part in BIRTH_PARTS) and not options.already_hashed:
        derived["db"] = _from_birth_parts(lists, values.get("db"), options.today)
    if "fbclid" in lists:
        derived["fbc"] = _from_click_ids(lists["fbclid"], values.get("fbc"), times)
    return derived


def _from_full_names(
    column: Column, values: Mapping[str, FlatValues], countries: Column, options: NormaliseOptions
) -> dict[str, FlatValues]:
    """Split whole names into first names and surnames, in rows that have neither."""
    texts, parents = of_rows_without(column, [values[name] for name in ("fn", "ln") if name in values])
    codes_of_rows = at_rows(countries, parents)
    if pc.any(pc.is_in(codes_of_rows, value_set=ORDER_BY_COUNTRY)).as_py():
        both, codes = with_context_pair(texts, codes_of_rows, full_name.both)
    else:
        both, codes = by_text("full_name", texts, full_name.both, options)
    names = one_chunk(pc.split_pattern(both.fill_null(" "), " ").flatten())
    given, family = (null_if_empty(one_chunk(names.take(pa.array(np.arange(n, len(names), 2))))) for n in (0, 1))
    none = nulls(len(texts))
    return {
        "fn": merge(values.get("fn"), FlatValues(parents, given, none)),
        "ln": merge(values.get("ln"), FlatValues(parents, family, none)),
        "full_name": FlatValues(parents, none, codes),
    }


def _from_birth_parts(lists: Mapping[str, Column], days: FlatValues | None, today: date) -> FlatValues:
    """Join year, month and day of three columns to a birthday, in rows without one."""
    year, month, day = (first_of(lists[part]) for part in BIRTH_PARTS)
    texts = one_chunk(pc.binary_join_element_wise(year, month, day, pa.scalar("/")))
    dates = from_flat(texts, np.arange(len(texts)), len(texts))
    flat, parents = of_rows_without(dates, [] if days is None else [days])
    new = FlatValues(parents, *by_distinct_pair(flat, partial(birthday.of_parts, today=today)))
    return merge(days, new)


def _from_click_ids(column: Column, clicks: FlatValues | None, times: Column) -> FlatValues:
    """Make clicks of click ids and the row's time, in rows without one."""
    flat, parents = of_rows_without(column, [] if clicks is None else [clicks])
    seconds = at_rows(times.cast(pa.string()), parents)

    def read(text: str, second: str | None) -> Cell:
        return fbc.from_fbclid(text, int(second) if second else None)

    return merge(clicks, FlatValues(parents, *with_context_pair(flat, seconds, read)))
