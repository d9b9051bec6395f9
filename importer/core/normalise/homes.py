"""The country of every row, by which phones, states and postcodes are read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.core.columns import Mask, spread
from importer.core.model import Column
from importer.core.normalise import country
from importer.core.normalise.cell import BLANK
from importer.core.normalise.flat import Flat, flatten, nothing

_SILENT = (BLANK, (None, "placeholder"))
_CODE = 2
"""Letters of a country's code; a hash is longer."""


@dataclass(frozen=True)
class Homes:
    """What the country column says.

    own: its normal values. codes: each row's first country, else the run's for rows that say none; null where a row's
    own cannot be read; dictionary<string>. silent: which rows are blank or a placeholder, so that the run's holds.
    """

    own: Flat
    codes: Column
    silent: Mask


def homes(column: Column | None, count: int, default: str | None) -> Homes:
    """The countries of `count` rows from a column of lists, if there is one; default: the run's country."""
    if column is None:
        own = Flat(np.zeros(0, np.int64), nothing(0), nothing(0))
        return Homes(
            own, _coded(np.zeros(count, np.int32) - (default is None), [default or ""]), np.ones(count, np.bool_)
        )
    flat, parents = flatten(column)
    encoded = flat.dictionary_encode()
    cells = [*(country.normal(text) for text in encoded.dictionary.to_pylist()), BLANK]
    texts = np.asarray(encoded.indices.fill_null(len(cells) - 1))
    codes = list(dict.fromkeys(code for code, _ in [*cells, (default, None)] if code and len(code) == _CODE))
    places = {code: place for place, code in enumerate(codes)}
    of_cells = np.array([places.get(code or "", -1) for code, _ in cells], np.int32).take(texts)
    silent = np.ones(count, np.bool_)
    silent[parents[np.array([cell not in _SILENT for cell in cells]).take(texts)]] = False
    of_rows = np.where(silent, np.int32(places.get(default or "", -1)), np.int32(-1))
    known = np.flatnonzero(of_cells >= 0)[::-1]  # the first is written last
    of_rows[parents[known]] = of_cells[known]
    own = Flat(parents, *(spread(values, encoded.indices) for values in zip(*cells[:-1], strict=True)))
    return Homes(own, _coded(of_rows, codes), silent)


def _coded(places: npt.NDArray[np.int32], codes: list[str]) -> Column:
    """The code at each place, null where it is negative."""
    indices = pa.array(places, mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(codes, pa.string()))
