"""What a run remembers of rows gives the same results in memory and in files, and those files are nobody else's."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spilling import lower_bounds

import importer
from importer.core.kernels import seen_keys
from importer.core.kernels.spill import append, read
from importer.errors import FileError, LedgerError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve
from importer.private_files import SpillFile
from importer.store import Sales, open_ledger

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800.0
HEADER = "Order ID,Date,Email,Total,Currency\n"
ROWS = 360
BOUND, BATCH = 16, 30


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with batches so small that a file has a dozen of them."""
    monkeypatch.chdir(tmp_path)
    for name in ("importer.commands.send.ROWS_WITHOUT_BODIES", "importer.commands.send.BATCH_ROWS"):
        monkeypatch.setattr(name, BATCH)
    monkeypatch.setattr("importer.intake.ROWS_WITHOUT_BODIES", BATCH)
    monkeypatch.setenv("CAPI_LEDGER", "ledger.db")
    return tmp_path


def sale(order: str, chance: random.Random) -> str:
    customer, day, cents = chance.randrange(40), chance.choice((19, 20)), chance.choice((500, 1250))
    return f"{order},2026-11-{day}T10:00:{customer:02}Z,c{customer}@example.com,{cents / 100:.2f},EUR\n"


def with_ids(seed: int) -> list[str]:
    """Most ids come again somewhere: as the same sale, amended, corrected, or borne by another customer's."""
    chance = random.Random(seed)
    return [sale(f"A{chance.randrange(150)}", chance) for _ in range(ROWS)]


def without_ids(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [sale("", chance) for _ in range(ROWS)]


def mixed(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [sale(chance.choice(("", f"A{chance.randrange(90)}")), chance) for _ in range(ROWS)]


def scattered(seed: int) -> list[str]:
    """Lines of orders that begin on one page and go on some pages later; some orders stand together."""
    chance = random.Random(seed)
    ids = [f"L{number // 2 if number % 3 else chance.randrange(60)}" for number in range(ROWS)]
    return [
        f"{order},2026-11-20T10:00:00Z,{order}@example.com,{place % 7 + 1}.00,EUR\n" for place, order in enumerate(ids)
    ]


KINDS: dict[str, tuple[Callable[[int], list[str]], dict[str, Any]]] = {
    "with ids": (with_ids, {"rows": "order"}),
    "inferred": (with_ids, {}),
    "without ids": (without_ids, {"rows": "order"}),
    "some with ids": (mixed, {"rows": "order"}),
    "scattered lines": (scattered, {"rows": "line"}),
}


def write(name: str, rows: list[str]) -> str:
    Path(name).write_text(HEADER + "".join(rows), encoding="utf-8")
    return name


def told(summary: importer.Summary) -> tuple[bytes, dict[str, Any]]:
    found = summary.as_json()
    return Path(str(summary.report)).read_bytes(), {name: found[name] for name in ("rows", "reasons", "value")}


def checked(*files: str, **options: Any) -> tuple[bytes, dict[str, Any]]:
    return told(importer.check(*files, now=NOW, report="r.csv", force=True, **options))


@pytest.fixture
def spilled(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], Any]:
    """Does a thing with low bounds, in which files must have been made."""

    def done(what: Callable[[], Any]) -> Any:
        made: list[SpillFile] = []
        begin = SpillFile.__init__

        def noted(self: SpillFile) -> None:
            begin(self)
            made.append(self)

        with monkeypatch.context() as patch:
            lower_bounds(patch, BOUND)
            patch.setattr(SpillFile, "__init__", noted)
            result = what()
        assert any(file.size for file in made)
        return result

    return done


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_comes_to_the_same_beyond_the_bound(here: Path, kind: str, spilled: Callable[..., Any]) -> None:
    make, options = KINDS[kind]
    files = [write("one.csv", make(1)), write("two.csv", make(2)), write("again.csv", make(1))]
    in_memory = checked(*files, **options)
    assert len(in_memory[1]["rows"]) > 1
    assert spilled(lambda: checked(*files, **options)) == in_memory


@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_knows_the_same_beyond_the_bound(here: Path, kind: str, spilled: Callable[..., Any]) -> None:
    make, options = KINDS[kind]
    one, both = write("one.csv", make(1)), (write("two.csv", make(2)), write("again.csv", make(1)))
    graph = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    with serve(graph) as running:
        told_of = {"dataset": "1001", "graph_url": running.url, "token": "any", "batch_size": 20}
        of_meta = {name: told_of[name] for name in ("dataset", "graph_url")}
        importer.send(one, now=NOW, report="s.csv", force=True, **told_of, **options)
        in_memory = checked(*both, **of_meta, **options)
        assert b"earlier_run" in in_memory[0]
        assert spilled(lambda: checked(*both, **of_meta, **options)) == in_memory
    assert read_rows(in_memory[0])


def read_rows(report: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(report.decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_sent_is_the_same_beyond_the_bound(here: Path, kind: str, spilled: Callable[..., Any]) -> None:
    make, options = KINDS[kind]
    files = [write("one.csv", make(1)), write("two.csv", make(2)), write("again.csv", make(1))]

    def sent(ledger: str) -> list[dict[str, str]]:
        with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
            meta = {"dataset": "1001", "graph_url": running.url, "token": "any", "batch_size": 20, "concurrency": 1}
            importer.send(*files, now=NOW, report="s.csv", force=True, ledger=ledger, **meta, **options)
        return [row | {"trace": ""} for row in read_rows(Path("s.csv").read_bytes())]

    assert spilled(lambda: sent("low.db")) == sent("high.db")


# ------------------------------------------------------------------ the file


def test_a_spilled_file_has_no_name_and_is_its_owners_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = SpillFile()
    append(file, np.arange(5))
    append(file, np.arange(5, 9))
    found = np.empty(4, np.int64)
    read(file, 3, found)
    assert found.tolist() == [3, 4, 5, 6]
    if os.name == "posix":
        known = os.fstat(file._file.fileno())
        assert (known.st_mode & 0o777, known.st_nlink, list(tmp_path.iterdir())) == (0o600, 0, [])


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from importer.private_files import SpillFile\n"
        "file = SpillFile()\n"
        "file.append(memoryview(bytes(19_000)))\n"
        "file.append(memoryview(bytes(19_000)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("importer.errors.FileError: The folder for temporary files (")
    assert last.endswith("make room there, or name another folder with TMPDIR.")
    assert " is full, " in last


def test_a_check_that_cannot_spill_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("one.csv", with_ids(1))
    lower_bounds(monkeypatch, BOUND)
    monkeypatch.setattr(tempfile, "tempdir", str(here / "nowhere"))
    with pytest.raises(FileError, match=r"folder for temporary files \(.*nowhere\) cannot be used .* TMPDIR"):
        checked(file, rows="order")


def test_a_ledger_that_cannot_spill_claims_nothing_more_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales = [
        Sales.of_keys(np.random.default_rng(seed).integers(0, 1 << 64, (9, 2), np.uint64), np.full(9, 1_795_000_000))
        for seed in range(6)
    ]
    monkeypatch.setattr(seen_keys, "IN_MEMORY", 16)
    with open_ledger(tmp_path / "ledger.db") as ledger:
        run = ledger.begin("1", ["a.csv"], CLOCK)
        claims = [ledger.claim(run, "a.csv", some, CLOCK).id for some in sales[:4]]
        with monkeypatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
            for claim, some in zip(claims, sales, strict=False):
                ledger.settle(claim, some, None, CLOCK)
            with pytest.raises(LedgerError, match="TMPDIR"):
                ledger.claim(run, "a.csv", sales[4], CLOCK)
        ledger.end(run, CLOCK)
    with open_ledger(tmp_path / "ledger.db") as ledger:
        assert all((ledger.known("1", some).claims >= 0).all() for some in sales[:4])
        assert all((ledger.known("1", some).claims < 0).all() for some in sales[4:])
        assert ledger.faults() == []
