"""`prepare` in one process and on Dask's workers: the same rows? And what each of them takes.

pip install 'capi-import[dask]', then: python benchmarks/dask_prepare.py [ROWS] [csv|parquet] [WORKERS ...]

python benchmarks/dask_prepare.py stages [ROWS] [csv|parquet]      the tasks themselves, one by one, without Dask

By default 1,000,000 rows of a CSV, and 1 and 2 workers. Each run is a process of its own; its processor time holds that
of the scheduler and the workers that it starts. The rows of all buckets are compared, one bucket after another.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet as pq
from till import write

from importer.cluster.bucket_files import bucket_count
from importer.cluster.dask_prepare import Task, join_bucket, prepare_task, survey_stretch
from importer.cluster.prepared_folder import folder_at
from importer.cluster.shares import EVERY, OfStretch
from importer.core.model import ROWS_WITHOUT_BODIES as ROWS
from importer.core.prepare import prepare, warm_up
from importer.core.survey import survey, surveyed_columns
from importer.intake import take_in
from importer.read import open_export
from importer.read.stretches import Stretch
from importer.settings import read_settings

NOW = "2026-11-23T23:00:00Z"
CHUNK = 100_000
GROUP = 250_000


def write_rows(folder: Path, rows: int, kind: str) -> Path:
    """Sales of `till`, the same 100,000 again and again under other order ids."""
    first, path = folder / "first.csv", folder / "sales.csv"
    write(first, min(rows, CHUNK))
    header, _, body = first.read_bytes().partition(b"\n")
    with path.open("wb") as file:
        file.write(header)
        for number in range(-(-rows // CHUNK)):
            file.write((b"\n" + body).replace(b"\nT000", b"\nT%03d" % number).rstrip(b"\n"))
        file.write(b"\n")
    if kind == "csv":
        return path
    with pyarrow.csv.open_csv(path) as batches, pq.ParquetWriter(folder / "sales.parquet", batches.schema) as writer:
        waiting = []
        for batch in batches:
            waiting.append(batch)
            if sum(each.num_rows for each in waiting) >= GROUP:
                writer.write_table(pyarrow.Table.from_batches(waiting))
                waiting = []
        if waiting:
            writer.write_table(pyarrow.Table.from_batches(waiting))
    return folder / "sales.parquet"


def run(file: Path, out: Path, *options: str) -> None:
    """Prepare in a process of its own, and print what it took."""
    command = [sys.executable, "-m", "importer", "prepare", str(file), "--out", str(out), "--now", NOW, "--quiet"]
    began = time.perf_counter()
    child = subprocess.Popen([*command, *options])
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(" ".join(command))
    wall, spent = time.perf_counter() - began, used.ru_utime + used.ru_stime
    print(f"{' '.join(options) or 'one process':<24}{wall:>8.1f} s, {spent:>8.1f} s of processor time", flush=True)


def differing(first: Path, second: Path) -> list[str]:
    """Return the buckets whose rows are not the same in both folders."""
    names, others = ({path.relative_to(of) for path in of.glob("bucket=*/*.parquet")} for of in (first, second))
    both = sorted(names & others)
    wrong = [name for name in both if not pq.read_table(first / name).equals(pq.read_table(second / name))]
    return sorted(map(str, [*wrong, *(names ^ others)]))


def stages(file: Path, folder: Path) -> None:
    """Print the processor time of each kind of task, in one thread, in microseconds a row."""
    pyarrow.set_cpu_count(1)
    settings = read_settings([file], {"now": NOW})
    source = replace(settings.files[0], path=file)
    intake = take_in(source, settings, settings.now)
    export, binding, rows = intake.export, intake.preparation.binding, intake.found.rows
    buckets = bucket_count(rows)

    def spent(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        result = work()
        print(f"{name:<40}{(time.process_time() - began) / rows * 1e6:>8.2f}", flush=True)
        return result

    print(f"{rows:,} rows, {file.stat().st_size:,} bytes; microseconds of processor time a row")
    cuts = spent("cutting, in the caller", lambda: export.cuts(EVERY))
    spent("opening, in the caller", lambda: open_export(file))
    whole = Stretch(cuts[0], cuts[-1])
    wanted = surveyed_columns(binding)
    spent("  reading the columns of the survey", lambda: sum(each.num_rows for each in export.batches(wanted, ROWS)))
    found = spent("survey, with its reading", lambda: survey_stretch(export, binding, wanted, whole, zeros=False))
    spent("adding up and order ids, in the caller", lambda: survey([], binding, lambda *_: found))
    spent("  reading all columns", lambda: sum(batch.num_rows for batch in export.batches(stretch=whole)))
    warm_up()
    prepare(export.sample(), intake.preparation)  # imports and caches are warm
    task = Task(folder_at(folder), 0, 0, OfStretch(whole, (), True), buckets)
    count, _ = spent("preparing into shards, with its reading", lambda: prepare_task(intake, task))
    spent(
        "joining buckets",
        lambda: [join_bucket(task.folder, [task.shard], [count], bucket) for bucket in range(buckets)],
    )


def main() -> None:
    if sys.argv[1:2] == ["stages"]:
        with tempfile.TemporaryDirectory() as place:
            rows, kind = int(sys.argv[2]), sys.argv[3]
            stages(write_rows(Path(place), rows, kind), Path(place))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    kind = sys.argv[2] if len(sys.argv) > 2 else "csv"
    workers = sys.argv[3:] or ["1", "2"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = write_rows(folder, rows, kind)
        print(f"{rows:,} rows, {file.stat().st_size:,} bytes of {kind}; {os.cpu_count()} cores")
        run(file, folder / "alone")
        for count in workers:
            run(file, folder / count, "--scheduler", f"local:{count}")
            wrong = differing(folder / "alone", folder / count)
            print(f"buckets that differ: {', '.join(wrong) or 'none'}", flush=True)
            if wrong:
                raise SystemExit(1)


if __name__ == "__main__":
    main()
