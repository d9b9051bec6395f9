"""A workbook as calamine reads it, its sheets by name, and its errors as sentences."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from importer.errors import CapiImportError, FileError, UsageError
from importer.read.byte_sources import printable, reading
from importer.read.cell_types import Cell
from importer.read.ole_container import check_container
from importer.read.sheet_marks import SheetMarks, WorkbookMarks, without_dimensions, workbook_marks
from importer.read.zip_guard import check_archive

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office keeps a workbook with a password."""
_STDERR = threading.Lock()
"""Held while stderr is redirected."""


class Workbook:
    """An open workbook; the sheet read last is kept, since reading one is what costs."""

    def __init__(self, file: str, workbook: CalamineWorkbook, marks: WorkbookMarks) -> None:
        self.file, self.epoch_1904 = file, marks.epoch_1904
        self._workbook = workbook
        self._marks = dict(zip((sheet.name for sheet in workbook.sheets_metadata), marks.sheets, strict=False))
        self._loaded: tuple[str, CalamineSheet] | None = None
        tables = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        self.names = [sheet.name for sheet in tables]
        self.visible = [sheet.name for sheet in tables if sheet.visible == SheetVisibleEnum.Visible]

    def named(self, sheet: str) -> str:
        """Return the sheet's name, given a name or a number from 1; UsageError with the names where there is none."""
        if sheet in self.names:
            return sheet
        if sheet.isdecimal() and 1 <= int(sheet[:6]) <= len(self.names):
            return self.names[int(sheet[:6]) - 1]
        names = ", ".join(printable(name) for name in self.names)
        message = f"{self.file} has no sheet {sheet[:60]!r}; name one of: {names}."
        raise UsageError(message)

    def rows(self, sheet: str) -> Iterator[Sequence[Cell]]:
        """Iterate over every row from the sheet's first on, empty ones too."""
        return iter(self._sheet(sheet).iter_rows())

    def marks(self, sheet: str) -> SheetMarks:
        """Return what the sheet's XML says beside its cells."""
        return self._marks.get(sheet, SheetMarks())

    def width(self, sheet: str) -> int:
        """Count the columns from the first to the last filled one."""
        return int(self._sheet(sheet).width)

    def _sheet(self, name: str) -> CalamineSheet:
        if self._loaded is None or self._loaded[0] != name:
            self._loaded = None  # before the next, so that memory holds one sheet
            with _no_panic_text():
                self._loaded = (name, self._workbook.get_sheet_by_name(name))
        return self._loaded[1]


@contextmanager
def open_workbook(path: Path, form: str) -> Iterator[Workbook]:
    """Open a workbook after a check of its container; whatever is wrong with it is a FileError."""
    if form == "xls":
        with reading(path):
            if _ENCRYPTED in path.read_bytes():
                raise _password_error(path)
        check_container(path)
    parts = {} if form == "xls" else check_archive(path)
    odd = any(part.odd_dimension for part in parts.values())
    try:
        with reading(path), without_dimensions(path) if odd else path.open("rb") as stream, _no_panic_text():
            workbook = CalamineWorkbook.from_filelike(stream)
        yield Workbook(path.name, workbook, workbook_marks(path, parts) if form == "xlsx" else WorkbookMarks())
    except PasswordError as error:
        raise _password_error(path) from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise _damage_error(path) from error
    except CapiImportError:
        raise
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's own crash; it is no Exception
            raise
        raise _damage_error(path) from error


@contextmanager
def _no_panic_text() -> Iterator[None]:
    """Redirect stderr to nowhere: when calamine panics over a damaged file, Rust prints a trace there first."""
    with _STDERR, ExitStack() as after:
        with suppress(OSError):  # a program without a console has no stderr
            kept = os.dup(2)
            after.callback(os.close, kept)
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
            after.callback(os.dup2, kept, 2)
        yield


def _password_error(path: Path) -> FileError:
    return FileError(f"{path.name} is protected with a password; save it without one.")


def _damage_error(path: Path) -> FileError:
    return FileError(f"{path.name} is damaged or not a workbook that can be read; save it again as .xlsx or CSV.")
