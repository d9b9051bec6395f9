from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from importer.read.csv_blocks import Shape, parse_layout
from importer.read.csv_scanner import Dialect
from importer.read.export import CELL_LIMIT
from importer.read.plain_csv import even_rows
from importer.read.record_bounds import lay_out

COMMA = Dialect(b",", quoted=True)

cell = st.text(alphabet="ab0é \t;\ufeff", max_size=5)


@st.composite
def grids(draw):
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=12))
    return width, rows


@given(grids(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]), st.data())
def test_even_lines_are_read_as_they_are_laid_out_and_parsed(grid, sign, end, data):
    width, rows = grid
    assume(width > 1 or all(row != [""] for row in rows))
    assume(not any(sign in text for row in rows for text in row))
    wanted = tuple(sorted(data.draw(st.sets(st.integers(0, width - 1)))))
    rest = data.draw(st.sampled_from(["", "a", f"b{sign}c"]))
    text = ("".join(sign.join(row) + end for row in rows) + rest).encode()
    dialect, shape = Dialect(sign.encode(), quoted=True), Shape(width, wanted)
    found = even_rows(text, dialect, shape)
    assert found is not None
    fast, used = found
    assert text[used:].decode() == rest
    assert [column.to_pylist() for column in fast.columns] == [[row[place] or None for row in rows] for place in wanted]
    for column in fast.columns:
        column.validate(full=True)
    layout = lay_out(text, dialect)
    slow = parse_layout(text, layout, dialect, shape)
    assert used == layout.end
    assert len(rows) == layout.breaks
    if slow is not None:  # pyarrow leaves a byte order mark to the scanner
        assert (slow.before.tolist(), slow.faults, slow.columns) == (fast.before.tolist(), fast.faults, fast.columns)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a,b",
        b"a\n",
        b"a,b,c\n",
        b"a,b\n\nc,d\n",
        b"a,b\nc\nd,e,f\n",
        b'a,"b"\n',
        b"a,b\r\nc,d\n",
        b"a,b\nc,d\r\n",
        b"a\r,b\r\nc,d\r\n",
        b"a,b\rc,d\n",
        b"a,\xff\n",
        b"a," + b"b" * CELL_LIMIT + b"\n",
    ],
)
def test_what_is_not_even_is_left_to_the_others(text):
    assert even_rows(text, COMMA, Shape(2, (0, 1))) is None


@pytest.mark.parametrize("text", [b"a\n\nb\n", b"\na\n", b"a\r\n\r\n"])
def test_a_blank_line_of_a_file_with_one_column_is_left_to_the_others(text):
    assert even_rows(text, COMMA, Shape(1, (0,))) is None


def test_marks_that_do_not_quote_are_text():
    found = even_rows(b'"a\tb"\n"\t"\n', Dialect(b"\t", quoted=False), Shape(2, (0, 1)))
    assert found is not None
    assert [column.to_pylist() for column in found[0].columns] == [['"a', '"'], ['b"', '"']]


def test_a_return_as_delimiter_is_left_to_the_others():
    assert even_rows(b"a\rb\r\n", Dialect(b"\r", quoted=True), Shape(2, (0, 1))) is None


def test_lines_longer_than_a_piece_are_cut_at_the_right_places(monkeypatch):
    monkeypatch.setattr("importer.read.plain_csv._PIECE", 7)
    lines = [f"{number},{'x' * (number % 11)}" for number in range(50)]
    found = even_rows("".join(line + "\n" for line in lines).encode(), COMMA, Shape(2, (0, 1)))
    assert found is not None
    assert [
        f"{a},{b or ''}" for a, b in zip(*(column.to_pylist() for column in found[0].columns), strict=True)
    ] == lines
