"""Side by side in one run: a loop over Meta's SDK, `check`, and `send` to a sink on this machine.

pip install facebook-business, then: python benchmarks/side_by_side.py [ROWS]      by default 1,200,000

Every line is a process of its own, start-up included: rows a second, how many times the SDK's loop, peak memory.
`check` hashes and writes nothing where the order ids tell the events apart; `send` does, as the loop does.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
from against import Sink
from till import write

HERE = Path(__file__).parent
SDK_ROWS, EXCEL_ROWS = 60_000, 50_000
COMPILED: dict[str, str] = {}
"""Where Python keeps what it compiled: an installed program is compiled when it is installed."""
BARE_EXCEL = """
import json, sys
from python_calamine import CalamineWorkbook
sheet = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
print(json.dumps({"rows": sum(1 for _ in sheet.iter_rows()) - 1}))
"""


def measured(*command: str, environment: dict[str, str] | None = None) -> dict[str, float]:
    """What a process prints as JSON, its rows a second from start to end, and its peak memory in MiB."""
    began = time.perf_counter()
    environment = {**os.environ, **COMPILED, **(environment or {})}
    child = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=HERE, env=environment)
    text = child.stdout.read() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        message = f"{command} ended with {child.returncode}"
        raise SystemExit(message)
    seconds, told = time.perf_counter() - began, json.loads(text)
    rows = told["rows"]["total"] if isinstance(told["rows"], dict) else told["rows"]
    return {"pace": rows / told.get("loop_seconds", seconds), "peak": used.ru_maxrss / 1024}


def show(name: str, found: dict[str, float], beside: float) -> None:
    memory = f"{found['peak']:>8,.0f} MiB"
    print(f"{name:<44}{found['pace']:>10,.0f} rows/s{found['pace'] / beside:>7.1f} x{memory}", flush=True)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_200_000
    print(f"{os.cpu_count()} cores; the sink shares them with send")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder, Sink() as sink:
        COMPILED["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
        whole, quarter, small = (Path(folder, f"{count}.csv") for count in (rows, rows // 4, EXCEL_ROWS))
        for path in (whole, quarter, small):
            write(path, int(path.stem))
        run("check", small, folder)  # which compiles
        sdk = measured("sdk_loop.py", str(whole), str(SDK_ROWS))
        beside = sdk["pace"]
        show("SDK loop, csv.DictReader", sdk, beside)
        show("SDK loop, pandas iterrows", measured("sdk_loop.py", str(whole), str(SDK_ROWS), "pandas"), beside)
        for path in (quarter, whole):
            show(f"check, {path.stem} rows of CSV", run("check", path, folder), beside)
        for path in (quarter, whole):
            show(f"send, {path.stem} rows of CSV", run("send", path, folder, sink.url), beside)
        show("send again, every sale a duplicate", run("send", whole, folder, sink.url), beside)
        parquet = whole.with_suffix(".parquet")
        pyarrow.parquet.write_table(pyarrow.csv.read_csv(whole), parquet)
        show("check, Parquet", run("check", parquet, folder), beside)
        excel(small, folder, beside)
    print()
    subprocess.run([sys.executable, "stages.py"], check=True, cwd=HERE)


def excel(small: Path, folder: str, beside: float) -> None:
    import pandas as pd  # noqa: PLC0415

    book = small.with_suffix(".xlsx")
    pd.read_csv(small, dtype=str, keep_default_na=False).to_excel(book, index=False, engine="xlsxwriter")
    show(f"calamine alone, {EXCEL_ROWS} rows of Excel", measured("-c", BARE_EXCEL, str(book)), beside)
    show(f"check, {EXCEL_ROWS} rows of Excel", run("check", book, folder), beside)


def run(command: str, path: Path, folder: str, url: str | None = None) -> dict[str, float]:
    told = ["--now", "2026-11-23T23:00:00Z", "--ledger", f"{folder}/{path.stem}.db", "--report", f"{folder}/report.csv"]
    access = ["--dataset", "1001", "--graph-url", url] if url else []
    return measured(
        "-m", "importer", command, str(path), *told, *access, "--json", environment={"CAPI_ACCESS_TOKEN": "t"}
    )


if __name__ == "__main__":
    main()
