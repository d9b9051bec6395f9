"""SQLite: which events are ours to send, and what became of each."""

from importer.store.book import KEEP_SECONDS, Acceptance, Ledger, OpenClaim, Total
from importer.store.index import Keys, Places, as_bytes, keys_of
from importer.store.words import Sieve, Words, ascending, order_of, repeated

__all__ = [
    "KEEP_SECONDS",
    "Acceptance",
    "Keys",
    "Ledger",
    "OpenClaim",
    "Places",
    "Sieve",
    "Total",
    "Words",
    "as_bytes",
    "ascending",
    "keys_of",
    "order_of",
    "repeated",
]
