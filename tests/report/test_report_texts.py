# ruff: noqa: DTZ001  a cell of a spreadsheet has no zone

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pytest

from importer.core.model import MONEY
from importer.report.texts import csv_bytes, disarmed, disarmed_for_import, money, texts


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


def test_csv_quotes_only_where_needed():
    assert bytes(csv_bytes([pa.array(["a", "b,c", None]), pa.array(["1", None, "x y"])])) == b'a,1\n"b,c",\n,x y\n'


def test_no_rows_are_no_bytes():
    assert bytes(csv_bytes([pa.array([], pa.string())])) == b""
