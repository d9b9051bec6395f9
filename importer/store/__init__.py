"""SQLite: which events are ours to send, and what became of each."""

from importer.store.book import KEEP_SECONDS, Acceptance, Ledger, OpenClaim, Total
from importer.store.index import Keys, Places, as_bytes, keys_of

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
