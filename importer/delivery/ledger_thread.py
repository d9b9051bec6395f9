"""The ledger in a thread of its own, so that a slow disk does not hold up requests; its failure stops the run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import numpy as np

from importer.core.kernels.arrays import Indices
from importer.delivery.stop import Stop
from importer.errors import LedgerError
from importer.store import Acceptance, Keys, Ledger

T = TypeVar("T")


class LedgerThread:
    """One run's claims. A `LedgerError` halts the run: nothing more is claimed, what is in flight is settled."""

    def __init__(self, ledger: Ledger, dataset: str, halt: Stop, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._dataset = dataset
        self._halt = halt
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._errands: list[tuple[asyncio.Future[Any], Callable[[], Any]]] = []
        self._is_out = False
        self.run = 0

    async def begin(self, files: Sequence[str]) -> None:
        """The run has begun; `LedgerError` says why it cannot."""
        loop = asyncio.get_running_loop()
        self.run = await loop.run_in_executor(self._thread, self._ledger.begin, self._dataset, files, self._clock())

    async def end(self) -> None:
        """The run has ended and its thread with it."""
        if self.run:
            await self._do(self._ledger.end, self.run, self._clock())
        await asyncio.to_thread(self._thread.shutdown)

    async def claim(self, file: str, keys: Keys, times: Indices) -> int | None:
        """The number of a claim on these keys; None if there is none and nothing may be posted."""
        if self._halt.error is not None:
            return None
        return await self._write(self._ledger.claim, self.run, file, keys, times, self._clock())

    async def settle(self, claim: int, keys: Keys, trace: str | None) -> None:
        """The keys are accepted."""
        await self._write(self._ledger.settle, claim, keys, trace, self._clock())

    async def release(self, claim: int) -> None:
        """Nothing of the claim arrived."""
        await self._write(self._ledger.release, claim)

    async def accepted(self, keys: Keys) -> Indices:
        """As `Ledger.accepted`; with a broken ledger no key was."""
        is_broken = isinstance(self._halt.error, LedgerError)
        found = None if is_broken else await self._do(self._ledger.accepted, self._dataset, keys)
        return np.full(len(keys), -1, np.int64) if found is None else found

    def acceptance(self, batch: int) -> Acceptance:
        """As `Ledger.acceptance`."""
        return self._ledger.acceptance(batch)

    async def _do(self, function: Callable[..., T], *arguments: object) -> T | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)
        except LedgerError as error:
            self._halt.stop(error)
            return None

    async def _write(self, function: Callable[..., T], *arguments: object) -> T | None:
        """As `_do`, in one commit with whatever else is to be written by then: a commit waits for the disk."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._errands.append((done, partial(function, *arguments)))
        if len(self._errands) == 1 and not self._is_out:
            loop.call_soon(self._go)
        try:
            return await done
        except LedgerError as error:
            self._halt.stop(error)
            return None

    def _go(self) -> None:
        errands = [(done, errand) for done, errand in self._errands if not done.done()]
        self._errands.clear()
        self._is_out = bool(errands)
        if errands:
            work = [errand for _, errand in errands]
            out = asyncio.get_running_loop().run_in_executor(self._thread, _together, self._ledger, work)
            out.add_done_callback(lambda out: self._back([done for done, _ in errands], out.result()))

    def _back(self, waiting: list[asyncio.Future[Any]], outcomes: list[tuple[Any, Exception | None]]) -> None:
        for done, (result, error) in zip(waiting, outcomes, strict=True):
            if done.done():
                continue
            if error is None:
                done.set_result(result)
            else:
                done.set_exception(error)
        self._go()


def _together(ledger: Ledger, errands: list[Callable[[], T]]) -> list[tuple[T | None, Exception | None]]:
    """Each errand's result or error. Where one of several fails, each is done by itself, so that it undoes no other."""
    if len(errands) > 1:
        with suppress(Exception), ledger.together():
            return [(errand(), None) for errand in errands]
    return [_alone(errand) for errand in errands]


def _alone(errand: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return errand(), None
    except Exception as error:  # noqa: BLE001 - raised where the errand is waited for
        return None, error
