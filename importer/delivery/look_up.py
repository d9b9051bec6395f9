"""For `check`: what would be sent and what is a repeat, without a connection and without a write."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Self

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import Delivered, Prepared
from importer.delivery.known_sales import settle_known
from importer.delivery.outcome import READY, TOO_OLD, Likeness, Outcome, earlier_run, repeat_of
from importer.delivery.prepared_batch import PreparedBatch
from importer.delivery.refunds import TakenBack
from importer.delivery.repeats import repeats_within
from importer.delivery.split_batch import split
from importer.private_files import spilling
from importer.store import Known, Ledger, Sales
from importer.store.key_index import KeyIndex
from importer.store.keys import Distinct
from importer.store.ledger_sales import all_keys, lookup_keys
from importer.store.same_sale import FACTS, OTHER

IN_MEMORY = 16 << 20
"""Bytes of earlier sales that are held in memory; more of them lie in a private file."""


def look_up(
    batches: Iterator[tuple[str, Prepared]],
    *,
    ledger: Ledger | None,
    dataset: str | None,
    now: float,
    lasting: bool = True,
    in_ledger: Callable[[str], str] | None = None,
) -> Iterator[tuple[str, Delivered]]:
    """Yield each batch with what `send` would make of its rows now: ready, duplicate, or invalid as too old.

    dataset: the ledger's name for it. Without a ledger or a dataset only repeats within the files are known. in_ledger:
    gives the ledger's name for each row's own dataset, where a run has several. lasting: the batches were prepared so
    (see `sale_identity`), which a ledger that holds something needs.
    """
    with ExitStack() as stack:
        earlier: dict[str | None, EarlierSales] = {}
        for file, prepared in batches:
            batch = split(file, prepared, by_dataset=in_ledger is not None)
            for part in batch.parts:
                name = dataset if in_ledger is None or part.dataset is None else in_ledger(part.dataset)
                if part.dataset not in earlier:
                    earlier[part.dataset] = stack.enter_context(EarlierSales())
                    if ledger is not None and name is not None:
                        ledger.limit(name, now)
                _look_up(part.batch, earlier[part.dataset], ledger, name, now, lasting=lasting)
            yield file, batch.delivered()


def _look_up(
    batch: PreparedBatch,
    earlier: EarlierSales,
    ledger: Ledger | None,
    dataset: str | None,
    now: float,
    *,
    lasting: bool,
) -> None:
    """Settle the events of a batch."""
    known = Known.nothing(len(batch.sales))
    if ledger is not None and dataset is not None:
        known = ledger.known(dataset, batch.sales)
        settle_known(batch, known, lambda claim, like: earlier_run(ledger.acceptance(claim), like))
    batch.expire(batch.open_events, now, TOO_OLD)
    settle_seen(batch, earlier, np.flatnonzero(known.levels == OTHER), lasting=lasting)
    if ledger is not None and dataset is not None and batch.taken_back is not None:
        _take_back(batch, batch.taken_back, ledger, dataset)


def _take_back(batch: PreparedBatch, shown: TakenBack, ledger: Ledger, dataset: str) -> None:
    """Tell what the batch shows refunded of the sales that Meta accepted before."""
    known = ledger.known(dataset, shown.sales, facts=True)
    found = {}
    for number, (sale, claim) in shown.accepted_ones(known).items():
        acceptance = ledger.acceptance(claim)
        found[number] = sale, f"{acceptance.file} on {acceptance.day}"
    batch.refund(found)


class EarlierSales:
    """The sales that would be sent of the batches so far; of each key at most 8 bytes are in memory."""

    def __init__(self) -> None:
        self._index = KeyIndex()
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed with this object
        self._parts: list[tuple[str, int, int, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, file: str, sales: Sales) -> None:
        """Add the sales of one batch."""
        compared = replace(sales, columns=sales.columns.select(FACTS))
        keys, columns = all_keys(compared), compared.to_bytes()
        with spilling():
            self._file.seek(0, 2)
            self._parts.append((file, self._file.tell(), keys.nbytes, len(columns)))
            self._file.write(keys.tobytes() + columns)
        self._index.add(len(self._parts) - 1, keys)

    def file_of(self, part: int) -> str:
        """Return the file of a batch that `known` has named."""
        return self._parts[part][0]

    def known(self, sales: Sales) -> Known:
        """Return what the sales are to earlier ones; `claims` are numbers of batches."""
        known = Known.nothing(len(sales))
        keys, owners = lookup_keys(sales)
        distinct = Distinct(keys)
        for part, positions in self._index.candidates(distinct.keys):
            hits = distinct.places(positions)
            known.compare(part, self._read(part), sales, (keys[hits], owners[hits]))
        return known

    def _read(self, part: int) -> Sales:
        _, start, keys, columns = self._parts[part]
        with spilling():
            self._file.seek(start)
            return Sales.from_bytes(self._file.read(keys), self._file.read(columns))


def settle_seen(batch: PreparedBatch, earlier: EarlierSales, reused: Indices, *, lasting: bool = True) -> None:
    """Settle sales that came before as duplicates, the others as ready, and remember these.

    reused: events whose order id another sale of the ledger bears.
    """

    def outcome_of(part: int, likeness: Likeness) -> Outcome:
        file = earlier.file_of(part)
        return repeat_of(READY, file, same_file=file == batch.file, likeness=likeness)

    known = earlier.known(batch.sales)
    known.claims[np.delete(np.arange(len(known.claims)), batch.open_events)] = -1
    settle_known(batch, known, outcome_of)
    events = batch.open_events
    repeats, again = repeats_within(batch.sales.take(events))
    is_reused = known.levels == OTHER
    is_reused[reused] = is_reused[events[again]] = True
    firsts = np.delete(events, [place for place, _, _ in repeats])
    for place, first, level in repeats:
        batch.settle_repeat(int(events[place]), batch, int(events[first]), level)
    batch.reuse(firsts[is_reused[firsts]], lasting=lasting)
    batch.settle(firsts, READY)
    if len(firsts):
        earlier.add(batch.file, batch.sales.take(firsts))
