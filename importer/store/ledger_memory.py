"""What this machine remembers of each ledger: how many commits it had when it was last used here.

A ledger with fewer commits is an older copy: a restored backup, or a file that was copied without its `-wal`. Sales
that Meta took since are not in it, and would be sent again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from importer.errors import LedgerError

DIGITS = 20


class LedgerMemory:
    """One small file for each ledger, by the ledger's own id; what cannot be written is not remembered."""

    def __init__(self, folder: Path | None, ledger: str) -> None:
        self._path = None if folder is None else folder / ledger
        self._handle: int | None = None

    def require_not_older(self, commits: Callable[[], int], path: Path | str) -> None:
        """Raise LedgerError where the ledger had more commits when it was last used on this machine.

        commits: asked after what is remembered, since another run may be writing both.
        """
        remembered = self._remembered()
        if remembered and remembered > commits():
            message = (
                f"The ledger {path} is older than when it was last used on this machine: a backup, or a copy without "
                "its -wal file. Sales that Meta took since would be sent again. Put the newer one back, or say that "
                "this one is meant: capi-import ledger accept."
            )
            raise LedgerError(message)

    def accept(self, commits: int) -> None:
        """Keep the number of commits, whatever it was; LedgerError where that cannot be written."""
        if not self.remember(commits):
            message = "What this machine remembers of the ledger cannot be written; check your state folder."
            raise LedgerError(message)

    def remember(self, commits: int) -> bool:
        """Keep the number of commits; return False where that cannot be written."""
        if self._path is None:
            return True
        try:
            if self._handle is None:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, f"{commits:0{DIGITS}}".encode())
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _remembered(self) -> int:
        if self._path is None:
            return 0
        try:
            return int(self._path.read_text("ascii"))
        except (OSError, ValueError):
            return 0
