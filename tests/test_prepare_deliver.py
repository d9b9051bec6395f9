"""`prepare` and `deliver`: the two halves of `send`, with the same result whoever does them, and however often killed."""

import csv
import json
import os
import random
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import importer
from importer.cluster import sharing
from importer.cluster.manifest import Manifest
from importer.cluster.prepared_folder import DiskFolder
from importer.errors import FileError, Interrupted, LedgerError, UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800.0
DATASET = "1234567890"
HEADER = "Order ID,Date,Email,Phone,Total,Currency,Status\n"
SECRETS = ("ada.lovelace@example.com", "c17@example.com", "+12025550")


def many_rows(count, seed=1):
    """Sales with repeats, used ids, amendments, sales without id, refunds, and rows that are wrong."""
    chance, before = random.Random(seed), 1
    for n in range(count):
        order, day, total, email, status = (
            f"R-{n}",
            chance.randrange(1, 23),
            f"{n % 900 + 1}.50",
            f"c{n}@example.com",
            "paid",
        )
        kind = chance.random()
        if kind < 0.05 and n:
            order = f"R-{chance.randrange(n)}"
        elif kind < 0.1 and n:
            order = ""
            email, total, day = "ada.lovelace@example.com", f"{chance.randrange(20)}.25", 7
        elif kind < 0.12 and n:
            order, day, email, total = f"R-{n - 1}", 0, f"c{n - 1}@example.com", "77.70"
        elif kind < 0.14:
            total = "0"
        elif kind < 0.16:
            status = "refunded"
        elif kind < 0.18:
            email = "nobody"
        day = day or before
        before = day
        yield f"{order},2026-11-{day:02}T10:{n % 60:02}:00Z,{email},+1202555{n % 9_000 + 1_000},{total},EUR,{status}\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CAPI_LEDGER", "CAPI_GRAPH_URL", "CAPI_DATASET_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", "any")
    return tmp_path


def write(name, rows):
    Path(name).write_text(HEADER + "".join(rows), encoding="utf-8")


def told(report):
    """The rows of a report but for the trace."""
    with Path(report).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{name: value for name, value in row.items() if name != "trace"} for row in rows]


@pytest.fixture
def graph():
    return Sandbox(SandboxOptions(), clock=lambda: CLOCK)


@pytest.fixture
def url(graph):
    with serve(graph) as running:
        yield running.url


def sent_alone(*files):
    """What one process makes of the files, in its report, and of the events that Meta got."""
    alone = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    with serve(alone) as running:
        summary = importer.send(
            *files, dataset=DATASET, now=NOW, ledger="alone.db", graph_url=running.url, report="alone.csv", rows="order"
        )
    return told("alone.csv"), by_id(alone), summary


def by_id(graph):
    return {event["event_id"]: event for event in graph.events(DATASET)}


def delivered(url, folder="out", **options):
    known = {"dataset": DATASET, "now": NOW, "ledger": "ledger.db", "graph_url": url, "report": "r.csv"}
    return importer.deliver(folder, **known | options)


@pytest.mark.parametrize("batch_rows", [100, 24_000])
def test_both_halves_are_equal_to_send(  # noqa: PLR0917
    here, graph, url, batch_rows, monkeypatch, caplog
):
    for module in ("commands.prepare", "commands.send", "cluster.bucket_files", "core.model"):
        monkeypatch.setattr(f"importer.{module}.BATCH_ROWS", batch_rows)
    rows = list(many_rows(1_500))
    write("one.csv", rows[:1_000])
    write("two.csv", [*rows[1_000:], *rows[50:90]])
    expected, events, summary = sent_alone("one.csv", "two.csv")
    assert {row["reason"] for row in expected} > {"same_file", "other_file", "amended", "zero_value", "refunded"}
    done = importer.prepare("one.csv", "two.csv", out="out", now=NOW, rows="order")
    assert done.rows == len(expected)
    mine = delivered(url)
    assert told("r.csv") == expected
    assert by_id(graph) == events
    assert (mine.rows, mine.value, mine.reasons) == (summary.rows, summary.value, summary.reasons)
    assert (mine.match_keys, mine.warnings, mine.sent) == (summary.match_keys, summary.warnings, summary.sent)
    assert sorted(path.name for path in Path("out").iterdir()) == ["delivered.json", "manifest.json"]
    assert delivered(url).rows["accepted"] == 0
    assert "delivered already" in caplog.text
    assert by_id(graph) == events


def test_the_folder_is_what_it_says_and_for_its_owner_only(here):
    write("one.csv", many_rows(400))
    before = os.umask(0)
    try:
        importer.prepare("one.csv", out="deep/out", now=NOW)
    finally:
        os.umask(before)
    folder = Path("deep/out")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["rows"], manifest["schema_version"]) == (400, 1)
    assert "settings" in manifest
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_dir()} == {0o700}
    assert all(path.name == "manifest.json" or path.parent.name.startswith("bucket=") for path in files)
    table = pa.concat_tables(pq.read_table(path) for path in sorted(folder.glob("bucket=*/*.parquet")))
    assert {"row", "order_id", "event_id", "payload", "status", "reason"} <= set(table.column_names)
    assert sorted(table.column("row").to_pylist()) == list(range(1, 401))
    everything = json.dumps(table.drop_columns(["key", "keys", "old_key"]).to_pylist(), default=str) + str(manifest)
    assert not [secret for secret in SECRETS if secret in everything]


def test_an_order_is_never_split_over_buckets(here):
    lines = [
        f"{order},2026-11-2{order % 3}T10:00:00Z,c{order}@example.com,,{n}.50,EUR,paid\n"
        for n in range(3)
        for order in range(1, 200)
    ]
    write("lines.csv", lines)
    importer.prepare("lines.csv", out="out", now=NOW, rows="line")
    bucket_of = {}
    for path in Path("out").glob("bucket=*/*.parquet"):
        for order in pq.read_table(path, columns=["order_id"]).column(0).drop_null().to_pylist():
            assert bucket_of.setdefault(order, path) == path
    assert len(bucket_of) == 199
    assert len(set(bucket_of.values())) > 4


def test_what_cannot_be_prepared_leaves_nothing(here, monkeypatch):
    write("one.csv", many_rows(50))
    Path("full").mkdir()
    Path("full/x").touch()
    with pytest.raises(UsageError, match="new or empty"):
        importer.prepare("one.csv", out="full", now=NOW)
    for no_folder in ("sftp://till/out", "s3://bucket", "s3://"):
        with pytest.raises(UsageError, match="is no folder for prepared rows"):
            importer.prepare("one.csv", out=no_folder, now=NOW)
    with pytest.raises(importer.CapiImportError):
        importer.prepare("missing.csv", out="out", now=NOW, rows="order")
    assert not Path("out").exists() or not list(Path("out").iterdir())

    def refuse(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("pyarrow.parquet.ParquetWriter.write_table", refuse)
        with pytest.raises(FileError, match="No space left"):
            importer.prepare("one.csv", out="out", now=NOW, rows="order")
    assert list(Path("out").iterdir()) == []
    importer.prepare("one.csv", out="out", now=NOW, rows="order")


def test_of_two_that_prepare_into_one_folder_at_once_only_one_does(here):
    out = here / "prepared"
    for name in ("a.csv", "b.csv"):
        (here / name).write_text(HEADER + "".join(many_rows(2_000, seed=ord(name[0]))))
    command = [sys.executable, "-m", "importer", "prepare", "--out", str(out), "--now", NOW]
    runs = [
        subprocess.Popen([*command, str(here / name)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for name in ("a.csv", "b.csv")
    ]
    told = [run.communicate(timeout=300)[1] for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 2], told
    assert "holds something already" in told[[run.returncode for run in runs].index(2)]
    won = "ab"[[run.returncode for run in runs].index(0)]
    assert [source["file"] for source in json.loads((out / "manifest.json").read_bytes())["sources"]] == [f"{won}.csv"]
    assert not (out / ".preparing").exists()


def test_a_folder_that_prepare_did_not_finish_is_refused(here, url):
    Path("out/bucket=0").mkdir(parents=True)
    with pytest.raises(UsageError, match="not a folder of prepared rows"):
        delivered(url)
    with pytest.raises(UsageError, match="not a folder of prepared rows"):
        delivered(url, folder="nowhere")


def test_a_preparation_that_was_killed_is_told(here, url):
    write("one.csv", many_rows(50))
    command = [sys.executable, "-c", KILLED_AT_ITS_END]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert len(list(Path("out").glob("bucket=*/*.parquet"))) == 8
    with pytest.raises(UsageError, match="not a folder of prepared rows"):
        delivered(url)
    with pytest.raises(UsageError, match="a `prepare` is at it, or was and did not come to its end; empty it"):
        importer.prepare("one.csv", out="out", now=NOW, rows="order")


KILLED_AT_ITS_END = f"""
import os, signal
import importer
from importer.cluster.manifest import Manifest
Manifest.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
importer.prepare("one.csv", out="out", now="{NOW}", rows="order")
"""


def test_two_that_prepare_into_one_folder_do_not_mix(here):
    from importer.cluster.manifest import being_prepared
    from importer.cluster.prepared_folder import DiskFolder

    write("one.csv", many_rows(50))
    with (
        being_prepared(DiskFolder(Path("out"))),
        pytest.raises(UsageError, match="holds something already: a `prepare` is at it"),
    ):
        importer.prepare("one.csv", out="out", now=NOW, rows="order")
    assert list(Path("out").iterdir()) == []


def test_another_ledger_may_not_go_on_with_it(here, graph, url):
    write("one.csv", many_rows(60))
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        delivered(url, ledger="first.db", stop=stop)
    with pytest.raises(LedgerError, match="with another ledger or to another dataset; give this run the same"):
        delivered(url, ledger="second.db")
    assert not graph.events(DATASET)
    delivered(url, ledger="first.db")
    assert graph.events(DATASET)


def test_the_page_of_the_summary_is_that_of_send(here, graph, url):
    write("one.csv", many_rows(400))
    alone = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    with serve(alone) as running:
        known = {"dataset": DATASET, "now": NOW, "report": "r.csv"}
        importer.send("one.csv", ledger="a.db", graph_url=running.url, rows="order", summary="alone.html", **known)
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    Path("r.csv").unlink()
    assert delivered(url, summary="page.html").page == Path("page.html")
    mine, expected = (words_of(Path(name)) for name in ("page.html", "alone.html"))
    other = [line for line in expected if line not in mine]
    assert len(expected) > 300
    assert len(other) < 10, other
    assert not [
        line
        for line in other
        if not re.search("seconds|Notices|rehearsal|new ledger|scores|request|UTC|^[0-9.]+$", line)
    ]


def words_of(page):
    text = re.sub(r"<(style|script).*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.strip() for line in re.sub(r"<[^>]+>", "\n", text).splitlines() if line.strip()]


def test_keep_keeps_the_rows_and_a_dead_token_the_folder(here, graph, url):
    write("one.csv", many_rows(100))
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    with pytest.raises(importer.CapiImportError):
        delivered(url, token="dead-token")
    expected, events, _ = sent_alone("one.csv")
    delivered(url, keep=True)
    assert told("r.csv") == expected
    assert by_id(graph) == events
    assert len(list(Path("out").glob("bucket=*/*.parquet"))) == 8


def test_with_a_ledger_in_a_file_a_second_process_is_refused(here, graph, url):
    from importer.cluster.prepared_folder import DiskFolder
    from importer.cluster.sharing import shared

    write("one.csv", many_rows(50))
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    with shared(DiskFolder(Path("out")), alone=True), pytest.raises(LedgerError, match="postgresql://"):
        delivered(url)
    assert not graph.events(DATASET)


# ---------------------------------------------------------------------- several processes


def start(url, ledger, name, *options, folder="out"):
    command = [sys.executable, "-m", "importer", "deliver", folder, "--dataset", DATASET, "--now", NOW, "--quiet"]
    given = ["--graph-url", url, "--ledger", ledger, "--report", "r.csv", "--batch-size", "20", "--concurrency", "2"]
    with Path(f"{name}.err").open("wb") as errors:
        return subprocess.Popen([*command, *given, *options], stdout=subprocess.DEVNULL, stderr=errors)


@pytest.fixture
def slow():
    graph = Sandbox(SandboxOptions(latency=0.1), clock=lambda: CLOCK)
    with serve(graph) as running:
        graph.url = running.url
        yield graph


def wait_for(graph, received, *processes):
    for _ in range(2_400):
        if graph.summary().received >= received:
            return
        assert any(process.poll() is None for process in processes), Path("one.err").read_text()
        time.sleep(0.05)
    pytest.fail(f"Meta got {graph.summary().received} sales only")


def test_two_processes_share_the_buckets_and_one_writes_the_report_of_all(here, slow, postgres_url):
    write("one.csv", many_rows(2_000))
    expected, events, _ = sent_alone("one.csv")
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    processes = [start(slow.url, postgres_url, name) for name in ("one", "two")]
    assert {process.wait(timeout=280) for process in processes} <= {0, 1}
    assert told("r.csv") == expected
    assert by_id(slow) == events
    assert slow.summary().received == len(events), "nothing twice"
    assert sorted(path.name for path in Path("out").iterdir()) == ["delivered.json", "manifest.json"]


@pytest.mark.slow
@pytest.mark.parametrize("again", ["the other finishes", "the same command finishes"])
def test_killed_in_the_middle_the_report_is_as_if_nothing_had_happened(here, slow, postgres_url, again):
    write("one.csv", many_rows(2_000))
    expected, events, _ = sent_alone("one.csv")
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    names = ("one", "two") if again == "the other finishes" else ("one",)
    processes = [start(slow.url, postgres_url, name) for name in names]
    wait_for(slow, len(events) // 3, *processes)
    os.kill(processes[0].pid, signal.SIGKILL)
    processes[0].wait()
    rest = processes[1:] or [start(slow.url, postgres_url, "again")]
    assert rest[0].wait(timeout=280) in {0, 1}, Path("one.err").read_text()
    assert told("r.csv") == expected
    assert by_id(slow) == events
    repeats = slow.summary().received - len(events)
    assert repeats <= 5 * 20, "only requests whose answer was lost came twice"


def test_killed_with_a_ledger_in_a_file_the_same_command_completes(here, slow):
    write("one.csv", many_rows(1_500))
    expected, events, _ = sent_alone("one.csv")
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    first = start(slow.url, "ledger.db", "one")
    wait_for(slow, len(events) // 3, first)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert start(slow.url, "ledger.db", "two").wait(timeout=280) in {0, 1}, Path("two.err").read_text()
    assert told("r.csv") == expected
    assert Counter(event["event_id"] for event in slow.events(DATASET)).keys() == events.keys()


def test_a_bucket_that_another_process_has_finished_with_the_rest_is_not_taken_for_an_open_one(here):
    write("one.csv", many_rows(300))
    importer.prepare("one.csv", out="out", now=NOW, rows="order")
    folder = DiskFolder(Path("out"))
    manifest = Manifest.read(folder)

    def take(bucket):
        """The other one ends at this very moment, and leaves what it had."""
        sharing.mark_delivered(folder, None)
        sharing.remove_buckets(folder, manifest)
        return True

    assert list(sharing.buckets_to_deliver(folder, manifest, take, lambda: False)) == []
