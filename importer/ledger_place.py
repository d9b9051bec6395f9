"""Addresses of ledgers in a PostgreSQL database: `postgresql://USER@HOST:PORT/DB`, never with a password."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from importer.errors import UsageError

Place: TypeAlias = "Path | str"
"""Where a ledger is: the path of a SQLite file, or the address of a database."""

_SCHEMES = ("postgresql:", "postgres:")


def is_address(place: object) -> bool:
    """Tell whether a ledger's place is an address of a database, not a file's path."""
    return str(place).startswith(_SCHEMES)


def checked_address(text: str) -> str:
    """Return the address; `UsageError` where it is not one, or tells the password (which is not repeated)."""
    try:
        parts = urlsplit(text)
        told = parts.password is not None or "password" in dict(parse_qsl(parts.query))
        is_whole = bool(parts.netloc or parts.query) and parts.port != 0
    except ValueError:
        told, is_whole = ":" in text.rpartition("@")[0].partition("//")[2], False
    if told:
        message = (
            "The ledger's address tells a password, which others would see in the list of processes; leave it out and "
            "put it into the environment's PGPASSWORD or into ~/.pgpass."
        )
        raise UsageError(message)
    if not is_whole or not text.startswith(("postgresql://", "postgres://")):
        message = "The ledger's address is not valid; write it like postgresql://USER@HOST:5432/DATABASE."
        raise UsageError(message)
    return text


def shown(place: Place) -> str:
    """Return a ledger's place as messages name it: without the options of an address."""
    return re.sub(r"\?.*", "", str(place)) if is_address(place) else str(place)


def short_name(place: Place) -> str:
    """Return the name that a summary, which may be forwarded, gives to a ledger: of the file, or of the database."""
    return shown(place).rpartition("/")[2] or "postgresql" if is_address(place) else Path(place).name
