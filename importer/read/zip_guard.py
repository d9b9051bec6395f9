"""A spreadsheet's zip archive, checked before it is loaded: hostile and damaged ones are refused.

calamine holds a sheet as one dense rectangle, so that two cells in opposite corners take half a terabyte and end the
process; and it holds all texts in memory. Both are found here first, by reading each part once in a stream.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

from importer.errors import FileError
from importer.read.byte_sources import printable, reading
from importer.read.export import MAX_CELLS, MAX_COLUMNS
from importer.read.sheet_marks import SheetMarks

_PART_BYTES = 1 << 20
_OVERLAP = 256  # bytes kept of the part before, so that no tag is cut
_RATIO, _LARGE, _LARGEST = 100, 128 << 20, 4 << 30

_COLUMN = re.compile(rb'r="([A-Z]{2,3})\d')
_ROW = re.compile(rb'r="(?:(\d+)"|[A-Z]{1,3}(\d{7,})")')
"""Both begin with a literal, which `re` searches ten times as fast as a word boundary."""
_REPEATED_CELL = re.compile(rb"<table:table-cell\b[^>]*>")
_REPEAT = re.compile(rb'table:number-columns-repeated="(\d+)"')
_REPEATED_ROW = re.compile(
    rb'<table:table-row\b[^>]*table:number-rows-repeated="(\d+)"[^>]*>(?:(?!</table:table-row>).){0,400}?office:value-type',
    re.DOTALL,
)


def check_archive(path: Path) -> dict[str, SheetMarks]:
    """Raise FileError where a workbook is damaged, encrypted, grows without measure or spans too many cells.

    Returns what the XML of each sheet says beside its cells, by the part's name.
    """
    marks: dict[str, SheetMarks] = {}
    with reading(path), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            _refuse(path, "is encrypted; save it without a password")
        packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
        if unpacked > _LARGEST or (unpacked > _LARGE and unpacked > _RATIO * packed):
            _refuse(path, "grows without measure when it is unpacked, so it is refused; save it as CSV")
        for part in parts:
            with archive.open(part) as stream:
                marks[part.filename] = _check_part(path, part.filename, stream)
    return marks


def _check_part(path: Path, name: str, stream: IO[bytes]) -> SheetMarks:
    sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    columns, rows, before, marks = 1, 1, b"", SheetMarks()
    while part := stream.read(_PART_BYTES):
        text = before + part
        if sheet:
            columns = max([columns, *map(_column_number, set(_COLUMN.findall(text)))])
            rows = max([rows, *(int(row or cell) for row, cell in _ROW.findall(text))])
            marks.see(text)
        elif name == "content.xml":
            _check_repeats(path, text)
        before = text[-_OVERLAP:]
    if columns > MAX_COLUMNS or columns * rows > MAX_CELLS:
        _refuse(
            path, f"spans too many cells in {printable(name)}; delete what stands far from the table or save it as CSV"
        )
    return marks


def _check_repeats(path: Path, text: bytes) -> None:
    """Refuse many repeats of a filled cell or row, which OpenDocument writes once with a count."""
    cells = [
        int(count[1]) for tag in _REPEATED_CELL.findall(text) if b"value-type" in tag if (count := _REPEAT.search(tag))
    ]
    rows = [int(count) for count in _REPEATED_ROW.findall(text)]
    if max(cells, default=0) > MAX_COLUMNS or max(rows, default=0) > MAX_CELLS // MAX_COLUMNS:
        _refuse(path, "repeats a cell without measure, so it is refused; save it as CSV")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse(path: Path, what: str) -> None:
    message = f"{path.name} {what}."
    raise FileError(message)
