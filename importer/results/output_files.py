"""Files that stand under their name only once they are written, readable by their owner only."""

from __future__ import annotations

import errno
import glob
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from importer.errors import FileError, UsageError
from importer.private_files import create_private, lock

ENDINGS = (".csv", ".parquet", ".xlsx")

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def check_target(path: Path, others: Iterable[Path], endings: Sequence[str] = ENDINGS) -> None:
    """Check that the path can take a report: its ending is known, and it is not another file of the run by any name.

    UsageError: the ending is unknown, or writing would destroy one of the other files.
    """
    ending(path, endings)
    for other in others:
        if _same(path, other):
            message = f"Writing {path} would overwrite {other}; give another path."
            raise UsageError(message)


def ending(path: Path, endings: Sequence[str] = ENDINGS) -> str:
    """Return the path's ending in lower case, one of the endings given. UsageError: it is another."""
    if (found := path.suffix.lower()) in endings:
        return found
    message = f"{path} must end in {', '.join(endings[:-1])} or {endings[-1]}; the ending decides the format."
    raise UsageError(message)


def _same(path: Path, other: Path) -> bool:
    """Tell whether both paths lead to one file, through links and whatever their case, or would if it existed."""
    try:
        return path.samefile(other)
    except OSError:
        return path.resolve() == other.resolve()


def _remove_abandoned(folder: Path, stem: str) -> None:
    """Remove parts of this file that a killed run left behind; those of a run that is alive stay."""
    for part in folder.glob(f"{glob.escape(stem)}.*.part"):
        with suppress(OSError), part.open("rb") as stream:
            if re.fullmatch(r"[0-9a-f]{8}", part.name[len(stem) + 1 : -len(".part")]) and lock(stream.fileno()):
                part.unlink()


class Output:
    """A file being written beside its place: `publish` moves it there, `discard` removes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with translated(path):
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            stem = path.name[:60]
            _remove_abandoned(path.parent, stem)
            self._part = path.with_name(f"{stem}.{secrets.token_hex(4)}.part")
            self.stream = create_private(self._part)
            lock(self.stream.fileno())

    def sync(self) -> None:
        """Bring all that was written to the disk. FileError: there is no room."""
        with translated(self.path):
            self.stream.flush()
            os.fsync(self.stream.fileno())

    def publish(self) -> None:
        """Move what reached the disk to the file's own name, in the place of an older file."""
        self._close()
        try:
            self._part.replace(self.path)
        except OSError as error:
            message = f"{self.path} is in the way (is it open in another program?); the new file lies in {self._part}."
            raise FileError(message) from error

    def discard(self) -> None:
        """Remove what was written; an older file of that name stays as it was."""
        self._close()
        with translated(self.path):
            self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        """Close the file, also where its last byte finds no room, of which `sync` has told."""
        with suppress(OSError):
            self.stream.close()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn trouble with the disk into a FileError whose sentence says what to do."""
    try:
        yield
    except OSError as error:
        raise FileError(_advice(path, error)) from error


def _advice(path: Path, error: OSError) -> str:
    if error.errno in _FULL:
        return f"The disk is full, so {path} is not complete; make room and run the same command again."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"The folder {path.parent} does not exist; create it or give another path for {path.name}."
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"The folder {path.parent} may not be written to; give another path for {path.name}."
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder; give the path of a file."
    return f"{path} cannot be written ({error.strerror}); give another path."
