"""The JSON of the events that a batch has yet to post, cut into requests."""

from __future__ import annotations

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import BLANK, Column

COMMA = b","


class Bodies:
    """The texts of some events where `prepare` set them: mostly one behind the other, a blank at the end of each.

    events: ascending; payload: large_string; rows: of each event, where its JSON stands in the payload.
    """

    def __init__(self, events: Indices, payload: Column, rows: Indices) -> None:
        _, offsets, data = payload.buffers()
        bounds = np.frombuffer(offsets, np.int64, count=len(payload) + 1, offset=payload.offset * 8)
        self._events, self._starts, self._ends = events, bounds[rows], bounds[rows + 1]
        self._data = np.frombuffer(data, np.uint8)
        self._blanks = bool((self._data[self._ends - 1] == ord(BLANK)).all())

    def of(self, events: Indices) -> memoryview:
        """The JSON of some of the events, parted by commas, which take the places of the blanks."""
        places = np.searchsorted(self._events, events)
        starts, ends = self._starts[places], self._ends[places]
        if not self._blanks:
            texts = zip(starts.tolist(), ends.tolist(), strict=True)
            return memoryview(COMMA.join(self._data.data[start:end] for start, end in texts))
        breaks = np.flatnonzero(starts[1:] != ends[:-1])
        runs = zip(starts[np.append(0, breaks + 1)].tolist(), ends[np.append(breaks, -1)].tolist(), strict=True)
        part = np.concatenate([self._data[start:end] for start, end in runs])
        part[np.cumsum(ends - starts) - 1] = ord(COMMA)
        return part[:-1].data
