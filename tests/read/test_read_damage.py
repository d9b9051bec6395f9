from __future__ import annotations

import gzip
import io
import random
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt

from importer.errors import CapiImportError
from importer.read import open_export

CSV = "".join(
    [
        "order,email,name,value\n",
        *(f'{number},a{number}@example.com,"Müller, ""Ada""",{number}.50\n' for number in range(300)),
    ]
).encode()


def as_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sales.csv", CSV)
    return stream.getvalue()


def as_parquet() -> bytes:
    stream = io.BytesIO()
    names = [f"name {number}" for number in range(300)]
    pq.write_table(
        pa.table({"email": names, "value": list(range(300)), "kind": pa.array(names).dictionary_encode()}), stream
    )
    return stream.getvalue()


def as_xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["email", "value"])
    for number in range(100):
        book.active.append([f"a{number}@example.com", number])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(100):
        sheet.write(row, 0, f"a{row}@example.com" if row else "email")
        sheet.write(row, 1, row or "value")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


WHOLE = {
    "csv": lambda: CSV,
    "utf16": lambda: CSV.decode().encode("utf-16"),
    "gz": lambda: gzip.compress(CSV),
    "zip": as_zip,
    "parquet": as_parquet,
    "xlsx": as_xlsx,
    "xls": as_xls,
}


def damaged(data: bytes, seed: int) -> bytes:
    """Some bytes changed, or the end cut off, or a piece left out or doubled."""
    chance = random.Random(seed)
    text = bytearray(data)
    kind = seed % 4
    for _ in range(chance.choice([1, 5, 50]) if kind < 2 else 0):
        text[chance.randrange(len(text))] = chance.randrange(256)
    first, second = sorted(chance.randrange(len(text)) for _ in range(2))
    if kind == 1:
        return bytes(text[:first])
    if kind == 2:
        return bytes(text[:first] + text[second:])
    return bytes(text[:second] + text[first:]) if kind == 3 else bytes(text)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("form", WHOLE)
def test_a_damaged_file_is_read_or_refused_but_never_crashes(tmp_path, form, seed):
    path = tmp_path / f"export.{form}"
    path.write_bytes(damaged(WHOLE[form](), seed))
    rows: list[int] = []
    message = ""
    try:
        export = open_export(path)
        rows = [row for batch in export.batches() for row in batch.column("row").to_pylist()]
    except CapiImportError as error:
        message = str(error)
    assert "example.com" not in message
    assert rows == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("seed", range(40))
def test_one_changed_byte_of_a_csv_never_loses_rows_in_silence(tmp_path, seed):
    chance = random.Random(seed)
    text = bytearray(CSV)
    place = chance.randrange(CSV.index(b"\n") + 1, len(text))
    text[place] = chance.choice(b'",\n\r\xff\x00ax')
    path = tmp_path / "export.csv"
    path.write_bytes(text)
    rows = [row for batch in open_export(path).batches() for row in batch.to_pylist()]
    assert len(rows) >= 299
    assert sum(row["fault"] is not None for row in rows) <= 2
    if len(rows) < 300:
        assert any(row["fault"] for row in rows)
