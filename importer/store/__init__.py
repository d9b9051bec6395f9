"""SQLite: which events are ours to send, and what became of each."""

from importer.store.keys import KeyPositions, Keys, keys_of
from importer.store.sqlite_ledger import KEEP_SECONDS, Acceptance, Ledger, OpenClaim, Total

__all__ = [
    "KEEP_SECONDS",
    "Acceptance",
    "KeyPositions",
    "Keys",
    "Ledger",
    "OpenClaim",
    "Total",
    "keys_of",
]
