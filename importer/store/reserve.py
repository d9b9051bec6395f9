"""Room on the disk that is kept free for settlements: what Meta took must be noted even where the disk is full."""

from __future__ import annotations

import os
from pathlib import Path

from importer.errors import LedgerError

RESERVE_BYTES = 4 << 20
"""Enough for 64 requests in flight: to settle one writes a few pages of 4 kB."""


class Reserve:
    """A file that holds the room while a run lasts; it is removed when the room is needed, or the run ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _fill(handle)
            finally:
                os.close(handle)
        except OSError as error:
            self.free()
            message = (
                f"The disk that holds the ledger is full: {RESERVE_BYTES >> 20} MB are kept there to note what Meta "
                f"takes; free some space, then run the same command again. ({path.parent})"
            )
            raise LedgerError(message) from error

    def free(self) -> bool:
        """Give the room back to the disk; return whether there was any."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True


def _fill(handle: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, RESERVE_BYTES)
        return
    block = bytes(1 << 16)
    for _ in range(RESERVE_BYTES // len(block)):
        os.write(handle, block)
