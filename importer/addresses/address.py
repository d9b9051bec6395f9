"""Addresses as the user writes them: which kind each is, and how it is shown without what may be secret."""

from __future__ import annotations

import re
from itertools import takewhile
from urllib.parse import SplitResult, unquote, urlsplit

from importer.addresses.google_sheets import sheet_name
from importer.addresses.patterns import has_pattern
from importer.errors import UsageError

SQL = "sql"
BUCKETS = ("s3", "gs", "az")
"""Kinds of addresses in a cloud's bucket."""
SCHEMES = (*BUCKETS, "http", "https", "sftp")

_ADDRESS = re.compile(rf"(?:{'|'.join(SCHEMES)})://|{SQL}:", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Tell whether a FILE is an address and no path: s3://, gs://, az://, https://, sftp:// or sql:QUERY."""
    return _ADDRESS.match(text) is not None


def scheme(address: str) -> str:
    """Return the kind of an address, such as s3 or sql."""
    return address.partition(":")[0].lower()


def shown(address: str) -> str:
    """Return an address as messages and reports may show it: without password, query and fragment; of SQL the kind."""
    if scheme(address) == SQL:
        return SQL
    try:
        parts = urlsplit(address)
    except ValueError:
        return f"{scheme(address)}://"
    user = f"{parts.username}@" if parts.username and scheme(address) == "sftp" else ""
    path = address.partition("://")[2].partition("/")[2] if scheme(address) in BUCKETS else parts.path[1:]
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{user}{host}/{path}"


def name_of(address: str) -> str:
    """Return what the file of an address is called before it is there; of a pattern, what its folder is called."""
    if scheme(address) == SQL:
        return SQL
    place = shown(address).partition("://")[2]
    fixed = "/".join(takewhile(lambda part: not has_pattern(part), place.split("/")))
    return sheet_name(address) or last_name(fixed, "sales")


def split_address(address: str) -> SplitResult:
    """Split a web or SFTP address. UsageError: it is none, or it holds a password, which other programs could read."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        message = f"{shown(address)} names no server; write the address like https://files.example.com/sales.csv."
        raise UsageError(message)
    if parts.password or (parts.username and parts.scheme != "sftp"):
        where = "CAPI_SFTP_PASSWORD" if parts.scheme == "sftp" else "~/.netrc"
        message = (
            f"{shown(address)} must not hold a password, which others on this machine could read; put it into {where}."
        )
        raise UsageError(message)
    return parts


def last_name(path: str, otherwise: str) -> str:
    """Return the name at the end of an address's path."""
    return unquote(path.rstrip("/").rpartition("/")[2]) or otherwise
