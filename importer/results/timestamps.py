"""Moments as text, a column at a time: the parts of a time come from tables."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices, nulls, one_chunk
from importer.core.kernels.bytes import texts_of
from importer.core.kernels.hash64 import Words
from importer.core.model import DAY, Column

_DATE_LETTERS, _LETTERS = len("2026-10-31"), len("2026-10-31T14:05:00Z")
_MINUTE = 60
_MOST_DAYS = 4_000
_YEAR_0, _YEAR_10000 = -62_167_219_200, 253_402_300_800


def _table(texts: list[str]) -> Words:
    """Texts of up to eight letters, each as one number."""
    return np.array(texts, "S8").view(np.uint64)


_MINUTES = _table([f"\0\0T{minute // 60:02}:{minute % 60:02}" for minute in range(DAY // _MINUTE)])
_SECONDS = np.frombuffer("".join(f":{second:02}Z" for second in range(_MINUTE)).encode(), np.uint32)


def iso_times(seconds: Column) -> Column:
    """UTC seconds written like 2026-10-31T14:05:00Z; 15 nanoseconds each, where Arrow's own functions take 230."""
    if seconds.null_count == len(seconds):
        return nulls(len(seconds))
    valid = np.asarray(seconds.is_valid())
    moments = np.asarray(seconds.fill_null(seconds[int(valid.argmax())]))
    first, last = int(moments.min()), int(moments.max())
    if not (first >= _YEAR_0 and last < _YEAR_10000 and last - first < _MOST_DAYS * DAY):
        return _any_times(seconds)
    return texts_of(_letters(moments, first // DAY, last // DAY), np.full(len(moments), _LETTERS, np.int32), valid)


def _letters(moments: Indices, first: int, last: int) -> npt.NDArray[np.uint8]:
    """The letters of the moments, one after another; they lie between the two days since 1970."""
    dates = np.datetime_as_string(np.arange(first, last + 1).astype("datetime64[D]")).tolist()
    months, days = _table([date[:8] for date in dates]), _table([date[8:] for date in dates])
    day = moments // DAY
    clock = (moments - day * DAY).astype(np.int32)
    minute = clock // _MINUTE
    day -= first
    text = np.empty(len(moments), [("month", np.uint64), ("minute", np.uint64), ("second", np.uint32)])
    text["month"] = months[day]
    text["minute"] = days[day] | _MINUTES[minute]
    text["second"] = _SECONDS[clock - minute * _MINUTE]
    return text.view(np.uint8)


def _any_times(seconds: Column) -> Column:
    """Times that lie far apart, or in years that are no four digits."""
    text = seconds.cast(pa.timestamp("s")).cast(pa.string())  # with a zone it takes ten times as long
    dates, clocks = pc.utf8_slice_codeunits(text, 0, _DATE_LETTERS), pc.utf8_slice_codeunits(text, _DATE_LETTERS + 1)
    return one_chunk(pc.binary_join_element_wise(dates, "T", clocks, "Z", ""))
