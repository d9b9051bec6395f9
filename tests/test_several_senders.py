"""Several senders on one PostgreSQL ledger, as processes: killed, cut off from the server, and at once."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800.0
HEADER = "Order ID,Date,Email,Total,Currency\n"
COUNT = 3_000


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", "any")
    rows = (f"R-{n},2026-11-20T10:00:00Z,c{n}@example.com,{n}.50,EUR\n" for n in range(COUNT))
    (tmp_path / "sales.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return tmp_path


@pytest.fixture
def slow_graph():
    graph = Sandbox(SandboxOptions(latency=0.15), clock=lambda: CLOCK)
    with serve(graph) as running:
        graph.url = running.url
        yield graph


def start(graph, ledger, name):
    command = [sys.executable, "-m", "importer", "send", "sales.csv", "--dataset", "1234567890", "--now", NOW]
    options = ["--graph-url", graph.url, "--ledger", ledger, "--report", f"{name}.csv", "--batch-size", "20"]
    with Path(f"{name}.err").open("wb") as errors:
        return subprocess.Popen(
            [*command, *options, "--concurrency", "2", "--quiet"], stdout=subprocess.DEVNULL, stderr=errors
        )


def statuses(name):
    with Path(f"{name}.csv").open(encoding="utf-8") as file:
        return Counter(row["status"] for row in csv.DictReader(file))


def wait_for(graph, received, *processes):
    for _ in range(2_400):
        if graph.summary().received >= received:
            return
        assert all(process.poll() in (None, 0) for process in processes)
        time.sleep(0.05)
    pytest.fail(f"Meta got {graph.summary().received} sales only")


def test_two_senders_of_one_file_at_once_send_each_sale_once(here, slow_graph, postgres_url):
    senders = [start(slow_graph, postgres_url, name) for name in ("one", "two")]
    assert [sender.wait(timeout=240) for sender in senders] == [0, 0]
    assert slow_graph.summary().received == len(slow_graph.sales("1234567890")) == COUNT
    one, two = statuses("one"), statuses("two")
    assert one["accepted"] + two["accepted"] == COUNT
    assert one.total() == two.total() == COUNT
    assert one["duplicate"] == two["accepted"]


def test_a_restart_of_the_server_in_mid_run_loses_and_doubles_nothing(here, slow_graph, postgres_server, postgres_url):
    sender = start(slow_graph, postgres_url, "one")
    wait_for(slow_graph, COUNT // 10, sender)
    for is_crash in (False, True):
        postgres_server.stop(now=is_crash)
        time.sleep(1)
        postgres_server.start()
        time.sleep(1)
    assert sender.wait(timeout=240) == 0
    assert statuses("one") == Counter(accepted=COUNT)
    assert slow_graph.summary().received == len(slow_graph.sales("1234567890")) == COUNT


@pytest.mark.slow
def test_what_a_killed_sender_had_claimed_the_other_sends_within_a_minute(here, slow_graph, postgres_url):
    senders = [start(slow_graph, postgres_url, name) for name in ("one", "two")]
    wait_for(slow_graph, COUNT // 10, *senders)
    os.kill(senders[0].pid, signal.SIGKILL)
    killed = time.monotonic()
    senders[0].wait()
    assert senders[1].wait(timeout=280) == 0
    assert time.monotonic() - killed < 240
    assert statuses("two").total() == COUNT
    assert len(slow_graph.sales("1234567890")) == COUNT, "none is lost"
    assert slow_graph.summary().received <= COUNT + 5 * 20, "only requests whose answer was lost came twice"
