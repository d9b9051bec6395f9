"""`ledger copy`: everything that a ledger holds, from a file to PostgreSQL and back."""

import json
import subprocess
import sys

import numpy as np
import pytest
from builders import NOW

import importer
from importer.errors import LedgerError, UsageError
from importer.store import Sales, open_ledger

DATASET = "1234567890"


def some_sales(count, seed=0):
    return Sales.of_keys(np.random.default_rng(seed).integers(0, 1 << 64, (count, 2), np.uint64), np.full(count, NOW))


def fill(place):
    with open_ledger(place) as ledger:
        for dataset, files in ((DATASET, ["a.csv", "b.csv"]), (f"{DATASET}@localhost:80", ["c.csv"])):
            run = ledger.begin(dataset, files, NOW)
            for seed, file in enumerate(files):
                claim = ledger.claim(run, file, some_sales(50, seed), NOW)
                ledger.settle(claim.id, some_sales(50, seed), "trace", NOW)
            ledger.claim(run, files[0], some_sales(3, 99), NOW)
            ledger.summarize(run, '{"rows": {"accepted": 50}}')
            ledger.end(run, NOW)


def everything(place):
    with open_ledger(place, read_only=True) as ledger:
        assert ledger.faults() == []
        return list(ledger.rows())


@pytest.mark.parametrize("back", [False, True], ids=["to PostgreSQL", "and back"])
def test_a_copy_holds_all_that_the_ledger_holds_and_says_the_same(back, tmp_path, postgres_url):
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    fill(first)
    assert importer.ledger_copy(first, postgres_url) == postgres_url
    copy = postgres_url
    if back:
        copy = importer.ledger_copy(postgres_url, second)
    assert everything(copy) == everything(first)
    assert importer.ledger(copy) == importer.ledger(first)
    with open_ledger(copy) as ledger:
        assert [run.number for run in ledger.runs()] == [2, 1]
        assert (ledger.known(DATASET, some_sales(50)).claims >= 0).all()
        assert len(ledger.open_claims(DATASET)) == 1
        run = ledger.begin(DATASET, ["d.csv"], NOW)
        assert run == 3
        claim = ledger.claim(run, "d.csv", some_sales(53, 99), NOW)
        assert claim.held.tolist() == [], "what was in doubt is offered again"
        ledger.settle(claim.id, some_sales(53, 99), None, NOW)
        ledger.end(run, NOW)
        assert ledger.open_claims(DATASET) == []
        assert ledger.faults() == []


def test_a_ledger_that_holds_something_is_never_copied_to(tmp_path, postgres_url):
    place = tmp_path / "ledger.db"
    fill(place)
    importer.ledger_copy(place, postgres_url)
    before = everything(postgres_url)
    other = tmp_path / "other.db"
    for source, target in ((place, postgres_url), (postgres_url, place), (postgres_url, postgres_url), (place, place)):
        with pytest.raises(LedgerError, match="holds something already"):
            importer.ledger_copy(source, target)
    assert everything(postgres_url) == everything(place) == before
    with pytest.raises(UsageError, match="no ledger at"):
        importer.ledger_copy(other, postgres_url)
    assert not other.exists()


def test_the_command_line_says_the_same_of_both(tmp_path, postgres_url):
    place = tmp_path / "ledger.db"
    fill(place)

    def run(*arguments):
        command = [sys.executable, "-m", "importer", "ledger", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    done = run("copy", str(place), postgres_url)
    assert (done.returncode, done.stderr) == (0, "")
    outputs = [run("--ledger", str(one), "--json").stdout for one in (place, postgres_url)]
    assert json.loads(outputs[0]) == json.loads(outputs[1]) != []
    assert run("--ledger", postgres_url, "check").stdout == "The ledger is whole.\n"
    again = run("copy", str(place), postgres_url)
    assert again.returncode == 2
    assert again.stderr.count("\n") == 1
    backup = run("--ledger", postgres_url, "backup", "copy.db")
    assert backup.returncode == 2
    assert "pg_dump" in backup.stderr
    forgotten = run("--ledger", postgres_url, "forget", "--dataset", DATASET, "--before", "2027-01-01", "--yes")
    assert (forgotten.returncode, forgotten.stdout) == (
        0,
        f"Forgotten: 103 sales of dataset {DATASET} before 2027-01-01.\n",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ledger.db",
        f"ledger.db.{DATASET}.lock",
        f"ledger.db.{DATASET}_localhost_80.lock",
    ]
