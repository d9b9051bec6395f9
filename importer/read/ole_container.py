"""The container of an .xls file, checked before it is loaded: what would exhaust calamine's memory is refused.

An .xls file is a small file system: chains of sectors in a table. calamine follows a chain for ever when damage has
closed it to a ring, and holds a sheet as one dense rectangle (see `zip_guard`). Layout:
[MS-CFB] 2.1 to 2.6; records of cells: [MS-XLS] 2.4, each of which begins with a row and a column.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from importer.errors import FileError
from importer.read.byte_sources import reading
from importer.read.export import MAX_CELLS, MAX_COLUMNS

_RESERVED = 0xFFFFFFFA  # sector numbers from here on mark ends and free sectors
_ENTRY, _STREAM, _ROOT = 128, 2, 5
_SMALL = 4_096  # shorter streams lie in small sectors
_SMALL_SECTOR = 64
_CELLS = {0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E}
_WORKBOOKS = ("Workbook", "Book")

Table = npt.NDArray[np.uint32]


class _Damaged(Exception):
    """The container contradicts itself."""


@dataclass(frozen=True)
class _Sectors:
    """Pieces of equal length and the table that chains them; no piece belongs to two chains."""

    data: bytes
    size: int
    first: int  # bytes before the first piece
    table: Table
    used: set[int] = field(default_factory=set)

    def chain(self, start: int) -> bytes:
        pieces: list[bytes] = []
        sector = start
        while sector < min(len(self.table), _RESERVED):
            if sector in self.used:
                raise _Damaged
            self.used.add(sector)
            at = self.first + sector * self.size
            pieces.append(self.data[at : at + self.size])
            sector = int(self.table[sector])
        return b"".join(pieces)


def check_container(path: Path) -> None:
    """Raise FileError where the chains of an .xls file are damaged or its cells lie too far apart."""
    with reading(path):
        data = path.read_bytes()
    try:
        rows = columns = 0  # of the rectangle that holds the cells of every sheet
        for row, column in _cells(_workbook(data)):
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    except (_Damaged, struct.error, ValueError) as error:
        message = f"{path.name} is damaged or not a workbook that can be read; save it again as .xlsx or CSV."
        raise FileError(message) from error
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        message = f"{path.name} spans too many cells; delete what stands far from the table or save it as CSV."
        raise FileError(message)


def _workbook(data: bytes) -> bytes:
    """Return the stream of the workbook; every other chain is followed too, since calamine may."""
    shift, first_directory = *struct.unpack_from("<H", data, 30), *struct.unpack_from("<I", data, 48)
    if shift not in (9, 12):
        raise _Damaged
    size = 1 << shift
    sectors = _Sectors(data, size, size, _table(data, size))
    directory = sectors.chain(first_directory)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    (small_start,) = struct.unpack_from("<I", data, 60)
    small_table = _numbers(sectors.chain(small_start))
    small_data = b"".join(sectors.chain(_start(entry)) for entry in entries if entry[66] == _ROOT)
    small = _Sectors(small_data, _SMALL_SECTOR, 0, small_table)
    found = b""
    for entry in entries:
        (length,) = struct.unpack_from("<I", entry, 120)
        if entry[66] == _STREAM and length:
            stream = (small if length < _SMALL else sectors).chain(_start(entry))[:length]
            (name_bytes,) = struct.unpack_from("<H", entry, 64)
            name = entry[: max(min(name_bytes, 64) - 2, 0)].decode("utf-16-le", "replace")
            found = stream if name in _WORKBOOKS else found
    return found


def _table(data: bytes, size: int) -> Table:
    """Read the table of chains, whose own sectors are listed in the header and in a chain of lists."""
    listed = list(struct.unpack_from("<109I", data, 76))
    (following,) = struct.unpack_from("<I", data, 68)
    seen: set[int] = set()
    while following < _RESERVED:
        numbers = _numbers(data[(following + 1) * size : (following + 2) * size])
        if following in seen or not len(numbers):
            raise _Damaged
        seen.add(following)
        listed += numbers[:-1].tolist()
        following = int(numbers[-1])
    parts = [data[(sector + 1) * size : (sector + 2) * size] for sector in listed if sector < _RESERVED]
    return _numbers(b"".join(parts))


def _numbers(data: bytes) -> Table:
    return np.frombuffer(data[: len(data) // 4 * 4], "<u4")


def _start(entry: bytes) -> int:
    return int(struct.unpack_from("<I", entry, 116)[0])


def _cells(workbook: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        if kind in _CELLS and length >= 4 and at + 8 <= len(workbook):  # noqa: PLR2004 - two numbers of two bytes
            yield struct.unpack_from("<HH", workbook, at + 4)
        at += 4 + length
