"""A file that was brought here: private, under the name that reports show."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from importer.errors import FileError
from importer.private_files import create_private

CHUNK = 1 << 20
_NAME_LENGTH, _NAME_BYTES = 120, 240
"""What a name has at most; disks take 255 bytes."""


@dataclass(frozen=True)
class Fetched:
    """A file of an address, on this machine's disk.

    name: what it is called, for reports and the ledger. path: its bytes, 0600. address: where it came from, as it may
    be shown.
    """

    name: str
    path: Path
    address: str


def private_path(folder: Path, name: str) -> Path:
    """Make a folder of its own for a file in `folder` and return the file's path, which keeps the name where it can."""
    own = folder / secrets.token_hex(6)
    own.mkdir(mode=0o700, parents=True)
    return own / file_name(name)


def file_name(name: str) -> str:
    """Return a name that is one on every disk: no separators, no control characters, not hidden, not too long."""
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", name).lstrip(".").rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    kept = dot + ending if dot and len(ending) < 10 else ""  # noqa: PLR2004  an ending, such as parquet
    return _cut(stem if kept else plain, len(kept), len(os.fsencode(kept))) + kept or "sales"


def _cut(text: str, letters: int, size: int) -> str:
    """Cut a text so that it fits before so many letters, or bytes, that follow it."""
    text = text[: _NAME_LENGTH - letters]
    while len(os.fsencode(text)) > _NAME_BYTES - size:
        text = text[:-1]
    return text


@contextmanager
def writing(path: Path, address: str) -> Iterator[BinaryIO]:
    """Open a new private file; a disk that refuses is a FileError, and what is not whole is removed."""
    try:
        with create_private(path) as stream:
            try:
                yield stream
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            stream.flush()
    except DiskError as error:
        message = f"{address} does not fit on this machine's disk ({path.parent}); make room and run the command again."
        raise FileError(message) from error


class DiskError(Exception):
    """This machine's disk refuses, which is no fault of the connection."""


@contextmanager
def on_disk() -> Iterator[None]:
    """Tell the disk's refusals, as DiskError, from a server's OSError."""
    try:
        yield
    except OSError as error:
        raise DiskError from error


def write(stream: BinaryIO, data: bytes) -> None:
    """Write to the private file; DiskError where the disk refuses."""
    with on_disk():
        stream.write(data)


def begin_again(stream: BinaryIO) -> None:
    """Empty the private file: what was brought so far is of no use."""
    stream.seek(0)
    stream.truncate()
