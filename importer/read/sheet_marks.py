"""What the XML of an .xlsx says and calamine does not hand over: hidden rows and columns, the epoch, odd dimensions."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_NUMBER = re.compile(rb'\br="(\d+)"')
_LEAST, _MOST = re.compile(rb'\bmin="(\d+)"'), re.compile(rb'\bmax="(\d+)"')
_DIMENSION = re.compile(rb"<dimension\b[^>]*?(?:/>|>\s*</dimension>)")
_USUAL_DIMENSION = re.compile(rb'<dimension\b[^>]*\bref="[A-Za-z]{1,3}[1-9]\d*(?::[A-Za-z]{1,3}[1-9]\d*)?"')
_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\b\w+:id="([^"]+)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ID, _TARGET = re.compile(rb'\bId="([^"]+)"'), re.compile(rb'\bTarget="/?(?:xl/)?([^"]+)"')
_EPOCH_1904 = re.compile(rb'\bdate1904="(?:1|true)"')
_WIDEST = 16_384  # columns of a sheet


@dataclass
class SheetMarks:
    """Of one sheet: the numbers of its hidden rows and columns from 1, and whether its dimension is written oddly."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    odd_dimension: bool = False

    def see(self, text: bytes) -> None:
        """Look at one piece of the sheet's XML; pieces may overlap."""
        if b"<dimension" in text:
            self.odd_dimension |= any(not _USUAL_DIMENSION.match(tag) for tag in _DIMENSION.findall(text))
        if b'hidden="' not in text:
            return
        self.rows.update(int(number[1]) for tag in _HIDDEN_ROW.findall(text) if (number := _NUMBER.search(tag)))
        for tag in _HIDDEN_COLUMN.findall(text):
            least, most = _LEAST.search(tag), _MOST.search(tag)
            if least and most:
                self.columns.update(range(int(least[1]), min(int(most[1]), _WIDEST) + 1))


@dataclass(frozen=True)
class WorkbookMarks:
    """Of a workbook: its sheets' marks in their order, and whether its days are counted from 1904."""

    sheets: tuple[SheetMarks, ...] = ()
    epoch_1904: bool = False


def workbook_marks(path: Path, parts: Mapping[str, SheetMarks]) -> WorkbookMarks:
    """Return a workbook's marks, given those of its parts by name."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if not {WORKBOOK, RELATIONS} <= names:
            return WorkbookMarks()
        workbook, relations = archive.read(WORKBOOK), archive.read(RELATIONS)
    targets = {}
    for tag in _RELATION.findall(relations):
        name, target = _ID.search(tag), _TARGET.search(tag)
        if name and target:
            targets[name[1]] = "xl/" + target[1].decode("utf-8", "replace")
    sheets = tuple(parts.get(targets.get(name, ""), SheetMarks()) for name in _SHEET.findall(workbook))
    return WorkbookMarks(sheets, _EPOCH_1904.search(workbook) is not None)


def without_dimensions(path: Path) -> IO[bytes]:
    """Return a copy of a workbook without its sheets' dimensions, which only say how large they are."""
    copy = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for part in archive.infolist():
            text = archive.read(part)
            written.writestr(part, _DIMENSION.sub(b"", text) if part.filename.startswith("xl/worksheets/") else text)
    copy.seek(0)
    return copy
