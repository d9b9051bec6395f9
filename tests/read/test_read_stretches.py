"""A file read in stretches gives the records of the whole file, wherever it is cut."""

import gzip
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from importer.errors import FileError
from importer.option_types import Edit
from importer.read import byte_sources, csv_stream, open_export, open_table
from importer.read.export import Export
from importer.read.stretches import Stretch


def records(export: Export, stretch: Stretch | None = None, names=None) -> pa.Table:
    batches = list(export.batches(names, 7, stretch))
    return pa.Table.from_batches(batches) if batches else export.schema.empty_table()


def check(export: Export, every: int, names=None) -> int:
    """Compare the records of all stretches, and of the whole; return how many stretches there are."""
    cuts = export.cuts(every)
    stretches = [Stretch(*pair) for pair in pairwise(cuts)]
    whole = records(export, names=names)
    found = [records(export, stretch, names) for stretch in stretches]
    assert all(part.num_rows == stretch.rows for part, stretch in zip(found, stretches, strict=True))
    assert all(stretch.rows == every for stretch in stretches[:-1])
    if stretches:
        assert pa.concat_tables(found).combine_chunks().equals(whole.combine_chunks())
        assert records(export, Stretch(cuts[0], cuts[-1]), names).combine_chunks().equals(whole.combine_chunks())
    return len(stretches)


def opened(folder, content: bytes, encoding=None) -> Export:
    path = folder / "sales.csv"
    path.write_bytes(content)
    return open_export(path, encoding=encoding)


CELL = st.one_of(
    st.text(alphabet='ab0,"\n\r é€', max_size=6),
    st.sampled_from(['"a,b"', '"a\nb"', '"a\r\n""b"', '5" pipe', '"open', 'x"y"', "\ufeffa", "\udcff", "ÿ"]),
)
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(TABLE, st.integers(1, 9), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([16, 64, 4096]))
def test_text_of_any_kind_is_the_same_in_stretches(tmp_path_factory, rows, every, end, size):
    lines = ["id,email,total", *(",".join(row) for row in rows)]
    content = end.join(lines).encode("utf-8", "surrogateescape")
    marked = len(rows) % 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(byte_sources, "CHUNK_BYTES", size)
        patch.setattr(csv_stream, "_FAST_BYTES", size // 2)
        patch.setattr(csv_stream, "_STRETCH", 8)
        try:
            export = opened(tmp_path_factory.mktemp("text"), b"\xef\xbb\xbf" * marked + content, "utf-8")
        except FileError:  # quotes left open in the first lines may leave no header
            assume(False)
        check(export, every)
        check(export, every, export.names[1:2])


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_letters_beyond_ascii_move_no_cut(tmp_path, encoding, end):
    rows = [f'{n},"Müller{end}& Söhne ""{n}""",{n}.50' + (end if n % 7 == 0 else "") for n in range(500)]
    content = end.join(["Nummer,Käufer,Betrag", *rows, ""]).encode(encoding)
    export = opened(tmp_path, content)
    assert export.details["encoding"].lower().startswith(encoding)
    assert check(export, 40) == 13


@pytest.mark.parametrize("encoding", ["utf-16", "cp932", "utf-8-zeros", "gzip"])
def test_what_cannot_be_cut_says_so(tmp_path, encoding):
    content = "\n".join(["id,email,total", *(f"{n},店{n}@example.com,{n}" for n in range(300))])
    data = content.encode("utf-8" if "-8" in encoding or encoding == "gzip" else encoding)
    if encoding == "gzip":
        data = gzip.compress(data)
    if encoding == "utf-8-zeros":
        data = data.replace(b"@", b"\0@")
    export = opened(tmp_path, data, "cp932" if encoding == "cp932" else None)
    assert export.cuts(10) == ()
    assert records(export).num_rows == 300


def test_a_file_that_grows_or_shrinks_between_is_refused(tmp_path):
    export = opened(tmp_path, b"id,total\n" + b"".join(b"%d,5\n" % n for n in range(100)))
    cuts = export.cuts(10)
    (tmp_path / "sales.csv").write_bytes(b"id,total\n" + b"".join(b"%d,5\n" % n for n in range(95)))
    with pytest.raises(FileError, match=r"sales\.csv changed while it was read"):
        records(export, Stretch(cuts[0], cuts[-1]))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(1, 30), st.sampled_from([None, ["email"], []]))
@settings(deadline=None)
def test_row_groups_of_any_size_are_the_same_in_stretches(tmp_path_factory, groups, every, names):
    path = tmp_path_factory.mktemp("groups") / "sales.parquet"
    table = pa.table({"id": range(sum(groups)), "email": [f"c{n}\0" if n % 3 else None for n in range(sum(groups))]})
    start = 0
    with pq.ParquetWriter(path, table.schema) as writer:
        for size in groups:
            writer.write_table(table.slice(start, size))
            start += size
    export = open_export(path)
    assert check(export, every, names) == -(-sum(groups) // every)


def test_only_the_row_groups_of_a_stretch_are_read(tmp_path, monkeypatch):
    path = tmp_path / "sales.parquet"
    pq.write_table(pa.table({"id": range(100)}), path, row_group_size=10)
    export, read = open_export(path), []
    whole = pq.ParquetFile.iter_batches
    monkeypatch.setattr(
        pq.ParquetFile, "iter_batches", lambda *of, **how: read.append(list(how["row_groups"])) or whole(*of, **how)
    )
    begin, end = export.cuts(6)[3:5]
    assert (begin.row, begin.skipped, end.row) == (19, 8, 25)
    assert records(export, Stretch(begin, end)).column("id").to_pylist() == list(range(18, 24))
    assert read == [[1, 2]]


def test_corrected_cells_stand_in_their_stretch(tmp_path):
    export = opened(tmp_path, b"id,total\n" + b"".join(b"%d,5\n" % n for n in range(100)))
    corrected = export.with_edits([Edit("sales.csv", "", 57, "total", "7.50")])
    assert check(corrected, 10) == 10


def test_rows_in_memory_have_no_cuts():
    assert open_table(pa.table({"id": [1, 2]}), "rows").cuts(1) == ()
