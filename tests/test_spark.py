"""The recipe for Spark's `mapInArrow` in docs/scale.md, run on a real Spark: its rows are those of one process.

pyspark may not be installed beside the program: pandera imports it where it is there, and it warns of pandas 3. So it
is looked for in the folder that CAPI_IMPORT_SPARK names (pip install --target FOLDER pyspark).
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_prepare_deliver import here, many_rows, write

import importer
from importer.core.model import IDENTITY, PREPARED

__all__ = ["here"]

ROOT = Path(__file__).resolve().parents[1]
SPARK = os.environ.get("CAPI_IMPORT_SPARK")
NOW = "2026-11-23T23:00:00Z"
PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
(RECIPE,) = re.findall(r"^## Prepared by Spark$.*?```python\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
SMALL_BATCHES = "import importer.core.model\nimporter.core.model.BATCH_ROWS = 1_000\n"

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed, which Spark needs"),
    pytest.mark.skipif(SPARK is None, reason="CAPI_IMPORT_SPARK names no folder with pyspark"),
]


def rows_of(folder):
    """All rows of Parquet files by their numbers in the file, but for what only the ledger needs."""
    tables = [pq.ParquetFile(path).read() for path in sorted(Path(folder).rglob("*.parquet"))]
    names = [name for name in PREPARED.names if name not in {*IDENTITY, "order"}]
    text = [pa.field(name, pa.string() if name == "payload" else PREPARED.field(name).type) for name in names]
    whole = pa.concat_tables([table.select(names).cast(pa.schema(text)) for table in tables])
    return whole.sort_by("row")


@pytest.mark.parametrize("layout", ["order", "line"])
def test_sparks_rows_are_those_of_one_process(here, layout):
    if layout == "order":
        write("sales.csv", many_rows(5_000))
    else:  # the lines of an order stand far apart, in other batches
        orders = (n % 1_500 + n // 3_000 * 1_500 for n in range(5_000))
        lines = (f"S-{n},2026-11-{n % 20 + 1:02}T10:00:00Z,c{n}@example.com,,{n + 1}.50,EUR,paid\n" for n in orders)
        write("sales.csv", lines)
    importer.prepare("sales.csv", out="alone", now=NOW, rows=layout)
    recipe = RECIPE.replace("november.parquet", "sales.csv").replace('"rows": "line"', f'"rows": "{layout}"')
    Path("recipe.py").write_text(SMALL_BATCHES + recipe, encoding="utf-8")
    environ = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(SPARK)]), "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(here),
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false pyspark-shell",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "recipe.py"], env=environ, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    assert len(list(Path("november-prepared").glob("*.parquet"))) > 1, "several tasks had rows"
    mine, expected = rows_of("november-prepared"), rows_of("alone")
    assert mine.num_rows == 5_000
    assert expected.column("payload").null_count < 5_000
    assert mine.equals(expected)
