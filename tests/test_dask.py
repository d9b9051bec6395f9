"""`prepare --scheduler`: on Dask's workers, with the same bytes as in one process, whoever is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_prepare_deliver import many_rows, write

import importer
from importer.errors import UsageError

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'capi-import[dask]'")
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


def run_prepare(out, *options, **kwargs):
    command = [
        sys.executable,
        "-m",
        "importer",
        "prepare",
        "one.csv",
        "lines.csv",
        "--out",
        out,
        "--now",
        NOW,
        *options,
    ]
    return subprocess.Popen([*command, "--quiet"], **kwargs)


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


def test_the_rows_are_those_of_one_process_with_a_worker_killed_and_none_is_left(files):
    importer.prepare("one.csv", "lines.csv", out="alone", now=NOW)
    seen, stop = set(), threading.Event()
    process = run_prepare("out", "--scheduler", "local:2", stderr=subprocess.PIPE)

    def kill_one() -> None:
        while not stop.is_set() and process.poll() is None:
            workers = [pid for pid in children_of(process.pid) if is_worker(pid)]
            for pid in workers:
                try:
                    environment = Path(f"/proc/{pid}/environ").read_bytes()
                except OSError:
                    continue
                assert b"t0ken-of-the-shop" not in environment
            if len(workers) >= 2 and not seen:
                time.sleep(1.0)
                os.kill(workers[0], signal.SIGKILL)
            seen.update(workers)
            time.sleep(0.1)

    killer = threading.Thread(target=kill_one)
    killer.start()
    _, errors = process.communicate(timeout=280)
    stop.set()
    killer.join()
    assert process.returncode == 0, errors.decode()
    assert len(seen) >= 2, "there were workers"
    assert [pid for pid in seen if is_worker(pid)] == [], "none is left"
    alone, spread = content("alone"), content("out")
    assert spread[0] == alone[0]
    for mine, expected in zip(spread[1], alone[1], strict=True):
        assert mine.equals(expected)
    assert not Path("out/shards").exists()
    assert {path.stat().st_mode & 0o777 for path in Path("out").rglob("*") if path.is_file()} == {0o600}


def test_several_pieces_make_the_same_buckets_wherever_the_batches_lie(files, monkeypatch):
    """The tasks themselves, many small batches, and one of them done twice, as after a death."""
    from importer.cluster import dask_prepare, manifest, prepared_folder
    from importer.commands.send import take_in_all
    from importer.settings import read_settings

    for module in ("commands.prepare", "commands.send", "cluster.dask_prepare", "core.model"):
        monkeypatch.setattr(f"importer.{module}.BATCH_ROWS", 100, raising=False)
    importer.prepare("one.csv", "lines.csv", out="alone", now=NOW)
    settings = read_settings(["one.csv", "lines.csv"], {"now": NOW})
    intakes = take_in_all(settings, settings.now, None, threading.Event(), check=False)
    folder = prepared_folder.DiskFolder(Path("out").resolve())
    folder.make()
    batches = []
    for source, intake in enumerate(intakes):
        for piece in (0, 1, 2, 1):
            count, _ = dask_prepare.prepare_piece(intake, dask_prepare.Piece(folder, source, piece, 3, 8))
        batches.append(count)
    assert min(batches) > 6
    for bucket in (*range(8), 3):
        dask_prepare.join_bucket(folder, bucket, batches, 3)
    for bucket in range(8):
        mine, expected = (pq.read_table(place / manifest.bucket_name(bucket)) for place in (folder.path, Path("alone")))
        assert mine.equals(expected)
    assert sum(pq.read_table(path).num_rows for path in Path("out").glob("bucket=*/*.parquet")) == 5_100


def test_an_intake_travels_small(files):
    import cloudpickle

    from importer.commands.send import take_in_all
    from importer.settings import read_settings

    settings = read_settings(["one.csv"], {"now": NOW, "rows": "order"})
    [intake] = take_in_all(settings, settings.now, None, threading.Event(), check=False)
    shipped = cloudpickle.dumps(intake)
    assert b"c17@example.com" not in shipped
    assert len(shipped) < 100_000
    again = cloudpickle.loads(shipped)
    first, second = (pa.Table.from_batches(list(one.batches(1_000))) for one in (intake, again))
    assert first.equals(second)


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
    monkeypatch.setattr("importer.cluster.dask_prepare.CONNECT_SECONDS", 1)
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

from importer.cluster.dask_prepare import connected

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
