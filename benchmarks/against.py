"""Two versions side by side: are the results equal, and what do speed and memory say.

python benchmarks/against.py REV [--pairs N] [--python PATH] [FILE ...]

REV is installed into a virtual environment of its own (or PATH is the interpreter of one that has it); this checkout is
the other version. A FILE may bear options, in quotes: "till.csv --timezone Europe/Berlin"; where a NAME.expected.json
stands beside it, its options are taken. Without a FILE all of sample_data is compared.

Results: of `check` and of `send` to a sink the report and the rejects, cell by cell without `message` and `trace`; the
`--json` summary without `seconds`; the events that went out, as a set; exit codes. Speed and memory: N pairs of whole
processes a command, this version's rate by the other's, median of the pairs; none with --pairs 0 (the default).
"""

import argparse
import csv
import hashlib
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple, Self

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NOW = "2026-11-23T23:00:00Z"
LEFT_OUT = {"message", "trace"}


class Run(NamedTuple):
    """One process: its exit code, seconds, peak memory in MiB, and what it left."""

    code: int
    seconds: float
    peak: float
    stdout: str


class Sink:
    """A Graph API that takes everything, in a process of its own; keeps the bodies where told."""

    def __init__(self, kept: Path | None = None) -> None:
        command = [sys.executable, str(HERE / "sink.py"), *([str(kept)] if kept else [])]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{next(iter(self.process.stdout or ())).strip()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def installed(revision: str, folder: Path) -> str:
    """The interpreter of a fresh virtual environment that holds the revision."""
    source = folder / "source"
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    source.mkdir()
    subprocess.run(["tar", "-x", "-C", str(source)], input=archive, check=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(source)], check=True)
    return python


def run(python: str, command: str, path: Path, options: list[str], folder: Path, url: str | None) -> Run:
    """One run of the program, start-up included; its files lie in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = ["--ledger", str(folder / "ledger.db"), "--report", str(folder / "report.csv")]
    access = ["--dataset", "1001", "--graph-url", url] if url else []
    clock = [] if "--now" in options else ["--now", NOW]
    environment = {**os.environ, "CAPI_ACCESS_TOKEN": "t", "HOME": str(folder)}
    began = time.perf_counter()
    child = subprocess.Popen(
        [python, "-P", "-m", "importer", command, str(path), *options, *clock, *files, *access, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder, env=environment,
    )  # fmt: skip
    text = child.stdout.read() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Run(child.returncode, time.perf_counter() - began, used.ru_maxrss / 1024, text)


def rows_of(path: Path, left_out: set[str]) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: v for k, v in row.items() if k not in left_out} for row in csv.DictReader(file)]


def events_of(path: Path) -> Counter[str]:
    """How often each event went out, by a hash of its JSON with sorted names."""
    found: Counter[str] = Counter()
    for line in path.open("rb") if path.exists() else ():
        for event in json.loads(line)["data"]:
            text = json.dumps(event, sort_keys=True, ensure_ascii=False)
            found[hashlib.sha256(text.encode()).hexdigest()] += 1
    return found


def summary_of(text: str, folder: Path) -> Any:
    try:
        found = json.loads(text.replace(str(folder), ""))
    except ValueError:
        return text
    return {name: value for name, value in found.items() if name != "seconds"}


def results(python: str, path: Path, options: list[str], folder: Path) -> dict[str, Any]:
    """Everything of a check and a send that must not change."""
    found: dict[str, Any] = {}
    for command in ("check", "send"):
        own, kept = folder / command, folder / command / "bodies"
        own.mkdir(parents=True)
        with Sink(kept) as sink:
            url = sink.url if command == "send" else None
            ended = run(python, command, path, [*options, "--rejects", str(own / "rejects.csv")], own, url)
        found |= {
            f"{command} exit code": ended.code,
            f"{command} summary": summary_of(ended.stdout, own),
            f"{command} report": rows_of(own / "report.csv", LEFT_OUT),
            f"{command} rejects": rows_of(own / "rejects.csv", LEFT_OUT),
            f"{command} events": events_of(kept),
        }
    return found


def difference(name: str, old: Any, new: Any) -> str:
    """The first place where the two are not the same."""
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return f"{name}: {len(old)} rows, now {len(new)}"
        place = next(place for place, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1])
        columns = [key for key in old[place] if old[place][key] != new[place].get(key)]
        was, now = ({key: row.get(key) for key in columns} for row in (old[place], new[place]))
        count = sum(a != b for a, b in zip(old, new, strict=True))
        return f"{name}: {count} of {len(old)} rows differ, first row {place + 1}: {was} now {now}"
    if isinstance(old, Counter):
        return f"{name}: {sum((old - new).values())} events no more, {sum((new - old).values())} new"
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return f"{name}: " + "; ".join(f"{key} {old.get(key)!r} now {new.get(key)!r}" for key in keys)
    return f"{name}: {old!r} now {new!r}"


def told_of(path: Path) -> list[str]:
    """The options that a sample's truth names; of a web shop's sample those by which it is sent."""
    stem = path.name.split(".")[0]
    truths = [path.parent / f"{stem}{kind}.expected.json" for kind in (".physical_store", "")]
    truth = next((each for each in truths if each.exists()), None)
    if truth is None:
        return []
    known = json.loads(truth.read_text(encoding="utf-8"))
    options = [text for name, value in known["options"].items() for text in told(path, name, value)]
    return [*options, "--now", known["now"]]


def told(path: Path, name: str, value: Any) -> list[str]:
    option = f"--{name.replace('_', '-')}"
    if value is True:
        return [option]
    return [option, str(path.parent / value) if name == "customers" else str(value)]


def compare_speed(pythons: tuple[str, str], path: Path, options: list[str], folder: Path, pairs: int) -> None:
    for command in ("check", "send"):
        ratios, peaks = [], []
        rates: tuple[list[float], list[float]] = ([], [])
        for number in range(pairs):
            found = []
            for place, python in enumerate(pythons):
                with Sink() as sink:
                    url = sink.url if command == "send" else None
                    ended = run(python, command, path, options, folder / f"{command}{number}{place}", url)
                rows = json.loads(ended.stdout)["rows"]["total"]
                rates[place].append(rows / ended.seconds)
                found.append(ended)
            ratios.append(found[0].seconds / found[1].seconds)
            peaks.append(found[1].peak / found[0].peak)
        old, new = (statistics.median(each) for each in rates)
        print(
            f"  {command}: {old:,.0f} rows/s, now {new:,.0f}; ratio {statistics.median(ratios):.3f} "
            f"({', '.join(f'{ratio:.3f}' for ratio in ratios)}); memory {statistics.median(peaks):.2f} times "
            f"({found[1].peak:,.0f} MiB)",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rev", metavar="REV")
    parser.add_argument("files", metavar="FILE", nargs="*")
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--python", help="the interpreter that has REV installed; by default one is made")
    parser.add_argument("--no-results", action="store_true", help="speed and memory alone")
    options = parser.parse_intermixed_args()
    samples = [*(ROOT / "sample_data").glob("*.expected.json")]
    files = options.files or sorted(
        {str(ROOT / "sample_data" / json.loads(path.read_text(encoding="utf-8"))["file"]) for path in samples}
    )
    different = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pythons = (options.python or installed(options.rev, folder), sys.executable)
        for number, text in enumerate(files):
            name, *given = shlex.split(text)
            path = Path(name).resolve()
            given = given or told_of(path)
            print(f"{path.name} {shlex.join(given)}", flush=True)
            if not options.no_results:
                old, new = (
                    results(python, path, given, folder / f"{number}-{side}") for side, python in enumerate(pythons)
                )
                faults = [difference(what, old[what], new[what]) for what in old if old[what] != new[what]]
                different += bool(faults)
                print("\n".join(f"  DIFFERENT {fault}" for fault in faults) or "  the same", flush=True)
            if options.pairs:
                compare_speed(pythons, path, given, folder / str(number), options.pairs)
    print(f"{different} of {len(files)} files differ" if not options.no_results else "")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
