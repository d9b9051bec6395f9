"""A cell that holds an array is as many values as the array has."""

import csv
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importer.commands.send import check
from importer.core.array_cells import spread

STRINGS = pa.list_(pa.string())


@pytest.mark.parametrize(
    ("field", "cell", "values"),
    [
        ("em", '["a@example.com", "b@example.com"]', ["a@example.com", "b@example.com"]),
        ("em", "{a@example.com,b@example.com}", ["a@example.com", "b@example.com"]),
        ("em", '{"a@example.com",NULL}', ["a@example.com"]),
        ("em", "[]", []),
        ("em", "{}", []),
        ("em", "[null]", []),
        ("em", '[{"address": "a@example.com", "primary": true}]', ["a@example.com"]),
        ("em", "[redacted]", ["[redacted]"]),
        ("ph", "{+491701234567,+4915112345678}", ["+491701234567", "+4915112345678"]),
        ("ph", "[14155550132]", ["14155550132"]),
        ("external_id", "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}", ["{3F2504E0-4F89-41D3-9A0C-0305E82C3301}"]),
        ("fn", '["Ann"]', ["Ann"]),
    ],
)
def test_every_value_of_an_array_counts(field, cell, values):
    column = pa.array([["x"], [cell, "y"], []], STRINGS)
    assert spread(field, column).to_pylist() == [["x"], [*values, "y"], []]


def test_cells_without_arrays_are_no_work():
    column = pa.array([["a@example.com"], []], STRINGS)
    assert spread("em", column) is column


def test_lists_of_parquet_are_as_many_keys(tmp_path):
    when = dt.datetime(2026, 11, 20, 15, 4, tzinfo=dt.UTC)
    rows = [(["a@example.com", "b@example.com"], None), ([], ["+14155550132", None]), (None, [])]
    table = pa.table({
        "order_id": [f"O-{number}" for number in range(3)],
        "email": pa.array([emails for emails, _ in rows], STRINGS),
        "phone": pa.array([phones for _, phones in rows], pa.large_list(pa.string())),
        "event_time": [when] * 3, "value": [5.0] * 3, "currency": ["USD"] * 3,
    })  # fmt: skip
    pq.write_table(table, tmp_path / "x.parquet")
    summary = check(tmp_path / "x.parquet", now="2026-11-23T23:00:00Z", ledger=tmp_path / "l.db")
    found = list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))
    assert [(row["match_keys"], row["reason"], row["warnings"]) for row in found] == [
        ("em", "", ""),
        ("ph", "", ""),
        ("", "no_match_keys", ""),
    ]
