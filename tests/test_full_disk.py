"""`prepare` and `deliver` on a disk that is really full: one sentence, nothing half, and the same command completes."""

import pytest
from mounts import run_in_mounts

SCRIPT = """
import os, subprocess, sys
from pathlib import Path
sys.path[:0] = ["tests"]
from test_prepare_deliver import CLOCK, DATASET, HEADER, NOW, told, many_rows
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

def run(*command, **more):
    environ = {**os.environ, "PYTHONPATH": root, "CAPI_ACCESS_TOKEN": "any", "XDG_STATE_HOME": "state", **more}
    done = subprocess.run([sys.executable, "-m", "importer", *command], env=environ, capture_output=True, text=True)
    print(done.returncode, done.stderr.strip().replace("\\n", " | "))

def resize(size):
    subprocess.run(["mount", "-o", f"remount,size={size}", "disk"], check=True)

def files():
    return sorted(path.name for path in Path("disk").rglob("*") if path.is_file())

if __name__ == "__main__":
    root = os.getcwd()
    os.chdir(sys.argv[1])
    Path("one.csv").write_text(HEADER + "".join(many_rows(8_000)), encoding="utf-8")
"""

PREPARE = """
    prepare = ["prepare", "one.csv", "--now", NOW, "--rows", "order", "--quiet"]
    run(*prepare, "--out", "disk/out")
    run(*prepare, "--out", "disk/out", *sys.argv[2:])
    print(files())
    resize("40m")
    run(*prepare, "--out", "disk/out", *sys.argv[2:])
    run(*prepare, "--out", "alone")
    import pyarrow.parquet as pq
    pairs = [(Path("disk/out", path), Path("alone", path)) for path in (f"bucket={n}/part-0.parquet" for n in range(8))]
    print(all(pq.read_table(mine).equals(pq.read_table(other)) for mine, other in pairs), len(files()))
"""

DELIVER = """
    resize("40m")
    run("prepare", "one.csv", "--now", NOW, "--rows", "order", "--quiet", "--out", "disk/out")
    graph = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    with serve(graph) as running:
        deliver = [
            "deliver", "disk/out", "--dataset", DATASET, "--now", NOW, "--quiet", "--graph-url", running.url,
            "--ledger", "ledger.db", "--report", "disk/r.csv",
        ]
        used = sum(path.stat().st_size for path in Path("disk").rglob("*"))
        for room in (40_000, 500_000):  # the first bucket's outcomes do not fit, then the report does not
            resize(used // 4096 * 4096 + room // 4096 * 4096 + 40 * 4096)
            run(*deliver)
            print("delivered.json" in files(), len(list(Path("disk/out").glob("bucket=*/*.parquet"))))
        resize("40m")
        run(*deliver)
        print(files())
        events = [event["event_id"] for event in graph.events(DATASET)]
        send = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
        with serve(send) as other:
            run(
                "send", "one.csv", "--dataset", DATASET, "--now", NOW, "--quiet", "--graph-url", other.url, "--rows", "order",
                "--ledger", "alone.db", "--report", "alone.csv",
            )
        newest = max(Path("disk").glob("r*.csv"), key=lambda path: path.stat().st_size)
        print(told(newest) == told("alone.csv"), graph.summary().received == len(set(events)))
"""

FULL = "disk/out cannot be written (No space left on device); make room there, then run the same command again."


def run(work, tmp_path, *options):
    (tmp_path / "disk").mkdir()
    done = run_in_mounts(f"mount -t tmpfs -o size=300k tmpfs {tmp_path}/disk", SCRIPT + work, tmp_path, 280, options)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("scheduler", [(), ("--scheduler", "local:2")])
def test_a_full_disk_while_rows_are_prepared(tmp_path, scheduler):
    if scheduler:
        pytest.importorskip("distributed", reason="Dask is not installed: pip install 'capi-import[dask]'")
    first, second, left, *rest = run(PREPARE, tmp_path, *scheduler)
    assert first == f"2 Error: {FULL}"
    assert second.startswith("2 Error: ")
    assert second.endswith(FULL)
    assert left == "[]"
    assert [line.strip() for line in rest] == ["0", "0", "True 9"]


def test_a_full_disk_while_rows_are_delivered_and_while_the_report_is_put_together(tmp_path):
    prepared, first, after_first, second, after_second, third, left, alone, same = run(DELIVER, tmp_path)
    assert (prepared.strip(), third.strip(), alone.strip()) == ("0", "0", "0")
    assert first == f"2 Error: {FULL}"
    assert (
        second == "2 Error: The disk is full, so disk/r.csv is not complete; make room and run the same command again."
    )
    assert after_first == after_second == "False 8", "the rows stay, and it is not taken for delivered"
    assert left == "['delivered.json', 'manifest.json', 'r-2.csv', 'r.csv']"
    assert same == "True True", "the report is whole, and nothing was sent twice"
