"""Files and folders that only their owner may read, for a short time; what a killed run left behind is removed."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from importer.errors import FileError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: what a killed run left behind is left to the user
    fcntl = None  # type: ignore[assignment]

PREFIX = "capi-import-private-"
"""How the folders' names begin; whatever else a user calls a folder, it is not taken for one of them."""

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def create_private(path: Path) -> BinaryIO:
    """Create a file for reading and writing that only its owner may read. OSError: it exists, or cannot be created."""
    return os.fdopen(os.open(path, _FLAGS, 0o600), "w+b")


def lock(handle: int) -> bool:
    """Lock an open file or folder and tell whether it is ours now; the lock goes with the process, however it ends."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class SpillFile:
    """A file for what does not fit in memory, without a name: nobody else can open it, and it goes with the process.

    Written at its end, read anywhere. FileError: the disk refuses.
    """

    def __init__(self) -> None:
        with spilling():
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  closed with this object; 0600, as all of them
        self._file, self.size = file, 0
        self.close = weakref.finalize(self, file.close)

    def append(self, data: memoryview) -> None:
        """Write the bytes at the end of the file."""
        with spilling():
            self._file.seek(self.size)
            while data:
                written = self._file.write(data)
                self.size, data = self.size + written, data[written:]

    def read_into(self, start: int, buffer: memoryview) -> None:
        """Fill the buffer with the bytes from `start` on."""
        with spilling():
            self._file.seek(start)
            while buffer:
                count = self._file.readinto(buffer)
                if not count:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                buffer = buffer[count:]


@contextmanager
def spilling() -> Iterator[None]:
    """Turn trouble with the disk into a FileError."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        trouble = "is full" if is_full else f"cannot be used ({error.strerror})"
        message = (
            f"The folder for temporary files ({tempfile.gettempdir()}) {trouble}, and what a run remembers of so many "
            "rows does not fit in memory; make room there, or name another folder with TMPDIR."
        )
        raise FileError(message) from error


class PrivateFolder:
    """A folder for files that nobody else may read, made when it is first used; it goes with this object."""

    def __init__(self) -> None:
        self._end: Callable[[], object] | None = None

    @cached_property
    def path(self) -> Path:
        """The folder. FileError: there is no room for it."""
        _remove_abandoned()
        path, handle = _made()
        self._end = weakref.finalize(self, _remove, path, handle)
        return path

    def remove(self) -> None:
        """Remove the folder and what is in it."""
        if self._end is not None:
            self._end()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()


def _made() -> tuple[Path, int | None]:
    """Make a folder and lock it; another run may have taken it for abandoned before it was locked."""
    while True:
        try:
            path = Path(tempfile.mkdtemp(prefix=PREFIX))
        except OSError as error:
            message = f"The folder for temporary files ({error.filename}) cannot be written; name another with TMPDIR."
            raise FileError(message) from error
        if fcntl is None:
            return path, None
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY)
            if lock(handle) and path.is_dir():
                return path, handle
            os.close(handle)


def _remove(path: Path, handle: int | None) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if handle is not None:
        os.close(handle)


def _remove_abandoned() -> None:
    """Remove folders of runs that were killed; those of a run that is alive are locked."""
    if fcntl is None:
        return
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = path.lstat()
            ours = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == stat.S_IRWXU
            if not ours or found.st_uid != os.getuid() or not re.fullmatch(r"\w{8}", path.name[len(PREFIX) :]):
                continue
            handle = os.open(path, os.O_RDONLY)
            try:
                if lock(handle):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(handle)
