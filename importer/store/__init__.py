"""The ledger: which events are ours to send, and what became of each."""

from pathlib import Path

from importer.errors import UsageError
from importer.ledger_place import Place, checked_address, is_address
from importer.store.history import AcceptedSale, PastRun, RefundedSale, SentSale
from importer.store.keys import Keys, keys_of
from importer.store.ledger import KEEP_SECONDS, Acceptance, Claimed, Known, Ledger, OpenClaim, Total
from importer.store.ledger_sales import Sales
from importer.store.sqlite_ledger import SqliteLedger

__all__ = [
    "KEEP_SECONDS",
    "Acceptance",
    "AcceptedSale",
    "Claimed",
    "Keys",
    "Known",
    "Ledger",
    "OpenClaim",
    "PastRun",
    "Place",
    "RefundedSale",
    "Sales",
    "SentSale",
    "Total",
    "keys_of",
    "open_ledger",
]


def open_ledger(place: Place, *, read_only: bool = False, memory: Path | None = None) -> Ledger:
    """Open the ledger at a path, or at an address of PostgreSQL; it is created if missing, unless only read.

    `LedgerError` says what is wrong. memory: a folder in which this machine remembers its ledgers, so that an older
    copy of one is noticed.
    """
    if not is_address(place):
        return SqliteLedger.open(Path(place), read_only=read_only, memory=memory)
    address = checked_address(str(place))
    try:
        from importer.store.postgres_ledger import PostgresLedger  # noqa: PLC0415  psycopg, which few need
    except ModuleNotFoundError as error:
        message = "A ledger in PostgreSQL needs one more package: pip install 'capi-import[postgres]'."
        raise UsageError(message) from error
    return PostgresLedger(address, memory, read_only=read_only)
