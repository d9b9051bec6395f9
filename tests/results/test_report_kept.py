"""A report that stands is replaced only by one that says something; killed runs leave nothing behind."""

import sys

import pyarrow as pa
import pytest

from importer.core.model import OUTCOMES, Outcomes
from importer.private_files import create_private, lock
from importer.results import ReportWriter
from importer.results.output_files import Output


def one_row():
    return Outcomes(pa.RecordBatch.from_pylist([{"row": 1, "line": 2, "status": "skipped"}], schema=OUTCOMES))


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_an_error_before_the_first_row_leaves_the_older_report(tmp_path, ending):
    path = tmp_path / f"r.{ending}"
    path.write_bytes(b"older")

    def fail():
        with ReportWriter(path):
            message = "the ledger is held by another run"
            raise LookupError(message)

    with pytest.raises(LookupError):
        fail()
    assert path.read_bytes() == b"older"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_an_error_after_it_leaves_what_was_written(tmp_path):
    path = tmp_path / "r.csv"

    def fail():
        with ReportWriter(path) as report:
            report.write(one_row())
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert "skipped" in path.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="locks of files are POSIX here")
def test_parts_of_killed_runs_are_removed_and_those_of_living_ones_stay(tmp_path):
    dead = tmp_path / "r.csv.0123abcd.part"
    dead.write_bytes(b"half")
    mine = tmp_path / "r.csv.part"
    mine.write_bytes(b"not ours")
    living = tmp_path / "r.csv.89abcdef.part"
    with create_private(living) as stream:
        assert lock(stream.fileno())
        output = Output(tmp_path / "r.csv")
        assert not dead.exists()
        assert living.exists()
        assert mine.exists()
        output.discard()
