"""A report that goes to a bucket: written here first, privately, and sent there, whole, when the run is over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from importer.addresses.address import BUCKETS, last_name, scheme, shown
from importer.addresses.fetched_file import file_name
from importer.errors import UsageError
from importer.private_files import PrivateFolder


class ReportTarget:
    """An address of a bucket for a report, and the private file in which it is written until then: `path`.

    UsageError: the address is none of a bucket.
    """

    def __init__(self, address: str, environ: Mapping[str, str]) -> None:
        if scheme(address) not in BUCKETS:
            message = f"--report {shown(address)}: a report goes to a path, or to s3://, gs:// or az://."
            raise UsageError(message)
        self.address, self._environ, self._folder = address, environ, PrivateFolder()
        self.path = self._folder.path / file_name(last_name(address, "report.csv"))

    def take_free_address(self) -> None:
        """Move on to the next number where a file stands there already. FileError, UsageError: the bucket is no use."""
        from importer.addresses.cloud import exists  # noqa: PLC0415  the clouds' libraries take a while

        wanted, number = PurePosixPath(self.address.partition("://")[2]), 1
        while exists(self.address, self._environ):
            number += 1
            free = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
            self.address = f"{scheme(self.address)}://{free}"

    def send(self) -> None:
        """Send the private file to the address. FileError, UsageError: the bucket does not take it."""
        from importer.addresses.cloud import send_to_cloud  # noqa: PLC0415

        send_to_cloud(self.path, self.address, self._environ)
