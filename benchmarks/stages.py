"""Where the time goes: nanoseconds of processor time a row, stage by stage, on one thread, over the batches of a file.

python benchmarks/stages.py [FILE.csv]      without a file 200,000 generated till sales
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from till import NOW, write

import importer.core.normalise.customer as customers
import importer.core.prepare as stages
from importer.core.survey import survey_batch
from importer.delivery.look_up import EarlierSales, settle_seen
from importer.delivery.prepared_batch import PreparedBatch
from importer.intake import take_in
from importer.results.csv_text import csv_bytes
from importer.results.outcomes import outcomes
from importer.results.report_writer import written
from importer.results.run_totals import RunTotals
from importer.settings import read_settings
from importer.store import Ledger, open_ledger

ROWS = 200_000
SPENT: Counter[str] = Counter()


def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time_ns()
        result = work(*args, **kwargs)
        SPENT[name] += time.process_time_ns() - began
        return result

    return run


def watch(module: Any, name: str, stage: str) -> None:
    setattr(module, name, timed(stage, getattr(module, name)))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder, "sales.csv")
        if len(sys.argv) == 1:
            write(path, ROWS)
        measure(path, Path(folder))


def measure(path: Path, folder: Path) -> None:
    now = datetime.fromtimestamp(NOW, UTC)
    intake = take_in(path, read_settings((path,), {"now": now}), now)
    read = list(timed("read", lambda: list(intake.export.batches()))())
    rows = sum(batch.num_rows for batch in read)
    stages.prepare(read[0], intake.preparation)  # imports and caches are warm
    for name, stage in (
        ("map_batch", "map: cells to fields"),
        ("gather", "gather: lines to orders"),
        ("normalise", "normalise"),
        ("validate", "validate (pandera)"),
        ("hash_batch", "hash"),
        ("build", "encode: JSON, keys"),
        ("_rows", "expand: events to rows"),
    ):
        watch(stages, name, stage)
    normal = customers._normal
    customers._normal = lambda name, *rest: timed(f"  normalise {name}", normal)(name, *rest)
    files = [path.name]
    counted = RunTotals({})
    with EarlierSales() as earlier, open_ledger(folder / "ledger.db") as ledger:
        run = ledger.begin("1", files, NOW)
        for raw in read:
            timed("survey", survey_batch)(raw, intake.preparation.binding)
            prepared = timed("prepare, whole", stages.prepare)(raw, intake.preparation)
            batch = timed("look up repeats", PreparedBatch)(path.name, prepared)
            timed("look up repeats", settle_seen)(batch, earlier, np.empty(0, np.int64))
            delivered = timed("look up repeats", batch.delivered)()
            timed("ledger (send only)", claim)(ledger, run, batch)
            lines = timed("report: outcomes", outcomes)(path.name, "", delivered)
            timed("report: counts", counted.add)(lines, delivered)
            timed("report: CSV", lambda lines=lines: csv_bytes(written(lines)))()
    for stage, spent in sorted(SPENT.items(), key=lambda pair: -pair[1]):
        print(f"{stage:<28}{spent / rows:>8.0f} ns a row")


def claim(ledger: Ledger, run: int, batch: PreparedBatch) -> None:
    for start in range(0, len(batch.sales), 1_000):
        sales = batch.sales.take(np.arange(start, min(start + 1_000, len(batch.sales))))
        ledger.settle(ledger.claim(run, "f", sales, NOW).id, sales, None, NOW)


if __name__ == "__main__":
    main()
