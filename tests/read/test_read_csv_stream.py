from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importer.read import csv_stream as stream
from importer.read.csv_blocks import Shape
from importer.read.csv_scanner import Dialect

COMMA = Dialect(b",", quoted=True)


def rows_of(chunks, dialect=COMMA, width=3, *, exact=False):
    """Line, fault and cells of every record; `exact` leaves pyarrow out."""
    shape = Shape(width, tuple(range(width)))
    found = []
    with pytest.MonkeyPatch.context() as patch:
        if exact:
            patch.setattr(stream, "_take_in_order", lambda *_: None)
        for line, rows, _ in stream.blocks(iter(chunks), dialect, shape, 1):
            cells = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
            found += [
                (line + int(before), rows.faults.get(place), values)
                for place, (before, values) in enumerate(zip(rows.before, cells, strict=True))
            ]
    return found


def cut(text: bytes, size: int):
    return [text[start : start + size] for start in range(0, len(text), size)]


cell = st.text(alphabet='ab0,;"\n\r é\t', max_size=6)
table = st.lists(st.lists(cell, min_size=1, max_size=5), max_size=12)


def written(rows, end):
    """Rows as CSV, every cell quoted that needs it."""

    def quoted(text):
        return '"' + text.replace('"', '""') + '"' if any(char in text for char in ',"\n\r') else text

    return end.join(",".join(map(quoted, row)) for row in rows).encode()


@given(table, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 40))
def test_both_ways_of_reading_agree_on_text_in_order(rows, end, size):
    text = written(rows, end)
    fast = rows_of(cut(text, size))
    assert fast == rows_of([text], exact=True)
    kept = [row for row in rows if row != [""]]
    assert [values for _, _, values in fast] == [
        tuple((row[place] or None) if place < len(row) else None for place in range(3)) for row in kept
    ]


@settings(max_examples=300)
@given(
    st.binary(max_size=80) | st.text(alphabet='ab,"\n\r', max_size=80).map(str.encode),
    st.integers(1, 40),
    st.integers(1, 3),
    st.booleans(),
)
@example(b',\xff\n"\n"\rx\n', 8, 1, True)
@example(b'1,\xff\n2,"\n"\rx\n', 9, 2, True)
def test_both_ways_of_reading_agree_on_any_bytes(text, size, width, quoted):
    text = text.replace(b"\0", b"")
    dialect = Dialect(b",", quoted)
    assert rows_of(cut(text, size), dialect, width) == rows_of([text], dialect, width, exact=True)


def test_replacements_that_make_a_record_too_long_change_no_row():
    text = b"1,x,y\n2," + b"\xff" * 60_000 + b",y\n3,x,y\n"
    assert [(line, fault) for line, fault, _ in rows_of([text])] == [(1, None), (2, "bad_encoding"), (3, None)]
    assert rows_of([text]) == rows_of([text], exact=True)


@pytest.mark.parametrize("seed", range(5))
def test_both_ways_of_reading_agree_on_a_large_file_with_trouble_now_and_then(seed):
    chance = random.Random(seed)
    kinds = [
        '{n},"a, {n}",x\n',
        '{n},"two\nlines",x\n',
        "{n},short\n",
        "{n},a,b,c\n",
        '{n},"never closed\n',
        '{n},5" pipe,x\r\n',
        '{n},"a"b,x\n',
        '{n},inch 5",x\n',
        "\n",
    ]
    weights = [400, 100, 10, 10, 1, 100, 1, 1, 5]
    text = "".join(kind.format(n=n) for n, kind in enumerate(chance.choices(kinds, weights, k=30_000))).encode()
    assert rows_of(cut(text, 100_000)) == rows_of([text], exact=True)


def test_lines_are_exact_whatever_stands_in_cells():
    text = b'1,"two\nlines",x\r\n\r\n2,"three\r\nmore\rlines",x\n3,plain,x\r4,plain,x'
    assert [line for line, _, _ in rows_of([text])] == [1, 4, 7, 8]
    assert [line for line, _, _ in rows_of(cut(text, 3))] == [1, 4, 7, 8]


def test_a_line_without_end_is_cut_and_the_next_line_is_read(monkeypatch):
    monkeypatch.setattr(stream, "LONGEST_RECORD", 300_000)
    text = b"1,2,3\n4," + b"x" * 1_000_000 + b",5\n6,7,8\n"
    found = rows_of(cut(text, 100_000))
    assert [(line, fault, values[0]) for line, fault, values in found] == [
        (1, None, "1"),
        (2, "cell_too_long", "4"),
        (3, None, "6"),
    ]


def test_an_unclosed_quote_loses_one_row_of_many():
    lines = [f"{number},text,x\n" for number in range(5_000)]
    lines[2_000] = '2000,"text,x\n'
    found = rows_of(cut("".join(lines).encode(), 4_096))
    assert len(found) == 5_000
    assert [(line, fault) for line, fault, _ in found if fault] == [(2_001, "unclosed_quote")]


def test_no_quotes_means_that_marks_are_text():
    dialect = Dialect(b"\t", quoted=False)
    assert rows_of([b'1\t"lone\tx\n2\t"both"\ty\n'], dialect) == [
        (1, None, ("1", '"lone', "x")),
        (2, None, ("2", '"both"', "y")),
    ]


def test_bytes_that_are_no_utf8_are_a_fault_of_their_row_only():
    text = b"1,K\xc3\xb6ln,x\n2,K\xf6ln,x\n3,K\xc3\xb6ln,x\n"
    assert rows_of([text]) == [
        (1, None, ("1", "Köln", "x")),
        (2, "bad_encoding", ("2", "K\ufffdln", "x")),
        (3, None, ("3", "Köln", "x")),
    ]
    assert rows_of([text]) == rows_of([text], exact=True)
