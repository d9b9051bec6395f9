from __future__ import annotations

import zipfile

import openpyxl
import pytest

from importer.errors import FileError
from importer.read import open_export
from importer.read import zip_guard as archives


def workbook(path, **cells):
    book = openpyxl.Workbook()
    for place, value in ({"A1": "email", "B1": "total", "A2": "a@example.com", "B2": 5} | cells).items():
        book.active[place] = value
    book.save(path)
    return path


def rewritten(path, part, change):
    """The workbook with one part's text changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("place", ["XFD1048576", "XFD2", "BA1048576"])
def test_a_cell_far_from_the_table_is_refused_before_it_takes_all_memory(tmp_path, place):
    with pytest.raises(FileError, match=r"too many cells in xl/worksheets/sheet1\.xml"):
        open_export(workbook(tmp_path / "far.xlsx", **{place: 1}))


def test_a_cell_far_away_whose_row_says_otherwise_is_refused_too(tmp_path):
    path = workbook(tmp_path / "far.xlsx", BA99=1)
    rewritten(path, "xl/worksheets/sheet1.xml", lambda text: text.replace(b'"BA99"', b'"BA1048576"'))
    with pytest.raises(FileError, match="too many cells"):
        open_export(path)


def test_parts_that_grow_without_measure_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "_LARGE", 1 << 20)
    path = workbook(tmp_path / "bomb.xlsx")
    rewritten(path, "docProps/app.xml", lambda text: text + b" " * (8 << 20))
    with pytest.raises(FileError, match="without measure"):
        open_export(path)


def test_entities_are_never_expanded(tmp_path):
    laughs = b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "' + b"&a;" * 10 + b'"><!ENTITY c "' + b"&b;" * 10 + b'">]>'
    path = workbook(tmp_path / "laughs.xlsx", B2="laugh")

    def change(text):
        return text.replace(b"<worksheet", laughs + b"<worksheet", 1).replace(b"<v>5</v>", b"<v>&c;</v>")

    rewritten(path, "xl/worksheets/sheet1.xml", change)
    try:
        text = str(open_export(path).sample().to_pylist())
    except FileError:
        return
    assert "haha" not in text


def test_external_links_are_never_followed(tmp_path):
    path = workbook(tmp_path / "linked.xlsx", B2="='[http://127.0.0.1:9/x.xlsx]S'!A1")
    assert open_export(path).sample().column("email").to_pylist() == ["a@example.com"]


def test_a_damaged_part_is_reported(tmp_path):
    path = workbook(tmp_path / "damaged.xlsx")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[start + 80] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(FileError, match="damaged"):
        open_export(path)


def test_an_encrypted_part_is_reported(tmp_path):
    path = workbook(tmp_path / "closed.xlsx")
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(FileError, match="encrypted"):
        open_export(path)


CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def ods(path, rows):
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = " ".join(f'xmlns:{name}="{space}{name}:1.0"' for name in ("office", "table", "text"))
    manifest = (
        f'<m:manifest xmlns:m="{space}manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
            f'<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    return path


HEAD = f"<table:table-row>{CELL.format('', 'email')}{CELL.format('', 'total')}</table:table-row>"
DATA = f"<table:table-row>{CELL.format('', 'a@example.com')}{CELL.format('', '5')}</table:table-row>"


def test_empty_cells_may_be_repeated_to_the_end_of_the_sheet(tmp_path):
    empty = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    assert open_export(ods(tmp_path / "a.ods", HEAD + DATA + empty)).sample().num_rows == 1


@pytest.mark.parametrize("repeat", [' table:number-columns-repeated="16384"', ""])
def test_filled_cells_may_not_be_repeated_without_measure(tmp_path, repeat):
    count = "1048570" if not repeat else "2"
    row = f'<table:table-row table:number-rows-repeated="{count}">{CELL.format(repeat, "x")}</table:table-row>'
    with pytest.raises(FileError, match="repeats a cell"):
        open_export(ods(tmp_path / "a.ods", HEAD + row))
