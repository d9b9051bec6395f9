"""Does one process stay flat: `check` of many rows, with and without the bound beyond which it spills to a file.

python benchmarks/flat.py [ROWS] [FOLDER]      by default 10,000,000; 50 million take 11 GB in the folder

Each line is a process of its own: peak memory, seconds, processor time, and both beside the run that never spills.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from till import COLUMNS, sales

from importer.cli import main as program
from importer.core.kernels import seen_keys, sorted_rows

GROUP = 200_000
"""Rows of one row group; the sales of the first come again and again, each under an order id of its own."""
NEVER = 1 << 62


def write(path: Path, rows: int) -> None:
    columns = zip(*sales(GROUP), strict=True)
    group = pa.table({name: pa.array(column) for name, column in zip(COLUMNS, columns, strict=True)})
    with pq.ParquetWriter(path, group.schema, compression="zstd") as writer:
        for ids in _ids(rows):
            writer.write_table(group.slice(0, len(ids)).set_column(0, "order_id", ids))


def _ids(rows: int) -> Iterator[pa.Array]:
    for start in range(0, rows, GROUP):
        numbers = pa.array(np.arange(start, min(start + GROUP, rows))).cast(pa.string())
        yield pc.binary_join_element_wise("T", pc.utf8_lpad(numbers, 8, "0"), "")


def measured(file: Path, *, spills: bool) -> tuple[float, float, float]:
    """Run `check` and return its peak memory in MiB, its seconds and its processor time."""
    command = [sys.executable, __file__, "run" if spills else "run-without-bound", file, file.with_suffix(".csv")]
    began = perf_counter()
    environment = {
        **os.environ,
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }  # as the program has it
    child = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        message = f"check ended with {child.returncode}"
        raise SystemExit(message)
    return used.ru_maxrss / 1024, perf_counter() - began, used.ru_utime + used.ru_stime


def check(bound: str, file: str, report: str) -> None:
    if bound == "run-without-bound":
        seen_keys.IN_MEMORY = sorted_rows.IN_MEMORY = NEVER
    sys.argv = ["capi-import", "check", file, "--now", "2026-11-23T23:00:00Z", "--report", report, "--force", "--quiet"]
    program()


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        file = Path(folder, "sales.parquet")
        write(file, rows)
        without = measured(file, spills=False)
        for name, found in (("in memory alone", without), ("spilled", measured(file, spills=True))):
            ratios = [f"{mine / theirs:.2f} x" for mine, theirs in zip(found, without, strict=True)]
            figures = (f"{found[0]:,.0f} MiB", f"{found[1]:.0f} s", f"processor {found[2]:.0f} s")
            beside = ", ".join(f"{figure} ({ratio})" for figure, ratio in zip(figures, ratios, strict=True))
            print(f"{rows:,} rows, {name}: {beside}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1].startswith("run"):
        check(*sys.argv[1:4])
    else:
        main()
