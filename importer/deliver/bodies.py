"""The JSON of the events that a batch has yet to post, ready to be cut into requests."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.columns import Indices
from importer.core.model import Column

PARTED = b","


class Bodies:
    """The texts of some events, joined once for the whole batch: a request's part is a slice, 0.2 ms less each.

    events: ascending; texts: their JSON, large_string without nulls.
    """

    def __init__(self, events: Indices, texts: Column) -> None:
        ends = np.cumsum(np.asarray(pc.binary_length(texts)).astype(np.int64) + len(PARTED))
        self._events, self._starts = events, np.concatenate([np.zeros(1, np.int64), ends])
        whole = pa.LargeListArray.from_arrays(pa.array([0, len(texts)], pa.int64()), texts)
        joined = pc.binary_join(whole, pa.scalar(PARTED.decode(), pa.large_string()))
        self._text = memoryview(joined.buffers()[2])  # `joined[0]` would be a copy

    def of(self, events: Indices) -> bytes | memoryview:
        """The JSON of some of the events, parted by commas."""
        places = np.searchsorted(self._events, events)
        starts, ends = self._starts[places], self._starts[places + 1] - len(PARTED)
        if places[-1] - places[0] + 1 == len(places):
            return self._text[starts[0] : ends[-1]]
        return PARTED.join(self._text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
