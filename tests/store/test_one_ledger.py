"""One ledger, whatever its name: a second run is kept out, and a file that is not the one any more is noticed."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from builders import NOW
from mounts import run_in_mounts

from importer.errors import LedgerError
from importer.store import Keys, Ledger, Sales, open_ledger
from importer.store.ledger_memory import LedgerMemory
from importer.store.ledger_sales import COLUMNS
from importer.store.same_sale import SAME

DATASET = "1234567890"


def some_sales(count: int, seed: int = 0) -> Sales:
    keys: Keys = np.random.default_rng(seed).integers(0, 1 << 64, (count, 2), np.uint64)
    return Sales.of_keys(keys, np.full(count, NOW))


def accept(ledger: Ledger, run: int, sales: Sales) -> None:
    ledger.settle(ledger.claim(run, "a.csv", sales, NOW).id, sales, None, NOW)


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


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("what", ["folder", "device", "pipe"])
def test_a_ledger_that_is_no_file_is_refused(path: Path, what: str, read_only: bool) -> None:
    if what == "folder":
        path.mkdir()
    elif what == "device":
        path.symlink_to("/dev/zero")
    elif hasattr(os, "mkfifo"):
        os.mkfifo(path)
    with pytest.raises(LedgerError, match="not a file"):
        open_ledger(path, read_only=read_only)


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


IN_TWO_PLACES = """
import sys
from pathlib import Path
import numpy as np
sys.path[:0] = ["tests"]
from builders import NOW
from importer.errors import LedgerError
from importer.store import Sales, open_ledger

folder = Path(sys.argv[1])
one, other = folder / "there" / "ledger.db", folder / "here" / "ledger.db"
assert one.stat().st_ino == other.stat().st_ino and one.resolve() != other.resolve()
sales = Sales.of_keys(np.random.default_rng(0).integers(0, 1 << 64, (9, 2), np.uint64), np.full(9, NOW))
for first, second in ((one, other), (other, one)):
    with open_ledger(first) as held, open_ledger(second) as kept_out:
        run = held.begin("1", ["a.csv"], NOW)
        held.settle(held.claim(run, "a.csv", sales, NOW).id, sales, None, NOW)
        try:
            kept_out.begin("1", ["a.csv"], NOW, wait=0.2)
            print("let in")
        except LedgerError as error:
            print("kept out" if "Another run" in str(error) else error)
        held.end(run, NOW)
with open_ledger(other) as ledger:
    ledger.begin("1", ["a.csv"], NOW)
    print((ledger.known("1", sales).claims >= 0).all(), ledger.faults())
"""


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_ledger_that_is_mounted_twice_is_one(path: Path, tmp_path: Path, what: str) -> None:
    with open_ledger(path) as ledger:
        ledger.end(ledger.begin(DATASET, ["a.csv"], NOW), NOW)
    (tmp_path / "here").mkdir()
    ending = "/ledger.db" if what == "file" else ""
    if ending:
        (tmp_path / "here" / "ledger.db").touch()
    done = run_in_mounts(f"mount --bind {path.parent}{ending} {tmp_path}/here{ending}", IN_TWO_PLACES, tmp_path)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["kept out", "kept out", "True []"]


# ---------------------------------------------------------------------- copies, backups, damage


def used(path: Path, memory: Path, seed: int) -> None:
    with open_ledger(path, memory=memory) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, some_sales(3, seed))
        ledger.end(run, NOW)


def test_an_older_copy_stops_until_it_is_accepted(path: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    used(path, memory, 0)
    shutil.copy(path, tmp_path / "backup.db")
    used(path, memory, 1)
    shutil.copy(tmp_path / "backup.db", path)
    for _ in range(2):
        with (
            open_ledger(path, memory=memory) as ledger,
            pytest.raises(LedgerError, match=r"older than when.*ledger accept"),
        ):
            ledger.begin(DATASET, ["a.csv"], NOW)
        with open_ledger(path, read_only=True, memory=memory) as ledger, pytest.raises(LedgerError, match="older"):
            ledger.require_newest()
    with open_ledger(path, memory=memory) as ledger:
        ledger.accept()
    used(path, memory, 2)


def test_a_copy_without_its_wal_is_an_older_one(path: Path, tmp_path: Path) -> None:
    memory, copy = tmp_path / "memory", tmp_path / "copy.db"
    used(path, memory, 0)
    with open_ledger(path, memory=memory) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, some_sales(3, seed=1))
        shutil.copy(path, copy)
    with open_ledger(copy, memory=memory) as ledger, pytest.raises(LedgerError, match="without its -wal"):
        ledger.begin(DATASET, ["a.csv"], NOW)


def test_what_cannot_be_remembered_keeps_nobody_from_sending(path: Path, tmp_path: Path) -> None:
    (tmp_path / "memory").write_text("in the way")
    used(path, tmp_path / "memory", 0)
    used(path, tmp_path / "memory", 1)


def test_two_datasets_in_one_ledger_remember_it_together(path: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    with open_ledger(path, memory=memory) as one, open_ledger(path, memory=memory) as other:
        runs = one.begin("1", ["a.csv"], NOW), other.begin("2", ["a.csv"], NOW)
        for seed in range(3):
            accept(one, runs[0], some_sales(2, seed))
            accept(other, runs[1], some_sales(2, seed))
            with open_ledger(path, read_only=True, memory=memory) as reader:
                reader.require_newest()
    used(path, memory, 9)


def test_a_backup_in_mid_run_is_whole_and_never_replaces_a_file(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, some_sales(1_000))
        with open_ledger(path, read_only=True) as reader:
            reader.backup(target)
        accept(ledger, run, some_sales(1_000, seed=1))
    assert target.stat().st_mode & 0o777 == 0o600
    with open_ledger(target, read_only=True) as copy:
        assert copy.faults() == []
        assert (copy.known(DATASET, some_sales(1_000)).claims >= 0).all()
        assert (copy.known(DATASET, some_sales(1_000, seed=1)).claims == -1).all()
        with pytest.raises(LedgerError, match="new file"):
            copy.backup(path)
    assert sorted(file.name for file in tmp_path.glob("backup*")) == ["backup.db"]


@pytest.mark.parametrize("seed", range(64))
def test_a_flipped_bit_is_noticed_or_changes_nothing(path: Path, seed: int) -> None:
    """Wherever the bit lies: the next run stops, or knows all the sales it knew."""
    every = [some_sales(200, number) for number in range(6)]
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        for sales in every:
            accept(ledger, run, sales)
        ledger.end(run, NOW)
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    try:
        with open_ledger(path) as ledger:
            ledger.begin(DATASET, ["a.csv"], NOW)
            known = [(ledger.known(DATASET, sales).claims >= 0).all() for sales in every]
    except LedgerError:
        return
    assert all(known)


def test_a_whole_ledger_has_no_faults_and_a_flipped_bit_in_its_sales_is_one(path: Path) -> None:
    with open_ledger(path) as ledger:
        accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), some_sales(200))
        assert ledger.faults() == []
    with sqlite3.connect(path) as connection:
        (sales,) = connection.execute("SELECT sales FROM batch").fetchone()
        flipped = bytes([*sales[:500], sales[500] ^ 1, *sales[501:]])
        connection.execute("UPDATE batch SET sales = ?", (flipped,))
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.faults() == ["Request 1 is not what was written."]


def test_a_claim_with_day_and_customers_goes_when_the_same_sales_were_settled_later(path: Path) -> None:
    """Its customers are hashed under the ledger's secret already, and are not hashed again."""

    def known_sales(total: str) -> Sales:
        keys: Keys = np.arange(4, dtype=np.uint64).reshape(2, 2)
        columns = {"day": [20_000, 20_001], "event_time": [NOW, NOW], "value": [Decimal(total), Decimal(7)]}
        columns |= {"currency": ["EUR", "EUR"], "customers": [[11, 12], [13]], "order_id": ["1", "2"]}
        arrays = {name: pa.array(values, COLUMNS.field(name).type) for name, values in columns.items()}
        rest = {name: pa.nulls(2, COLUMNS.field(name).type) for name in COLUMNS.names if name not in columns}
        whole = arrays | rest
        return Sales(
            keys,
            pa.RecordBatch.from_arrays([whole[name] for name in COLUMNS.names], schema=COLUMNS),
            pa.nulls(2, pa.binary(16)),
        )

    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        ledger.claim(run, "lost.csv", known_sales("5"), NOW)
        ledger.claim(run, "other.csv", some_sales(2), NOW)
        ledger.end(run, NOW)
        assert len(ledger.open_claims(DATASET)) == 2
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, known_sales("5"))
        ledger.end(run, NOW)
        assert [claim.file for claim in ledger.open_claims(DATASET)] == ["other.csv"]
        assert ledger.known(DATASET, known_sales("5")).levels.tolist() == [SAME, SAME]


def test_a_memory_that_cannot_be_written_is_told_where_the_user_asks_for_it(path: Path, tmp_path: Path) -> None:
    (tmp_path / "memory").write_text("in the way")
    with open_ledger(path, memory=tmp_path / "memory") as ledger:
        ledger.end(ledger.begin(DATASET, ["a.csv"], NOW), NOW)
        with pytest.raises(LedgerError, match="state folder"):
            ledger.accept()
    memory = LedgerMemory(tmp_path / "memory", "an id")
    assert not memory.remember(3)
    memory.close()
    assert LedgerMemory(None, "an id").remember(3)


# ---------------------------------------------------------------------- a full disk


ON_A_SMALL_DISK = """
import sys
from pathlib import Path
import numpy as np
sys.path[:0] = ["tests"]
from builders import NOW
from importer.errors import LedgerError
from importer.store import Sales, open_ledger

disk = Path(sys.argv[1]) / "disk"
def sales(seed):
    keys = np.random.default_rng(seed).integers(0, 1 << 64, (1_000, 2), np.uint64)
    return Sales.of_keys(keys, np.full(1_000, NOW))

def fill(name):
    with (disk / name).open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4_096))
        except OSError:
            pass

with open_ledger(disk / "ledger.db") as ledger:
    run = ledger.begin("1", ["a.csv"], NOW)
    claims = [ledger.claim(run, "a.csv", sales(seed), NOW).id for seed in range(12)]
    fill("filler")
    for seed, claim in enumerate(claims):
        ledger.settle(claim, sales(seed), "Atrace", NOW)
    try:
        ledger.claim(run, "a.csv", sales(99), NOW)
        print("claimed")
    except LedgerError as error:
        print("full" if "full" in str(error) else error)
fill("more")
try:
    with open_ledger(disk / "ledger.db") as ledger:
        ledger.begin("1", ["a.csv"], NOW)
    print("began")
except LedgerError as error:
    print("no room" if "disk" in str(error) else error)
(disk / "filler").unlink()
(disk / "more").unlink()
with open_ledger(disk / "ledger.db") as ledger:
    print(all((ledger.known("1", sales(seed)).claims >= 0).all() for seed in range(12)), ledger.faults())
print(sorted(file.name for file in disk.iterdir()))
"""


def test_what_meta_took_is_noted_though_the_disk_is_full(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    done = run_in_mounts(f"mount -t tmpfs -o size=12m tmpfs {tmp_path}/disk", ON_A_SMALL_DISK, tmp_path)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["full", "no room", "True []", "['ledger.db', 'ledger.db.1.lock']"]
