"""SQLite: which events are ours to send, and what became of each."""

from importer.store.key_index import Keys, Places, as_bytes, keys_of
from importer.store.sqlite_ledger import KEEP_SECONDS, Acceptance, Ledger, OpenClaim, Total

__all__ = [
    "KEEP_SECONDS",
    "Acceptance",
    "Keys",
    "Ledger",
    "OpenClaim",
    "Places",
    "Total",
    "as_bytes",
    "keys_of",
]
