"""The JSON of the events that a batch has yet to post, cut into requests."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import Indices
from importer.core.model import Column


class Bodies:
    """The JSON of some events, where `prepare` wrote it.

    events: ascending; payload: large_string; rows: of each event, where its JSON stands in the payload.
    """

    def __init__(self, events: Indices, payload: Column, rows: Indices) -> None:
        self._events, self._payload, self._rows = events, payload, rows

    def of(self, events: Indices) -> memoryview:
        """Join the JSON of some of the events by commas."""
        rows = self._rows[np.searchsorted(self._events, events)]
        texts = pa.ListArray.from_arrays(pa.array([0, len(rows)], pa.int32()), self._payload.take(pa.array(rows)))
        return memoryview(pc.binary_join(texts, pa.scalar(",", pa.large_string()))[0].as_buffer())
