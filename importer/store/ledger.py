"""The ledger as delivery sees it: a second implementation has these methods and keeps these promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple, Protocol, Self

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.core.model import DAY
from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.keys import Keys, held_places
from importer.store.ledger_copy import LedgerRow
from importer.store.ledger_sales import Sales, all_keys
from importer.store.same_sale import AMENDED, NEW, OTHER, Levels, compared

KEEP_SECONDS = 63 * DAY
"""How long a key can matter: Meta takes no event older than 62 days [OFF], and a day of grace."""

LOCK_WAIT_SECONDS = 5.0
"""How long a run waits for another one to the same dataset."""


@dataclass(frozen=True)
class Acceptance:
    """Where and when Meta accepted the events of one request. at: UTC seconds."""

    run: int
    file: str
    at: int

    @property
    def day(self) -> str:
        """The day of acceptance, UTC, like 2026-11-23."""
        return day_of(self.at)


@dataclass(frozen=True, eq=False)
class Known:
    """What the ledger knows of some sales, place by place.

    claims: the number of the request with which Meta accepted the sale, -1 where it did not. levels: what the sale is
    to that one, or OTHER, or NEW (see `same_sale`). amounts: by place, the accepted amount of an AMENDED sale. sales:
    by place, each accepted sale itself, where that is wanted.
    """

    claims: Indices
    levels: Levels
    amounts: dict[int, str]
    sales: dict[int, AcceptedSale] | None = None

    @classmethod
    def nothing(cls, count: int, *, facts: bool = False) -> Self:
        """Return what is known of sales that the ledger does not hold. facts: the accepted sales will be wanted."""
        return cls(np.full(count, -1, np.int64), np.full(count, NEW, np.int8), {}, {} if facts else None)

    def compare(self, claim: int, held: Sales, sales: Sales, hits: tuple[Keys, Indices], secret: bytes = b"") -> None:
        """Note what some of the sales are to those that a request holds, where that is surer than before.

        hits: keys that the request may hold, and which of the sales each is of; secret: under which it holds customers.
        """
        keys, owners = hits
        matched = held_places(all_keys(held), keys)
        if not len(matched):
            return
        places, which = np.unique(owners[matched], return_inverse=True)
        self._note(places, np.full(len(places), OTHER, np.int8), -1)
        some = sales.take(places)
        found, levels, firsts = compared(held, some.keyed(secret) if secret else some, keys[matched], which)
        surer = self._note(places[found], levels, claim)
        for place in surer[levels[surer] == AMENDED].tolist():
            self.amounts[int(places[found[place]])] = held.amount(int(firsts[place]))
        if self.sales is not None:
            for place in surer.tolist():
                self.sales[int(places[found[place]])] = held.sale(int(firsts[place]))

    def _note(self, places: Indices, levels: Levels, claim: int) -> Indices:
        surer = np.flatnonzero(levels < self.levels[places])
        self.levels[places[surer]] = levels[surer]
        self.claims[places[surer]] = claim
        return surer


@dataclass(frozen=True)
class OpenClaim:
    """A request whose outcome no run has learnt: its events are sent again when they come along."""

    id: int
    run: int
    file: str
    events: int
    at: int


class Claimed(NamedTuple):
    """What a run has claimed: the number of the request, and the places of sales that it has not.

    Those are claimed by a run that lives, or accepted just now: in time `known` tells, or they can be claimed.
    """

    id: int
    held: Indices = np.empty(0, np.int64)


@dataclass(frozen=True)
class Total:
    """What the ledger holds of one file: numbers of events, the days of the sales, the last day of sending (UTC)."""

    dataset: str
    file: str
    accepted: int
    in_doubt: int
    first: str
    last: str
    sent: str

    @classmethod
    def of_row(cls, dataset: str, file: str, accepted: int, in_doubt: int, *seconds: int) -> Self:
        """Return the total of a row whose first, last and sent are moments."""
        return cls(dataset, file, accepted, in_doubt, *map(day_of, seconds))


def day_of(seconds: int) -> str:
    """Return the day of a moment in UTC, like 2026-11-23."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


class Ledger(Protocol):
    """Claims and acceptances of requests, by the keys of their events.

    Whatever a method has written when it returns (or `transaction` when it ends) survives a crash at any later instant.
    Every method may raise `LedgerError`, one sentence that says what to do. `at` is in UTC seconds. Not for several
    threads at once; the context manager closes the ledger.
    """

    is_new: bool
    """Nothing was ever kept in it: it was made by this opening, or would be by one for writing."""

    def __enter__(self) -> Self:
        """Return the open ledger."""

    def __exit__(self, *_: object) -> None:
        """Close the ledger and release every lock."""

    def begin(self, dataset: str, files: Sequence[str], at: float, *, wait: float = LOCK_WAIT_SECONDS) -> int:
        """Begin a run and return its number; no other run can claim what it has claimed, until `end` or it is dead.

        A ledger that only one run may write tells, after `wait` seconds, by `LedgerError` which one does.
        """

    def require_newest(self) -> None:
        """Raise `LedgerError` where the ledger is older than when it was last used on this machine; so does `begin`."""

    def end(self, run: int, at: float) -> None:
        """End a run and release its lock; open claims all of whose keys were accepted later on are deleted."""

    def transaction(self) -> AbstractContextManager[None]:
        """Commit what is claimed, settled and released inside as one, or nothing of it."""

    def summarize(self, run: int, summary: str) -> None:
        """Keep what a run came to, also after its end, as JSON: `rows` by status, `value` by currency, `report`."""

    def claim(self, run: int, file: str, sales: Sales, at: float) -> Claimed:
        """Note that a request with these sales is about to be posted, but for those that another run holds."""

    def holds(self, run: int) -> bool:
        """Tell whether the run's claims are its own beyond doubt; `LedgerError` where another run has taken them.

        Until it is true nothing may be posted. May be asked in any thread.
        """

    def take(self, run: int, work: str, part: int) -> bool:
        """Take a part of a work that several runs share, unless a run that lives has it; tell whether it is ours."""

    def settle(self, claim: int, sales: Sales, trace: str | None, at: float) -> None:
        """Note that Meta accepted these sales of the claim; the others are claimed no more."""

    def release(self, claim: int) -> None:
        """Delete the claim, if it is not settled: it is certain that nothing of it arrived."""

    def limit(self, dataset: str, at: float) -> None:
        """Let `known` look only at what can matter to sales judged at this time, as `begin` does."""

    def known(self, dataset: str, sales: Sales, *, facts: bool = False) -> Known:
        """Return which of the sales Meta accepted, under any of their keys, and how surely it is the same sale.

        facts: the accepted sales themselves are wanted too (`Known.sales`).
        """

    def acceptance(self, claim: int) -> Acceptance:
        """Return where and when Meta accepted the events of a claim that `known` has named."""

    def open_claims(self, dataset: str) -> list[OpenClaim]:
        """Return the requests of earlier and present runs whose outcome is not known."""

    def faults(self) -> list[str]:
        """Return what is wrong with the ledger, in sentences; an empty list where it is whole."""

    def backup(self, target: Path) -> None:
        """Write a copy as of one moment to a new file, also while a run writes the ledger."""

    def accept(self) -> None:
        """Remember the ledger as it is: it may be an older copy, and is meant."""

    def rows(self) -> Iterator[LedgerRow]:
        """Yield everything that the ledger holds, as of one moment."""

    def fill(self, rows: Iterable[LedgerRow]) -> None:
        """Take all rows of another ledger, or none; `LedgerError` where this one holds something already."""

    def sent(self, run: int) -> Iterator[SentSale]:
        """Yield the sales of a run that Meta accepted, or whose outcome is unknown, as they were sent."""

    def refund(self, run: int, sales: Sequence[AcceptedSale], at: float) -> None:
        """Note that sales which Meta accepted were refunded since, each once, however often an export shows it."""

    def refunds(self) -> list[RefundedSale]:
        """Return the sales that were refunded after Meta had accepted them, the earliest first."""

    def runs(self) -> list[PastRun]:
        """Return every run that began, the newest first; also those whose requests were forgotten."""

    def totals(self) -> list[Total]:
        """Return what the ledger holds of each dataset and file."""

    def count_before(self, dataset: str, before: date, file: str | None = None) -> int:
        """Count the events that `forget` would delete."""

    def forget(self, dataset: str, before: date, file: str | None = None) -> int:
        """Delete the requests whose events all lie before the day (UTC); return the number of these events.

        file: only requests of the file of this name.
        """
