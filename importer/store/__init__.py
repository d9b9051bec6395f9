"""The ledger: which events are ours to send, and what became of each."""

from pathlib import Path

from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.keys import Keys, keys_of
from importer.store.ledger import KEEP_SECONDS, Acceptance, Known, Ledger, OpenClaim, Total
from importer.store.ledger_sales import Sales
from importer.store.sqlite_ledger import SqliteLedger

__all__ = [
    "KEEP_SECONDS",
    "Acceptance",
    "AcceptedSale",
    "Keys",
    "Known",
    "Ledger",
    "OpenClaim",
    "PastRun",
    "RefundedSale",
    "Sales",
    "SentSale",
    "Total",
    "keys_of",
    "open_ledger",
]


def open_ledger(path: Path, *, read_only: bool = False, memory: Path | None = None) -> Ledger:
    """Open the ledger at the path; it is created if missing, unless only read. `LedgerError` says what is wrong.

    memory: a folder in which this machine remembers its ledgers, so that an older copy of one is noticed.
    """
    return SqliteLedger.open(path, read_only=read_only, memory=memory)
