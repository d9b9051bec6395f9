"""A workbook as calamine reads it in a process of its own, its sheets by name, and its errors as sentences."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from importer.errors import FileError, UsageError
from importer.read.byte_sources import printable, reading
from importer.read.cell_types import Cell
from importer.read.ole_container import check_container
from importer.read.reader_process import LIMITED, PasswordNeeded, ReaderDied, ReaderProcess, Unreadable, reader_process
from importer.read.sheet_marks import SheetMarks, WorkbookMarks, without_dimensions, workbook_marks
from importer.read.xml_parts import HarmfulXmlError
from importer.read.zip_guard import FAR, check_archive, check_sizes, harmful, too_many_cells

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office keeps a workbook with a password."""
_FIRST_CELLS, _CELLS = 4_000, 100_000
"""Cells asked for at once: few at first, since the beginning of a sheet may be all that is looked at."""


class Workbook:
    """An open workbook, whose process holds the sheet read last."""

    def __init__(
        self, file: str, process: ReaderProcess, sheets: Sequence[tuple[str, bool, bool]], marks: WorkbookMarks
    ) -> None:
        self.file, self.epoch_1904 = file, marks.epoch_1904
        self._process = process
        self._marks = dict(zip((name for name, *_ in sheets), marks.sheets, strict=False))
        self.names = [name for name, table, _ in sheets if table]
        self.visible = [name for name, table, visible in sheets if table and visible]

    def named(self, sheet: str) -> str:
        """Return the sheet's name, given a name or a number from 1; UsageError with the names where there is none."""
        if sheet in self.names:
            return sheet
        if sheet.isdecimal() and 1 <= int(sheet[:6]) <= len(self.names):
            return self.names[int(sheet[:6]) - 1]
        names = ", ".join(printable(name) for name in self.names)
        message = f"{self.file} has no sheet {sheet[:60]!r}; name one of: {names}."
        raise UsageError(message)

    def rows(self, sheet: str, first: int = 0) -> Iterator[Sequence[Cell]]:
        """Iterate over rows, empty ones too; the next ones are read meanwhile.

        first: how many of the sheet's rows to leave out.
        """
        width = max(self.width(sheet), 1)
        request = self._process.begin("rows", first=first, count=max(_FIRST_CELLS // width, 1))
        while part := self._process.finish(request):
            first += len(part)
            request = self._process.begin("rows", first=first, count=max(_CELLS // width, 1))
            yield from part

    def marks(self, sheet: str) -> SheetMarks:
        """Return what the sheet's XML says beside its cells."""
        return self._marks.get(sheet, SheetMarks())

    def width(self, sheet: str) -> int:
        """Count the columns from the first to the last filled one."""
        width, columns, rows = self._process.ask("load", sheet=sheet)
        if too_many_cells(columns, rows):
            message = f"{self.file} spans too many cells in the sheet {printable(sheet)}; {FAR}."
            raise FileError(message)
        return int(width)


@contextmanager
def open_workbook(path: Path, form: str) -> Iterator[Workbook]:
    """Open a workbook after a check of its container; whatever is wrong with it is a FileError."""
    unpacked = _check_xls(path) if form == "xls" else check_sizes(path)
    if form != "xls" and not LIMITED:
        check_archive(path, cells=True)
    try:
        with reader_process(unpacked) as process:
            opening = process.begin("open", path=os.fsencode(path).hex(), size=0)
            parts = check_archive(path) if form == "ods" else {}  # whose sheets load with it
            sheets = process.finish(opening)
            process.begin("load", sheet=next((name for name, table, visible in sheets if table and visible), ""))
            marks = WorkbookMarks()
            if form in {"xlsx", "xlsb"}:  # looked at while the sheet that is likely wanted loads
                parts = check_archive(path)
                marks = workbook_marks(path, parts) if form == "xlsx" else marks
                if any(part.odd_dimension for part in parts.values()):
                    copy = without_dimensions(path, parts)
                    process.ask("open", copy, path="", size=len(copy))
            yield Workbook(path.name, process, sheets, marks)
    except PasswordNeeded as error:
        raise _password_error(path) from error
    except (Unreadable, ReaderDied, HarmfulXmlError) as error:
        if form != "xls":
            check_archive(path, cells=True)  # which may know better why
        if not isinstance(error, Unreadable):
            raise harmful(path) from error
        message = f"{path.name} is damaged or not a workbook that can be read; save it again as .xlsx or CSV."
        raise FileError(message) from error


def _check_xls(path: Path) -> int:
    """Check an older workbook's container and return its size."""
    with reading(path):
        if _ENCRYPTED in path.read_bytes():
            raise _password_error(path)
        check_container(path)
        return path.stat().st_size


def _password_error(path: Path) -> FileError:
    return FileError(f"{path.name} is protected with a password; save it without one.")
