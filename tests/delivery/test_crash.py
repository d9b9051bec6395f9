"""Killed at random moments, the same command loses nothing and repeats only what was in flight."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from importer.delivery.deliver import SPARE_WORKERS
from importer.store import open_ledger

ROOT = Path(__file__).resolve().parents[2]
EVENTS, SIZE, IN_FLIGHT = 6_000, 50, 8

RUN = """
import asyncio, json, sys
from pathlib import Path
sys.path[:0] = [str(Path("tests").resolve())]
from builders import NOW, prepared, sales
from importer.graph.client import GraphClient
from importer.delivery import Delivery, deliver
from importer.store import open_ledger

path, url, events, size, in_flight = sys.argv[1:]
everything = sales(int(events))

async def main():
    batches = (("a.csv", prepared(everything[n:n + 700])) for n in range(0, len(everything), 700))
    async with GraphClient("EAAtoken", graph_url=url, version="v25.0") as client:
        with open_ledger(Path(path)) as ledger:
            delivery = Delivery("1234567890", ("a.csv",), batch_size=int(size), concurrency=int(in_flight))
            work = deliver(batches, client=client, ledger=ledger, delivery=delivery, clock=lambda: NOW)
            statuses = [status for _, rows in [pair async for pair in work] for status in rows["status"].to_pylist()]
    print(json.dumps({name: statuses.count(name) for name in set(statuses)}), work.stopped)

asyncio.run(main())
"""


class Receiver(ThreadingHTTPServer):
    """Takes all events and counts them; `bodies` holds every event's text as it first came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.arrived: Counter[str] = Counter()
        self.bodies: dict[str, str] = {}
        self.lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        events = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
        with self.server.lock:
            for event in events:
                self.server.arrived[event["event_id"]] += 1
                text = json.dumps(event)
                assert self.server.bodies.setdefault(event["event_id"], text) == text
        time.sleep(0.03)
        answer = json.dumps({"events_received": len(events)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        server.handle_error = lambda *_: None  # a killed client resets its connections
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def start(path: Path, server: Receiver) -> subprocess.Popen[bytes]:
    url = f"http://127.0.0.1:{server.server_address[1]}"
    command = [sys.executable, "-c", RUN, str(path), url, str(EVENTS), str(SIZE), str(IN_FLIGHT)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_more(server: Receiver, process: subprocess.Popen[bytes], events: int) -> None:
    target = sum(server.arrived.values()) + events
    while process.poll() is None and sum(server.arrived.values()) < target:
        time.sleep(0.002)


def settled_and_claimed(path: Path) -> tuple[int, int]:
    """Events that the ledger holds as accepted, and as claimed only."""
    if not path.exists():
        return 0, 0
    with open_ledger(path, read_only=True) as ledger:
        totals = ledger.totals()
    return sum(total.accepted for total in totals), sum(total.in_doubt for total in totals)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [754_230, None], ids=["before anything is settled", "at random"])
def test_killed_six_times_everything_arrives_and_repeats_are_bounded(
    tmp_path: Path, receiver: Receiver, seed: int | None
) -> None:
    path = tmp_path / "ledger.db"
    seed = random.randrange(1_000_000) if seed is None else seed
    print(f"seed {seed}")
    chance = random.Random(seed)
    at_once = (IN_FLIGHT + SPARE_WORKERS) * SIZE  # claimed and not yet settled, answered or not
    for kills in range(1, 7):
        process = start(path, receiver)
        wait_for_more(receiver, process, chance.randrange(1, EVENTS // 8))
        time.sleep(chance.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        settled, claimed = settled_and_claimed(path)
        assert settled <= len(receiver.arrived), "nothing is settled that did not arrive"
        assert claimed <= kills * at_once
        assert len(receiver.arrived) - settled <= claimed, "nothing arrives that was not claimed"
    output, errors = start(path, receiver).communicate(timeout=120)
    assert errors == b""
    told = Counter(json.loads(output.split(b"}")[0] + b"}"))
    assert told == Counter({"duplicate": settled, "accepted": EVENTS - settled}), "what was settled is not sent again"
    assert len(receiver.arrived) == EVENTS
    assert sum(receiver.arrived.values()) - EVENTS <= 6 * at_once
    assert settled_and_claimed(path) == (EVENTS, 0)


@pytest.mark.slow
def test_two_processes_on_one_ledger_never_send_the_same_sale(tmp_path: Path, receiver: Receiver) -> None:
    path = tmp_path / "ledger.db"
    first, second = start(path, receiver), start(path, receiver)
    results = [process.communicate(timeout=120) for process in (first, second)]
    assert set(receiver.arrived.values()) == {1}
    assert len(receiver.arrived) == EVENTS
    finished = [output for output, _ in results if output]
    refused = [errors for _, errors in results if b"Another run (process" in errors]
    assert len(finished) + len(refused) == 2
    assert finished
