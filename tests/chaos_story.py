"""A seeded story of one shop whose importer is killed, doubled, rolled back, flipped and linked, and what must hold.

A story is a month of sales whose receipt numbers start again each day, sent in rounds of overlapping exports. In each
round one thing goes wrong, drawn from `TROUBLES`; the last round is calm and sends everything. After each round:

- a report that was finished has a line for each row, and what it calls accepted or duplicate is at Meta;
- what the ledger knew to be accepted is not sent again, unless the user said so: `ledger accept`, or no ledger at all;
- nobody's address stands in any file that was written.

In the end every sale has arrived.
"""

from __future__ import annotations

import asyncio
import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from importer.commands import ledger as ledger_commands
from importer.commands import send as run
from importer.delivery import deliver
from importer.errors import CapiImportError, LedgerError
from importer.graph_sandbox import CUT, Response, Sandbox, SandboxOptions, bad_gateway, serve, throttled, unavailable

BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)
HEADER = "Order ID,Date,Email,Phone,Total,Currency"
SECRET = "chaos.person"
"""In every customer's address, and in no other text."""
DATASET, BATCH = "1001", 20


@dataclass
class Story:
    """One shop, its ledger and its sandbox; `seed` decides everything but the moment at which a process dies."""

    folder: Path
    seed: int
    sales: int = 240
    told: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.now = BEGAN
        self.ledger = self.folder / "books" / "ledger.db"
        self.ledger.parent.mkdir()
        self.lines = [self._line(number) for number in range(self.sales)]
        self.settled: set[int] = set()  # sales that a finished report calls accepted or duplicate
        self.poison = frozenset(self.chance.sample(range(self.sales), 3))
        self.bad = 0.0
        self.graph = Sandbox(self._options(), clock=self.clock)
        self.backup: tuple[Path, set[int]] | None = None
        self.seen = 0

    def clock(self) -> float:
        """Return the sandbox's time."""
        return self.now.timestamp()

    def _line(self, number: int) -> str:
        """A sale: its amount is its number, its receipt number one of its day's; every fifth has no id at all."""
        day, receipt = divmod(number, 24)
        order = "" if number % 5 == 0 else f"{receipt:03}"
        person = number % 60  # regulars, who come again on other days
        return f"{order},2026-11-{10 + day}T{9 + receipt % 9:02}:{number % 60:02}:00Z,{SECRET}{person}@example.com,,{number + 1}.00,EUR"

    def _options(self, latency: float = 0.0) -> SandboxOptions:
        poison = self.poison
        return SandboxOptions(
            poison=lambda event: int(event["custom_data"]["value"]) - 1 in poison,
            poison_path=self.chance.random() < 0.5,
            refuse=(self._refuse,),
            spoil=(self._spoil,),
            latency=latency,
        )

    def _refuse(self, request: object) -> Response | None:
        if "/events" not in request.path or self.chance.random() >= self.bad:
            return None
        broken = (Response(200, {}, b'{"events_rec'), Response(500, {}, b""), Response(200, {}, b"<html>"))
        return self.chance.choice(
            (throttled(), throttled(4, subcode=None), unavailable(), unavailable(1), bad_gateway(), CUT, *broken)
        )

    def _spoil(self, request: object, answer: Response) -> Response:
        if "/events" not in request.path or answer.status != 200 or self.chance.random() >= self.bad / 3:
            return answer
        return self.chance.choice((CUT, bad_gateway(), Response(200, {}, b'{"events_received":')))

    # ------------------------------------------------------------------ the story

    def drawn(self, rounds: int) -> list[str]:
        """Draw what goes wrong in each round."""
        return self.chance.choices(sorted(TROUBLES), k=rounds)

    def play(self, troubles: Sequence[str]) -> None:
        """Play a round with each trouble and a calm last one, and check what must hold after each."""
        with mock.patch.dict(os.environ, {"XDG_STATE_HOME": str(self.folder / "state")}), serve(self.graph) as running:
            self.url = running.url
            for name in troubles:
                self.told.append(name)
                self.counts[name] += 1
                self.now += timedelta(minutes=self.chance.choice((1, 60, 1_440)))
                TROUBLES[name](self)
                self._check()
                self.bad = 0.0
            self.told.append("calm")
            self.whole_run()
        arrived = {self._number(event) for event in self.graph.events(DATASET)}
        assert arrived == set(range(self.sales)) - self.poison, "every sale has arrived, and no other"
        for path in self.folder.rglob("*"):
            if path.is_file() and path.suffix != ".csv":
                assert SECRET.encode() not in path.read_bytes(), path.name
        for path in self.folder.glob("*report.csv"):
            assert SECRET not in path.read_text(encoding="utf-8")

    def whole_run(self) -> None:
        """Send every sale with nothing in the way; a damaged ledger is first put right as docs/delivery.md says."""
        self.write("all.csv", list(range(self.sales)))
        self._check()
        try:
            self.send("all.csv")
        except LedgerError as error:
            self._repair(error)
            self.send("all.csv")
        self._check()

    def write(self, name: str, numbers: list[int]) -> None:
        """Write an export of these sales."""
        text = "\n".join([HEADER, *(self.lines[number] for number in numbers)])
        (self.folder / name).write_text(text + "\n", encoding="utf-8")

    def export(self, name: str = "part.csv") -> str:
        """Write an export of some sales, in a new order."""
        numbers = self.chance.sample(range(self.sales), self.chance.randint(20, self.sales))
        self.write(name, numbers)
        return name

    def send(
        self, name: str, *, ledger: Path | None = None, token: str | None = None, stop_after: int | None = None
    ) -> None:
        """Send an export in this process, and read its report whether or not it came to its end."""
        graph, base = self.graph, self.graph.summary().requests

        class StopAfter(threading.Event):
            def is_set(self) -> bool:
                return stop_after is not None and graph.summary().requests - base >= stop_after

        def quickly(*a: object, **k: object) -> object:
            return deliver(*a, sleep=_quick, drain_seconds=1.0, **k)

        report = self.folder / "report.csv"
        report.unlink(missing_ok=True)
        self._known = set(self.settled)
        with mock.patch.object(run, "deliver", quickly):
            try:
                run.send(
                    self.folder / name,
                    stop=StopAfter(),
                    token=token or "token",
                    graph_url=self.url,
                    dataset=DATASET,
                    ledger=ledger or self.ledger,
                    report=report,
                    now=self.now,
                    batch_size=BATCH,
                    concurrency=self.chance.randint(1, 6),
                )
            finally:
                self.read_report(name, report)

    def start(
        self, name: str, *, ledger: Path | None = None, report: str = "other-report.csv"
    ) -> subprocess.Popen[bytes]:
        """Start the program in a process of its own."""
        command = [sys.executable, "-m", "importer", "send", str(self.folder / name), "--dataset", DATASET]
        command += ["--ledger", str(ledger or self.ledger), "--report", str(self.folder / report)]
        command += ["--graph-url", self.url, "--now", self.now.isoformat(), "--batch-size", str(BATCH), "--quiet"]
        (self.folder / report).unlink(missing_ok=True)
        self._known = set(self.settled)
        self.graph.options = replace(self.graph.options, latency=0.01)
        return subprocess.Popen(
            command,
            env=os.environ | {"CAPI_ACCESS_TOKEN": "token"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def wait_for_requests(self, process: subprocess.Popen[bytes], count: int) -> None:
        """Wait until the process has posted so many requests, or has ended."""
        target = self.graph.summary().requests + count
        while process.poll() is None and self.graph.summary().requests < target:
            time.sleep(0.002)

    def read_report(self, name: str, report: Path) -> None:
        """Read a finished report: its lines are true, and what it calls accepted or duplicate is settled."""
        if not report.exists():
            return
        with (self.folder / name).open(encoding="utf-8") as file:
            numbers = [int(float(row["Total"])) - 1 for row in csv.DictReader(file)]
        with report.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert [int(row["row"]) for row in rows] == list(range(1, len(numbers) + 1)), "each row has its line"
        there = {self._number(event) for event in self.graph.events(DATASET)}
        for number, row in zip(numbers, rows, strict=True):
            if row["status"] in {"accepted", "duplicate"}:
                assert number in there, (row["status"], row["reason"])
                self.settled.add(number)
            elif row["status"] == "rejected":
                assert number in self.poison, row["reason"]
            else:
                assert row["status"] == "unsent", (row["status"], row["reason"])

    def _number(self, event: dict[str, object]) -> int:
        return int(event["custom_data"]["value"]) - 1

    def _check(self) -> None:
        """What was settled before the last run began was not sent by it."""
        events = self.graph.events(DATASET)
        again = {self._number(event) for event in events[self.seen :]} & getattr(self, "_known", set())
        assert not again, f"{len(again)} settled sales were sent again"
        self.seen = len(events)
        self._known = set()

    # ------------------------------------------------------------------ the ledger

    def put_back(self, source: Path, settled: set[int]) -> None:
        """Put a copy in the ledger's place and say that it is meant: what came since may be sent again."""
        for ending in ("-wal", "-shm"):
            self.ledger.with_name(self.ledger.name + ending).unlink(missing_ok=True)
        self.ledger.unlink(missing_ok=True)
        shutil.copy(source, self.ledger)
        ledger_commands.ledger_accept(self.ledger)
        self.settled = set(settled)

    def _repair(self, error: LedgerError) -> None:
        """Do what the documents say: put the latest backup back, or begin anew."""
        assert "damaged" in str(error), error
        self.counts["repaired"] += 1
        if self.backup is not None:
            self.put_back(*self.backup)
            return
        for path in self.ledger.parent.glob(self.ledger.name + "*"):
            path.unlink()
        self.settled.clear()


async def _quick(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 0.002))


# ---------------------------------------------------------------------- what goes wrong


def calm(story: Story) -> None:
    _tried(story, story.export())


def bad_weather(story: Story) -> None:
    story.bad = story.chance.uniform(0.05, 0.4)
    _tried(story, story.export())


def stopped(story: Story) -> None:
    story.bad = story.chance.choice((0.0, 0.2))
    _tried(story, story.export(), stop_after=story.chance.randint(1, 12))


def dead_token(story: Story) -> None:
    _tried(story, story.export(), token="dead-token")


def later_and_earlier(story: Story) -> None:
    """The clock is set back an hour, or on a day."""
    story.now += timedelta(hours=story.chance.choice((-1, 24)))
    _tried(story, story.export())


def killed(story: Story) -> None:
    """SIGKILL, SIGTERM or SIGHUP after some requests."""
    story.bad = story.chance.choice((0.0, 0.1))
    name = story.export()
    process = story.start(name)
    story.wait_for_requests(process, story.chance.randint(1, 10))
    time.sleep(story.chance.random() * 0.02)
    how = story.chance.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP))
    process.send_signal(how)
    _ended(story, process)
    if how != signal.SIGKILL:
        story.read_report(name, story.folder / "other-report.csv")


def two_importers(story: Story) -> None:
    """Two processes at once, the second by another name of the ledger or its folder, the lock file deleted or not."""
    name, other = story.export(), _another_name(story)
    first = story.start(name)
    story.wait_for_requests(first, 2)
    if story.chance.random() < 0.5 and sys.platform == "linux":
        for lock in story.ledger.parent.glob("*.lock"):
            lock.unlink()
    base = len(story.graph.events(DATASET))
    second = story.start(name, ledger=other, report="third-report.csv")
    codes = [_ended(story, process) for process in (first, second)]
    assert set(codes) <= {0, 1, 2}, codes
    sent = Counter(story._number(event) for event in story.graph.events(DATASET)[base:])
    assert all(count == 1 for count in sent.values()), "two processes sent the same sale"
    for code, report in zip(codes, ("other-report.csv", "third-report.csv"), strict=True):
        if code != 2:
            story.read_report(name, story.folder / report)


def by_another_name(story: Story) -> None:
    _tried(story, story.export(), ledger=_another_name(story))


def two_hard_links(story: Story) -> None:
    """A second hard link to the ledger is refused, and taken away again."""
    if not story.ledger.exists():
        calm(story)
        return
    second = story.folder / "hard.db"
    os.link(story.ledger, second)
    before = story.graph.summary().requests
    for ledger in (second, story.ledger):
        with pytest.raises(LedgerError, match="more than one name"):
            story.send(story.export(), ledger=ledger)
    second.unlink()
    assert _posts_since(story, before) == 0


def backed_up(story: Story) -> None:
    """A backup is made, perhaps while a run is writing."""
    if not story.ledger.exists():
        calm(story)
        return
    target = story.folder / f"backup{len(story.told)}.db"
    settled = set(story.settled)
    if story.chance.random() < 0.5:
        name = story.export()
        process = story.start(name)
        story.wait_for_requests(process, 3)
        ledger_commands.ledger_backup(target, story.ledger)
        _ended(story, process)
        story.read_report(name, story.folder / "other-report.csv")
    else:
        ledger_commands.ledger_backup(target, story.ledger)
    assert all("older than when" in fault for fault in ledger_commands.ledger_check(target))
    story.backup = target, settled


def rolled_back(story: Story) -> None:
    """An older copy stands in the ledger's place: refused until it is accepted."""
    if not story.ledger.exists():
        calm(story)
        return
    older, settled = story.folder / "older.db", set(story.settled)
    copied(story, older)
    _tried(story, story.export())
    story._check()
    newer, settled_now = story.folder / "newer.db", set(story.settled)
    copied(story, newer)
    before = story.graph.summary().requests
    for ending in ("", "-wal", "-shm"):
        story.ledger.with_name(story.ledger.name + ending).unlink(missing_ok=True)
    shutil.copy(older, story.ledger)
    with pytest.raises(LedgerError, match="older than when"):
        story.send(story.export())
    assert _posts_since(story, before) == 0
    if story.chance.random() < 0.5:
        story.put_back(older, settled)
    else:
        story.ledger.unlink()
        shutil.copy(newer, story.ledger)
        story.settled = settled_now


def flipped(story: Story) -> None:
    """A bit of the ledger is flipped: the next runs stop, or nothing is sent twice."""
    if not story.ledger.exists():
        calm(story)
        return
    safe, settled = story.folder / "safe.db", set(story.settled)
    copied(story, safe)
    content = bytearray(story.ledger.read_bytes())
    content[story.chance.randrange(len(content))] ^= 1 << story.chance.randrange(8)
    story.ledger.write_bytes(content)
    try:
        story.send(story.export())
    except LedgerError:
        story.counts["flips noticed"] += 1
    story._check()
    story.put_back(safe, settled)


def deleted(story: Story) -> None:
    """No ledger at all: a new one is made, which is said; everything may be sent again."""
    for path in story.ledger.parent.glob(story.ledger.name + "*"):
        path.unlink()
    story.settled.clear()
    story.backup = None
    name = story.export()
    story.send(name)


def deleted_in_mid_run(story: Story) -> None:
    """The ledger goes while a run writes it: the run stops, and what it had settled is lost with the file."""
    if not story.ledger.exists():
        calm(story)
        return
    safe, settled = story.folder / "safe.db", set(story.settled)
    copied(story, safe)
    name = story.export()
    process = story.start(name)
    story.wait_for_requests(process, 2)
    story.ledger.unlink(missing_ok=True)
    _ended(story, process)
    story._check()
    story.put_back(safe, settled)


TROUBLES: dict[str, Callable[[Story], None]] = {
    function.__name__: function
    for function in (
        *(calm, bad_weather, stopped, dead_token, later_and_earlier, killed, two_importers, by_another_name),
        *(two_hard_links, backed_up, rolled_back, flipped, deleted, deleted_in_mid_run),
    )
}


def copied(story: Story, target: Path) -> None:
    """Copy the ledger by the program's own means."""
    target.unlink(missing_ok=True)
    ledger_commands.ledger_backup(target, story.ledger)


def _tried(story: Story, name: str, **options: object) -> None:
    """Send; the run may stop early, which its report then says."""
    try:
        story.send(name, **options)
    except LedgerError as error:
        story._repair(error)
    except CapiImportError:
        story.counts["runs that stopped"] += 1


def _ended(story: Story, process: subprocess.Popen[bytes]) -> int:
    _, errors = process.communicate(timeout=120)
    story.graph.options = replace(story.graph.options, latency=0.0)
    assert b"Traceback" not in errors, errors.decode()
    return process.returncode


def _posts_since(story: Story, before: int) -> int:
    return sum(one.edge == "events" for one in story.graph.log()[before:])


def _another_name(story: Story) -> Path:
    """The ledger's own path, a link to it, a path through a link to its folder, or one with steps back."""
    kind = story.chance.randrange(4)
    if kind == 1:
        link = story.folder / "link.db"
        if not link.is_symlink():
            link.symlink_to(story.ledger)
        return link
    if kind == 2:
        folder = story.folder / "linked"
        if not folder.is_symlink():
            folder.symlink_to(story.ledger.parent)
        return folder / story.ledger.name
    return story.ledger if kind else story.ledger.parent / ".." / "books" / story.ledger.name
