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

from importer.ledger import Ledger

ROOT = Path(__file__).resolve().parents[2]
EVENTS, SIZE, IN_FLIGHT = 6_000, 50, 8
DATASET = "1234567890"

RUN = """
import asyncio, json, sys
from pathlib import Path
sys.path[:0] = [str(Path("tests").resolve())]
from builders import NOW, prepared, sales
from importer.client import GraphClient
from importer.deliver import Delivery, deliver
from importer.ledger import Ledger

path, url, events, size, in_flight = sys.argv[1:]
everything = sales(int(events))

async def main():
    batches = (("a.csv", prepared(everything[n:n + 700])) for n in range(0, len(everything), 700))
    async with GraphClient("EAAtoken", graph_url=url) as client:
        with Ledger.open(Path(path)) as ledger:
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


@pytest.mark.slow
def test_killed_six_times_everything_arrives_and_repeats_are_bounded(tmp_path: Path, receiver: Receiver) -> None:
    path = tmp_path / "ledger.db"
    seed = 754230
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(6):
        process = start(path, receiver)
        wait_for_more(receiver, process, chance.randrange(1, EVENTS // 8))
        time.sleep(chance.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with Ledger.open(path, read_only=True) as ledger:
            claimed = sum(claim.events for claim in ledger.open_claims(DATASET))
        assert claimed <= 6 * (IN_FLIGHT + 3) * SIZE
    output, errors = start(path, receiver).communicate(timeout=120)
    assert errors == b""
    assert len(receiver.arrived) == EVENTS
    repeats = sum(receiver.arrived.values()) - EVENTS
    assert repeats <= 6 * IN_FLIGHT * SIZE
    assert json.loads(output.split(b"}")[0] + b"}").keys() == {"accepted", "duplicate"}
    with Ledger.open(path, read_only=True) as ledger:
        assert sum(total.accepted for total in ledger.totals()) == EVENTS
        assert ledger.open_claims(DATASET) == []


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
