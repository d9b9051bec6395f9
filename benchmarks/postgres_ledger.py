"""A ledger in PostgreSQL under several senders: keys claimed in a second, and what random kills do to it.

    python benchmarks/postgres_ledger.py claims [PROCESSES] [SECONDS]
    python benchmarks/postgres_ledger.py kills [SENDERS] [SECONDS]

A real server in a private folder (tests/postgres_server.py), with fsync; sales with an order id, a day, an amount and
two customers. `kills`: senders claim, post to a log that stands for Meta, and settle; one after another dies by SIGKILL
at a random moment and is replaced. At the end every sale must have arrived, and those that came twice must be of a
request whose answer a killed sender never noted.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from postgres_server import PostgresServer, binaries

from importer.store import Sales, open_ledger
from importer.store.ledger_sales import COLUMNS

DATASET = "1234567890"
NOW = 1_795_474_800
REQUEST, KILL_REQUEST = 1_000, 100
LATENCY = 0.3


def some_sales(first: int, count: int) -> Sales:
    """Sales by number; the same number is the same sale."""
    numbers = np.arange(first, first + count, dtype=np.uint64)
    keys = np.stack([numbers * np.uint64(0x9E3779B97F4A7C15), numbers], axis=1)
    columns = {
        "keys": pa.nulls(count, pa.list_(pa.binary(16))),
        "day": pa.array(np.full(count, 20_000, np.int32)),
        "event_time": pa.array(np.full(count, NOW - 3_600)),
        "value": pa.array([12.5] * count).cast(COLUMNS.field("value").type),
        "currency": pa.array(["EUR"] * count),
        "customers": pa.ListArray.from_arrays(
            pa.array(np.arange(count + 1, dtype=np.int32) * 2), pa.array(np.repeat(numbers, 2))
        ),
        "order_id": pa.array([f"R-{number}" for number in numbers.tolist()]),
        "event_id": pa.nulls(count, pa.string()),
        "event_name": pa.array(["Purchase"] * count),
        "body": pa.nulls(count, pa.binary(32)),
    }
    batch = pa.RecordBatch.from_arrays([columns[name] for name in COLUMNS.names], schema=COLUMNS)
    return Sales(keys, batch, pa.nulls(count, pa.binary(16)))


def claim_for(address: str, number: int, seconds: float) -> None:
    """Claim requests of new sales until the time is over; print the keys and the seconds in claims and settlements."""
    with open_ledger(address) as ledger:
        run = ledger.begin(DATASET, ["f.csv"], NOW)
        prepared = [some_sales((number << 40) + place * REQUEST, REQUEST) for place in range(60)]
        end, claiming, settling, count = time.monotonic() + seconds, 0.0, 0.0, 0
        while time.monotonic() < end:
            fresh = prepared[count % len(prepared)]
            fresh.keys[:, 1] += np.uint64(1 << 32)
            began = time.perf_counter()
            claim = ledger.claim(run, "f.csv", fresh, NOW)
            claimed = time.perf_counter()
            ledger.settle(claim.id, fresh, None, NOW)
            claiming, settling, count = claiming + claimed - began, settling + time.perf_counter() - claimed, count + 1
        print(count * REQUEST, claiming, settling)


def claims(processes: int = 2, seconds: float = 10.0) -> None:
    server = PostgresServer(binaries(), fsync=True)
    try:
        os.environ["PGPASSWORD"] = server.password
        address = server.new_database()
        with open_ledger(address):
            pass
        workers = [_start("claim", address, number, seconds, stdout=subprocess.PIPE) for number in range(processes)]
        found = [tuple(map(float, worker.communicate()[0].split())) for worker in workers]
        keys, claiming, settling = (sum(column) for column in zip(*found, strict=True))
        print(f"{processes} processes: {keys / seconds:,.0f} keys a second claimed and settled", end="; ")
        print(f"while claiming {keys / claiming * processes:,.0f}; {settling / (claiming + settling):.0%} is settling")
        clients = resource.getrusage(resource.RUSAGE_CHILDREN)
        mine, its = clients.ru_utime + clients.ru_stime, cpu_of(server)
        print(f"processor time for 1,000 keys: senders {mine / keys * 1e6:.1f} ms, server {its / keys * 1e6:.1f} ms")
    finally:
        server.remove()


def cpu_of(server: PostgresServer) -> float:
    """Processor seconds of the server: of its processes, and of those that have ended."""
    master = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat.read_text().rpartition(")")[2].split()
        if master in (int(stat.parent.name), int(fields[1])):
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def send(address: str, log: str, total: int) -> None:
    """Be a sender until every sale is accepted."""
    requests = list(range(0, total, KILL_REQUEST))
    with Path(log).open("ab", buffering=0) as meta, open_ledger(address) as ledger:
        run = ledger.begin(DATASET, ["f.csv"], NOW)
        while requests:
            first = requests.pop(random.randrange(len(requests)))
            sales = some_sales(first, KILL_REQUEST)
            if (ledger.known(DATASET, sales).claims >= 0).all():
                continue
            claim = ledger.claim(run, "f.csv", sales, NOW)
            mine = np.delete(np.arange(KILL_REQUEST), claim.held)
            if len(claim.held):
                requests.append(first)
            if not len(mine):
                time.sleep(0.2)
                continue
            while not ledger.holds(run):
                time.sleep(0.1)
            meta.write("".join(f"{os.getpid()} posted {first + place}\n" for place in mine.tolist()).encode())
            time.sleep(random.random() * 2 * LATENCY)
            ledger.settle(claim.id, sales.take(mine), None, NOW)
            meta.write("".join(f"{os.getpid()} settled {first + place}\n" for place in mine.tolist()).encode())
        ledger.end(run, NOW)


def kills(senders: int = 8, seconds: float = 300.0) -> None:
    total = int(seconds * senders / LATENCY * KILL_REQUEST * 0.5)
    total -= total % KILL_REQUEST
    server = PostgresServer(binaries(), fsync=True)
    folder = Path(tempfile.mkdtemp())
    log, killed = folder / "meta.log", set()
    try:
        os.environ["PGPASSWORD"] = server.password
        address = server.new_database()
        with open_ledger(address):
            pass
        running = [_start("send", address, log, total) for _ in range(senders)]
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(one.poll() is None for one in running):
            time.sleep(random.random() * 2 * seconds / 1_000 * 3)
            place = random.randrange(senders)
            if running[place].poll() is None:
                os.kill(running[place].pid, signal.SIGKILL)
                running[place].wait()
                killed.add(running[place].pid)
                running[place] = _start("send", address, log, total)
        codes = [one.wait() for one in running]
        posted: Counter[int] = Counter()
        lost: set[int] = set()
        open_posts: dict[tuple[str, str], int] = {}
        for line in log.read_text().splitlines():
            sender, what, number = line.split()
            if what == "posted":
                posted[int(number)] += 1
                open_posts[sender, number] = int(number)
            else:
                open_posts.pop((sender, number), None)
        lost = set(open_posts.values())
        with open_ledger(address, read_only=True) as ledger:
            accepted, faults = ledger.totals()[0].accepted, ledger.faults()
        twice = {number for number, times in posted.items() if times > 1}
        print(f"{len(killed)} kills of {senders} senders, {total:,} sales: {total - len(posted)} lost, ", end="")
        print(f"{len(twice):,} came twice, of which {len(twice - lost)} though their answer was noted; ", end="")
        print(f"accepted in the ledger {accepted:,}, faults {faults}, exit codes {sorted(set(codes))}")
    finally:
        server.remove()


def _start(*arguments: object, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.Popen(command, text=True, **options)


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    if what == "claim":
        claim_for(given[0], int(given[1]), float(given[2]))
    elif what == "send":
        send(given[0], given[1], int(given[2]))
    else:
        {"claims": claims, "kills": kills}[what](*(kind(text) for kind, text in zip((int, float), given, strict=False)))
