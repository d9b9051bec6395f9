"""A folder in a cloud's bucket that is written to: files come and go whole, and nothing in it is locked or renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from importer.addresses.address import BUCKETS, scheme, shown
from importer.errors import FileError, UsageError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem


class CloudFolder:
    """Files by their paths in the folder. Every method may raise FileError or UsageError, a sentence that says why.

    It travels to other processes without credentials, which each takes from its own environment.
    """

    def __init__(self, address: str, environ: Mapping[str, str] | None = None) -> None:
        kind, key = scheme(address), address.partition("://")[2].strip("/")
        if kind not in BUCKETS or not all(key.partition("/")):
            message = (
                f"{shown(address)} is no folder for prepared rows; write a path, or an address such as "
                "s3://BUCKET/november (or gs://, az://)."
            )
            raise UsageError(message)
        self.address = f"{kind}://{key}"
        self._key, self._environ = key, os.environ if environ is None else environ

    def __str__(self) -> str:
        return self.address

    def __reduce__(self) -> tuple[type[CloudFolder], tuple[str]]:
        return CloudFolder, (self.address,)

    @cached_property
    def _system(self) -> FileSystem:
        from importer.addresses.cloud import file_system  # noqa: PLC0415  the clouds' libraries take a while

        return file_system(self.address, self._environ)

    def require_bucket(self) -> None:
        """Raise FileError where there is no such bucket."""
        from importer.addresses.cloud import require_bucket  # noqa: PLC0415

        with self._errors():
            require_bucket(self._system, self.address)

    def names(self, within: str = "") -> list[str]:
        """Return the files of the folder, or of one in it."""
        from pyarrow.fs import FileSelector, FileType  # noqa: PLC0415

        with self._errors():
            found = self._system.get_file_info(
                FileSelector(self._path(within).rstrip("/"), recursive=True, allow_not_found=True)
            )
        return [info.path.removeprefix(f"{self._key}/") for info in found if info.type == FileType.File]

    def read(self, name: str) -> bytes | None:
        """Return what a small file holds, None where there is none."""
        with self._errors():
            try:
                with self._system.open_input_file(self._path(name)) as file:
                    return bytes(file.read())
            except FileNotFoundError:
                return None

    def bring(self, name: str, folder: Path) -> Path:
        """Bring a file into a private folder of this machine, whole, and return where it lies."""
        from importer.addresses.cloud import bring  # noqa: PLC0415

        return bring(self._system, self._path(name), folder, f"{self.address}/{name}").path

    def send(self, source: Path, name: str) -> None:
        """Bring a file of this machine to the folder; it is there when it is whole."""
        from importer.addresses.cloud import PART_BYTES, is_kind  # noqa: PLC0415

        path = self._path(name)
        with self._errors(), source.open("rb") as stream:
            try:
                with self._system.open_output_stream(path) as target:
                    while part := stream.read(PART_BYTES):
                        target.write(part)
                found = self._system.get_file_info(path)
            except OSError:
                self._discard(path)  # a stream that is closed amid an error may have left what it had
                raise
            if not is_kind(found, "File") or found.size != stream.tell():
                self._discard(path)
                message = f"{self.address}/{name} did not arrive whole; run the same command again."
                raise FileError(message)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self._errors():
            try:
                self._system.delete_file(self._path(name))
            except FileNotFoundError:
                return

    def remove_folder(self, name: str) -> None:
        """Remove all files of a folder in this one, or of all of it."""
        with self._errors():
            try:
                self._system.delete_dir(self._path(name).rstrip("/"))
            except FileNotFoundError:
                return

    def _discard(self, path: str) -> None:
        try:
            self._system.delete_file(path)
        except OSError:
            return

    def _path(self, name: str) -> str:
        return f"{self._key}/{name}"

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from importer.addresses.cloud import cloud_error  # noqa: PLC0415

        try:
            yield
        except OSError as error:
            raise cloud_error(error, self.address, "") from error
