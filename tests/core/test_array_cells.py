"""A cell that holds an array is as many values as the array has."""

import csv
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq

from importer.commands.send import check

STRINGS = pa.list_(pa.string())


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
