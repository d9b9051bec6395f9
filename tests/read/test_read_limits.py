"""Files made to exhaust time or memory: refused with a true sentence, or streamed."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importer.errors import FileError
from importer.read import dialects, open_export
from importer.read.csv_scanner import Dialect, scan

HEADER = b"Order ID,Date,Amount,Email\n"
ROW = b"1,2026-11-01,5.00,a@example.com\n"
GENEROUS_SECONDS = 120
"""For a child process; what these tests are about took many minutes, or had no end."""


def in_child(code: str, *arguments: str) -> str:
    """Run code in a process of its own, which ends after a generous time."""
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=GENEROUS_SECONDS, check=True
    )
    return ran.stdout


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_before_it_is_opened(tmp_path):
    os.mkfifo(tmp_path / "sales.csv")
    code = "import sys, pathlib, importer.read as r\ntry: r.open_export(pathlib.Path(sys.argv[1]))\n"
    code += "except Exception as error: print(error)"
    assert "sales.csv is a pipe" in in_child(code, str(tmp_path / "sales.csv"))


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no such device here")  # noqa: PTH110
def test_a_device_without_end_is_refused(tmp_path):
    (tmp_path / "sales.csv").symlink_to("/dev/zero")
    with pytest.raises(FileError, match=r"sales\.csv is a device"):
        open_export(tmp_path / "sales.csv")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket may have 107 bytes
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("sales.csv")
        with pytest.raises(FileError, match=r"sales\.csv is a socket"):
            open_export(tmp_path / "sales.csv")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(FileError, match="is a folder; name the files in it"):
        open_export(tmp_path)


@pytest.mark.parametrize("row", [b"," * 50_000_000, b"x," * 10_000_000, b'"x",' * 10_000_000], ids=["", "x", "quoted"])
def test_a_row_of_millions_of_cells_is_one_faulty_row(tmp_path, row):
    path = tmp_path / "sales.csv"
    path.write_bytes(HEADER + ROW + row + b"\n" + ROW)
    code = "import sys, pathlib, importer.read as r\n"
    code += "for b in r.open_export(pathlib.Path(sys.argv[1])).batches(): print(*b.column(2).to_pylist())"
    faults = in_child(code, str(path)).split()
    assert [fault == "None" for fault in faults] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "end", "fault"),
    [
        (b"a,b,c,d\nnext", 8, "too_many_cells"),
        (b'a,b,"c,c","d""d",\nnext', 18, "too_many_cells"),
        (b'a,b,"c\nc",d\nnext', 12, "too_many_cells"),
        (b'a,b,c"c,"d"\nnext', 12, "too_many_cells"),
        (b'a,b,"c"c,d\nnext', 11, "unclosed_quote"),
        (b'a,b,,"",\nnext', 9, None),
    ],
)
def test_cells_beyond_the_header_are_skipped_as_they_are_read(text, end, fault):
    record = scan(text, 0, Dialect(b",", quoted=True), 2, final=True)
    assert (record.end, record.fault, record.cells) == (end, fault, [b"a", b"b"])


@pytest.mark.parametrize("count", [5_001, 5_005, 40_000])
def test_too_many_columns_are_told_as_such(opened, count):
    header = ",".join(f"column {place}" for place in range(count))
    with pytest.raises(FileError, match="more than 5,000 columns"):
        opened(header + "\n" + "1," * (count - 1) + "1\n")


def test_a_header_longer_than_the_first_kilobytes_is_found(opened):
    names = [f"column number {chr(97 + place % 26)} {place}" for place in range(3_000)]
    assert len(",".join(names)) > dialects.SNIFFED
    assert opened(",".join(names) + "\n" + "1," * 2_999 + "1\n").headers == tuple(names)


def test_gigabytes_of_zeros_are_not_searched_for_an_encoding(tmp_path):
    path = tmp_path / "sales.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(200):
            file.write(bytes(4 << 20))
    with pytest.raises(FileError, match="is not text, Excel or Parquet"):
        open_export(path)


def test_a_parquet_file_with_damaged_pages_is_told_as_damaged(tmp_path):
    path = tmp_path / "sales.parquet"
    pq.write_table(pa.table({"email": [f"{n}@example.com" for n in range(5_000)]}), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[200 : len(data) // 2] = bytes(len(data) // 2 - 200)
    path.write_bytes(data)
    with pytest.raises(FileError, match="is damaged") as caught:
        list(open_export(path).batches())
    assert "disk" not in str(caught.value)


def test_a_long_text_that_a_parquet_repeats_on_many_rows_is_refused(tmp_path):
    """70 kB that would come to 24 GB a batch: the text stands once in the file."""
    path, count = tmp_path / "sales.parquet", 50_000
    note = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"Order ID": [str(n) for n in range(count)], "Note": note}), path, compression="zstd")
    with pytest.raises(FileError, match="repeats a text of 1,000,000 bytes"):
        open_export(path)


def test_a_parquet_whose_pages_unpack_to_gigabytes_is_refused(tmp_path):
    path = tmp_path / "sales.parquet"
    zeros = pa.table({"a": pa.array(np.zeros(20_000_000, np.int64))})
    with pq.ParquetWriter(path, zeros.schema, compression="zstd", use_dictionary=False) as writer:
        for _ in range(8):
            writer.write_table(zeros)
    assert path.stat().st_size < 4 << 20
    with pytest.raises(FileError, match="grows more than"):
        open_export(path)


def test_long_texts_of_few_rows_and_many_short_ones_are_read(tmp_path):
    path, count = tmp_path / "sales.parquet", 30_000
    table = pa.table({"Order ID": [str(n) for n in range(count)], "Note": [f"{n % 7}" * 3_000 for n in range(count)]})
    pq.write_table(table, path)
    assert sum(batch.num_rows for batch in open_export(path).batches()) == count
    pq.write_table(pa.table({"Order ID": ["1"], "Note": ["x" * 5_000_000]}), path)
    [batch] = open_export(path).batches()
    assert batch.column("fault").to_pylist() == ["cell_too_long"]
