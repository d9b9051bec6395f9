"""`prepare --scheduler`: on Dask's workers, with the same bytes as in one process, whoever is killed."""

import csv
import gzip
import json
import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from test_prepare_deliver import HEADER, many_rows, write

import importer
from importer.core.survey import surveyed_columns
from importer.errors import NeedsAnswer, UsageError
from importer.read.stretches import Stretch

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'capi-import[dask]'")
import cloudpickle

NOW = "2026-11-23T23:00:00Z"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", "t0ken-of-the-shop")
    return tmp_path


def content(folder):
    """Everything but the manifest's own id: the rows of each bucket, in order."""
    manifest = json.loads(Path(folder, "manifest.json").read_text(encoding="utf-8"))
    kept = {name: manifest[name] for name in ("rows", "buckets", "batches", "counts", "sources", "now")}
    return kept, [pq.read_table(path) for path in sorted(Path(folder).glob("bucket=*/*.parquet"))]


def children_of(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def is_worker(pid):
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@pytest.fixture
def files(here):
    rows = list(many_rows(3_000))
    write("one.csv", rows)
    lines = (
        f"S-{n % 700 + 1},2026-11-{n % 20 + 1:02}T10:00:00Z,c{n % 700}@example.com,,{n}.50,EUR,paid\n"
        for n in range(2_100)
    )
    write("lines.csv", lines)  # the lines of an order stand far apart
    return here


SLOWLY = """
import os
import time
from pathlib import Path

import importer
from importer.cluster import dask_prepare

HERE = Path.cwd()
SURVEY, PREPARE, JOIN = dask_prepare.survey_stretch, dask_prepare.prepare_task, dask_prepare.join_bucket


def begin(work):
    (HERE / f"{work}-{os.getpid()}").touch()


def survey_stretch(*given, **how):
    begin("survey")
    time.sleep(1)
    return SURVEY(*given, **how)


def batch_by_batch(batches, work):
    for raw in batches:
        yield raw, work(raw)
        begin("prepare")
        time.sleep(1)


def prepare_task(intake, task):
    return PREPARE(intake, task, batch_by_batch)


def join_bucket(*given):
    begin("join")
    time.sleep(1)
    return JOIN(*given)


if __name__ == "__main__":
    dask_prepare.survey_stretch, dask_prepare.prepare_task = survey_stretch, prepare_task
    dask_prepare.join_bucket = join_bucket
    importer.prepare("one.csv", "lines.csv", out="out", now="2026-11-23T23:00:00Z", scheduler="local:2")
"""


def test_the_rows_are_those_of_one_process_with_workers_killed_at_each_step_and_none_is_left(files):
    """While they survey, between two batches of a task, and while they put buckets together."""
    write("one.csv", list(many_rows(110_000)))
    importer.prepare("one.csv", "lines.csv", out="alone", now=NOW)
    Path("slowly.py").write_text(SLOWLY, encoding="utf-8")
    process = subprocess.Popen([sys.executable, "slowly.py"], stderr=subprocess.PIPE)
    seen, killed = set(), []

    def kill_one_at_each_step() -> None:
        for step in ("survey", "prepare", "join"):
            while process.poll() is None and not (begun := list(Path().glob(f"{step}-*"))):
                seen.update(pid for pid in children_of(process.pid) if is_worker(pid))
                time.sleep(0.05)
            if process.poll() is None:
                pid = int(begun[0].name.partition("-")[2])
                assert b"t0ken-of-the-shop" not in Path(f"/proc/{pid}/environ").read_bytes()
                os.kill(pid, signal.SIGKILL)
                killed.append(step)

    killer = threading.Thread(target=kill_one_at_each_step)
    killer.start()
    _, errors = process.communicate(timeout=1_500)
    killer.join()
    assert process.returncode == 0, errors.decode()
    assert killed == ["survey", "prepare", "join"]
    assert len(seen) >= 3, "there were workers, and others in the place of those killed"
    assert [pid for pid in seen if is_worker(pid)] == [], "none is left"
    assert_same()
    assert {path.stat().st_mode & 0o777 for path in Path("out").rglob("*") if path.is_file()} == {0o600}


def small_batches(monkeypatch, rows=100, unbodied=200):
    """Make tiny batches, so that small files are divided among many tasks."""
    for module in (
        "commands.prepare",
        "commands.send",
        "cluster.dask_prepare",
    ):  # before they could take tiny ones over
        import_module(f"importer.{module}")
    for module in ("core.model", "commands.prepare", "commands.send", "cluster.shares", "intake"):
        monkeypatch.setattr(f"importer.{module}.BATCH_ROWS", rows, raising=False)
    for module in ("cluster.shares", "cluster.dask_prepare", "intake"):
        monkeypatch.setattr(f"importer.{module}.ROWS_WITHOUT_BODIES", unbodied, raising=False)
    monkeypatch.setattr("importer.cluster.shares.EVERY", math.gcd(rows, unbodied))
    monkeypatch.setattr("importer.cluster.dask_prepare.EVERY", math.gcd(rows, unbodied))


class TasksHere:
    """Stands for Dask's client: does each task here, pickled as if it traveled, and some of them twice, as after a death."""

    def __init__(self, workers):
        self.workers, self.done = workers, Counter()

    def scheduler_info(self, **_):
        return {"workers": dict.fromkeys(range(self.workers))}

    def submit(self, work, *given, pure):
        self.done[getattr(work, "func", work).__name__] += 1
        for _ in range(1 + self.done.total() % 2):
            work_there, there = cloudpickle.loads(cloudpickle.dumps((work, given)))
            found = work_there(*there)
        return found

    def map(self, work, items, pure):
        return [self.submit(work, item, pure=pure) for item in items]


def in_tasks(monkeypatch, workers, *names, out="out", **options):
    """Prepare as with `scheduler`, by tasks that are done here; return how many of each there were."""
    client = TasksHere(workers)
    monkeypatch.setattr("importer.cluster.dask_prepare.results", lambda _, futures, stop: futures)
    monkeypatch.setattr("importer.cluster.dask_prepare.connected", lambda scheduler: nullcontext(client))
    importer.prepare(*names, out=out, now=NOW, scheduler="local:2", **options)
    return client.done


def assert_same(one="alone", other="out"):
    alone, spread = content(one), content(other)
    assert spread[0] == alone[0]
    for mine, expected in zip(spread[1], alone[1], strict=True):
        assert mine.equals(expected)
    assert not Path(other, "shards").exists()


def lines_of(kind, count, seed=3):
    """Lines of orders: together, with blank ids between them, scattered, or one order over many batches."""
    chance, order, n = random.Random(seed), 0, 0
    while n < count:
        order += 1
        size = chance.choice([1, 1, 2, 3, 7]) if kind != "long" or order % 20 else 450
        for line in range(min(size, count - n)):
            number = chance.randrange(count // 3) if kind == "scattered" else order
            written = "" if kind == "blank" and (line or chance.random() < 0.1) else f"S-{number}"
            n += 1
            yield f"{written},2026-11-{number % 20 + 1:02}T10:00:00Z,c{number}@example.com,,{n % 90}.50,EUR,paid\n"


def schema(orders):
    """A schema of the files here."""
    Path("own.toml").write_text(
        'name = "own"\ntitle = "Own"\nsource = "a test"\n[identify]\nheaders = ["Order ID", "Date", "Total"]\n'
        '[columns]\norder_id = ["Order ID"]\nevent_time = ["Date"]\nem = ["Email"]\nph = ["Phone"]\n'
        f'value = ["Total"]\ncurrency = ["Currency"]\n[orders]\nrows = "lines"\ntotal = "sum"\n{orders}\n',
        encoding="utf-8",
    )
    return "own.toml"


ORDERS = {"together": "", "scattered": "", "long": "", "blank": "blank_key = true", "headed": 'heading = "Customer"'}


@pytest.mark.parametrize("workers", [3, 40])
@pytest.mark.parametrize("kind", ORDERS)
def test_tasks_make_the_buckets_of_one_process_wherever_the_lines_of_an_order_lie(here, monkeypatch, kind, workers):
    small_batches(monkeypatch)
    write("lines.csv", lines_of(kind, 2_500))
    options = {"schema": schema(ORDERS[kind])}
    importer.prepare("lines.csv", out="alone", now=NOW, **options)
    assert sum(bucket.num_rows for bucket in content("alone")[1]) == 2_500
    done = in_tasks(monkeypatch, workers, "lines.csv", **options)
    assert_same()
    assert done["survey_stretch"] == min(2 * workers, 13)
    from_beginning = kind in ("scattered", "headed")
    assert done["prepare_task"] == min(workers if from_beginning else 2 * workers, 25)


def kinds_of_files():
    """Write the same rows as files of many kinds; some can be cut."""
    rows = list(many_rows(1_100))
    write("plain.csv", rows)
    text = Path("plain.csv").read_text(encoding="utf-8")
    Path("quoted.csv").write_bytes(text.replace(",EUR,", ',"EUR"\r\n\r\n,').replace("\r\n\r\n", "").encode())
    broken = [row.replace("paid", f'"paid\r\n{n}, too"') if n % 9 == 0 else row for n, row in enumerate(rows)]
    Path("broken.csv").write_bytes((HEADER + "".join(broken)).replace("c17@", "jürgen@").encode("windows-1252"))
    Path("wide.csv").write_bytes(text.encode("utf-16"))
    Path("packed.csv.gz").write_bytes(gzip.compress(text.encode()))
    table = pa.csv.read_csv("plain.csv")
    pq.write_table(table, "rows.parquet", row_group_size=333)
    pq.write_table(table, "one_group.parquet")
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in csv.reader(text.splitlines()):
        sheet.append(row)
    workbook.save("book.xlsx")


FILES = (
    "plain.csv",
    "quoted.csv",
    "broken.csv",
    "wide.csv",
    "packed.csv.gz",
    "rows.parquet",
    "one_group.parquet",
    "book.xlsx",
)


def test_tasks_make_the_buckets_of_one_process_of_files_of_every_kind(here, monkeypatch):
    small_batches(monkeypatch)
    kinds_of_files()
    options = {"status": {"paid": "sale", "refunded": "refund"}, "rows": "order"}
    importer.prepare(*FILES, out="alone", now=NOW, **options)
    done = in_tasks(monkeypatch, 3, *FILES, **options)
    assert_same()
    assert done["survey_stretch"] == 6 * 5, "five files can be cut"
    assert done["prepare_task"] == 6 * 5 + 3 * 2, (
        "two are read from the beginning by each worker, and the workbook here"
    )
    assert done["join_bucket"] == 8


def test_rows_too_long_for_full_batches_are_surveyed_in_one_process(here, monkeypatch):
    small_batches(monkeypatch)
    monkeypatch.setattr("importer.read.export.BATCH_BYTES", 3_000)
    write("one.csv", list(many_rows(1_100)))
    importer.prepare("one.csv", out="alone", now=NOW)
    in_tasks(monkeypatch, 3, "one.csv")
    columns = ["row", "key", "event_id", "payload", "status", "reason"]
    alone, tasks = (pa.concat_tables(content(out)[1]).select(columns).sort_by("row") for out in ("alone", "out"))
    assert alone.equals(tasks)


def test_a_question_is_asked_once_with_the_numbers_of_the_whole_file(here, monkeypatch):
    small_batches(monkeypatch)
    rows = [
        f"R-{n},2026-11-05T10:00:00Z,c{n}@example.com,,{n}.50,EUR,{'paid' if n % 3 else 'odd'}\n" for n in range(900)
    ]
    write("one.csv", rows)
    with pytest.raises(NeedsAnswer) as alone:
        importer.prepare("one.csv", out="alone", now=NOW)
    with pytest.raises(NeedsAnswer) as asked:
        in_tasks(monkeypatch, 3, "one.csv")
    assert str(asked.value) == str(alone.value)
    assert '"odd" (300 rows)' in str(asked.value)
    assert list(Path("out").iterdir()) == []


def test_what_travels_to_a_worker_is_small_and_holds_no_row(files):
    from importer.cluster import dask_prepare
    from importer.commands.send import take_in_all
    from importer.settings import read_settings

    settings = read_settings(["one.csv"], {"now": NOW, "rows": "line"})
    [intake] = take_in_all(settings, settings.now, None, threading.Event(), check=False)
    assert intake.found.scattered
    shipped = cloudpickle.dumps(dask_prepare._shipped(intake))
    assert b"c17@example.com" not in shipped
    assert len(shipped) < 20_000
    assert len(cloudpickle.dumps(intake)) > len(shipped) + 16 * len(intake.found.last_rows.hashes)
    again = cloudpickle.loads(shipped)
    first, second = (pa.Table.from_batches(list(one.export.batches(rows=1_000))) for one in (intake, again))
    assert first.equals(second)
    binding, whole = intake.preparation.binding, Stretch(*intake.export.cuts(3_000))
    found = dask_prepare.survey_stretch(intake.export, binding, surveyed_columns(binding), whole, zeros=False)
    found = [(replace(survey, refunds=()), ids) for survey, ids in found]  # what refunds say is needed
    assert b"c17@example.com" not in cloudpickle.dumps(found)


@pytest.mark.parametrize(
    ("scheduler", "sentence"),
    [
        ("local:none", "local:4"),
        ("local:0", "local:4"),
        ("127.0.0.1:1", "no Dask scheduler"),
        ("tls://127.0.0.1:1", "no Dask"),
    ],
)
def test_a_wrong_scheduler_is_one_sentence_and_leaves_nothing(files, scheduler, sentence, monkeypatch):
    monkeypatch.setattr("importer.cluster.dask_client.CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match=sentence):
        importer.prepare("one.csv", "lines.csv", out="out", now=NOW, scheduler=scheduler)
    assert list(Path("out").iterdir()) == []


def test_local_workers_talk_by_tls_and_serve_nothing_over_http(files):
    done = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 0, done.stderr
    addresses, *answers = done.stdout.split()
    assert addresses.startswith("tls://127.0.0.1:")
    assert len(answers) == 6
    assert set(answers) == {"404"}


SERVED = """
import urllib.error
import urllib.request

from importer.cluster.dask_client import connected

if __name__ == "__main__":
    with connected("local:1") as client:
        info = client.scheduler_info()
        print(client.scheduler.address)
        for port in (info["services"]["dashboard"], *(one["services"]["dashboard"] for one in info["workers"].values())):
            for path in ("/status", "/metrics", "/info/main/workers.html"):
                try:
                    print(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").status)
                except urllib.error.HTTPError as refusal:
                    print(refusal.code)
"""
