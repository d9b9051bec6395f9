# ruff: noqa: DTZ001  a cell of a spreadsheet has no zone

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.model import MONEY
from importer.results.csv_text import csv_bytes, disarmed, disarmed_for_import, money, texts


@pytest.mark.parametrize(
    ("text", "report", "rejects"),
    [
        ("1001", "1001", "1001"),
        ("#1001", "#1001", "#1001"),
        ("", "", ""),
        (None, None, None),
        ("a=1", "a=1", "a=1"),
        ("jane@example.com", "jane@example.com", "jane@example.com"),
        ("'=1", "'=1", "'=1"),
        ("=1+1", "'=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ('="01234"', '\'="01234"', '="01234"'),
        ('="a"&A1&"b"', '\'="a"&A1&"b"', '\'="a"&A1&"b"'),
        ("@SUM(A1)", "'@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1", "'\t=1"),
        ("\r=1", "'\r=1", "'\r=1"),
        ("\n=1", "'\n=1", "'\n=1"),
        ("+cmd", "'+cmd", "'+cmd"),
        ("-A1", "'-A1", "'-A1"),
        ("-(1+A1)", "'-(1+A1)", "'-(1+A1)"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3+SUM(A1)", "'-2+3+SUM(A1)", "'-2+3+SUM(A1)"),
        ("+4915112345678", "'+4915112345678", "+4915112345678"),
        ("+49 (0)151 / 123-45", "'+49 (0)151 / 123-45", "+49 (0)151 / 123-45"),
        ("+(49) 151.123", "'+(49) 151.123", "+(49) 151.123"),
        ("-12.50", "'-12.50", "-12.50"),
        ("-1.234,50 \N{EURO SIGN}", "'-1.234,50 \N{EURO SIGN}", "-1.234,50 \N{EURO SIGN}"),
        ("-$12.50", "'-$12.50", "-$12.50"),
        ("-1'250.00 CHF", "'-1'250.00 CHF", "-1'250.00 CHF"),
        ("-", "'-", "'-"),
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_is_marked_as_text(text, report, rejects):
    column = pa.array([text], pa.string())
    assert disarmed(column).to_pylist() == [report]
    assert disarmed_for_import(column).to_pylist() == [rejects]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1049.4", "USD", "1049.40"),
        ("1049", "USD", "1049.00"),
        ("0", "USD", "0.00"),
        ("-12.5", "EUR", "-12.50"),
        ("0.125", "USD", "0.125"),
        ("1.100001", "USD", "1.100001"),
        ("100", None, "100.00"),
        ("1049", "JPY", "1049"),
        ("1049.5", "JPY", "1049.50"),
        (None, "USD", None),
        ("9999999999999999999999.5", "USD", "9999999999999999999999.50"),
    ],
)
def test_amounts_are_plain_decimals(amount, currency, text):
    value = pa.array([None if amount is None else Decimal(amount)], MONEY)
    assert money(value, pa.array([currency], pa.string())).to_pylist() == [text]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([14155551234.0, 0.5, None]), ["14155551234", "0.5", None]),
        (pa.array([1, None]), ["1", None]),
        (pa.array([], pa.int64()), []),
        (pa.array([7, 99_999, -4, 0, 10_000]), ["7", "99999", "-4", "0", "10000"]),
        (pa.array([-(2**63), 2**63 - 1]), ["-9223372036854775808", "9223372036854775807"]),
        (pa.array([dt.datetime(2026, 10, 31, 14, 5)], pa.timestamp("s")), ["2026-10-31 14:05:00"]),
        (pa.array([1_793_455_500_000_000], pa.timestamp("us", "UTC")), ["2026-10-31 14:05:00Z"]),
        (pa.array([1_793_455_500_250], pa.timestamp("ms", "Europe/Berlin")), ["2026-10-31 15:05:00.250+0100"]),
        (pa.array([1_793_455_500_000], pa.timestamp("ms", "Europe/Berlin")), ["2026-10-31 15:05:00+0100"]),
        (pa.array([dt.date(2026, 10, 31)]), ["2026-10-31"]),
        (pa.array([True]), ["true"]),
        (pa.array([Decimal("12.5000")]), ["12.5000"]),
        (pa.array(["a", None]).dictionary_encode(), ["a", None]),
        (pa.array([["a", "b"], None]), ["['a', 'b']", None]),
        (pa.array([b"\xff"]), ["b'\\xff'"]),
        (pa.nulls(1), [None]),
    ],
)
def test_typed_values_are_written_as_they_are(column, expected):
    assert texts(column).to_pylist() == expected


def test_csv_reads_back_whatever_the_cells_hold():
    cells = ["plain", 'a "quoted" word', "a,b", "two\nlines", "carriage\rreturn", "", None, "\u6771\u4eac", " padded "]
    data = bytes(csv_bytes([pa.array(cells, pa.string()), pa.array(["x"] * len(cells))]))
    read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert read == [[cell or "", "x"] for cell in cells]


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-20_000, 20_000), min_size=1, max_size=30))
def test_whole_numbers_are_written_as_python_writes_them(whole):
    assert texts(pa.array(whole, pa.int64())).to_pylist() == [str(number) for number in whole]


AMOUNTS = st.integers(-(10**18), 10**18) | st.integers(-2_000, 2_000) | st.none()
UNITS = st.sampled_from(["USD", "JPY", "", None, "eur"])


@given(st.lists(st.tuples(AMOUNTS, UNITS), max_size=30), st.integers(0, 30), st.sampled_from([1, 100, 10_000]))
def test_amounts_of_a_whole_column_are_those_one_by_one(cells, start, unit):
    exact = [None if cents is None else Decimal(cents * unit).scaleb(-6) for cents, _ in cells]
    value, currency = pa.array(exact, MONEY)[start:], pa.array([unit for _, unit in cells], pa.string())[start:]
    assert money(value, currency).to_pylist() == [
        _plainly(amount, unit) for amount, unit in zip(value.to_pylist(), currency.to_pylist(), strict=True)
    ]


def _plainly(amount, unit):
    if amount is None:
        return None
    whole, _, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(2, "0")
    return whole if unit == "JPY" and decimals == "00" else f"{whole}.{decimals}"


CELLS = st.text(st.sampled_from('ab,"\r\n=+- \u00e9\u6771\U0001f600\x00'), max_size=5) | st.none()


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20), st.integers(0, 19))
def test_csv_is_what_a_plain_loop_writes(rows, start):
    columns = [pa.array(values, pa.string())[start:] for values in zip(*rows, strict=True)]
    expected = "".join(",".join(_cell(cell) for cell in row) + "\n" for row in rows[start:])
    assert bytes(csv_bytes(columns)).decode() == expected
    for column in columns:
        assert disarmed(column).to_pylist() == [_harmless(cell) for cell in column.to_pylist()]


def _cell(cell):
    return '"' + cell.replace('"', '""') + '"' if set(cell or "") & set('",\r\n') else cell or ""


def _harmless(cell):
    return f"'{cell}" if cell and cell[0] in "=+-@\t\r\n" else cell


def test_what_lies_under_a_null_is_not_written():
    column = pa.array(['a,"', "=b", "c"])
    hidden = pa.StringArray.from_buffers(
        3, column.buffers()[1], column.buffers()[2], pa.array([False, False, True]).buffers()[1]
    )
    assert bytes(csv_bytes([disarmed(hidden), pa.array(["1", ",", "3"])])) == b',1\n,","\nc,3\n'


def test_csv_quotes_only_where_needed():
    assert bytes(csv_bytes([pa.array(["a", "b,c", None]), pa.array(["1", None, "x y"])])) == b'a,1\n"b,c",\n,x y\n'


def test_no_rows_are_no_bytes():
    assert bytes(csv_bytes([pa.array([], pa.string())])) == b""
