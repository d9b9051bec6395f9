"""The ledger in a thread of its own, so that a slow disk does not hold up requests; its failure stops the run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from importer.delivery.stop import StopSignal
from importer.errors import LedgerError
from importer.store import Acceptance, AcceptedSale, Claimed, Known, Ledger, Sales

T = TypeVar("T")

HOLD_POLL_SECONDS = 0.2


class LedgerThread:
    """One run's claims. A `LedgerError` stops the run: nothing more is claimed, what is in flight is settled.

    thread: in which the ledger works, one for all runs that share it.
    """

    def __init__(
        self, ledger: Ledger, dataset: str, stop: StopSignal, clock: Callable[[], float], thread: ThreadPoolExecutor
    ) -> None:
        self._ledger = ledger
        self.dataset = dataset
        self._stop = stop
        self._clock = clock
        self._thread = thread
        self._writes: list[tuple[asyncio.Future[Any], Callable[[], Any]]] = []
        self._committing = False
        self.run = 0

    @property
    def id(self) -> str:
        """The ledger's own id, which its copies bear too."""
        return self._ledger.id

    async def begin(self, files: Sequence[str]) -> None:
        """Begin the run; `LedgerError` says why it cannot."""
        loop = asyncio.get_running_loop()
        self.run = await loop.run_in_executor(self._thread, self._ledger.begin, self.dataset, files, self._clock())

    async def end(self) -> None:
        """End the run."""
        if self.run:
            await self._read(self._ledger.end, self.run, self._clock())

    async def belongs_to(self, first: int) -> None:
        """Note that the run is the part of another one that goes to a dataset of its own."""
        if self.run:
            await self._write(self._ledger.summarize, self.run, json.dumps({"part_of": first}))

    async def claim(self, file: str, sales: Sales) -> Claimed | None:
        """Claim the sales that no other run holds; None if the run stops and nothing may be posted."""
        if self._stop.error is not None:
            return None
        return await self._write(self._ledger.claim, self.run, file, sales, self._clock())

    async def hold(self) -> bool:
        """Wait until the claims are surely this run's own; return False if the run stops and nothing may be posted."""
        try:
            while self._stop.error is None and not self._ledger.holds(self.run):
                await self._stop.sleep(HOLD_POLL_SECONDS)
        except LedgerError as error:
            self._stop.set(error)
        return self._stop.error is None

    async def settle(self, claim: int, sales: Sales, trace: str | None) -> None:
        """Note the claim's sales as accepted."""
        await self._write(self._ledger.settle, claim, sales, trace, self._clock())

    async def release(self, claim: int) -> None:
        """Give up a claim of which nothing has arrived."""
        await self._write(self._ledger.release, claim)

    async def take(self, work: str, part: int) -> bool:
        """Return what `Ledger.take` does; with a broken ledger False."""
        return bool(await self._read(self._ledger.take, self.run, work, part))

    async def known(self, sales: Sales, *, facts: bool = False) -> Known:
        """Return what `Ledger.known` does; with a broken ledger nothing."""
        is_broken = isinstance(self._stop.error, LedgerError)
        look_up = partial(self._ledger.known, facts=True) if facts else self._ledger.known
        found = None if is_broken else await self._read(look_up, self.dataset, sales)
        return Known.nothing(len(sales)) if found is None else found

    async def refund(self, sales: Sequence[AcceptedSale]) -> None:
        """Note that accepted sales were refunded since."""
        await self._write(self._ledger.refund, self.run, sales, self._clock())

    def acceptance(self, request: int) -> Acceptance:
        """Return what `Ledger.acceptance` does."""
        return self._ledger.acceptance(request)

    async def _read(self, function: Callable[..., T], *arguments: object) -> T | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)
        except LedgerError as error:
            self._stop.set(error)
            return None

    async def _write(self, function: Callable[..., T], *arguments: object) -> T | None:
        """As `_read`, in one commit with whatever else is to be written by then: a commit waits for the disk."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._writes.append((done, partial(function, *arguments)))
        if len(self._writes) == 1 and not self._committing:
            loop.call_soon(self._commit)
        try:
            return await done
        except LedgerError as error:
            self._stop.set(error)
            return None

    def _commit(self) -> None:
        """Do the waiting writes in one transaction in the ledger's thread, then those that came meanwhile."""
        pending = [(done, write) for done, write in self._writes if not done.done()]
        self._writes.clear()
        self._committing = bool(pending)
        if pending:
            futures, writes = zip(*pending, strict=True)
            commit = asyncio.get_running_loop().run_in_executor(self._thread, _commit_all, self._ledger, writes)
            commit.add_done_callback(lambda commit: self._committed(futures, commit.result()))

    def _committed(self, futures: Sequence[asyncio.Future[Any]], results: list[tuple[Any, Exception | None]]) -> None:
        for done, (result, error) in zip(futures, results, strict=True):
            if done.done():
                continue
            if error is None:
                done.set_result(result)
            else:
                done.set_exception(error)
        self._commit()


def _commit_all(ledger: Ledger, writes: Sequence[Callable[[], T]]) -> list[tuple[T | None, Exception | None]]:
    """Return each write's result or error. Where one fails, each is done alone, so that it undoes no other."""
    if len(writes) > 1:
        with suppress(Exception), ledger.transaction():
            return [(write(), None) for write in writes]
    results: list[tuple[T | None, Exception | None]] = []
    for write in writes:
        try:
            results.append((write(), None))
        except Exception as error:  # noqa: BLE001 - raised where the write is waited for
            results.append((None, error))
    return results
