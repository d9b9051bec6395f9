"""The one way to bring what an address stands for onto this machine's disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from importer.addresses.address import BUCKETS, SQL, scheme
from importer.addresses.fetched_file import Fetched


def fetch(address: str, folder: Path, environ: Mapping[str, str], connection: str | None = None) -> list[Fetched]:
    """Bring the files of an address into a private folder, each whole, readable by its owner only.

    connection: the database of `sql:QUERY`. UsageError and FileError say in a sentence what is wrong with the address,
    the credentials, the file or the connection; then nothing stays in the folder but empty folders.
    """
    kind = scheme(address)
    if kind in BUCKETS:
        from importer.addresses.cloud import fetch_cloud  # noqa: PLC0415  each kind has libraries of its own

        return fetch_cloud(address, folder, environ)
    if kind == "sftp":
        from importer.addresses.sftp import fetch_sftp  # noqa: PLC0415

        return fetch_sftp(address, folder, environ)
    if kind == SQL:
        from importer.addresses.sql import fetch_sql  # noqa: PLC0415

        return fetch_sql(address, folder, connection, environ)
    from importer.addresses.http_download import fetch_http  # noqa: PLC0415

    return fetch_http(address, folder, environ)
