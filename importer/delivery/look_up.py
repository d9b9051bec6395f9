"""For `check`: what would be sent and what is a repeat, without a connection and without a write."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from importer.core.kernels.arrays import Indices, Mask
from importer.core.kernels.hash64 import Sieve, Words, ascending, order_of, repeated
from importer.core.model import Delivered, Prepared
from importer.delivery.duplicates import first_places, settle_accepted
from importer.delivery.outcome import READY, TOO_OLD, earlier_run, repeat_of
from importer.delivery.prepared_batch import NONE, PreparedBatch
from importer.store import Ledger


def look_up(
    batches: Iterator[tuple[str, Prepared]], *, ledger: Ledger | None, dataset: str | None, now: float
) -> Iterator[tuple[str, Delivered]]:
    """Each batch with what `send` would make of its rows now: ready, duplicate, or invalid as too old.

    Without a ledger or a dataset only repeats within the files are known.
    """
    seen = SeenKeys()
    files: list[str] = []
    for file, prepared in batches:
        if not files or files[-1] != file:
            files.append(file)
        shipment = PreparedBatch(file, prepared)
        if ledger is not None and dataset is not None:
            found = ledger.accepted(dataset, shipment.keys)
            settle_accepted(shipment, found, lambda batch: earlier_run(ledger.acceptance(batch)))
        shipment.expire(shipment.open_events, now, TOO_OLD)
        _settle_seen(shipment, seen, files)
        yield file, shipment.delivered()


def _settle_seen(shipment: PreparedBatch, seen: SeenKeys, files: list[str]) -> None:
    """Sales that stood before are duplicates, the others ready and seen from now on."""
    events = shipment.open_events
    words = shipment.keys[events, 0]
    doubtful = seen.may_hold(words)
    doubtful[repeated(words)] = True
    repeats = _settle_repeats(shipment, events[doubtful], seen, files)
    new = np.concatenate([events[~doubtful], repeats])
    shipment.settle(new, READY)
    seen.add(shipment.keys[new, 0], len(files) - 1)


def _settle_repeats(shipment: PreparedBatch, events: Indices, seen: SeenKeys, files: list[str]) -> Indices:
    """Those of the events that stood before are duplicates; the others, each the first of its sale."""
    numbers = seen.find(shipment.keys[events, 0])
    for number in np.unique(numbers[numbers != NONE]).tolist():
        fate = repeat_of(READY, files[number], same_file=files[number] == shipment.file)
        shipment.settle(events[numbers == number], fate)
    events = events[numbers == NONE]
    is_first = first_places(shipment.keys[events]) == np.arange(len(events))
    shipment.settle(events[~is_first], repeat_of(READY, shipment.file, same_file=True))
    firsts: Indices = events[is_first]
    return firsts


class SeenKeys:
    """The first 64 bits of each key and the number of its file, 12 bytes a key and 16 MiB.

    Two of ten million sales share them by chance once in 370,000 runs; `send` compares whole keys.
    """

    def __init__(self) -> None:
        self._sieve = Sieve()
        self._levels: list[tuple[Words, npt.NDArray[np.int32]]] = []

    def may_hold(self, words: Words) -> Mask:
        """False for what was surely not added; nearly all of a file is told apart so, at a hundredth of `find`."""
        return self._sieve.may_hold(words)

    def find(self, words: Words) -> Indices:
        """For each key the number of the file that it was added with, NONE where it was not."""
        order = order_of(words)
        sought = words[order]  # what is looked up in order stays in the processor's cache
        found = np.full(len(words), NONE, np.int64)
        for level, files in self._levels:
            place = np.minimum(np.searchsorted(level, sought), len(level) - 1)
            same = level[place] == sought
            found[order[same]] = files[place[same]]
        return found

    def add(self, words: Words, number: int) -> None:
        """The keys are known as those of the file with this number."""
        if not len(words):
            return
        self._sieve.add(words)
        level, files = ascending(words), np.full(len(words), number, np.int32)
        while self._levels and len(level) >= len(self._levels[-1][0]):
            below, below_files = self._levels.pop()
            joined, joined_files = np.concatenate([below, level]), np.concatenate([below_files, files])
            order = np.argsort(joined, kind="stable")
            level, files = joined[order], joined_files[order]
        self._levels.append((level, files))
