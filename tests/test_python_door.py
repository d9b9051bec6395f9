"""The functions of `importer` as a host program meets them: in a running event loop, in threads, beside its signals."""

import asyncio
import csv
import inspect
import os
import pydoc
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

import importer
from importer.cli import cli
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
CLOCK = 1_795_474_800.0
HEADER = "Order ID,Date,Email,Total,Currency"


def sales(count):
    rows = [f"{n},2026-11-20T10:00:00Z,p{n}@example.com,5,EUR" for n in range(count)]
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def graph():
    return Sandbox(SandboxOptions(), clock=lambda: CLOCK)


@pytest.fixture
def told(here, graph):
    """Options with which everything goes to the sandbox."""
    with serve(graph) as running:
        yield {"token": "tok", "graph_url": running.url, "now": NOW}


def in_a_loop(work):
    async def main():
        return work()

    return asyncio.run(main())


def test_every_function_works_while_an_event_loop_is_running(here, told, graph):
    sending = {**told, "dataset": "1001"}
    assert in_a_loop(lambda: importer.check(sales(2), online=True, **sending)).ok
    assert in_a_loop(lambda: importer.send(sales(2), ledger="l.db", **sending)).accepted == 2
    assert in_a_loop(lambda: importer.event(email="a@example.com", value=5, action_source="email", **sending)).success
    assert in_a_loop(lambda: importer.pixels("act_101", **told))
    assert in_a_loop(lambda: importer.pixel("1001", **told)).pixel.id == "1001"
    assert in_a_loop(lambda: importer.task({"task": "list_pixels", "adAccountId": "act_101"})).success
    assert graph.summary().received == 3


def test_the_coroutines_leave_the_loop_running(here, told):
    ticks = []

    async def tick():
        while True:
            ticks.append(1)
            await asyncio.sleep(0.01)

    async def main():
        ticking = asyncio.ensure_future(tick())
        checked, sent, told_of = await asyncio.gather(
            importer.check_async(sales(2), now=NOW),
            importer.send_async(sales(2), ledger="l.db", dataset="1001", **told),
            importer.event_async(email="a@example.com", value=5, action_source="email", dataset="1001", **told),
        )
        ticking.cancel()
        return checked.ok, sent.accepted, told_of.success

    assert asyncio.run(main()) == (True, 2, True)
    assert len(ticks) > 10


def test_a_cancelled_send_ends_in_order_and_the_next_one_goes_on(here, told, graph):
    graph.options = SandboxOptions(latency=0.2)
    Path("sales.csv").write_bytes(sales(2_000))
    sending = {**told, "dataset": "1001", "ledger": "l.db", "batch_size": 20, "concurrency": 1}

    async def main():
        task = asyncio.ensure_future(importer.send_async("sales.csv", **sending))
        while not graph.summary().received:  # noqa: ASYNC110  the sandbox has no event of this loop
            await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    rows = list(csv.DictReader(Path("sales.csv.report.csv").read_text("utf-8").splitlines()))
    assert {row["status"] for row in rows} == {"accepted", "unsent"}
    assert len(rows) == 2_000
    graph.options = SandboxOptions()
    assert importer.send("sales.csv", **sending | {"batch_size": 1_000}, report="second.csv").rows["unsent"] == 0
    assert (graph.summary().distinct, graph.summary().repeats) == (2_000, 0)


def test_a_stop_from_another_thread_ends_the_run_in_order(here, told, graph):
    graph.options = SandboxOptions(latency=0.2)
    stop = threading.Event()

    def watch(progress):
        if progress.sales:
            stop.set()

    with pytest.raises(importer.Interrupted) as error:
        importer.send(sales(2_000), stop=stop, on_progress=watch, dataset="1001", ledger="l.db", batch_size=20, **told)
    summary = error.value.summary
    assert summary.rows["accepted"] + summary.rows["unsent"] == 2_000
    assert summary.outcomes.num_rows == 2_000


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": "many"}, "batch_size takes no value of the type str"),
        ({"now": 3}, "now takes no value of the type int"),
        ({"report": 5}, "report takes no value of the type int"),
        ({"customers": pd.DataFrame({"a": [1]})}, "customers takes no value of the type DataFrame"),
        ({"name": 5}, "name="),
        ({"datset": "1"}, "did you mean dataset"),
        ({"timezone": 5}, "--timezone"),
    ],
)
def test_an_option_of_a_wrong_type_is_named_in_a_sentence(options, words):
    with pytest.raises(importer.UsageError, match=words):
        importer.check(sales(1), **options)


def test_a_summary_is_short_where_a_notebook_shows_it():
    shown = repr(importer.check(sales(2), now=NOW))
    assert shown == "<Summary ok=True rows={'ready': 2} value={'EUR': '10.00'} questions=0 report=None>"


def test_an_interruption_that_does_not_wake_the_loop_is_seen(here, told, graph):
    """As ipykernel has it: the task is cancelled by a signal handler while the loop sleeps."""
    graph.options = SandboxOptions(latency=0.2)
    sending = {**told, "dataset": "1001", "ledger": "l.db", "batch_size": 20, "concurrency": 1, "report": "r.csv"}

    async def main():
        task = asyncio.ensure_future(importer.send_async(sales(2_000), **sending))
        asleep = threading.Thread(target=lambda: (until(lambda: graph.summary().received), task.cancel()))
        asleep.start()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert "unsent" in Path("r.csv").read_text("utf-8")


def until(happened):
    while not happened():
        time.sleep(0.02)


def test_send_works_in_a_thread(here, told):
    found = []
    thread = threading.Thread(
        target=lambda: found.append(importer.send(sales(2), dataset="1001", ledger="l.db", **told))
    )
    thread.start()
    thread.join()
    assert found[0].accepted == 2


def test_no_signal_handler_of_the_host_changes(here, told):
    def mine(number, frame):
        """Stand for the host's own."""

    numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    before = {number: signal.signal(number, mine) for number in numbers}
    seen = []

    def watch(progress):
        seen.append([signal.getsignal(number) for number in numbers])

    try:
        importer.send(sales(200), on_progress=watch, dataset="1001", ledger="l.db", **told)
        importer.pixels("act_101", **told)
        seen.append([signal.getsignal(number) for number in numbers])
        wakeup = signal.set_wakeup_fd(-1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert all(handlers == [mine] * 3 for handlers in seen)
    assert wakeup == -1


HOST = """
import os, signal, sys, threading, time, importer
class Killed(Exception): pass
def handler(number, frame): raise Killed
if sys.argv[2] == "own": signal.signal(signal.SIGTERM, handler)
fired = threading.Event()
def watch(progress):
    if progress.sales and not fired.is_set():
        fired.set()
        os.kill(os.getpid(), signal.SIGTERM if sys.argv[2] == "own" else signal.SIGINT)
try:
    importer.send("sales.csv", on_progress=watch, dataset="1001", ledger="l.db", batch_size=20, concurrency=1, token="t", graph_url=sys.argv[1], now="2026-11-23T23:00:00Z")
except importer.Interrupted as error:
    print("Interrupted", error.summary.total)
except Killed:
    print("Killed")
"""


@pytest.mark.parametrize(("who", "words"), [("own", "Killed"), ("ctrl-c", "Interrupted 2000")])
def test_what_a_signal_raises_ends_the_run_in_order_first(here, told, graph, who, words):
    graph.options = SandboxOptions(latency=0.2)
    Path("sales.csv").write_bytes(sales(2_000))
    done = subprocess.run(
        [sys.executable, "-c", HOST, told["graph_url"], who], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == words, done.stderr
    rows = list(csv.DictReader(Path("sales.csv.report.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 2_000
    assert {row["status"] for row in rows} == {"accepted", "unsent"}


def test_every_command_is_a_function_and_dir_shows_everything_public():
    shown = dir(importer)
    assert set(importer.__all__) <= set(shown)
    assert {*cli.commands, "check", "send_async", "check_async", "event_async", "Event", "__version__"} <= set(shown)
    assert all(getattr(importer, name) is not None for name in importer.__all__)
    assert importer.__version__.count(".") == 2


def test_an_error_has_its_summary_typed(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import importer\nreveal_type(importer.CapiImportError().summary)\n")
    assert "importer.results.summary.Summary | None" in mypy(script)


@pytest.mark.parametrize("name", ["send", "check", "columns", "event", "send_async", "check_async", "event_async"])
def test_help_lists_the_options_with_what_each_means(name):
    function = getattr(importer, name)
    text = pydoc.render_doc(function, renderer=pydoc.plaintext)
    if name.startswith("event"):
        assert "order_id (str | int)" in text
        assert "dataset (str | int): Dataset (pixel) id; env CAPI_DATASET_ID." in text
    else:
        assert "encoding (str): Text encoding of a CSV file, when it is recognised wrongly." in text
        assert "rows ('order' | 'line' | 'line-with-total'): What a row is" in text
    assert "options" not in inspect.signature(function).parameters


GOOD = """
import datetime, pathlib, zoneinfo
import pandas as pd
import importer

frame = pd.DataFrame({"a": [1]})
summary = importer.check(
    frame, timezone=zoneinfo.ZoneInfo("Europe/Berlin"), now=datetime.datetime.now(datetime.UTC), name="till",
    report=pathlib.Path("x.csv"), map={"Betrag": "value"}, status=["offen=unpaid"], batch_size=500, rows="line",
)
ok: bool = summary.ok
importer.send("a.csv", pathlib.Path("b.csv"), b"bytes", pathlib.Path("c").open("rb"), [{"a": 1}], dataset=123)
importer.columns(frame, sheet=2)
importer.event(email="a@example.com", value=5, dataset="1")
try:
    importer.send("a.csv")
except importer.NeedsAnswer as error:
    texts = [question.text for question in error.questions]
except importer.CapiImportError as error:
    rows = error.summary.rows if error.summary else {}
async def main() -> None:
    found = await importer.send_async("a.csv", dataset="1")
    print(found.accepted)
"""
BAD = """
import importer
importer.send("a.csv", datset="1")
importer.send("a.csv", batch_size="many")
importer.check("a.csv", rows="lines")
importer.columns("a.csv", dataset="1")
importer.event(e_mail="a@example.com")
importer.chekc("a.csv")
"""


def mypy(script):
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(script.parent / "cache"), str(script)],
        capture_output=True, text=True, timeout=280, check=False, env=os.environ | {"PYTHONPATH": "", "MYPYPATH": str(Path(importer.__file__).parents[1])},
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.slow
def test_mypy_takes_a_right_script_and_refuses_each_wrong_line(tmp_path):
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "bad.py").write_text(BAD)
    good = [line for line in mypy(tmp_path / "good.py").splitlines() if "good.py" in line and "error" in line]
    assert good == []
    refused = {
        int(line.split(":")[1])
        for line in mypy(tmp_path / "bad.py").splitlines()
        if "bad.py" in line and "error" in line
    }
    assert refused == {3, 4, 5, 6, 7, 8}
