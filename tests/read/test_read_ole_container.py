from __future__ import annotations

import io
import struct

import pytest
import xlwt

from importer.errors import FileError
from importer.read import ole_container as compound
from importer.read import open_export
from importer.read.ole_container import check_container


def xls(rows=2, columns=2) -> bytearray:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(rows):
        for column in range(columns):
            sheet.write(row, column, f"a{row}@example.com" if row else f"name {column}")
    stream = io.BytesIO()
    book.save(stream)
    return bytearray(stream.getvalue())


def table_at(data) -> int:
    """Where the table of chains begins: in the first sector that the header lists."""
    (sector,) = struct.unpack_from("<I", data, 76)
    return (sector + 1) * 512


@pytest.fixture
def written(tmp_path):
    def write(data):
        path = tmp_path / "export.xls"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (500, 20), (60_000, 3)])
def test_a_sound_workbook_passes(written, rows, columns):
    path = written(xls(rows, columns))
    check_container(path)
    assert open_export(path).sample(1).num_columns == columns + 3


def test_a_chain_that_is_a_ring_is_refused_before_it_takes_all_memory(written):
    data = xls(500, 20)
    struct.pack_into("<I", data, table_at(data) + 4 * 5, 3)
    with pytest.raises(FileError, match="damaged"):
        open_export(written(data))


def test_a_ring_of_the_lists_of_sectors_is_refused(written):
    data = xls()
    struct.pack_into("<I", data, 68, 0)
    struct.pack_into("<I", data, 512 + 508, 0)
    with pytest.raises(FileError, match="damaged"):
        open_export(written(data))


@pytest.mark.parametrize("length", [8, 40, 511, 600])
def test_a_workbook_cut_short_is_refused(written, length):
    with pytest.raises(FileError, match="damaged"):
        open_export(written(xls()[:length]))


def test_cells_far_apart_are_refused(written, monkeypatch):
    monkeypatch.setattr(compound, "MAX_CELLS", 1_000)
    check_container(written(xls(100, 10)))
    with pytest.raises(FileError, match="too many cells"):
        check_container(written(xls(101, 10)))


def test_a_column_beyond_all_bounds_is_refused(written):
    data = xls()
    cell = struct.pack("<HHHH", 0x00FD, 10, 1, 1)  # LABELSST, ten bytes, second row and column
    assert data.count(cell) == 1
    struct.pack_into("<H", data, data.index(cell) + 6, 0xFFFF)
    with pytest.raises(FileError, match="too many cells"):
        check_container(written(data))
