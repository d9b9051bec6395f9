"""One lock of the operating system for a ledger and dataset; it dies with the process that holds it."""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from importer.errors import LedgerError

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 1 << 30  # Windows forbids others to read a locked byte, so one behind the process id is locked

    def _try_lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


POLL_SECONDS = 0.1


class RunLock:
    """Held from `acquire` until `release` or the end of the process, whichever comes first."""

    def __init__(self, ledger: Path, dataset: str) -> None:
        self._dataset = dataset
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", dataset)[:64]
        self._path = ledger.with_name(f"{ledger.name}.{safe}.lock")
        self._handle: int | None = None

    def acquire(self, wait: float) -> None:
        """Acquire the lock, or raise `LedgerError` after `wait` seconds, which says who holds it."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            message = f"The lock file beside the ledger cannot be written ({self._path}); give --ledger another folder."
            raise LedgerError(message) from error
        deadline = time.monotonic() + wait
        while True:
            try:
                _try_lock(handle)
                break
            except OSError as error:
                if time.monotonic() >= deadline:
                    os.close(handle)
                    raise LedgerError(self._held_by()) from error
            time.sleep(POLL_SECONDS)
        self._handle = handle
        try:
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, str(os.getpid()).encode())
        except OSError as error:
            self.release()
            message = "The lock file beside the ledger cannot be written; free some disk space."
            raise LedgerError(message) from error

    def release(self) -> None:
        """Release the lock; its file stays, since removing it would let two runs in."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _held_by(self) -> str:
        try:
            since = datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
            holder = f"process {int(self._path.read_text('ascii'))}, since {since:%Y-%m-%d %H:%M:%S} UTC"
        except (OSError, ValueError):
            holder = "just started"
        return (
            f"Another run ({holder}) is sending to dataset {self._dataset} with this ledger; "
            "wait until it ends, then run the same command again."
        )
