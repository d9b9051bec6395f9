"""The ledger in a thread of its own, so that a slow disk does not hold up requests; its failure stops the run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from importer.core.columns import Indices
from importer.deliver.halt import Halt
from importer.errors import LedgerError
from importer.store import Acceptance, Keys, Ledger

T = TypeVar("T")


class Desk:
    """One run's claims. A `LedgerError` halts the run: nothing more is claimed, what is in flight is settled."""

    def __init__(self, ledger: Ledger, dataset: str, halt: Halt, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._dataset = dataset
        self._halt = halt
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "ledger")
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
        return await self._do(self._ledger.claim, self.run, file, keys, times, self._clock())

    async def settle(self, claim: int, keys: Keys, trace: str | None) -> None:
        """The keys are accepted."""
        await self._do(self._ledger.settle, claim, keys, trace, self._clock())

    async def release(self, claim: int) -> None:
        """Nothing of the claim arrived."""
        await self._do(self._ledger.release, claim)

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
