from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.read.csv_scanner import Dialect, scan
from importer.read.export import CELL_LIMIT

COMMA = Dialect(b",", quoted=True)


def scan_all(text: bytes, width: int | None = None, dialect: Dialect = COMMA):
    records, place = [], 0
    while place < len(text):
        record = scan(text, place, dialect, width, final=True)
        assert record is not None
        records.append(record)
        place = record.end
    return records


@given(st.text(alphabet='ab,"\n\r ', max_size=60))
def test_text_with_quotes_in_order_is_read_as_pythons_csv_reads_it(text):
    records = scan_all(text.encode())
    if any(record.fault for record in records):
        return
    mine = [[cell.decode() for cell in record.cells] for record in records if record.cells != [b""]]
    theirs = [row for row in csv.reader(io.StringIO(text, newline="")) if row not in ([], [""])]
    assert mine == theirs


@pytest.mark.parametrize(
    ("text", "cells", "fault"),
    [
        pytest.param(b'1,"abc,5\n', [b"1", b"abc,5"], "unclosed_quote", id="never closed"),
        pytest.param(b'1,"abc,5\n2,"def",6\n', [b"1", b"abc,5"], "unclosed_quote", id="closed by the next row's mark"),
        pytest.param(b'1,"abc"d,5\n', [b"1", b"abcd", b"5"], None, id="text behind the closing mark"),
        pytest.param(
            b'1,"5" pipe, red",5\n',
            [b"1", b"5 pipe", b' red"'],
            "unclosed_quote",
            id="an inch mark inside a quoted cell",
        ),
        pytest.param(b'1,5" pipe,5\n', [b"1", b'5" pipe', b"5"], None, id="an inch mark in a plain cell"),
        pytest.param(b"1,2,3,4\n", [b"1", b"2", b"3"], "too_many_cells", id="a cell too many"),
        pytest.param(b'1,2,3,,"",  \n', [b"1", b"2", b"3"], None, id="empty cells too many"),
        pytest.param(b"1,2\n", [b"1", b"2"], None, id="a cell too few"),
        pytest.param(
            b"1," + b"x" * (CELL_LIMIT + 1) + b",3\n",
            [b"1", b"x" * CELL_LIMIT, b"3"],
            "cell_too_long",
            id="a long cell",
        ),
        pytest.param(
            b'1,"' + b"x" * (CELL_LIMIT + 1) + b'",3\n',
            [b"1", b"x" * CELL_LIMIT, b"3"],
            "cell_too_long",
            id="a long quoted cell",
        ),
        pytest.param(
            b'1,"' + b"\n" * 201 + b'",3\n', [b"1", b""], "unclosed_quote", id="too many line breaks in a cell"
        ),
        pytest.param(b'1,"' + b"\n" * 200 + b'",3\n', [b"1", b"\n" * 200, b"3"], None, id="many line breaks in a cell"),
        pytest.param(
            b'1,"x\n' + b"y" * CELL_LIMIT + b'",3\n',
            [b"1", b"x"],
            "unclosed_quote",
            id="a long cell over several lines",
        ),
    ],
)
def test_a_malformed_record_is_reported_and_ends_where_it_must(text, cells, fault):
    record = scan_all(text, width=3)[0]
    assert (record.cells, record.fault) == (cells, fault)


def test_reading_goes_on_with_the_line_after_an_unclosed_quote():
    records = scan_all(b'1,"abc,5\n2,def,6\n3,"gh, i",7\n', width=3)
    assert [record.cells[0] for record in records] == [b"1", b"2", b"3"]
    assert [record.fault for record in records] == ["unclosed_quote", None, None]


@given(st.text(alphabet='ab,"\n\r', max_size=40), st.integers(0, 40))
def test_what_a_part_of_the_text_tells_stays_true_when_more_comes(text, length):
    whole = text.encode() + b"\n"
    part = scan(whole[:length], 0, COMMA, 3, final=False)
    if part is not None:
        assert part == scan(whole, 0, COMMA, 3, final=True)


def test_a_cell_of_a_million_delimiters_stays_small():
    record = scan_all(b"," * 1_000_000 + b"\n", width=3)[0]
    assert len(record.cells) == 3
