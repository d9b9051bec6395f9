# ruff: noqa: DTZ001  a cell of a spreadsheet has no zone

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importer.core.model import Raw, Status
from importer.errors import UsageError
from importer.results.rejects import RejectsWriter, added_names


@pytest.fixture
def raw():
    def build(names, columns):
        count = len(columns[0])
        numbers = pa.array(range(1, count + 1), pa.int64())
        own = [numbers, pa.array(range(2, count + 2), pa.int64()), pa.nulls(count, pa.string())]
        arrays = own + [column if isinstance(column, pa.Array) else pa.array(column, pa.string()) for column in columns]
        return Raw(pa.RecordBatch.from_arrays(arrays, names=["row", "line", "fault", *names]))

    return build


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_only_rows_that_are_not_done_with_are_kept(tmp_path, raw, reported):
    statuses = [str(status) for status in Status]
    with RejectsWriter(tmp_path / "rejects.csv", ["Order"]) as rejects:
        rejects.write(raw(["Order"], [statuses]), reported(*({"status": status} for status in statuses)))
    assert [row[0] for row in read_csv(tmp_path / "rejects.csv")] == ["Order", "invalid", "rejected", "unsent"]


def test_rows_that_nobody_can_fix_any_more_are_not_among_them(tmp_path, raw, reported):
    reasons = ["bad_value", "too_old", "expired_waiting"]
    with RejectsWriter(tmp_path / "rejects.csv", ["Order"]) as rejects:
        rejects.write(raw(["Order"], [reasons]), reported(*({"status": "invalid", "reason": why} for why in reasons)))
    assert [row[0] for row in read_csv(tmp_path / "rejects.csv")] == ["Order", "bad_value"]


def test_rows_keep_the_exports_own_columns_and_get_the_reason(tmp_path, raw, reported):
    headers = ["email", "email", "Phone", ""]
    columns = [["a@example.com"], [None], ["+49 151 1234567"], [' x,"y" ']]
    with RejectsWriter(tmp_path / "rejects.csv", headers) as rejects:
        rejects.write(raw(headers, columns), reported({"status": "invalid", "reason": "missing_event_time"}))
    assert read_csv(tmp_path / "rejects.csv") == [
        [*headers, "reason", "message"],
        [
            *("a@example.com", "", "+49 151 1234567", ' x,"y" '),
            *("missing_event_time", "The date of the sale is missing; fill it."),
        ],
    ]


@pytest.mark.parametrize(
    ("headers", "added"),
    [
        ([], ("reason", "message")),
        (["Order", "Refund reason"], ("reason", "message")),
        (["Reason "], ("import_reason", "import_message")),
        (["message"], ("import_reason", "import_message")),
        (["reason", "IMPORT_MESSAGE"], ("import_reason_2", "import_message_2")),
    ],
)
def test_the_added_columns_never_clash_with_the_exports(headers, added):
    assert added_names(headers) == added


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_no_rejects_are_a_file_with_headers_only(tmp_path, raw, reported, ending):
    path = tmp_path / f"rejects{ending}"
    with RejectsWriter(path, ["Order"]) as rejects:
        rejects.write(raw(["Order"], [["1"]]), reported({}))
    if ending == ".csv":
        assert read_csv(path) == [["Order", "reason", "message"]]
    elif ending == ".parquet":
        assert pq.read_table(path).to_pydict() == {"Order": [], "reason": [], "message": []}
    else:
        assert list(openpyxl.load_workbook(path).active.iter_rows(values_only=True)) == [("Order", "reason", "message")]


def test_csv_disarms_true_formulas_in_cells_and_headers_only(tmp_path, raw, reported):
    texts = ["=cmd|'/C calc'!A0", "@x", "+49151", "-12.50", "00123"]
    with RejectsWriter(tmp_path / "rejects.csv", ["=A1"]) as rejects:
        rejects.write(raw(["=A1"], [texts]), reported(*[{"status": "invalid", "reason": "bad_value"}] * len(texts)))
    assert [row[0] for row in read_csv(tmp_path / "rejects.csv")] == [
        *("'=A1", "'=cmd|'/C calc'!A0", "'@x", "+49151", "-12.50", "00123"),
    ]


TYPED = {
    "when": pa.array([dt.datetime(2026, 10, 31, 14, 5)], pa.timestamp("us")),
    "day": pa.array([dt.date(2026, 10, 31)]),
    "utc": pa.array([dt.datetime(2026, 10, 31, 14, 5)], pa.timestamp("ms", "UTC")),
    "total": pa.array([Decimal("12.50")], pa.decimal128(10, 2)),
    "phone": pa.array([14155551234.0]),
    "zip": pa.array([501], pa.int32()),
    "lead": pa.array([12345678901234567]),
    "paid": pa.array([True]),
    "city": pa.array(["K\u00f6ln"]).dictionary_encode(),
    "old": pa.array([dt.date(1899, 12, 31)]),
    "far": pa.array([10**8], pa.int32()).cast(pa.date32()),
    "nan": pa.array([float("nan")]),
}


def write_typed(path, raw, reported):
    with RejectsWriter(path, list(TYPED)) as rejects:
        batch = raw(list(TYPED), list(TYPED.values()))
        rejects.write(batch, reported({"status": "rejected", "reason": "meta_rejected", "detail": "code 100"}))


def test_parquet_keeps_the_exports_types(tmp_path, raw, reported):
    write_typed(tmp_path / "rejects.parquet", raw, reported)
    table = pq.ParquetFile(tmp_path / "rejects.parquet").read()
    assert {name: table.schema.field(name).type for name in TYPED} == {
        name: array.type for name, array in TYPED.items()
    }
    assert table.column("message").to_pylist() == [
        "Meta refused this event (code 100); correct the row and import it again."
    ]


def test_excel_keeps_dates_and_numbers_and_writes_as_text_what_it_cannot_hold(tmp_path, raw, reported):
    write_typed(tmp_path / "rejects.xlsx", raw, reported)
    names, values = openpyxl.load_workbook(tmp_path / "rejects.xlsx").active.iter_rows(values_only=True)
    found = dict(zip(names, values, strict=True))
    assert {name: found[name] for name in TYPED if name != "far"} == {
        "when": dt.datetime(2026, 10, 31, 14, 5),
        "day": dt.datetime(2026, 10, 31),
        "utc": "2026-10-31 14:05:00Z",
        "total": 12.5,
        "phone": 14155551234,
        "zip": 501,
        "lead": "12345678901234567",
        "paid": True,
        "city": "K\u00f6ln",
        "old": "1899-12-31",
        "nan": "nan",
    }
    assert isinstance(found["far"], str)


def test_csv_writes_types_as_a_person_would(tmp_path, raw, reported):
    write_typed(tmp_path / "rejects.csv", raw, reported)
    names, values = read_csv(tmp_path / "rejects.csv")
    found = dict(zip(names, values, strict=True))
    assert [found[name] for name in ("when", "day", "total", "phone", "zip", "lead", "paid", "city")] == [
        *("2026-10-31 14:05:00", "2026-10-31", "12.50", "14155551234", "501", "12345678901234567", "true", "K\u00f6ln"),
    ]


def test_rows_and_outcomes_of_different_rows_are_never_mixed(tmp_path, raw, reported):
    with (
        RejectsWriter(tmp_path / "rejects.csv", ["Order"]) as rejects,
        pytest.raises(ValueError, match="not the same rows"),
    ):
        rejects.write(raw(["Order"], [["1", "2"]]), reported({"status": "invalid"}))


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\.csv, \.parquet or \.xlsx"):
        RejectsWriter(tmp_path / "rejects", ["Order"])
