from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = """
import resource, sys
from pathlib import Path
from importer.read import open_export
rows = sum(batch.num_rows for batch in open_export(Path(sys.argv[1])).batches())
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(path: Path) -> tuple[int, int]:
    """Rows of an export and the megabytes a process takes at most to read it."""
    answer = subprocess.run([sys.executable, "-c", READ, path], cwd=ROOT, capture_output=True, text=True, check=True)
    rows, megabytes = answer.stdout.split()
    return int(rows), int(megabytes)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is in kilobytes on Linux")
def test_memory_does_not_grow_with_the_file(tmp_path):
    row = '{n:08},user{n}@example.com,"Lovelace, Ada",Köln,2026-10-05 10:00:00,12.50,EUR,"note\nof two lines"\n'
    path = tmp_path / "export.csv"
    sizes = {}
    for count in (150_000, 600_000):
        with path.open("w", encoding="utf-8") as file:
            file.write("order_id,email,name,city,date,amount,currency,note\n")
            file.writelines(row.format(n=number) for number in range(count))
        rows, sizes[count] = peak(path)
        assert rows == count
    assert path.stat().st_size > 50_000_000
    assert sizes[600_000] < sizes[150_000] + 30
