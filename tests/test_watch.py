"""A watched folder: each file once, when it rests, whatever kills the watcher; nothing in the folder changes."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from alert_server import alert_server

import importer
from importer.arrivals.folders import Folders
from importer.arrivals.imported_files import ImportedFiles
from importer.arrivals.units import unit_and_cron_line
from importer.errors import UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

__all__ = ["alert_server"]

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800.0
HEADER = "Order ID,Date,Email,Total,Currency,Status\n"
DATASET = "1001"


def sale(order, status="paid"):
    return f"A{order},2026-11-20T10:00:00Z,ada.{order}@example.com,12.50,EUR,{status}\n"


@pytest.fixture
def graph():
    made = Sandbox(SandboxOptions(), clock=lambda: CLOCK)
    with serve(made) as running:
        made.url = running.url
        yield made


@pytest.fixture
def inbox(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", "tok")
    (tmp_path / "state").mkdir()
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def arrive(path, *rows):
    """Write a file as a careful sender does: under another name first."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(HEADER + "".join(rows), encoding="utf-8")
    part.rename(path)


def options(graph):
    return {"dataset": DATASET, "graph_url": graph.url, "now": NOW}


def once(graph, *folders, settle=0.05, **more):
    imported = []
    done = importer.watch(
        *folders, settle=settle, once=True, on_file=lambda path, _: imported.append(path.name), **options(graph), **more
    )
    assert [path.name for path in done.imported] == imported
    return done.exit_code, imported


class Running:
    """The watcher in a process of its own."""

    def __init__(self, graph, *arguments, settle="0.3"):
        command = [sys.executable, "-m", "importer", "watch", *map(str, arguments), "--settle", settle]
        command += ["--dataset", DATASET, "--graph-url", graph.url, "--now", NOW]
        self.errors = Path.cwd() / f"watch-{time.monotonic_ns()}.log"
        with self.errors.open("w") as stream:
            self.process = subprocess.Popen(command, stdout=stream, stderr=stream)

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(120)


def until(holds, seconds=240):
    for _ in range(seconds * 10):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it did not come about")


def order_of(event):
    return event["custom_data"]["order_id"].removeprefix("A")


def orders(graph):
    return sorted(order_of(event) for event in graph.events(DATASET))


def reports():
    return sorted(path.name for path in Path("state/capi-import/capi-import-reports").glob("*.csv"))


def test_what_lies_in_the_folder_is_imported_once_and_stays_as_it_is(graph, inbox):
    arrive(inbox / "a.csv", sale(1))
    arrive(inbox / "b.csv", sale(2))
    shutil.copy2(inbox / "a.csv", inbox / "copy of a.csv")
    before = {path: (path.read_bytes(), path.stat()) for path in inbox.iterdir()}
    code, imported = once(graph, inbox)
    assert (code, orders(graph)) == (0, ["1", "2"])
    assert imported in (["a.csv", "b.csv"], ["copy of a.csv", "b.csv"])
    after = {path: (path.read_bytes(), path.stat()) for path in inbox.iterdir()}
    assert [(path, data, stat.st_mtime_ns, stat.st_ino) for path, (data, stat) in before.items()] == [
        (path, data, stat.st_mtime_ns, stat.st_ino) for path, (data, stat) in after.items()
    ]
    assert len(reports()) == 2


def test_after_a_restart_only_what_is_new_is_imported_whatever_it_is_called(graph, inbox):
    arrive(inbox / "a.csv", sale(1))
    once(graph, inbox)
    (inbox / "a.csv").rename(inbox / "other name.csv")
    assert once(graph, inbox) == (0, [])
    arrive(inbox / "other name.csv", sale(1), sale(2))
    assert once(graph, inbox) == (0, ["other name.csv"])
    assert orders(graph) == ["1", "2"]


def test_folders_hidden_files_and_what_is_being_written_are_left(graph, inbox):
    (inbox / "sub").mkdir()
    for name in ("sub/a.csv", ".hidden.csv", "a.csv.part", "b.csv.crdownload", "~$c.xlsx"):
        (inbox / name).write_text(HEADER + sale(1))
    assert once(graph, inbox) == (0, [])


def test_a_file_is_taken_when_it_rests_and_whole(graph, inbox):
    watcher, path = Running(graph, inbox, settle="1.5"), inbox / "slow.csv"
    try:
        with path.open("w") as stream:
            stream.write(HEADER)
            for order in range(30):
                stream.write(sale(order))
                stream.flush()
                os.utime(path, (1, 1))  # a copy that keeps the time of its original
                time.sleep(0.1)
        until(lambda: len(orders(graph)) == 30)
    finally:
        assert watcher.end() == 130
    assert reports() == ["slow.csv.report.csv"]


def test_rest_is_what_was_seen_not_what_a_file_says_of_itself(tmp_path):
    path, looks = tmp_path / "a.csv", Folders([tmp_path], 5)
    path.write_text("x")
    os.utime(path, (1, 1))
    assert looks.resting(100) == []
    assert looks.resting(104.9) == []
    path.write_text("xy")
    os.utime(path, (1, 1))
    assert looks.resting(105) == []
    assert [arrival.path for arrival in looks.resting(110)] == [path]


def test_a_folder_whose_files_all_rest_is_looked_at_less_often(tmp_path):
    looks = Folders([tmp_path], 5)
    (tmp_path / "a.csv").write_text("x")
    looks.resting(100)
    assert looks.restless
    looks.resting(105)
    assert not looks.restless
    (tmp_path / "b.csv").write_text("x")
    looks.resting(106)
    assert looks.restless


def test_sigterm_ends_it_with_130_before_and_after_an_import(graph, inbox):
    watcher = Running(graph, inbox)
    arrive(inbox / "a.csv", sale(1))
    until(lambda: orders(graph) == ["1"])
    arrive(inbox / "b.csv", sale(2))
    until(lambda: orders(graph) == ["1", "2"])
    assert watcher.end() == 130
    assert reports() == ["a.csv.report.csv", "b.csv.report.csv"]
    assert watcher.errors.read_text().endswith("Stopped; run the same command again to go on where it was.\n")


def test_a_second_watcher_of_a_folder_is_refused(graph, inbox):
    watcher = Running(graph, inbox)
    until(lambda: list(Path("state").rglob("*.jsonl")))
    try:
        with pytest.raises(UsageError, match="Another watcher is at work on this folder"):
            until(lambda: once(graph, inbox) is None, 20)
    finally:
        watcher.end()


@pytest.mark.slow
def test_files_that_fall_while_the_watcher_is_killed_are_each_accepted_once(graph, inbox):
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    stop = threading.Event()

    def fall():
        for number in range(200):
            arrive(inbox / f"till {number:03}.csv", sale(2 * number), sale(2 * number + 1))
            if number % 10 == 0:
                shutil.copy(inbox / f"till {number:03}.csv", inbox / f"copy {number:03}.csv")
            if stop.wait(0.05):
                return

    falling = threading.Thread(target=fall)
    falling.start()
    watcher = Running(graph, inbox)
    try:
        for kill in range(1, 6):
            until(lambda kill=kill: len(orders(graph)) >= 60 * kill)
            time.sleep(chance.random() / 3)
            watcher.end(signal.SIGKILL)
            watcher = Running(graph, inbox)
        until(lambda: len(set(orders(graph))) == 400)
        falling.join()
        until(lambda: _known() == 200)
    finally:
        stop.set()
        falling.join()
        assert watcher.end() == 130
    assert sorted(order_of(one) for one in graph.sales(DATASET)) == sorted(map(str, range(400)))
    accepted = Counter(
        row["order_id"]
        for path in Path("state/capi-import/capi-import-reports").glob("*.csv")
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if row["status"] == "accepted"
    )
    assert set(accepted.values()) == {1}
    assert len(list(inbox.iterdir())) == 220


def _known():
    lines = [line for path in Path("state").rglob("*.jsonl") for line in path.read_text().splitlines()]
    return len({json.loads(line)["imported"] for line in lines if '"imported"' in line})


@pytest.mark.slow
def test_a_dead_token_is_told_once_the_files_wait_and_go_when_it_lives(graph, inbox, alert_server, monkeypatch):
    monkeypatch.delenv("CAPI_ACCESS_TOKEN")
    token = Path("token")
    token.write_text("dead-token")
    for number in range(3):
        arrive(inbox / f"{number}.csv", sale(number))
    watcher = Running(graph, inbox, "--token-file", token, "--alert", alert_server.address)
    try:
        until(lambda: alert_server.messages, 60)
        arrive(inbox / "3.csv", sale(3))
        time.sleep(12)
        token.write_text("tok")
        until(lambda: orders(graph) == ["0", "1", "2", "3"])
    finally:
        assert watcher.end() == 130
    (message,) = alert_server.messages
    assert "access token" in message["message"]
    assert "Rows that wait: 3.\nMoney that waits: 37.50 EUR." in message["message"]
    assert "ada." not in message["message"]


def test_attempts_in_vain_leave_one_report(graph, inbox, monkeypatch):
    from importer.arrivals import watcher

    arrive(inbox / "a.csv", sale(1))
    refused = Sandbox(SandboxOptions(tokens=frozenset({"good"})), clock=lambda: CLOCK)
    monkeypatch.setattr(watcher, "FIRST_PAUSE", 0.0)
    with serve(refused) as running:
        told = {"dataset": DATASET, "graph_url": running.url, "now": NOW, "settle": 0.05}
        done = importer.watch(inbox, once=True, **told)
        assert (done.exit_code, done.imported, done.waiting) == (2, (), (inbox / "a.csv",))
    assert len(reports()) <= 1
    assert once(graph, inbox) == (0, ["a.csv"])
    assert orders(graph) == ["1"]


def test_rows_to_fix_are_told_for_each_file_once(graph, inbox, alert_server):
    arrive(inbox / "a.csv", sale(1), sale(2).replace("ada.2@example.com", ""))
    arrive(inbox / "good.csv", sale(3))
    assert once(graph, inbox, alert=alert_server.address) == (1, ["a.csv", "good.csv"])
    assert once(graph, inbox, alert=alert_server.address) == (0, [])
    (message,) = alert_server.messages
    assert message["title"] == "capi-import: 1 row to fix in a.csv"
    assert str(Path("state/capi-import/capi-import-reports/a.csv.report.csv").absolute()) in message["message"]


def test_a_question_is_told_once_and_its_file_waits_for_the_answer(graph, inbox, alert_server):
    arrive(inbox / "asked.csv", sale(1, "Zonk"), sale(2))
    arrive(inbox / "good.csv", sale(3))
    told = {"alert": alert_server.address}
    assert once(graph, inbox, **told) == (2, ["good.csv"])
    assert once(graph, inbox, **told) == (2, [])
    (message,) = alert_server.messages
    assert "1 question about asked.csv must be answered first (status)" in message["message"]
    Path("capi-import.toml").write_text('[profile.till]\nfolder = "inbox"\nstatus = ["Zonk=sale"]\n')
    assert once(graph, inbox, **told) == (0, ["asked.csv"])
    assert orders(graph) == ["1", "2", "3"]
    assert len(alert_server.messages) == 1


def test_each_folder_has_the_profile_that_names_it(graph, inbox):
    other = inbox.parent / "berlin"
    other.mkdir()
    arrive(inbox / "a.csv", sale(1))
    arrive(other / "b.csv", sale(2, "Zonk"))
    Path("capi-import.toml").write_text(
        '[profile.till]\nfolder = "inbox"\ndataset = "1001"\n'
        '[profile.berlin]\nfolder = "berlin"\ndataset = "1002"\nstatus = ["Zonk=sale"]\n'
    )
    assert importer.watch(settle=0.05, once=True, graph_url=graph.url, now=NOW).exit_code == 0
    sent = {dataset: [order_of(event) for event in graph.events(dataset)] for dataset in ("1001", "1002")}
    assert sent == {"1001": ["1"], "1002": ["2"]}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"report_folder": "inbox"}, "must not go into the watched folder"), ({"report_folder": "inbox/r"}, "must not go into"),
     ({"alert": "nonsense://hush"}, "Address 1 of --alert is none")],
)  # fmt: skip
def test_what_could_never_work_is_told_before_anything(graph, inbox, more, sentence):
    with pytest.raises(UsageError, match=sentence):
        once(graph, inbox, **more)


def test_what_is_no_folder_or_lacks_a_dataset_or_a_token_is_told(graph, inbox, monkeypatch):
    with pytest.raises(UsageError, match="There is no folder nope"):
        once(graph, "nope")
    with pytest.raises(UsageError, match="Name at least one folder to watch"):
        once(graph)
    with pytest.raises(UsageError, match="--dataset"):
        importer.watch(inbox, once=True)
    monkeypatch.delenv("CAPI_ACCESS_TOKEN")
    with pytest.raises(UsageError, match="API key is required"):
        once(graph, inbox)


def test_what_a_kill_tore_off_the_memory_is_left_out(tmp_path):
    path = tmp_path / "memory.jsonl"
    with ImportedFiles(path) as memory:
        memory.imported("aa", "1001", "a.csv")
        assert memory.tell("stopped AccessError")
    with path.open("ab") as stream:
        stream.write(b'{"imported": "bb", "into": "10')
    with ImportedFiles(path) as memory:
        assert memory.knows("aa", "1001")
        assert not memory.knows("aa", "1002")
        assert not memory.knows("bb", "1001")
        assert not memory.tell("stopped AccessError")
        memory.over("stopped")
        memory.imported("cc", "1001", "c.csv")
    with ImportedFiles(path) as memory:
        assert memory.knows("cc", "1001")
        assert memory.tell("stopped AccessError")


def test_the_unit_runs_this_very_command(graph, inbox):
    command = [sys.executable, "-m", "importer", "watch", str(inbox), "--settle", "2", "--dataset", DATASET, "--unit"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"watch {inbox} --settle 2 --dataset {DATASET}\n" in done.stdout
    assert f"WorkingDirectory={Path.cwd()}" in done.stdout
    assert f"*/10 * * * * cd {Path.cwd()} && " in done.stdout
    assert done.stdout.rstrip().endswith("--once --quiet")
    assert "--unit" not in done.stdout


def test_blanks_and_percents_are_written_as_systemd_and_cron_read_them():
    text = unit_and_cron_line("/opt/capi import", ["watch", "100%", 'a"b', "$x"], Path("/srv/in box"), [Path("100%")])
    assert 'ExecStart="/opt/capi import" watch 100%% "a\\"b" $$x\n' in text
    assert "cd '/srv/in box' && '/opt/capi import' watch 100\\% 'a\"b' '$x' --once --quiet" in text
