"""What is no path: data frames, tables, streams, bytes, open files, lists of mappings, standard input."""

import csv
import datetime as dt
import decimal
import gc
import io
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import importer
from importer.errors import FileError, NeedsAnswer, UsageError
from importer.results import exit_code

NOW = "2026-11-23T23:00:00Z"
CSV = b"""Order ID,Date,Email,Total,Currency
1,2026-11-20T10:00:00Z,ada@example.com,12.50,EUR
2,2026-11-21T11:00:00Z,bo@example.com,,EUR
"""
ROWS = [
    {"Order ID": 1, "Date": dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC), "Email": "ada@example.com", "Total": decimal.Decimal("12.50"), "Currency": "EUR"},
    {"Order ID": 2, "Date": dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC), "Email": "bo@example.com", "Total": None, "Currency": "EUR"},
]  # fmt: skip
TABLE = pa.Table.from_pylist(ROWS)


class Stream:
    """What polars, DuckDB and others give: nothing but a stream, which can be read once."""

    def __init__(self, table):
        self.reader = table.to_reader(max_chunksize=1)

    def __arrow_c_stream__(self, requested_schema=None):
        return self.reader.__arrow_c_stream__(requested_schema)


SOURCES = {
    "bytes": lambda: CSV,
    "bytearray": lambda: bytearray(CSV),
    "memoryview": lambda: memoryview(CSV),
    "binary stream": lambda: io.BytesIO(CSV),
    "mappings": lambda: ROWS,
    "frame": lambda: pd.DataFrame(ROWS),
    "frame with an index": lambda: pd.DataFrame(ROWS).set_index("Order ID"),
    "table": lambda: TABLE,
    "batch": lambda: TABLE.to_batches()[0],
    "reader": TABLE.to_reader,
    "arrow stream": lambda: Stream(TABLE),
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


@pytest.mark.parametrize("kind", SOURCES)
def test_each_kind_of_input_comes_to_the_same_and_nothing_is_written(here, kind):
    summary = importer.check(SOURCES[kind](), now=NOW, name="till", action_source="physical_store")
    assert (summary.rows["ready"], summary.rows["invalid"], summary.ok) == (1, 1, False)
    rows = summary.outcomes.to_pylist()
    assert [(row["file"], row["row"], row["order_id"], row["value"], row["event_time"]) for row in rows] == [
        ("till", 1, "1", decimal.Decimal("12.50"), "2026-11-20T10:00:00Z"),
        ("till", 2, "2", None, "2026-11-21T11:00:00Z"),
    ]
    assert summary.report is None
    assert [path for path in here.iterdir() if path.name != "private"] == []


@pytest.mark.parametrize("kind", ["mappings", "frame", "table", "arrow stream"])
def test_rows_in_memory_stand_in_no_line(here, kind):
    summary = importer.check(SOURCES[kind](), now=NOW, report="own.csv")
    assert [row["line"] for row in csv.DictReader(Path("own.csv").read_text("utf-8").splitlines())] == ["", ""]
    assert summary.outcomes["line"].null_count == 2
    assert importer.report("own.csv").rows == summary.rows


def test_bytes_have_lines_as_the_file_would(here):
    assert importer.check(CSV, now=NOW).outcomes["line"].to_pylist() == [2, 3]


def test_what_was_private_goes_with_the_summary(here):
    summary = importer.check(CSV, now=NOW)
    (kept,) = list((here / "private").rglob("*.parquet"))
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    del summary
    gc.collect()
    assert list((here / "private").iterdir()) == []


def test_what_a_killed_run_left_behind_is_removed_by_the_next(here):
    code = (
        f"import importer, os, signal; s = importer.check({CSV!r}, now={NOW!r}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False, stderr=subprocess.DEVNULL)
    left = list((here / "private").iterdir())
    assert len(left) == 1
    summary = importer.check(CSV, now=NOW)
    assert left[0] not in (here / "private").iterdir()
    assert summary.outcomes.num_rows == 2


def test_the_rows_to_fix_are_a_table_in_the_input_s_own_types(here):
    summary = importer.check(pd.DataFrame(ROWS), now=NOW)
    (row,) = summary.rejected_rows.to_pylist()
    assert {name: row[name] for name in ROWS[1]} == ROWS[1]
    assert (row["reason"], summary.rejects) == ("missing_value", None)
    mended = summary.rejected_rows.to_pandas().assign(Total=7)
    assert importer.check(mended, now=NOW).ok
    none = importer.check(CSV.replace(b",,EUR", b",7,EUR"), now=NOW).rejected_rows
    assert none.num_rows == 0
    assert none.column_names == summary.rejected_rows.column_names


def test_rejected_rows_of_different_inputs_stand_in_one_table(here):
    other = pd.DataFrame(ROWS).rename(columns={"Email": "E-mail"}).assign(Phone="+12025550101")
    rejected = importer.check(CSV, other, now=NOW).rejected_rows
    assert (rejected["Email"].to_pylist(), rejected["E-mail"].to_pylist()) == (
        ["bo@example.com", None],
        [None, "bo@example.com"],
    )


def test_the_command_line_leaves_no_private_file(here):
    Path("a.csv").write_bytes(CSV)
    assert command("check", "a.csv", "--now", NOW, stdin=b"", cwd=here).returncode == 1
    assert list((here / "private").iterdir()) == []


def test_a_summary_goes_to_another_process_without_what_is_private(here):
    summary = pickle.loads(pickle.dumps(importer.check(CSV, now=NOW)))  # noqa: S301
    assert summary.rows["ready"] == 1
    with pytest.raises(UsageError, match="read the report itself"):
        summary.outcomes  # noqa: B018


def test_an_open_file_is_called_as_it_is_and_read_from_where_it_stands(here):
    Path("weekly.csv").write_bytes(b"# not of the export\n" + CSV)
    with Path("weekly.csv").open("rb") as file:
        file.readline()
        summary = importer.check(file, now=NOW)
    assert set(summary.outcomes["file"].to_pylist()) == {"weekly.csv"}
    assert not Path("weekly.csv.report.csv").exists()


def test_a_path_may_be_given_a_name(here):
    Path("a.csv").write_bytes(CSV)
    summary = importer.check(Path("a.csv"), now=NOW, name="till 7")
    assert set(summary.outcomes["file"].to_pylist()) == {"till 7"}
    assert summary.report == Path("a.csv.check.csv")


def test_inputs_without_a_name_are_told_apart(here):
    summary = importer.check(TABLE, ROWS, now=NOW)
    assert summary.outcomes["file"].to_pylist() == ["table", "table", "table-2", "table-2"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (io.StringIO("a,b\n1,2\n"), "mode 'rb'"),
        (5, "A int cannot be imported"),
        (["a.csv", "b.csv"], "an argument of its own"),
        ([], "0 columns"),
    ],
)
def test_what_cannot_be_imported_is_refused_in_a_sentence(here, source, words):
    with pytest.raises((UsageError, FileError), match=words):
        importer.check(source, now=NOW)


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 300, "two\nlines"])
def test_a_name_is_one_short_line(here, name):
    with pytest.raises(UsageError, match="name="):
        importer.check(CSV, now=NOW, name=name)


def test_a_name_is_of_one_input(here):
    with pytest.raises(UsageError, match="name="):
        importer.check(CSV, CSV, now=NOW, name="till")


def test_true_types_stay_true(here):
    berlin = ZoneInfo("Europe/Berlin")
    frame = pd.DataFrame(
        {
            "Order ID": pd.array([1001, None], dtype="Int64"),
            "Date": pd.to_datetime(["2026-11-20 10:00", "2026-11-20 23:30"]).tz_localize(berlin),
            "Phone": [12025550101.0, float("nan")],
            "Email": pd.Series([None, "bo@example.com"], dtype="category"),
            "Total": [12.5, 7.0],
            "Currency": ["EUR", "EUR"],
        }
    )
    rows = importer.check(frame, now=NOW, country="US").outcomes.to_pylist()
    assert [row["event_time"] for row in rows] == ["2026-11-20T09:00:00Z", "2026-11-20T22:30:00Z"]
    assert [row["order_id"] for row in rows] == ["1001", None]
    assert [row["match_keys"] for row in rows] == ["ph+country", "em+country"]


def test_values_of_several_types_are_read_as_text(here):
    rows = [
        {"Order ID": "A-1", "Date": "2026-11-20", "Email": "ada@example.com", "Total": 12.5, "Currency": "EUR"},
        {"Order ID": 2, "Date": dt.date(2026, 11, 21), "Email": "bo@example.com", "Total": "7.00", "Currency": "EUR", "Extra": True},
        {"Order ID": 3.0, "Date": pd.Timestamp("2026-11-22 08:00"), "Email": None, "Total": decimal.Decimal(3), "Currency": "EUR"},
    ]  # fmt: skip
    found = importer.check(rows, now=NOW, timezone="UTC").outcomes.to_pylist()
    assert [row["order_id"] for row in found] == ["A-1", "2", "3"]
    assert [row["event_time"] for row in found] == [
        "2026-11-20T00:00:00Z",
        "2026-11-21T00:00:00Z",
        "2026-11-22T08:00:00Z",
    ]
    assert [float(row["value"]) for row in found] == [12.5, 7, 3]


def test_times_with_and_without_a_zone_are_not_taken_for_one_another(here):
    rows = [dict(row) for row in ROWS]
    rows[1]["Date"] = pd.Timestamp("2026-11-21 11:00")
    with pytest.raises(NeedsAnswer) as error:
        importer.check(rows, now=NOW)
    assert {question.kind for question in error.value.questions} == {"zone"}
    found = importer.check(rows, now=NOW, timezone=ZoneInfo("America/New_York")).outcomes
    assert found["event_time"].to_pylist() == ["2026-11-20T10:00:00Z", "2026-11-21T16:00:00Z"]


def test_a_table_of_many_chunks_and_repeated_headers_is_read(here):
    table = pa.Table.from_arrays(
        [
            pa.chunked_array([["1", "2"], ["3"]]),
            pa.chunked_array([["2026-11-20T10:00:00Z"], ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"]]),
            pa.chunked_array([["a@example.com", None, "c@example.com"]]),
            pa.chunked_array([[None, "b@example.com", None]], type=pa.string()),
            pa.chunked_array([[1.0, 2.0, 3.0]]),
            pa.chunked_array([["EUR"] * 3]).dictionary_encode(),
        ],
        names=["Order ID", "Date", "Email", "Email", "Total", "Currency"],
    )
    assert importer.check(table, now=NOW).rows["ready"] == 3


EMAILS = pa.array(["ada@example.com", "bo@example.com", None])
COLUMNS = {
    "Email": [
        EMAILS.cast(pa.string_view()),
        EMAILS.cast(pa.large_string()),
        EMAILS.cast(pa.binary()),
        EMAILS.dictionary_encode(),
        pa.DictionaryArray.from_arrays(
            pa.array([0, 1, None]), EMAILS.slice(0, 2).cast(pa.string_view())
        ),  # as polars has it
        pa.concat_arrays([pa.array(["x\0"]), EMAILS]).slice(1),
    ],
    "Total": [
        pa.array([decimal.Decimal("12.5"), 7, None], kind) for kind in (pa.decimal32(5, 2), pa.decimal256(40, 2))
    ],
    "Date": [pa.array([dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)] * 3, pa.timestamp("ns", "Europe/Berlin"))],
    "Extra": [
        pa.array([1, 2, None], pa.duration("s")),
        pa.array([[1], [], None], pa.list_view(pa.int64())),
        pa.RunEndEncodedArray.from_arrays([2, 3], ["x", "y"]),
        pa.array([b"0" * 16, b"1" * 16, None], pa.uuid()),
        pa.nulls(3),
    ],
}


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name, columns in COLUMNS.items() for column in columns]
)
def test_every_type_of_arrow_s_is_read(here, name, column):
    table = {
        "Order ID": pa.array(["1", "2", "3"]),
        "Date": pa.array(["2026-11-20T10:00:00Z"] * 3),
        "Email": EMAILS,
        "Total": pa.array([12.5, 7, None]),
        "Currency": pa.array(["EUR"] * 3),
        name: column,
    }
    summary = importer.check(pa.table(table), now=NOW)
    assert (summary.rows["ready"], dict(summary.value)) == (2, {"EUR": decimal.Decimal("19.50")})
    assert set(summary.outcomes["event_time"].to_pylist()) == {"2026-11-20T10:00:00Z"}
    assert summary.rejected_rows.column_names[: len(table)] == list(table)


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_outcomes_are_the_same_from_every_kind_of_report(here, ending):
    numbers = ["-5", "+6", "@7", "plain", "1,5"]
    summary = importer.check([{**ROWS[0], "Order ID": text} for text in numbers], now=NOW, report=f"r.{ending}")
    assert summary.outcomes["order_id"].to_pylist() == numbers
    assert summary.outcomes["value"].to_pylist() == [decimal.Decimal("12.50")] * 5


def test_a_host_without_standard_input_is_told(here, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(UsageError, match="no standard input"):
        importer.check("-")


def command(*arguments, stdin, cwd):
    env = {name: value for name, value in os.environ.items() if not name.startswith("CAPI_")}
    return subprocess.run(
        [sys.executable, "-m", "importer", *arguments],
        input=stdin,
        capture_output=True,
        env=env,
        cwd=cwd,
        timeout=120,
        check=False,
    )


def parquet():
    stream = io.BytesIO()
    pq.write_table(TABLE, stream)
    return stream.getvalue()


@pytest.mark.parametrize(("kind", "data"), [("csv", CSV), ("parquet", parquet())])
def test_standard_input_is_read_and_its_report_lies_here(here, kind, data):
    done = command("check", "-", "--format", kind, "--now", NOW, "--json", stdin=data, cwd=here)
    summary = json.loads(done.stdout)
    assert (done.returncode, summary["rows"]["ready"], summary["report"]) == (1, 1, "stdin.check.csv")
    rows = list(csv.DictReader((here / "stdin.check.csv").read_text("utf-8").splitlines()))
    assert [row["file"] for row in rows] == ["stdin", "stdin"]
    assert list((here / "private").iterdir()) == []


def test_standard_input_of_another_format_is_refused(here):
    done = command("check", "-", "--format", "parquet", "--now", NOW, stdin=CSV, cwd=here)
    assert done.returncode == 2
    assert "stdin is csv, not parquet" in done.stderr.decode()
    assert list((here / "private").iterdir()) == []


def test_columns_takes_what_send_takes(here):
    fields = {column.header: column.fields for column in importer.columns(pd.DataFrame(ROWS)).columns}
    assert fields["Email"] == ("em",)
    assert json.loads(command("columns", "-", "--json", stdin=CSV, cwd=here).stdout)["file"] == "stdin"


def test_ok_is_exit_code_0(here):
    for source in (CSV, CSV.replace(b",,EUR", b",7,EUR")):
        summary = importer.check(source, now=NOW)
        assert summary.ok == (exit_code(summary) == 0)
