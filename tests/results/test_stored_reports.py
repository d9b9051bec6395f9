from __future__ import annotations

import os
import zipfile
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importer.errors import FileError, UsageError
from importer.results.facts import ColumnFacts, Facts, FileFacts, Moment, facts_as_json, facts_from_json
from importer.results.report_writer import ReportWriter
from importer.stored_reports import read_outcomes, read_report, rows_of_order

FACTS = Facts(
    command="send",
    began="2026-11-23T23:00:00Z",
    now=1_795_474_800,
    seconds=2.5,
    dataset="1001",
    files=(FileFacts("sales.csv", layout="orders", columns=(ColumnFacts("E-mail", ("em",)),)),),
    options={"--currency": "EUR", "--ldu": ""},
    requests=3,
    timeline=(Moment(0.5, 10, 5), Moment(1.0, 20, 11, 2, 1, 4, 60.0)),
    advice=("Import every day.",),
)
ROWS = [
    {"event_id": "a" * 32},
    {
        "event_id": "b" * 32,
        "value": Decimal("0.123456"),
        "currency": "EUR",
        "order_id": "=1+1",
        "warnings": "em:invalid",
    },
    {"status": "invalid", "reason": "too_old", "field": "event_time", "event_id": None, "payload": None},
    {"event_id": "d" * 32, "status": "duplicate", "reason": "earlier_run", "detail": 'a "file", b.csv'},
    {
        "event_id": "e" * 32,
        "status": "rejected",
        "reason": "meta_rejected",
        "error_code": 100,
        "error_subcode": 2804003,
        "trace": "007",
    },
    {"event_time": None, "value": None, "currency": None, "event_id": "c" * 32},
]


@pytest.fixture
def written(tmp_path, reported, totals_of):
    def build(ending):
        path, rows, totals = tmp_path / f"x.report{ending}", reported(*ROWS), totals_of(ROWS)
        with ReportWriter(path) as report:
            report.write(rows)
            report.add_summary(totals, FACTS)
        return path, totals

    return build


def test_a_parquet_report_tells_again_what_the_run_told(written):
    path, totals = written(".parquet")
    assert read_report(path) == (totals, FACTS)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_other_reports_tell_what_their_rows_say(written, ending):
    path, totals = written(ending)
    again, facts = read_report(path)
    assert facts is None
    assert again.rows == totals.rows
    assert again.reasons == totals.reasons
    assert again.warnings == totals.warnings
    assert again.money("rejected") == totals.money("rejected")
    assert {cell.day for cell in again.sales} == {cell.day for cell in totals.sales}


def test_a_parquet_report_without_facts_is_read_by_its_rows(tmp_path, written):
    path, totals = written(".parquet")
    bare = tmp_path / "bare.parquet"
    pq.write_table(pq.read_table(path).replace_schema_metadata(None), bare)
    again, facts = read_report(bare)
    assert facts is None
    assert again.rows == totals.rows


def test_facts_survive_their_way_and_what_a_later_version_adds_is_left_out():
    assert facts_from_json(facts_as_json(FACTS)) == FACTS
    assert facts_from_json(b'{"command":"check","brand_new":1}') == Facts("check")
    assert facts_from_json(b"{}") is None
    assert facts_from_json(b"\xff") is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sales.csv", b"Order,Email\n1,a@example.com\n"),
        ("sales.csv", b"file,row,status,reason\na.csv,1,paid,\n"),
        ("sales.csv", b"file,row,status,reason\na.csv,one,ready,\n"),
        ("sales.parquet", b"no parquet"),
        ("sales.xlsx", b"no workbook"),
    ],
)
def test_what_is_no_report_is_said_to_be_none(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError, match="not a report of capi-import") as caught:
        read_report(path)
    assert "a@example.com" not in str(caught.value)


def test_a_missing_report_and_an_unknown_ending_are_said(tmp_path):
    with pytest.raises(FileError, match="There is no file"):
        read_report(tmp_path / "x.parquet")
    with pytest.raises(UsageError, match="must end in"):
        read_report(tmp_path / "x.html")


def test_rows_whose_report_was_moved_are_said_to_be_gone(tmp_path):
    with pytest.raises(FileError, match=r"x\.parquet is not there any more, so its rows cannot be read"):
        read_outcomes(tmp_path / "x.parquet")


def test_a_parquet_table_of_something_else_is_no_report(tmp_path):
    pq.write_table(pa.table({"Email": ["a@example.com"]}), tmp_path / "x.parquet")
    with pytest.raises(FileError, match="not a report"):
        read_report(tmp_path / "x.parquet")


def test_a_batch_of_several_files_is_counted_by_file(tmp_path, reported):
    rows = reported({}, ROWS[2])
    parts = [rows.set_column(0, "file", pa.array([name] * 2)) for name in ("a.csv", "b.csv", "a.csv")]
    pq.write_table(pa.Table.from_batches(parts).combine_chunks(), tmp_path / "x.parquet")
    totals, _ = read_report(tmp_path / "x.parquet")
    assert totals.rows["a.csv", "", "accepted"] == 2
    assert totals.rows["b.csv", "", "invalid"] == 1


def test_a_workbook_made_to_abort_its_reader_is_no_report(written, tmp_path):
    """calamine aborts its process on such a reference: it is not this one."""
    path, _ = written(".xlsx")
    harmful = tmp_path / "harmful.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(harmful, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.replace(b'r="A2"', b'r="ZZZZZZ99999999"')
            bad.writestr(name, content)
    with pytest.raises(FileError, match="not a report"):
        read_report(harmful)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_a_device_is_no_report(tmp_path):
    os.mkfifo(tmp_path / "x.csv")
    with pytest.raises(FileError, match="is a pipe"):
        read_report(tmp_path / "x.csv")
    with pytest.raises(FileError, match="is a pipe"):
        read_outcomes(tmp_path / "x.csv")
    with pytest.raises(FileError, match="is a pipe"):
        next(rows_of_order(tmp_path / "x.csv", "1"))
    (tmp_path / "y.csv").symlink_to("/dev/zero")
    with pytest.raises(FileError, match="is a device"):
        read_report(tmp_path / "y.csv")
