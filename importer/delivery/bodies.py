"""The JSON of the events that a batch has yet to post, cut into requests."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import SEPARATOR, Column

ID_START = '{"event_id":"'
"""How the JSON of every event begins."""


class Bodies:
    """The JSON of some events, where `prepare` wrote it: one after another, each with its separator.

    events: ascending; payload: large_string; rows: of each event, where its JSON stands in the payload.
    """

    def __init__(self, events: Indices, payload: Column, rows: Indices) -> None:
        _, offsets, data = payload.buffers()
        bounds = np.frombuffer(offsets, np.int64, count=len(payload) + 1, offset=payload.offset * 8)
        self._events, self._starts, self._ends = events, bounds[rows], bounds[rows + 1]
        self._data = memoryview(data)

    def rename(self, ids: Mapping[int, str | None]) -> None:
        """Put other ids, which have as many digits, in the place of these events' own ones."""
        changed = np.frombuffer(self._data, np.uint8).copy()
        for event, text in ids.items():
            start = int(self._starts[np.searchsorted(self._events, event)]) + len(ID_START)
            new = np.frombuffer((text or "").encode(), np.uint8)
            changed[start : start + len(new)] = new
        self._data = memoryview(changed.data)

    def digests(self) -> dict[int, bytes]:
        """Return the SHA-256 of each event's JSON, as it is posted: 0.6 microseconds an event."""
        ends = self._ends - len(SEPARATOR)
        bounds = zip(self._events.tolist(), self._starts.tolist(), ends.tolist(), strict=True)
        return {event: sha256(self._data[start:end]).digest() for event, start, end in bounds}

    def of(self, events: Indices) -> memoryview:
        """Return the JSON of some of the events, separated; without a copy where they lie side by side."""
        places = np.searchsorted(self._events, events)
        starts, ends = self._starts[places], self._ends[places]
        if (starts[1:] == ends[:-1]).all():
            return self._data[starts[0] : ends[-1] - len(SEPARATOR)]
        parts = (self._data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
        return memoryview(b"".join(parts))[: -len(SEPARATOR)]
