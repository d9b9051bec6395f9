"""Files that stand under their name only once they are written, readable by their owner only.

Whether a new file may replace an older one of its name is said with it; where it may not, it takes the next free
number: `fix-2.csv` beside `fix.csv`.
"""

from __future__ import annotations

import errno
import glob
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import BinaryIO

from importer.errors import FileError, UsageError
from importer.private_files import create_private, lock
from importer.results.files_db import FileKind, Standing, remember, standing

LOG = logging.getLogger("importer")

ENDINGS = (".csv", ".parquet", ".xlsx")

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Overwrite(Enum):
    """Which older files a new one may replace: none, those that this program wrote and nobody changed since, any."""

    NEVER = auto()
    OWN = auto()
    ANY = auto()


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


def numbered(path: Path) -> Iterator[Path]:
    """Yield the path, then with numbers before its ending: fix.csv, fix-2.csv, fix-3.csv, ..."""
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def next_free(path: Path, taken: Iterable[Path] = ()) -> Path:
    """Return the first numbered path where no file stands, nor one that is being written, nor one of `taken`."""
    others = list(taken)
    return next(
        place
        for place in numbered(path)
        if not (os.path.lexists(place) or _is_being_written(place) or any(_same(place, other) for other in others))
    )


def _is_being_written(path: Path) -> bool:
    """Tell whether a run that is alive has a part of this file."""
    return any(not _is_abandoned(part) for part in _parts(path.parent, path.name[:_STEM]))


MOST_TRIES = 10
_STEM = 60
"""Characters of a file's name that its part bears."""


def _parts(folder: Path, stem: str) -> Iterator[Path]:
    """Yield the parts of a file, whether somebody still writes them or not."""
    for part in folder.glob(f"{glob.escape(stem)}.*.part"):
        if re.fullmatch(r"[0-9a-f]{8}", part.name[len(stem) + 1 : -len(".part")]):
            yield part


def _locked_part(folder: Path, stem: str) -> tuple[Path, BinaryIO]:
    """Create the part of a file and lock it; another run may take it for abandoned before it is locked."""
    for _ in range(MOST_TRIES):
        part = folder / f"{stem}.{secrets.token_hex(4)}.part"
        stream = create_private(part)
        if lock(stream.fileno()) and part.exists():
            return part, stream
        stream.close()
        part.unlink(missing_ok=True)
    part = folder / f"{stem}.{secrets.token_hex(4)}.part"
    return part, create_private(part)  # a disk that knows no locks, where nothing counts as abandoned either


def _is_abandoned(part: Path) -> bool:
    with suppress(OSError), part.open("rb") as stream:
        return lock(stream.fileno())
    return False


def _remove_abandoned(folder: Path, stem: str) -> None:
    """Remove parts of this file that a killed run left behind; those of a run that is alive stay."""
    for part in _parts(folder, stem):
        with suppress(OSError), part.open("rb") as stream:
            if lock(stream.fileno()):
                part.unlink()


class Output:
    """A file being written beside its place: `publish` moves it there, `discard` removes it.

    path: where it will stand; with another number once it stands there, where that was the only free place.
    """

    def __init__(
        self, path: Path, kind: FileKind | None = FileKind.REPORT, overwrite: Overwrite = Overwrite.ANY
    ) -> None:
        self.path, self.kind, self._overwrite = path, kind, overwrite
        with translated(path):
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            stem = path.name[:_STEM]
            _remove_abandoned(path.parent, stem)
            self._part, self.stream = _locked_part(path.parent, stem)

    def sync(self) -> None:
        """Bring all that was written to the disk. FileError: there is no room."""
        with translated(self.path):
            self.stream.flush()
            os.fsync(self.stream.fileno())

    def publish(self) -> None:
        """Move what reached the disk to the file's own name, or to the next free number."""
        self._close()
        wanted = self.path
        for self.path in numbered(wanted):
            if self._moved():
                break
        if self.path != wanted:
            LOG.warning("%s stands there since; what was written is %s.", wanted, self.path)

    def _moved(self) -> bool:
        """Move the file to its place unless another one stands there that it may not replace."""
        if self.kind is not None:
            remember(self._part, self.path, self.kind)
        may_replace = self._overwrite is Overwrite.ANY or (
            self._overwrite is Overwrite.OWN and standing(self.path) is Standing.OWN
        )
        try:
            if may_replace:
                self._part.replace(self.path)
            else:
                _move_to_free_place(self._part, self.path)
        except FileExistsError:
            return False
        except OSError as error:
            message = f"{self.path} is in the way (is it open in another program?); the new file lies in {self._part}."
            raise FileError(message) from error
        return True

    def discard(self) -> None:
        """Remove what was written; an older file of that name stays as it was."""
        self._close()
        with translated(self.path):
            self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        """Close the file, also where its last byte finds no room, of which `sync` has told."""
        with suppress(OSError):
            self.stream.close()


def _move_to_free_place(part: Path, path: Path) -> None:
    """Move a file to a place where none stands, at no moment over another one. FileExistsError: one stands there."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if os.path.lexists(path):
            raise FileExistsError from None
        part.rename(path)
        return
    part.unlink()


@contextmanager
def new_file(path: Path, taken: str) -> Iterator[BinaryIO]:
    """Create a file where none stands; it is removed where the block fails. UsageError: one stands there (`taken`)."""
    with translated(path):
        try:
            stream = create_private(path)
        except FileExistsError as error:
            raise UsageError(taken) from error
        try:
            with stream:
                yield stream
        except BaseException:
            path.unlink(missing_ok=True)
            raise


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
