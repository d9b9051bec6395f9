"""A spreadsheet's zip archive, checked before it is loaded: hostile and damaged ones are refused.

Each part is read once in a stream (checksums, true sizes). Of a sheet's XML only what stands before its cells is
parsed, since its cells are many: calamine reads them in a process of its own with a limit of memory, and where that
fails, or a platform has no such limit, they are parsed too, to say why.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO

from importer.errors import FileError
from importer.read.byte_sources import printable, reading
from importer.read.export import MAX_CELLS, MAX_COLUMNS
from importer.read.sheet_marks import SheetMarks
from importer.read.xml_parts import HarmfulXmlError, local, number, read_xml

_PART_BYTES = 1 << 20
_RATIO, _LARGE, _LARGEST = 100, 128 << 20, 4 << 30
_MOST_PARTS = 20_000
_HIDDEN, _SHOWN = b"hidden", (b'hidden="false"', b'hidden="0"')
"""An attribute's name cannot be written otherwise: where all of the first are one of the second, no row is hidden."""
_BESIDE_CELLS = ("row", "col")
_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How XML in UTF-16 begins, in which they are written otherwise."""


def check_sizes(path: Path) -> int:
    """Raise FileError where a workbook is encrypted or grows without measure; return how large it is when unpacked."""
    with reading(path), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        _refuse(path, "is encrypted; save it without a password")
    packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
    if unpacked > _LARGEST or (unpacked > _LARGE and unpacked > _RATIO * packed) or len(parts) > _MOST_PARTS:
        _refuse(path, "grows without measure when it is unpacked, so it is refused; save it as CSV")
    return unpacked


def check_archive(path: Path, *, cells: bool = False) -> dict[str, SheetMarks]:
    """Raise FileError where a part of a workbook is damaged or spans too many cells.

    cells: parse every cell. Returns what the XML of each sheet says beside its cells, by the part's name.
    """
    marks: dict[str, SheetMarks] = {}
    with reading(path), zipfile.ZipFile(path) as archive:
        try:
            for part in archive.infolist():
                found = _check_part(archive, part, cells=cells)
                if found:
                    marks[part.filename] = found
                    _check_reach(path, part.filename, found)
        except HarmfulXmlError as error:
            raise harmful(path) from error
        except _RepeatedError:
            _refuse(path, "repeats a cell without measure, so it is refused; save it as CSV")
    return marks


def harmful(path: Path) -> FileError:
    """Return the refusal of a workbook that no program for spreadsheets has written as it is."""
    return FileError(f"{path.name} is damaged or made to harm; open it in Excel, save it again and import that.")


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, cells: bool) -> SheetMarks | None:
    name = part.filename.lower()
    if name.endswith(".xml") and name.startswith("xl/" if cells else "xl/worksheets/"):  # a sheet may lie elsewhere
        with archive.open(part) as stream:
            marks, whole = _head_of_sheet(stream)
        if cells or whole:
            with archive.open(part) as stream:
                marks = SheetMarks(wanted=() if cells else _BESIDE_CELLS, odd_dimension=marks.odd_dimension)
                read_xml(stream, marks)
        return marks
    with archive.open(part) as stream:
        if name == "content.xml":
            read_xml(stream, _Repeats())
        while stream.read(_PART_BYTES):
            pass
    return None


def _head_of_sheet(stream: IO[bytes]) -> tuple[SheetMarks, bool]:
    """Parse what stands before the cells, and tell whether the rest is to be parsed too since it hides rows."""
    first = _First(stream)
    marks = SheetMarks()
    read_xml(first, marks, lambda: marks.in_data)
    return marks, _may_hide(stream, first.last) or first.begin.startswith(_TWO_BYTES)


class _First:
    """A stream that remembers how it began and what was read of it last."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.begin = self.last = b""

    def read(self, size: int, /) -> bytes:
        piece = self._stream.read(size)
        self.begin, self.last = self.begin or piece[:2], piece
        return piece


def _may_hide(stream: IO[bytes], before: bytes) -> bool:
    """Read a sheet to its end and tell whether something in it may be hidden."""
    found = False
    while piece := stream.read(_PART_BYTES):
        text = before + piece
        cut = text.rfind(b">") + 1
        found = found or _hides(text[:cut]) or len(text) - cut > _PART_BYTES
        before = b"" if found else text[cut:]
    return found or _hides(before)


def _hides(text: bytes) -> bool:
    return _HIDDEN in text and text.count(_HIDDEN) > sum(map(text.count, _SHOWN))


def _check_reach(path: Path, name: str, marks: SheetMarks) -> None:
    if too_many_cells(*marks.reach):
        _refuse(path, f"spans too many cells in {printable(name)}; {FAR}")


FAR = "delete what stands far from the table or save it as CSV"


def too_many_cells(columns: int, rows: int) -> bool:
    """Tell whether a rectangle of cells is larger than any table of sales."""
    return columns > MAX_COLUMNS or columns * rows > MAX_CELLS


class _RepeatedError(Exception):
    """A filled cell or row is repeated without measure."""


class _Repeats:
    """Refuses many repeats of a filled cell or row, which OpenDocument writes once with a count."""

    wanted: Collection[str] = ("table-row", "table-cell", "covered-table-cell")

    def __init__(self) -> None:
        self._rows = 1

    def element(self, name: str, attributes: Mapping[str, str], _: object) -> None:
        if name == "table-row":
            self._rows = number(local(attributes, "number-rows-repeated"))
        elif name in {"table-cell", "covered-table-cell"} and local(attributes, "value-type"):
            columns = number(local(attributes, "number-columns-repeated"))
            if columns > MAX_COLUMNS or self._rows > MAX_CELLS // MAX_COLUMNS:
                raise _RepeatedError


def _refuse(path: Path, what: str) -> None:
    message = f"{path.name} {what}."
    raise FileError(message)
