"""`prepare` and `deliver` with the folder in a cloud's bucket: the same result, without locks and renames."""

import json
import os
import signal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from cutting_proxy import cutting_proxy
from s3_server import BUCKET, s3_server
from test_prepare_deliver import (
    DATASET,
    NOW,
    by_id,
    delivered,
    graph,
    here,
    many_rows,
    sent_alone,
    slow,
    start,
    told,
    url,
    wait_for,
    write,
)

import importer
from importer.addresses import CloudFolder
from importer.errors import FileError, LedgerError, UsageError

__all__ = ["graph", "here", "s3_server", "slow", "url"]

FOLDER = f"s3://{BUCKET}/out/november"


@pytest.fixture
def s3(s3_server, here, monkeypatch):
    """The server, as the environment tells of it, with an empty bucket, and a folder for temporary files."""
    for name, value in s3_server.environ().items():
        monkeypatch.setenv(name, value)
    (here / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(here / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(here / "tmp"))
    s3_server.empty()
    return s3_server


def prepared(*files, out=FOLDER, **options):
    return importer.prepare(*files, **{"out": out, "now": NOW, "rows": "order"} | options)


def test_both_halves_are_equal_to_send_and_leave_nothing_but_two_marks(s3, here, graph, url, caplog):
    write("one.csv", many_rows(1_500))
    expected, events, summary = sent_alone("one.csv")
    done = prepared("one.csv")
    assert (done.folder, done.rows) == (FOLDER, len(expected))
    manifest = json.loads(s3.get("out/november/manifest.json"))
    assert (manifest["rows"], manifest["schema_version"]) == (1_500, 1)
    names = [f"out/november/bucket={number}/part-0.parquet" for number in range(8)]
    assert s3.names() == sorted([*names, "out/november/manifest.json"])
    prepared("one.csv", out="here")
    for number, name in enumerate(names):
        Path("there.parquet").write_bytes(s3.get(name))
        assert pq.read_table("there.parquet").equals(pq.read_table(f"here/bucket={number}/part-0.parquet"))
    mine = delivered(url, FOLDER)
    assert told("r.csv") == expected
    assert by_id(graph) == events
    assert (mine.rows, mine.value, mine.reasons) == (summary.rows, summary.value, summary.reasons)
    assert s3.names() == ["out/november/delivered.json", "out/november/manifest.json"]
    assert delivered(url, FOLDER).rows["accepted"] == 0
    assert "delivered already" in caplog.text
    assert list((here / "tmp").iterdir()) == [], "what was copied here is removed"


def test_kept_rows_stay_and_the_report_may_go_to_a_bucket_too(s3, here, url):
    write("one.csv", many_rows(100))
    expected, _, _ = sent_alone("one.csv")
    prepared("one.csv")
    summary = delivered(url, FOLDER, keep=True, report=f"s3://{BUCKET}/reports/week.csv")
    assert summary.report == f"s3://{BUCKET}/reports/week.csv"
    Path("week.csv").write_bytes(s3.get("reports/week.csv"))
    assert told("week.csv") == expected
    assert len([name for name in s3.names() if "/bucket=" in name]) == 8
    assert json.loads(s3.get("out/november/delivered.json")) == {"report": summary.report}


def test_by_default_the_report_lies_in_the_current_folder(s3, here, url):
    write("one.csv", many_rows(30))
    prepared("one.csv")
    assert delivered(url, FOLDER, report=None).report == Path("november.report.csv")


def test_a_folder_that_holds_something_is_refused(s3, here, graph, url):
    write("one.csv", many_rows(30))
    prepared("one.csv")
    before = s3.names()
    with pytest.raises(UsageError, match="holds prepared rows already; give --out a new or empty one"):
        prepared("one.csv")
    assert s3.names() == before
    s3.put("out/other/x", b"")
    with pytest.raises(UsageError, match="holds something already"):
        prepared("one.csv", out=f"s3://{BUCKET}/out/other")
    assert s3.get("out/other/x") == b""


def test_what_was_not_prepared_to_its_end_is_refused(s3, here, graph, url):
    write("one.csv", many_rows(30))
    prepared("one.csv")
    s3.remove("out/november/manifest.json")
    with pytest.raises(UsageError, match="not a folder of prepared rows"):
        delivered(url, FOLDER)
    with pytest.raises(UsageError, match="not a folder of prepared rows"):
        delivered(url, f"s3://{BUCKET}/nowhere")
    assert not graph.events(DATASET)


def test_what_is_missing_is_one_sentence(s3, here, url, monkeypatch):
    write("one.csv", many_rows(30))
    for work in (lambda: prepared("one.csv", out="s3://no-such/x"), lambda: delivered(url, "s3://no-such/x")):
        with pytest.raises(FileError, match="There is no bucket s3://no-such"):
            work()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(here))
    for work in (lambda: prepared("one.csv"), lambda: delivered(url, FOLDER)):
        with pytest.raises(UsageError, match="There are no credentials for s3://: set AWS_ACCESS_KEY_ID"):
            work()


@pytest.mark.parametrize("dead_after", [40_000, 150_000])
def test_a_line_that_breaks_while_rows_go_there_is_one_sentence_and_a_second_run_completes(
    s3, here, monkeypatch, dead_after
):
    write("one.csv", many_rows(3_000))
    with cutting_proxy(s3.port, dead_after=dead_after) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(FileError, match=r"cannot be reached, or the connection broke off\. Run the same"):
            prepared("one.csv")
        assert proxy.done
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{s3.port}")
    left = s3.names()
    assert "out/november/manifest.json" not in left
    for name in (name for name in left if name.endswith(".parquet")):
        Path("left.parquet").write_bytes(s3.get(name))
        pq.read_table("left.parquet")  # what arrived is whole
    if left:
        with pytest.raises(UsageError, match="did not come to its end"):
            prepared("one.csv")
    prepared("one.csv", out=f"{FOLDER}-2")


def test_a_file_whose_line_breaks_is_not_there_at_all(s3, here):
    Path("big").write_bytes(bytes(30_000_000))
    with cutting_proxy(s3.port, dead_after=15_000_000) as proxy:
        folder = CloudFolder(FOLDER, s3.environ(proxy.port))
        with pytest.raises(FileError, match="cannot be reached"):
            folder.send(Path("big"), "bucket=0/part-0.parquet")
    assert s3.names() == []
    CloudFolder(FOLDER, s3.environ()).send(Path("big"), "bucket=0/part-0.parquet")
    assert len(s3.get("out/november/bucket=0/part-0.parquet")) == 30_000_000


def test_a_failed_preparation_leaves_the_folder_empty(s3, here):
    write("one.csv", ["R-1,2026-11-20T10:00:00Z,c@example.com,,1.50,,paid\n"])
    with pytest.raises(importer.CapiImportError):
        prepared("missing.csv")
    assert s3.names() == []


def test_another_ledger_or_dataset_may_not_go_on_with_it(s3, here, graph, url):
    write("one.csv", many_rows(60))
    prepared("one.csv")
    with pytest.raises(importer.CapiImportError):
        delivered(url, FOLDER, token="dead-token")
    s3.put("out/november/senders/0123456789abcdef", b"")
    with pytest.raises(LedgerError, match="with another ledger or to another dataset; give this run the same"):
        delivered(url, FOLDER)
    assert s3.names()[-1] == "out/november/senders/0123456789abcdef", "its own mark is gone"
    assert not graph.events(DATASET)
    s3.remove("out/november/senders/0123456789abcdef")
    delivered(url, FOLDER)
    assert graph.events(DATASET)


def test_two_processes_share_the_buckets_and_one_writes_the_report_of_all(s3, here, slow, postgres_url):
    write("one.csv", many_rows(2_000))
    expected, events, _ = sent_alone("one.csv")
    prepared("one.csv")
    processes = [start(slow.url, postgres_url, name, folder=FOLDER) for name in ("one", "two")]
    assert {process.wait(timeout=280) for process in processes} <= {0, 1}, Path("one.err").read_text()
    assert told("r.csv") == expected
    assert by_id(slow) == events
    assert slow.summary().received == len(events), "nothing twice"
    assert s3.names() == ["out/november/delivered.json", "out/november/manifest.json"]


@pytest.mark.slow
def test_killed_in_the_middle_the_other_finishes(s3, here, slow, postgres_url):
    write("one.csv", many_rows(2_000))
    expected, events, _ = sent_alone("one.csv")
    prepared("one.csv")
    processes = [start(slow.url, postgres_url, name, folder=FOLDER) for name in ("one", "two")]
    wait_for(slow, len(events) // 3, *processes)
    os.kill(processes[0].pid, signal.SIGKILL)
    processes[0].wait()
    assert processes[1].wait(timeout=280) in {0, 1}, Path("two.err").read_text()
    assert told("r.csv") == expected
    assert by_id(slow) == events
    repeats = slow.summary().received - len(events)
    assert repeats <= 5 * 20, "only requests whose answer was lost came twice"


def test_dasks_workers_write_there_themselves(s3, here):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'capi-import[dask]'")
    write("one.csv", many_rows(2_000))
    prepared("one.csv", out="alone")
    prepared("one.csv", scheduler="local:2")
    assert s3.names() == sorted(
        ["out/november/manifest.json", *(f"out/november/bucket={number}/part-0.parquet" for number in range(8))]
    )
    for number in range(8):
        Path("there.parquet").write_bytes(s3.get(f"out/november/bucket={number}/part-0.parquet"))
        there, alone = (pq.read_table(name) for name in ("there.parquet", f"alone/bucket={number}/part-0.parquet"))
        for name in alone.column_names:
            assert there.column(name).to_pylist() == alone.column(name).to_pylist(), name
