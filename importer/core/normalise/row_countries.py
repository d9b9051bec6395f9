"""The country of every row, by which phones, states and postcodes are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import Indices, Mask, codes_of, nulls, spread
from importer.core.model import Column
from importer.core.normalise import country
from importer.core.normalise.cell import BLANK
from importer.core.normalise.flat_values import Flat, flatten

_SILENT = (BLANK, (None, "placeholder"))
_CODE = 2
"""Letters of a country's code; a hash is longer."""


@dataclass(frozen=True)
class RowCountries:
    """What the country column says.

    own: its normal values. codes: each row's first country, else the run's for rows that say none; null where a row's
    own cannot be read; dictionary<string>. silent: which rows are blank or a placeholder, so that the run's holds.
    """

    own: Flat
    codes: Column
    silent: Mask


def homes(column: Column | None, count: int, default: str | None) -> RowCountries:
    """The countries of `count` rows from a column of lists, if there is one; default: the run's country."""
    flat, parents = (nulls(0), np.zeros(0, np.int64)) if column is None else flatten(column)
    encoded = flat.dictionary_encode()
    cells = [country.normal(text) for text in encoded.dictionary.to_pylist()]
    forms, codes = ([cell[place] for cell in cells] for place in (0, 1))
    says = np.array([*(cell not in _SILENT for cell in cells), False]).take(codes_of(encoded))
    silent = np.ones(count, np.bool_)
    silent[parents[says]] = False
    own = Flat(parents, spread(forms, encoded.indices), spread(codes, encoded.indices))
    return RowCountries(own, _of_rows(encoded, forms, parents, silent, default), silent)


def _of_rows(
    encoded: pa.DictionaryArray, forms: Sequence[str | None], parents: Indices, silent: Mask, default: str | None
) -> Column:
    """Each row's first country as a dictionary column, the default in silent rows."""
    known = list(dict.fromkeys(form for form in (*forms, default) if form and len(form) == _CODE))
    places = {form: place for place, form in enumerate(known)}
    of_values = np.array([*(places.get(form or "", -1) for form in forms), -1], np.int32).take(codes_of(encoded))
    of_rows = np.where(silent, np.int32(places.get(default or "", -1)), np.int32(-1))
    valid = np.flatnonzero(of_values >= 0)[::-1]  # backwards, so that a row's first is what remains
    of_rows[parents[valid]] = of_values[valid]
    column: Column = pa.DictionaryArray.from_arrays(pa.array(of_rows, mask=of_rows < 0), pa.array(known, pa.string()))
    return column
