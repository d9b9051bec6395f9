"""Where prepared rows lie: a folder of a disk, or one in a cloud's bucket. Files are named by their paths in it.

Each file appears under its name when it is whole. What several processes agree on they agree on by files that each
writes alone, and in the ledger; no lock and no rename of the folder's is needed for it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from importer.addresses import CloudFolder
from importer.errors import CapiImportError, FileError, UsageError
from importer.private_files import PrivateFolder, create_private


class Folder(Protocol):
    """Files by their paths in the folder, which messages call `str` of it.

    Every method may raise FileError or UsageError, a sentence that says what a disk or a bucket refuses.
    place: the folder's path, or its address.
    """

    place: Path | str

    def make(self) -> None:
        """Make the folder; of a bucket, see whether it can be used."""

    def require_reachable(self) -> None:
        """See whether the bucket of an address is there."""

    def absolute(self) -> Folder:
        """Return the folder under a name that other processes understand."""

    def is_empty(self, *, but_for: str = "") -> bool:
        """Tell whether there is nothing in the folder but perhaps one file."""

    def mark(self, name: str) -> str:
        """Put an empty file there to tell others, and return its name; empty where another's is there already.

        Where two can put one each at the same moment, the names differ, and each must look for the other's.
        """

    def names(self, within: str = "") -> list[str]:
        """Return the files in the folder, or in one in it."""

    def read(self, name: str) -> bytes | None:
        """Return what a small file holds, None where there is none."""

    def new_file(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file for its owner only that appears under its name when it is whole."""

    def local(self, name: str) -> AbstractContextManager[Path]:
        """Yield where the file, or a private copy of it, lies on this machine's disk."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""

    def remove_folder(self, name: str = "") -> None:
        """Remove what is in a folder in this one, or in this one, as far as it lets itself be removed."""

    def errors(self) -> AbstractContextManager[None]:
        """Raise an OSError of a file that is being written as a FileError that says what to do."""


def folder_at(place: str | Path) -> Folder:
    """Return the folder at a path, or at an address of a bucket. UsageError: it is neither."""
    if "://" in str(place):
        return RemoteFolder(str(place))
    if not str(place):
        message = "--out takes a folder, not nothing."
        raise UsageError(message)
    return DiskFolder(Path(place))


class DiskFolder(Folder):
    """A folder of a disk, for its owner only: 0700, and its files 0600."""

    def __init__(self, path: Path) -> None:
        self.place = self.path = path

    def __str__(self) -> str:
        return str(self.path)

    def make(self) -> None:
        """Make the folder where there is none; an empty one becomes its owner's only."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not any(self.path.iterdir()):
                self.path.chmod(0o700)
        except OSError as error:
            message = f"The folder {self} cannot be made or written; give --out another one."
            raise UsageError(message) from error

    def require_reachable(self) -> None:
        """Nothing is to be seen of a disk."""

    def absolute(self) -> Folder:
        """Return the folder by its whole path."""
        return DiskFolder(self.path.resolve())

    def is_empty(self, *, but_for: str = "") -> bool:
        """Tell whether nothing else is in the folder."""
        with self.errors():
            return all(entry.name == but_for for entry in self.path.iterdir())

    def mark(self, name: str) -> str:
        """Put the one file of this name there."""
        with self.errors():
            try:
                create_private(self.path / name).close()
            except FileExistsError:
                return ""
        return name

    def names(self, within: str = "") -> list[str]:
        """Return the files, also those that are not whole, by their hidden names."""
        found = os.walk(self.path / within)
        return [(Path(top) / name).relative_to(self.path).as_posix() for top, _, names in found for name in names]

    def read(self, name: str) -> bytes | None:
        """Return what a file holds."""
        try:
            return (self.path / name).read_bytes()
        except OSError:
            return None

    @contextmanager
    def new_file(self, name: str) -> Iterator[BinaryIO]:
        """Write under a temporary name, onto the disk, then rename."""
        path = self.path / name
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        with self.errors():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with create_private(part) as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                part.rename(path)
            finally:
                with suppress(OSError):
                    part.unlink()

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Yield where the file is."""
        yield self.path / name

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self.errors():
            (self.path / name).unlink(missing_ok=True)

    def remove_folder(self, name: str = "") -> None:
        """Remove a folder; of this one all that is in it."""
        if name:
            shutil.rmtree(self.path / name, ignore_errors=True)
            return
        for entry in self.path.iterdir():
            shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)

    def errors(self) -> AbstractContextManager[None]:
        """Name the folder, where there is no room."""
        return disk_errors(self)


class RemoteFolder(Folder):
    """A folder in a cloud's bucket. What goes there is written here first, privately, and what comes is copied here.

    Who may read it, and whether it is encrypted there, is the bucket's own affair.
    """

    def __init__(self, address: str) -> None:
        self._cloud = CloudFolder(address)
        self.place = self._cloud.address

    def __str__(self) -> str:
        return str(self._cloud)

    def make(self) -> None:
        """See whether there is such a bucket; a folder in it needs no making."""
        self._cloud.require_bucket()

    def require_reachable(self) -> None:
        """See whether there is such a bucket."""
        self._cloud.require_bucket()

    def absolute(self) -> Folder:
        """Return this."""
        return self

    def is_empty(self, *, but_for: str = "") -> bool:
        """Tell whether no other file is in the folder."""
        return all(name == but_for for name in self.names())

    def mark(self, name: str) -> str:
        """Put a file of its own there: a bucket cannot tell whether another was first."""
        own = f"{name}-{secrets.token_hex(4)}"
        with self.new_file(own):
            pass
        return own

    def names(self, within: str = "") -> list[str]:
        """Return the files."""
        return self._cloud.names(within)

    def read(self, name: str) -> bytes | None:
        """Return what a file holds."""
        return self._cloud.read(name)

    @contextmanager
    def new_file(self, name: str) -> Iterator[BinaryIO]:
        """Write a private file, and send it when it is whole."""
        with PrivateFolder() as private:
            part = private / "part"
            with self.errors(), create_private(part) as file:
                yield file
            self._cloud.send(part, name)

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Bring the file into a private folder for as long as the block lasts."""
        with PrivateFolder() as private:
            yield self._cloud.bring(name, private)

    def remove(self, name: str) -> None:
        """Remove a file."""
        self._cloud.remove(name)

    def remove_folder(self, name: str = "") -> None:
        """Remove the files of a folder."""
        with suppress(CapiImportError):
            self._cloud.remove_folder(name)

    def errors(self) -> AbstractContextManager[None]:
        """Name the folder for temporary files, where there is no room."""
        return disk_errors(f"The folder for temporary files, {tempfile.gettempdir()},")


@contextmanager
def disk_errors(place: object) -> Iterator[None]:
    """Raise what the disk refuses as a FileError that says what to do."""
    try:
        yield
    except OSError as error:
        what = error.strerror or "the disk refuses"
        message = f"{place} cannot be written ({what}); make room there, then run the same command again."
        raise FileError(message) from error
