"""Opening an export: the format is detected by what the file holds, never by its name alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

from importer.errors import FileError
from importer.read.byte_sources import ByteSource, reading, require_file, zip_source
from importer.read.delimited import open_delimited
from importer.read.excel import open_excel
from importer.read.export import Export
from importer.read.header import Known, nothing_known
from importer.read.parquet import open_parquet

_HEAD_BYTES = 4_096
_ZIP, _OLE, _GZIP, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b", b"PAR1"

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PARE", "is an encrypted Parquet file; decrypt it first"),
    (b"PK\x05\x06", "is an empty zip archive; export the sales again"),
    (b"%PDF", "is a PDF; export the sales as CSV or Excel"),
    (b"\x89PNG", "is a picture; export the sales as CSV or Excel"),
    (b"\xff\xd8\xff", "is a picture; export the sales as CSV or Excel"),
    (b"GIF8", "is a picture; export the sales as CSV or Excel"),
    (b"BZh", "is packed with bzip2; unpack it first"),
    (b"\xfd7zXZ\x00", "is packed with xz; unpack it first"),
    (b"(\xb5/\xfd", "is packed with Zstandard; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive; unpack it first"),
    (b"Rar!", "is a RAR archive; unpack it first"),
    (b"ORC", "is an ORC file; export the sales as CSV or Parquet"),
    (b"ARROW1", "is an Arrow file; export the sales as CSV or Parquet"),
    (b"Obj\x01", "is an Avro file; export the sales as CSV or Parquet"),
    (b"SQLite format 3\x00", "is a database; export the sales as CSV"),
    (b"{\\rtf", "is a Word document; export the sales as CSV or Excel"),
)
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<table", b"<meta", b"<style", b"<div", b"<body")


def open_export(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, known: Known = nothing_known
) -> Export:
    """Open a file as an Export: its header is found, its rows are ready to stream.

    sheet: for workbooks, a name or a number from 1; other formats have none and leave it aside.
    encoding: for text files, any codec that Python has; detected where not given.
    known: how many cells of a row are header names the program knows; the strongest evidence for a header.

    FileError where the file cannot be read as an export, UsageError for an unknown sheet or encoding.
    """
    require_file(path)
    with reading(path), path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.startswith(_PARQUET):
        return open_parquet(path)
    if head.startswith(_OLE):
        return open_excel(path, "xls", sheet, known)
    if head.startswith(_ZIP):
        form = _zipped_format(path)
        return open_excel(path, form, sheet, known) if form else open_delimited(zip_source(path), encoding, known)
    what = next((what for magic, what in _FOREIGN if head.startswith(magic)), None) or _refused_text(head)
    if what:
        message = f"{path.name} {what}."
        raise FileError(message)
    return open_delimited(ByteSource(path, "gzip" if head.startswith(_GZIP) else ""), encoding, known)


def _zipped_format(path: Path) -> str | None:
    """Return the workbook format of a zip archive, None where it is a plain archive."""
    with reading(path), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        message = f"{path.name} is an Office document without a sheet; export the sales as CSV or Excel."
        raise FileError(message)
    return None


def _refused_text(head: bytes) -> str | None:
    """Return why text is not an export, and what to do instead."""
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith(b"<?xml") or b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "is an XML file with a spreadsheet's name; open it in Excel and save it as .xlsx or CSV"
    if text.startswith(_MARKUP):
        return "is a web page with a spreadsheet's name; open it in Excel and save it as .xlsx or CSV"
    if text.startswith((b"{", b"[{")) and b'":' in text.replace(b" ", b""):
        return "is JSON; export the sales as CSV, Excel or Parquet"
    return None
