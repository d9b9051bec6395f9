from __future__ import annotations

import gzip
import os
import zipfile

import pytest

from importer.errors import FileError
from importer.read import byte_sources as sources
from importer.read import open_export

PLAIN = b"email,value\na@example.com,5\n"
HTML = b"<html><body><table><tr><td>email</td></tr></table></body></html>"
SPREADSHEETML = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n \n", "empty"),
        ("a.csv", b"\xef\xbb\xbf", "empty"),
        ("a.csv", b"a@example.com,5\nb@example.com,6\n", "header row"),
        ("a.csv", b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        ("a.csv", bytes(range(256)) * 20, "is not text"),
        ("a.csv", b'{"email": "a@example.com"}', "JSON"),
        ("a.csv", b'[{"email": "a@example.com"}]', "JSON"),
        ("a.xls", HTML, "web page"),
        ("a.xls", b"\xef\xbb\xbf\r\n" + HTML, "web page"),
        ("a.xls", SPREADSHEETML, "XML"),
        ("a.xls", SPREADSHEETML.decode().encode("utf-16"), "XML"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", b"PK\x03\x04" + bytes(100), "damaged"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "empty zip"),
        ("a.parquet", b"PAR1" + bytes(100), "damaged"),
        ("a.csv.gz", gzip.compress(PLAIN * 1_000)[:-20], "damaged"),
        ("a.csv.gz", b"\x1f\x8b" + bytes(50), "damaged"),
        ("a.csv.bz2", b"BZh91AY", "bzip2"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_with_what_to_do(tmp_path, name, data, says):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FileError, match=says) as error:
        open_export(path)
    assert str(error.value).endswith(".")
    assert name in str(error.value)
    assert "a@example.com" not in str(error.value)


def test_a_missing_file_and_a_folder_are_reported(tmp_path):
    with pytest.raises(FileError, match=r"no file gone\.csv"):
        open_export(tmp_path / "gone.csv")
    with pytest.raises(FileError, match="folder"):
        open_export(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_reported(tmp_path):
    path = tmp_path / "closed.csv"
    path.write_bytes(PLAIN)
    path.chmod(0)
    with pytest.raises(FileError, match="permissions"):
        open_export(path)


def test_an_archive_of_several_files_is_refused_by_name(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", PLAIN)
        archive.writestr("t\x07wo.csv", PLAIN)
    with pytest.raises(FileError, match=r"holds 2 files \(one\.csv, t\?wo\.csv\)"):
        open_export(path)


def test_an_encrypted_archive_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", PLAIN)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(FileError, match="encrypted"):
        open_export(path)


def test_a_member_that_grows_without_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "BOMB_BYTES", 1 << 20)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.csv", PLAIN + b"a" * (8 << 20))
    with pytest.raises(FileError, match="more than 250 times"):
        open_export(path)


def test_a_gzip_stream_that_grows_without_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "BOMB_BYTES", 1 << 20)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(PLAIN + b"a,b\n" * (2 << 20) + b"a" * (16 << 20)))
    with pytest.raises(FileError, match="more than 250 times"):
        open_export(path)


def test_an_export_knows_its_file_without_the_folder(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(PLAIN)
    export = open_export(path)
    assert (export.file, export.path, export.format, export.sheet) == ("a.csv", path, "csv", "")
