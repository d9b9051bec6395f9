"""One lock of the operating system for a ledger and dataset, whatever the ledger's name; it dies with its process.

The lock file lies beside the ledger's resolved path. On Linux a second lock bears the ledger's device and inode and no
path: it holds where the lock file is deleted, or one file is mounted in two folders. The database itself is never
opened beside SQLite: closing any descriptor of it would drop SQLite's own locks.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
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
        self._ledger = ledger.resolve()
        self._dataset = dataset
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", dataset)[:64]
        self._path = self._ledger.with_name(f"{self._ledger.name}.{safe}.lock")
        self.reserve_path = self._path.with_suffix(".reserve")
        self._handle: int | None = None
        self._name: socket.socket | None = None

    def acquire(self, wait: float) -> None:
        """Acquire the lock, or raise `LedgerError` after `wait` seconds, which says who holds it."""
        deadline = time.monotonic() + wait
        while True:
            try:
                self._name = _bound_name(self._ledger, self._dataset)
                self._handle = self._locked_file()
                break
            except BlockingIOError as error:
                self.release()
                if time.monotonic() >= deadline:
                    raise LedgerError(self._held_by()) from error
            time.sleep(POLL_SECONDS)
        try:
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, str(os.getpid()).encode())
        except OSError as error:
            self.release()
            message = "The lock file beside the ledger cannot be written; free some disk space."
            raise LedgerError(message) from error

    def _locked_file(self) -> int:
        """Open and lock the file; BlockingIOError where another holds it, or has put another in its place meanwhile."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            self.release()
            message = f"The lock file beside the ledger cannot be written ({self._path}); give --ledger another folder."
            raise LedgerError(message) from error
        try:
            _try_lock(handle)
            if os.path.samestat(os.fstat(handle), self._path.stat()):
                return handle
        except OSError as error:
            os.close(handle)
            raise BlockingIOError from error
        os.close(handle)
        raise BlockingIOError

    def release(self) -> None:
        """Release the lock; its file stays, since removing it would let two runs in."""
        if self._name is not None:
            self._name.close()
            self._name = None
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


def _bound_name(ledger: Path, dataset: str) -> socket.socket | None:
    """Bind a name, without a file, of the ledger's device, inode and dataset; BlockingIOError if it is taken."""
    if sys.platform != "linux" or not ledger.exists():
        return None
    place = ledger.stat()
    what = hashlib.sha256(dataset.encode()).hexdigest()[:16]
    name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        name.bind(f"\0capi-import/{place.st_dev}:{place.st_ino}/{what}")
    except OSError as error:
        name.close()
        raise BlockingIOError from error
    return name
