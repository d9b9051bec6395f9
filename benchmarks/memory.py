"""Peak memory and pace of `check` and `send` from ten thousand rows up, each in a process of its own.

python benchmarks/memory.py [ROWS ...]      by default 10000 100000 1000000
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sales import NOW, write

from importer.standin import Options, Sandbox, serve

RUN = """
import resource, sys, time
from importer import run
began = time.monotonic()
summary = getattr(run, sys.argv[1])(sys.argv[2], **eval(sys.argv[3]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
pace = summary.total / (time.monotonic() - began)
print(f"{sys.argv[1]:<6}{summary.total:>10,} rows{peak:>7,} MB at its peak{pace:>10,.0f} rows/s")
"""


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    print(f"{os.cpu_count()} cores; the sandbox shares them with send")
    with tempfile.TemporaryDirectory() as folder, serve(Sandbox(Options(keep=False), clock=lambda: NOW)) as graph:
        for size in sizes:
            path = Path(folder) / f"{size}.csv"
            write(path, size)
            told = {
                "now": "2026-11-23T23:00:00Z",
                "ledger": f"{folder}/{size}.db",
                "report": f"{folder}/{size}.report.csv",
            }
            access = {"dataset": "1001", "token": "t", "graph_url": graph.url}
            for name, options in (("check", told), ("send", told | access)):
                subprocess.run([sys.executable, "-c", RUN, name, str(path), repr(options)], check=True)


if __name__ == "__main__":
    main()
