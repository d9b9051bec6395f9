"""Typed columns as the text that an export would show."""

# ruff: noqa: DTZ001 # local times without a zone are what is tested

from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.cells.cell_text import as_text, cast_all
from importer.core.cells.spelling import fold


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array([1, None, -5]), ["1", None, "-5"]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([5.0, 1.5, -0.0, 0.1, None]), ["5", "1.5", "0", "0.1", None]),
        (pa.array([14155551234.0, 123456789012345.0, 999999999999999.0]), ["14155551234", "123456789012345", "999999999999999"]),
        (pa.array([1e15, 1.69e18, -1e16, 1e300]), ["1E+15", "1.69E+18", "-1E+16", "1E+300"]),
        (pa.array([1e-7, 1.5e-10, float("nan"), float("inf")]), ["0.0000001", "0.00000000015", None, None]),
        (pa.array([0.1, 2.0], pa.float32()), ["0.1", "2"]),
        (pa.array([1.5], pa.float16()), ["1.5"]),
        (pa.array([Decimal("10.50"), Decimal("0.00")]), ["10.50", "0.00"]),
        (pa.array([Decimal("0.0000001")], pa.decimal128(20, 10)), ["0.0000001000"]),
        (pa.array([date(2026, 10, 5), None]), ["2026-10-05", None]),
        (pa.array([datetime(2026, 10, 5, 14, 3)]), ["2026-10-05 14:03:00"]),
        (pa.array([datetime(2026, 10, 5, 14, 3, 0, 5000)]), ["2026-10-05 14:03:00.005000"]),
        (pa.array([datetime(2026, 10, 5, 12, 3)], pa.timestamp("ms", "Europe/Berlin")), ["2026-10-05 14:03:00+0200"]),
        (pa.array([datetime(2026, 10, 5, 12, 3)], pa.timestamp("ns", "UTC")), ["2026-10-05 12:03:00Z"]),
        (pa.array([time(15, 12)]), ["15:12:00"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        (pa.array(["a"], pa.large_string()), ["a"]),
        (pa.array(["a", "b"], pa.string_view()), ["a", "b"]),
        (pa.array([b"a\xff", None]), ["a\ufffd", None]),
        (pa.array([[1, 2], None]), ["[1, 2]", None]),
        (pa.array([{"a": "é"}]), ['{"a": "é"}']),
        (pa.nulls(2), [None, None]),
        (pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"]), ["a", "a", "b"]),
    ],
)  # fmt: skip
def test_typed_columns_show_what_an_export_shows(column, texts):
    shown = as_text(column)
    assert shown.type == pa.string()
    assert shown.to_pylist() == texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  x\u00a0", "x"), ("\t\r\nx y\n", "x y"), ("\ufeffx\u200b", "x"), ("\u202fx\u3000", "x"), ("", None), (" \u00a0\t", None), ("a\0b", "ab"), ("\0", None),
        ("'20001", "20001"), ("'+491701234567", "+491701234567"), ("'s-Gravenhage", "s-Gravenhage"), ("'Ä", "Ä"), ("'", "'"), ("''x", "''x"), ("'-5", "-5"), ('="007"', "007"), ('= " a ""b"" "', 'a ""b""'), ('"1001"', "1001"), ("=-12.5", "-12.5"), ("'=1", "1"),
        ('="', '="'), ("=A1", "=A1"), ('"a" and "b"', '"a" and "b"'), ("'@handle", "@handle"),
        ("O'Neil", "O'Neil"), ("01234", "01234"),
    ],
)  # fmt: skip
def test_text_is_trimmed_and_nothing_else(text, shown):
    assert as_text(pa.array([text])).to_pylist() == [shown]


@given(texts=st.lists(st.none() | st.text(max_size=20), max_size=20))
def test_no_text_raises_and_none_is_blank_or_padded(texts):
    for shown in as_text(pa.array(texts, pa.string())).to_pylist():
        assert shown is None or (shown and shown == shown.strip() and "\0" not in shown)


@given(values=st.lists(st.floats(), max_size=20))
def test_floats_keep_their_value(values):
    for number, shown in zip(values, as_text(pa.array(values, pa.float64())).to_pylist(), strict=True):
        assert shown is None or float(shown) == number
        assert shown is None or ("E" in shown) == (abs(number) >= 1e15)


@settings(max_examples=500)
@given(text=st.text(max_size=40))
def test_folding_twice_changes_nothing_and_ascii_digits_stay(text):
    once = fold(text)
    assert fold(once) == once
    if all(letter.isascii() or not letter.isdecimal() for letter in text):
        assert [each for each in once if each.isdigit()] == [each for each in text if each.isascii() and each.isdigit()]


@pytest.mark.parametrize("wrong", [0, 1, 40])
def test_texts_are_cast_all_or_not_at_all(wrong):
    days = ["2026-02-28", None] * 30
    assert cast_all(pa.array(days), pa.date32()).null_count == 30
    days[wrong] = "2026-02-30"
    assert cast_all(pa.array(days), pa.date32()) is None
