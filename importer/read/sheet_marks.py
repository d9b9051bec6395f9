"""What the XML of an .xlsx says and calamine does not hand over: hidden rows and columns, the epoch, odd dimensions."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from importer.read.xml_parts import local, number, place, read_xml

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

_USUAL_REFERENCE = re.compile(r"[A-Za-z]{1,3}[1-9]\d{0,9}(?::[A-Za-z]{1,3}[1-9]\d{0,9})?")
_TRUE = {"1", "true"}
_WIDEST = 16_384  # columns of a sheet


@dataclass
class SheetMarks:
    """Of one sheet, as far as its XML was read: what is hidden, how its dimension is written, how far its cells reach.

    rows, columns: the numbers of the hidden ones, from 1.
    odd_dimension: the first byte of a dimension that calamine would refuse, and the first byte behind it.
    reach: the outermost column and row with a cell.
    in_data: whether the cells have begun.
    wanted: the elements that it is told of, see `xml_parts`.
    """

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    odd_dimension: tuple[int, int] | None = None
    reach: tuple[int, int] = (1, 1)
    in_data: bool = False
    wanted: Collection[str] = ()
    _dimension: int | None = None

    def element(self, name: str, attributes: Mapping[str, str], at: Callable[[], int]) -> None:
        """Look at an element of the sheet."""
        if self._dimension is not None:  # it ends where the next element begins; a sheet's cells always follow
            self.odd_dimension, self._dimension = (self._dimension, at()), None
        if name == "c":
            self._reach(*place(attributes.get("r", "")))
        elif name == "row":
            self._reach(0, number(attributes.get("r", "")))
            if attributes.get("hidden") in _TRUE:
                self.rows.add(number(attributes.get("r", "")))
        elif name == "col" and attributes.get("hidden") in _TRUE:
            least, most = number(attributes.get("min", "")), number(attributes.get("max", ""))
            self.columns.update(range(least, min(most, _WIDEST) + 1))
        elif name == "dimension" and not _USUAL_REFERENCE.fullmatch(attributes.get("ref", "")):
            self._dimension = at()
        elif name == "sheetData":
            self.in_data = True

    def _reach(self, column: int, row: int) -> None:
        self.reach = max(self.reach[0], column), max(self.reach[1], row)


@dataclass
class WorkbookMarks:
    """Of a workbook: its sheets' marks in their order, and whether its days are counted from 1904."""

    sheets: tuple[SheetMarks, ...] = ()
    epoch_1904: bool = False


@dataclass
class _Names:
    """What the workbook's own parts say: the sheets' ids in their order, which part each id is, and the epoch."""

    wanted: Collection[str] = ("sheet", "Relationship", "workbookPr")
    ids: list[str] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    epoch_1904: bool = False

    def element(self, name: str, attributes: Mapping[str, str], _: object) -> None:
        if name == "sheet":
            self.ids.append(local({key: value for key, value in attributes.items() if ":" in key}, "id"))
        elif name == "Relationship":
            target = attributes.get("Target", "").removeprefix("/").removeprefix("xl/")
            self.targets[attributes.get("Id", "")] = f"xl/{target}"
        elif name == "workbookPr":
            self.epoch_1904 |= attributes.get("date1904") in _TRUE


def workbook_marks(path: Path, parts: Mapping[str, SheetMarks]) -> WorkbookMarks:
    """Return a workbook's marks, given those of its parts by name; HarmfulXmlError where its XML is not to be read."""
    names = _Names()
    with zipfile.ZipFile(path) as archive:
        if not {WORKBOOK, RELATIONS} <= set(archive.namelist()):
            return WorkbookMarks()
        for part in (WORKBOOK, RELATIONS):
            with archive.open(part) as stream:
                read_xml(stream, names)
    sheets = tuple(parts.get(names.targets.get(name, ""), SheetMarks()) for name in names.ids)
    return WorkbookMarks(sheets, names.epoch_1904)


def without_dimensions(path: Path, parts: Mapping[str, SheetMarks]) -> bytes:
    """Return a copy of a workbook without its sheets' odd dimensions, which only say how large the sheets are."""
    copy = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for part in archive.infolist():
            with archive.open(part) as stream, written.open(part.filename, "w", force_zip64=True) as copied:
                _copy_without(stream, copied, parts.get(part.filename, SheetMarks()).odd_dimension)
    return copy.getvalue()


def _copy_without(stream: IO[bytes], copied: IO[bytes], span: tuple[int, int] | None) -> None:
    at, (first, behind) = 0, span or (0, 0)
    while piece := stream.read(1 << 20):
        copied.write(piece[: max(first - at, 0)] + piece[max(behind - at, 0) :])
        at += len(piece)
