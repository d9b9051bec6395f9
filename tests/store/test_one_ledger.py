"""One ledger, whatever its name: a second run is kept out, and a file that is not the one any more is noticed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from builders import NOW

from importer.errors import LedgerError
from importer.store import Keys, Ledger, Sales, open_ledger

DATASET = "1234567890"


def some_sales(count: int, seed: int = 0) -> Sales:
    keys: Keys = np.random.default_rng(seed).integers(0, 1 << 64, (count, 2), np.uint64)
    return Sales.of_keys(keys, np.full(count, NOW))


def accept(ledger: Ledger, run: int, sales: Sales) -> None:
    ledger.settle(ledger.claim(run, "a.csv", sales, NOW), sales, None, NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "there").mkdir()
    return tmp_path / "there" / "ledger.db"


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_run_under_a_symbolic_link_is_kept_out(path: Path, tmp_path: Path, kind: str) -> None:
    with open_ledger(path) as first:
        if kind == "file":
            (tmp_path / "link.db").symlink_to(path)
            other = tmp_path / "link.db"
        else:
            (tmp_path / "link").symlink_to(path.parent)
            other = tmp_path / "link" / path.name
        first.begin(DATASET, ["a.csv"], NOW)
        with open_ledger(other) as second, pytest.raises(LedgerError, match=f"process {os.getpid()}"):
            second.begin(DATASET, ["a.csv"], NOW, wait=0.2)
    assert not list(tmp_path.glob("*.lock"))
    assert not list(tmp_path.glob("*-wal"))


@pytest.mark.skipif(sys.platform != "linux", reason="a lock without a file is Linux's")
def test_a_deleted_lock_file_lets_no_second_run_in(path: Path) -> None:
    with open_ledger(path) as first, open_ledger(path) as second:
        run = first.begin(DATASET, ["a.csv"], NOW)
        for lock in path.parent.glob("*.lock"):
            lock.unlink()
        with pytest.raises(LedgerError, match="Another run"):
            second.begin(DATASET, ["a.csv"], NOW, wait=0.2)
        first.end(run, NOW)
        second.begin(DATASET, ["a.csv"], NOW, wait=0.2)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_ledger_with_two_hard_links_is_refused(path: Path, tmp_path: Path, read_only: bool) -> None:
    with open_ledger(path) as ledger:
        ledger.end(ledger.begin(DATASET, ["a.csv"], NOW), NOW)
    os.link(path, tmp_path / "other.db")
    for name in (path, tmp_path / "other.db"):
        with pytest.raises(LedgerError, match="more than one name"):
            open_ledger(name, read_only=read_only)
    (tmp_path / "other.db").unlink()
    open_ledger(path, read_only=read_only).__exit__()


@pytest.mark.parametrize("what", ["deleted", "replaced"])
def test_a_ledger_that_is_deleted_or_replaced_in_mid_run_stops_it(path: Path, tmp_path: Path, what: str) -> None:
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, some_sales(3))
        if what == "replaced":
            shutil.copy(path, tmp_path / "copy.db")
        path.unlink()
        if what == "replaced":
            shutil.move(tmp_path / "copy.db", path)
        with pytest.raises(LedgerError, match="moved, deleted or replaced"):
            ledger.claim(run, "a.csv", some_sales(3, seed=1), NOW)
