from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from importer.core.model import DAY
from importer.errors import LedgerError
from importer.store import Keys, Ledger, Sales, open_ledger
from importer.store import sqlite_file as store
from importer.store.key_index import KeyIndex
from importer.store.keys import Distinct, held_places

DATASET = "1234567890"
ROOT = Path(__file__).resolve().parents[1]


def some_keys(count: int, seed: int = 0) -> Keys:
    return np.random.default_rng(seed).integers(0, 1 << 64, (count, 2), np.uint64)


def times(keys: Keys, at: int = NOW) -> np.ndarray:
    return np.full(len(keys), at, np.int64)


def accept(ledger: Ledger, run: int, keys: Keys, file: str = "sales.csv", *, event_time: int = NOW) -> int:
    claim = claim_of(ledger, run, file, keys, event_time)
    ledger.settle(claim, Sales.of_keys(keys), "Atrace", NOW)
    return claim


def claim_of(ledger: Ledger, run: int, file: str, keys: Keys, event_time: int = NOW) -> int:
    return ledger.claim(run, file, Sales.of_keys(keys, times(keys, event_time)), NOW).id


def accepted(ledger: Ledger, dataset: str, keys: Keys) -> np.ndarray:
    """The claim with which each key was accepted, -1 where it was not."""
    return ledger.known(dataset, Sales.of_keys(keys)).claims


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "capi-import" / "ledger.db"


def test_forgetting_takes_what_is_older_and_nothing_else(path: Path) -> None:
    old, young = some_keys(5), some_keys(7, seed=1)
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, old, event_time=NOW - 10 * DAY)
        accept(ledger, run, young, event_time=NOW - 3 * DAY)
        with pytest.raises(LedgerError, match=f"process {os.getpid()}, since"):
            ledger.forget(DATASET, date(2026, 11, 20))
        ledger.end(run, NOW)
        assert ledger.forget("other", date(2027, 1, 1)) == 0
        assert ledger.forget(DATASET, date(2026, 11, 20)) == 5
        assert (accepted(ledger, DATASET, old) == -1).all()
        assert (accepted(ledger, DATASET, young) >= 0).all()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importer.store.sqlite_ledger.LOCK_WAIT_SECONDS", 0.2)


def test_a_ledger_and_its_folders_are_for_their_owner_only(path: Path) -> None:
    before = os.umask(0)
    try:
        with open_ledger(path) as ledger:
            accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), some_keys(3))
            files = list(path.parent.iterdir())
            assert len(files) == 5, "ledger, wal, shm, lock, reserve"
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_ledger_that_is_only_read_is_not_made_nor_touched(path: Path) -> None:
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.totals() == []
        assert (accepted(ledger, DATASET, some_keys(3)) == -1).all()
    assert not path.parent.exists()
    with open_ledger(path) as ledger:
        accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), some_keys(3))
    files = {file: file.read_bytes() for file in path.parent.iterdir()}
    with open_ledger(path, read_only=True) as ledger:
        assert (accepted(ledger, DATASET, some_keys(3)) >= 0).all()
        with pytest.raises(LedgerError):
            ledger.begin(DATASET, ["a.csv"], NOW)
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == files


def test_a_ledger_is_read_as_of_one_moment_while_a_run_writes_it(path: Path) -> None:
    keys, more = some_keys(10), some_keys(5, seed=1)
    with open_ledger(path) as ledger, open_ledger(path, read_only=True) as reader:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, keys)

        def write_between(statement: str) -> None:
            if statement.startswith("SELECT id"):
                reader._db.set_trace_callback(None)
                accept(ledger, run, more)

        reader._db.set_trace_callback(write_between)
        assert (accepted(reader, DATASET, np.concatenate([keys, more])) >= 0).tolist() == [True] * 10 + [False] * 5


# ---------------------------------------------------------------------- versions


V1 = """
CREATE TABLE run (id INTEGER PRIMARY KEY, dataset TEXT NOT NULL, files TEXT NOT NULL, started INTEGER NOT NULL,
    ended INTEGER, pid INTEGER NOT NULL);
CREATE TABLE batch (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id), dataset TEXT NOT NULL,
    file TEXT NOT NULL, state INTEGER NOT NULL, n INTEGER NOT NULL, min_time INTEGER NOT NULL,
    max_time INTEGER NOT NULL, at INTEGER NOT NULL, trace TEXT, keys BLOB NOT NULL);
CREATE INDEX batch_by_time ON batch (dataset, state, max_time);
PRAGMA user_version = 1;
"""


def old_ledger(path: Path, keys: Keys) -> None:
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.executescript(V1)
    connection.execute("INSERT INTO run VALUES (1, ?, '[]', ?, ?, 1)", (DATASET, NOW, NOW))
    row = (DATASET, len(keys), NOW, NOW, NOW, keys.tobytes())
    connection.execute("INSERT INTO batch VALUES (1, 1, ?, 'old.csv', 1, ?, ?, ?, ?, NULL, ?)", row)
    connection.commit()
    connection.close()


def test_a_ledger_of_version_1_is_readable(path: Path) -> None:
    keys = some_keys(4)
    old_ledger(path, keys)
    for read_only in (True, False):
        with open_ledger(path, read_only=read_only) as ledger:
            assert accepted(ledger, DATASET, keys).tolist() == [1, 1, 1, 1]


def test_an_older_ledger_is_migrated_by_writing_and_left_alone_by_reading(path: Path) -> None:
    keys = some_keys(4)
    old_ledger(path, keys)
    before = path.read_bytes()
    with open_ledger(path, read_only=True) as ledger:
        assert accepted(ledger, DATASET, keys).tolist() == [1, 1, 1, 1]
        assert ledger.totals()[0].accepted == 4
    assert path.read_bytes() == before
    with open_ledger(path) as ledger:
        assert accepted(ledger, DATASET, keys).tolist() == [1, 1, 1, 1]
        assert not ledger.is_new
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(store.MIGRATIONS),)
    connection.close()


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = some_keys(4)
    old_ledger(path, keys)
    with monkeypatch.context() as patch:
        patch.setattr(store, "MIGRATIONS", (*store.MIGRATIONS[:1], (*store.MIGRATIONS[1], "NO SUCH STATEMENT")))
        with pytest.raises(LedgerError):
            open_ledger(path)
    with open_ledger(path) as ledger:
        assert accepted(ledger, DATASET, keys).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("read_only", [True, False])
def test_a_newer_ledger_is_refused_and_left_alone(path: Path, read_only: bool) -> None:
    old_ledger(path, some_keys(4))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerError, match="newer capi-import"):
        open_ledger(path, read_only=read_only)


# ---------------------------------------------------------------------- trouble


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_not_a_ledger_is_told(path: Path, read_only: bool) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"order_id,total\n" * 1_000)
    with pytest.raises(LedgerError, match="not a ledger"):
        open_ledger(path, read_only=read_only)
    assert path.read_bytes() == b"order_id,total\n" * 1_000


def test_a_damaged_ledger_is_told(path: Path) -> None:
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        for seed in range(20):
            accept(ledger, run, some_keys(1_000, seed))
    content = bytearray(path.read_bytes())
    content[4_096 * 2 : 4_096 * 40] = b"\xa5" * (4_096 * 38)
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"), open_ledger(path) as ledger:
        ledger.begin(DATASET, ["a.csv"], NOW)


@pytest.mark.parametrize(
    "change",
    [
        "keys = substr(keys, 17)",
        "keys = zeroblob(length(keys))",
        "sales = substr(sales, 2)",
        "dataset = dataset || '0'",
        "state = 0",
        "max_time = 0",
        "file = 'b.csv'",
    ],
)
def test_a_row_that_is_not_what_was_written_is_damage(path: Path, change: str) -> None:
    keys = some_keys(4)
    with open_ledger(path) as ledger:
        accept(ledger, ledger.begin(DATASET, ["a.csv"], NOW), keys)
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE batch SET {change}")
    connection.commit()
    connection.close()

    def look_up() -> None:
        with open_ledger(path) as ledger:
            ledger.begin(DATASET, ["a.csv"], NOW)
            accepted(ledger, DATASET, keys)

    with pytest.raises(LedgerError, match="damaged"):
        look_up()


def test_a_row_that_is_missing_is_damage(path: Path) -> None:
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, some_keys(4))
        ledger.release(claim_of(ledger, run, "a.csv", some_keys(4, seed=1)))
    with open_ledger(path) as ledger:
        ledger.end(ledger.begin(DATASET, ["a.csv"], NOW), NOW)
    connection = sqlite3.connect(path)
    connection.executescript("DROP TRIGGER batch_removed; DELETE FROM batch")
    connection.close()
    with pytest.raises(LedgerError, match="damaged"), open_ledger(path) as ledger:
        ledger.begin(DATASET, ["a.csv"], NOW)


@pytest.mark.parametrize("step", ["claim", "settle"])
def test_a_full_disk_is_told_and_what_was_settled_stays(path: Path, step: str) -> None:
    keys, more = some_keys(10), some_keys(100_000, seed=1)
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["a.csv"], NOW)
        accept(ledger, run, keys)
        claim = claim_of(ledger, run, "a.csv", keys)
        pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
        ledger._db.execute(f"PRAGMA max_page_count = {pages}")
        steps = {
            "claim": lambda: claim_of(ledger, run, "a.csv", more),
            "settle": lambda: ledger.settle(claim, Sales.of_keys(more), None, NOW),
        }
        with pytest.raises(LedgerError, match="full"):
            steps[step]()
    with open_ledger(path, read_only=True) as ledger:
        assert (accepted(ledger, DATASET, keys) >= 0).all()
        assert [open_.events for open_ in ledger.open_claims(DATASET)] == [10]


def test_a_path_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "ledger.db", tmp_path):
        with pytest.raises(LedgerError, match="give --ledger"):
            open_ledger(path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told_but_can_be_read(path: Path) -> None:
    old_ledger(path, some_keys(4))
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(LedgerError):
            open_ledger(path)
        with open_ledger(path, read_only=True) as ledger:
            assert ledger.totals()[0].accepted == 4
    finally:
        path.parent.chmod(0o700)


# ---------------------------------------------------------------------- two runs


def test_a_second_run_says_who_holds_the_lock(path: Path) -> None:
    with open_ledger(path) as first, open_ledger(path) as second:
        first.begin(DATASET, ["a.csv"], NOW)
        with pytest.raises(LedgerError, match=rf"process {os.getpid()}, since 20\d\d-.*dataset {DATASET}"):
            second.begin(DATASET, ["a.csv"], NOW, wait=0.2)
        second.begin("another", ["a.csv"], NOW, wait=0.2)


def test_a_second_run_waits_a_little(path: Path) -> None:
    with open_ledger(path) as first, open_ledger(path) as second:
        run = first.begin(DATASET, ["a.csv"], NOW)
        timer = threading.Timer(0.3, first.end, (run, NOW))
        timer.start()
        second.begin(DATASET, ["a.csv"], NOW, wait=10.0)
        timer.join()


HOLD = """
import sys
from pathlib import Path
from importer.store import open_ledger
ledger = open_ledger(Path(sys.argv[1]))
ledger.begin(sys.argv[2], ["a.csv"], 0)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_dies_with_its_process(path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(path), DATASET]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout.readline() == b"held\n"
        with open_ledger(path) as ledger:
            with pytest.raises(LedgerError, match=f"process {other.pid}, since"):
                ledger.begin(DATASET, ["a.csv"], NOW, wait=0.2)
            other.kill()
            other.wait()
            ledger.begin(DATASET, ["a.csv"], NOW, wait=5.0)


# ---------------------------------------------------------------------- the index


@pytest.mark.parametrize("sizes", [[], [0], [1], [1_000] * 9, [5, 1_000, 3, 3, 3, 700]])
def test_the_index_finds_every_key_in_its_batch(sizes: list[int]) -> None:
    index = KeyIndex()
    batches = {number + 10: some_keys(size, seed=number) for number, size in enumerate(sizes)}
    for number, keys in batches.items():
        index.add(number, keys)
    everything = np.concatenate([*batches.values(), some_keys(100, seed=99)])
    found = np.full(len(everything), -1)
    for batch, positions in index.candidates(everything):
        found[positions] = batch
    expected = [number for number, keys in batches.items() for _ in keys]
    assert found.tolist() == expected + [-1] * 100


@pytest.mark.parametrize("sizes", [[0], [3], [40, 0, 70, 5, 64]])
def test_a_ledger_loaded_piece_by_piece_is_found_again(sizes: list[int]) -> None:
    batches = {number + 10: some_keys(size, seed=number) for number, size in enumerate(sizes)}
    index = KeyIndex()
    index.load(iter(batches.items()))
    everything = np.concatenate([some_keys(9, seed=99), *batches.values()])
    found = {batch: positions.tolist() for batch, positions in index.candidates(everything)}
    starts = (9 + np.cumsum([0, *sizes])).tolist()
    expected = {number + 10: list(range(starts[number], starts[number + 1])) for number in range(len(sizes))}
    assert found == {batch: positions for batch, positions in expected.items() if positions}


HALVES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12)


def of_halves(halves: list[tuple[int, int]]) -> Keys:
    return np.array(halves, np.uint64).reshape(-1, 2)


@given(HALVES, HALVES)
def test_keys_are_found_only_whole(wanted: list[tuple[int, int]], held: list[tuple[int, int]]) -> None:
    found = held_places(of_halves(held), of_halves(wanted))
    assert found.tolist() == [place for place, key in enumerate(wanted) if key in held]


@given(HALVES, st.data())
def test_keys_that_are_looked_up_once_are_found_wherever_they_stand(
    keys: list[tuple[int, int]], data: st.DataObject
) -> None:
    distinct = Distinct(of_halves(keys))
    firsts = distinct.keys[:, 0].tolist()
    assert sorted(firsts) == sorted({first for first, _ in keys})
    chosen = data.draw(st.lists(st.sampled_from(range(len(firsts))), unique=True) if firsts else st.just([]))
    found = distinct.places(np.array(chosen, np.int64))
    assert found.tolist() == [place for place, (first, _) in enumerate(keys) if firsts.index(first) in chosen]


def test_more_requests_than_the_index_can_number_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    index = KeyIndex()
    monkeypatch.setattr("importer.store.key_index.MAX_BATCHES", 2)
    index.add(1, some_keys(2))
    index.add(2, some_keys(2, seed=1))
    with pytest.raises(LedgerError, match="ledger forget"):
        index.add(3, some_keys(2, seed=2))
