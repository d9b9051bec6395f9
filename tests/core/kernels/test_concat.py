"""Texts set by whole columns are those that Python would join row by row."""

import json
from decimal import Decimal
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.hashing import hash_columns
from importer.core.kernels import decimal_digits as digits
from importer.core.kernels.concat import AT_ONCE, Piece, texts_of, typeset
from importer.core.kernels.json_encode import Member, members, objects, text_member
from importer.core.model import MONEY

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(["", "a", "x" * 40, '"', "é"])
amount = st.decimals(min_value=-(10**21), max_value=10**21, places=6)
price = st.decimals(min_value=0, max_value=10**12, places=2) | st.sampled_from([Decimal(0), Decimal("0.000001")])


def column(values):
    return pa.array(values, pa.string())


def as_json(value):
    return json.dumps(value, ensure_ascii=False)


@given(st.lists(st.tuples(texts, texts, st.booleans(), st.none() | texts), min_size=1, max_size=12))
def test_pieces_of_all_widths(rows):
    first, second, some, third = zip(*rows, strict=True)
    marked = np.flatnonzero(some)
    pieces = [
        Piece(None, [b"<", texts_of(column(first)), b"|", texts_of(column(second).dictionary_encode()), b","]),
        Piece(marked, [texts_of(column(second)).of(marked), b"!", texts_of(column(first)).of(marked), b","]),
        Piece(None, [b">"], back=True),
    ]
    expected = [f"<{a}|{b}" + (f",{b}!{a}" if here else "") + ">" for a, b, here, _ in rows]
    assert typeset(pieces, len(rows)).to_pylist() == expected
    assert texts_of(column(third)[1:]).lengths.tolist() == [len((text or "").encode()) for text in third[1:]]


@pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_rows_set_at_once_meet(count):
    numbers = [str(number * number) for number in range(count)]
    odd = np.arange(1, count, 2)
    pieces = [
        Piece(None, [b"no. ", texts_of(column(numbers)), b" of ", texts_of(column([f"{n:05}" for n in range(count)]))]),
        Piece(odd, [b", odd: ", texts_of(column(numbers)).of(odd)]),
    ]
    expected = [
        f"no. {text} of {place:05}" + (f", odd: {text}" if place % 2 else "") for place, text in enumerate(numbers)
    ]
    assert typeset(pieces, count).to_pylist() == expected


row = st.fixed_dictionaries(
    {"a": st.none() | texts, "l": st.lists(texts, max_size=3), "n": st.none() | price, "z": texts}
)


@given(st.lists(row, min_size=1, max_size=8), st.booleans())
def test_objects_are_the_json_of_each_row(rows, always):
    parts = [
        Member('"l":["', pa.array([row["l"] for row in rows], pa.list_(pa.string())), '"]', clear=True),
        Member('"o":{', [text_member("a", column([row["a"] for row in rows]))], "}"),
        *([text_member("z", column([row["z"] for row in rows]))] if always else []),
        Member('"n":', digits.amounts(pa.array([row["n"] for row in rows], MONEY))),
    ]
    expected = [
        {
            **({"l": row["l"]} if row["l"] else {}),
            **({"o": {"a": row["a"]}} if row["a"] is not None else {}),
            **({"z": row["z"]} if always else {}),
            **({"n": row["n"]} if row["n"] is not None else {}),
        }
        for row in rows
    ]
    written = objects(parts, len(rows)).to_pylist()
    assert [json.loads(text, parse_float=Decimal, parse_int=Decimal) for text in written] == expected
    assert members(parts, len(rows)).to_pylist() == [text[1:-1] or None for text in written]


@given(st.lists(st.none() | amount | price, max_size=12))
def test_amounts_in_their_shortest_form(values):
    found = digits.amounts(pa.array([None, *values], MONEY)[1:])
    shortest = ["" if value is None else f"{value:.6f}".rstrip("0").rstrip(".") for value in values]
    assert _told(found) == shortest


@given(st.lists(st.none() | st.integers(-5, 10**13), max_size=12))
def test_whole_numbers(values):
    found = digits.integers(pa.array([None, *values], pa.int64())[1:])
    assert _told(found) == ["" if value is None else str(value) for value in values]


def _told(texts):
    ends = texts.starts + texts.lengths
    return [texts.data[start:end].tobytes().decode() for start, end in zip(texts.starts, ends, strict=True)]


@pytest.mark.parametrize("distinct", [3, 900, 5_000])
def test_repeated_values_have_the_hashes_of_their_own(distinct):
    done = sha256(b"known").hexdigest()
    cells = [done if place % 7 == 0 else f"müller {place % distinct}" for place in range(5_000)]
    lonely = column(["x", "é"])
    many, few, none = hash_columns([column(cells), lonely, column([])])
    assert many.to_pylist() == [cell if cell == done else sha256(cell.encode()).hexdigest() for cell in cells]
    assert few.to_pylist() == [sha256(cell.encode()).hexdigest() for cell in ("x", "é")]
    assert none.to_pylist() == []
