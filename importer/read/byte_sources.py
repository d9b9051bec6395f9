"""The uncompressed bytes of a file: plain, gzip, or a zip archive of one file.

Nothing is unpacked to disk, and names in an archive are never used as paths.
"""

from __future__ import annotations

import gzip
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from importer.errors import FileError

FIRST_BYTES = 256 << 10
"""The first chunk is small, so that a sample costs little."""
CHUNK_BYTES = 4 << 20

BOMB_RATIO = 250
BOMB_BYTES = 1 << 30
"""A file that grows more than 250 times and beyond 1 GiB is refused; exports grow 3 to 30 times."""

_NOT_FILES = (
    (stat.S_ISDIR, "is a folder; name the files in it"),
    (stat.S_ISFIFO, "is a pipe, which can be read only once; write its content to a file first"),
    (stat.S_ISSOCK, "is a socket, not a file; export the sales as CSV, Excel or Parquet"),
    (stat.S_ISCHR, "is a device, not a file; export the sales as CSV, Excel or Parquet"),
    (stat.S_ISBLK, "is a device, not a file; export the sales as CSV, Excel or Parquet"),
)

_SYSTEM_NAMES = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
"""Files and folders that systems add to archives."""


@dataclass(frozen=True)
class ByteSource:
    """A file to read as text.

    compression: empty, gzip or zip.
    member: the one file in a zip archive.
    """

    path: Path
    compression: str = ""
    member: str = ""

    def chunks(self) -> Iterator[bytes]:
        """Yield the unpacked bytes, a small chunk first; FileError where they are damaged or a decompression bomb."""
        with reading(self.path), self._stream() as stream:
            total, wanted = 0, FIRST_BYTES
            while chunk := stream.read(wanted):
                total += len(chunk)
                if self.compression:
                    refuse_bomb(self.path, self.path.stat().st_size, total)
                yield chunk
                wanted = CHUNK_BYTES

    def bytes_between(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes of a stretch of a file that is not packed."""
        with reading(self.path), self.path.open("rb") as stream:
            stream.seek(start)
            while chunk := stream.read(min(CHUNK_BYTES, end - start)):
                start += len(chunk)
                yield chunk

    @contextmanager
    def _stream(self) -> Iterator[IO[bytes]]:
        if self.compression == "gzip":
            with gzip.GzipFile(self.path, "rb") as packed:
                yield cast("IO[bytes]", packed)
        elif self.compression == "zip":
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as inner:
                yield inner
        else:
            with self.path.open("rb") as plain:
                yield plain


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the system or a decompressor raises into a FileError that says what to do."""
    name = path.name
    try:
        yield
    except FileNotFoundError as error:
        message = f"There is no file {name}; check the path."
        raise FileError(message) from error
    except IsADirectoryError as error:
        message = f"{name} is a folder; name the files in it."
        raise FileError(message) from error
    except PermissionError as error:
        message = f"{name} may not be read; change its permissions."
        raise FileError(message) from error
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, KeyError) as error:
        message = f"{name} is damaged or incomplete and cannot be unpacked; export or copy it again."
        raise FileError(message) from error
    except (NotImplementedError, RuntimeError) as error:
        message = f"{name} is packed in a way that is not supported or encrypted; unpack it first."
        raise FileError(message) from error
    except OSError as error:
        if error.errno is None:  # a library's word about the content, not the system's about the disk
            message = f"{name} is damaged or incomplete and cannot be read; export or copy it again."
            raise FileError(message) from error
        message = f"{name} cannot be read ({error.strerror or 'the system refuses'}); check the disk or copy it again."
        raise FileError(message) from error


def require_file(path: Path) -> None:
    """Raise FileError where the path names no regular file, before it is opened: a pipe might never answer."""
    with reading(path):
        mode = path.stat().st_mode
    what = next((what for test, what in _NOT_FILES if test(mode)), None)
    if what:
        message = f"{path.name or path} {what}."
        raise FileError(message)


def refuse_bomb(path: Path, packed: int, unpacked: int) -> None:
    """Raise FileError where unpacking grows as no export does."""
    if unpacked > BOMB_BYTES and unpacked > BOMB_RATIO * max(packed, 1):
        message = (
            f"{path.name} grows more than {BOMB_RATIO} times when it is unpacked, so it is refused; unpack it yourself."
        )
        raise FileError(message)


def zip_source(path: Path) -> ByteSource:
    """Return the one file of a zip archive; FileError where it holds none, several or an encrypted one."""
    with reading(path), zipfile.ZipFile(path) as archive:
        members = [
            info
            for info in archive.infolist()
            if not (info.filename.endswith("/") or _SYSTEM_NAMES & set(info.filename.replace("\\", "/").split("/")))
        ]
    if len(members) != 1:
        names = ", ".join(printable(info.filename) for info in members[:5])
        holds = f"holds {len(members)} files ({names}{', ...' if len(members) > 5 else ''})"  # noqa: PLR2004
        message = f"{path.name} {holds if members else 'holds no file'}; a zip archive must hold exactly one export."
        raise FileError(message)
    (info,) = members
    if info.flag_bits & 1:
        message = f"{path.name} is encrypted; unpack it first."
        raise FileError(message)
    refuse_bomb(path, info.compress_size, info.file_size)
    return ByteSource(path, "zip", info.filename)


def printable(name: str) -> str:
    """Make a name from a file fit for a sentence: one line, no control characters, at most 60 characters."""
    return "".join(char if char.isprintable() else "?" for char in name[:60])
