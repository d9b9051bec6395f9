"""JSON written by column is the JSON that Python would write row by row."""

import json
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.json_encode import (
    array_member,
    escape,
    join_members,
    list_member,
    member,
    number,
    object_member,
    objects,
    text_member,
    write,
)

MONEY = pa.decimal128(28, 6)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(["", "a", "x" * 40, '"', "é"])
amount = st.decimals(min_value=-(10**21), max_value=10**21, places=6)
price = st.decimals(min_value=0, max_value=10**12, places=2) | st.sampled_from([Decimal(0), Decimal("0.000001")])
row = st.fixed_dictionaries(
    {
        "a": st.none() | texts,
        "l": st.lists(texts, max_size=3) | st.lists(texts, min_size=1, max_size=1),
        "e": st.none() | st.lists(st.integers(0, 9), min_size=1, max_size=3),
        "n": st.none() | price,
        "z": texts,
    }
)


def column(values):
    return pa.array(values, pa.string())


def lists_of(rows):
    lists = pa.array(rows, pa.list_(pa.string()))
    return pa.ListArray.from_arrays(lists.offsets, escape(lists.values))


@given(st.lists(row, min_size=1, max_size=8), st.booleans())
def test_objects_are_the_json_of_each_row(rows, always):
    count = len(rows)
    members = [
        list_member("l", lists_of([row["l"] for row in rows])),
        object_member("o", [text_member("a", column([row["a"] for row in rows]))], count),
        array_member("e", column([row["e"] and ",".join(map(str, row["e"])) for row in rows])),
        *([text_member("z", column([row["z"] for row in rows]))] if always else []),
        member("n", number(pa.array([row["n"] for row in rows], MONEY))),
    ]
    expected = [
        {
            **({"l": row["l"]} if row["l"] else {}),
            **({"o": {"a": row["a"]}} if row["a"] is not None else {}),
            **({"e": row["e"]} if row["e"] else {}),
            **({"z": row["z"]} if always else {}),
            **({"n": row["n"]} if row["n"] is not None else {}),
        }
        for row in rows
    ]
    written = objects(members, count).to_pylist()
    assert [text and json.loads(text, parse_float=Decimal) for text in written] == [row or None for row in expected]
    joined = write(join_members(members, count), count).to_pylist()
    assert joined == [text and text[1:-1] for text in written]


def test_rows_keep_their_places_where_some_have_no_members():
    first, second = column([None, "a", None, "b"]), column([None, None, None, "c"])
    assert objects([text_member("x", first), text_member("y", second)], 4).to_pylist() == [
        None,
        '{"x":"a"}',
        None,
        '{"x":"b","y":"c"}',
    ]
    assert objects([text_member("x", column([None] * 4))], 4).to_pylist() == [None] * 4
    assert objects([], 2).to_pylist() == [None, None]


def test_columns_without_rows():
    assert objects([text_member("x", column([])), list_member("l", lists_of([]))], 0).to_pylist() == []


def test_lists_of_a_part_of_a_column():
    lists = lists_of([["a"], ["b", '"'], [], ["c"]])
    assert objects([list_member("l", lists.slice(1))], 3).to_pylist() == ['{"l":["b","\\""]}', None, '{"l":["c"]}']
    assert objects([list_member("l", lists.slice(3))], 1).to_pylist() == ['{"l":["c"]}']


@given(st.lists(st.none() | texts, max_size=12), st.integers(0, 3))
def test_escaped_texts_are_read_back_as_they_were(values, skipped):
    part = column(values).slice(min(skipped, len(values)))
    escaped = escape(part).to_pylist()
    assert [text if text is None else json.loads(f'"{text}"') for text in escaped] == part.to_pylist()


@given(st.lists(st.none() | amount | price, max_size=12))
def test_amounts_in_their_shortest_form(values):
    found = number(pa.array([None, *values], MONEY)[1:])
    shortest = [None if value is None else f"{value:.6f}".rstrip("0").rstrip(".") for value in values]
    assert found.to_pylist() == shortest


@given(st.lists(st.none() | st.integers(-5, 10**13), max_size=12))
def test_whole_numbers(values):
    found = number(pa.array([None, *values], pa.int64())[1:])
    assert found.to_pylist() == [None if value is None else str(value) for value in values]
