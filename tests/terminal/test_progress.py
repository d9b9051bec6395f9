from __future__ import annotations

import io
import logging
import sys

import pytest
from rich.console import Console

from importer.progress import Progress
from importer.terminal.live_progress import LiveLines, plain_lines, watching


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def sending(rows, **more):
    return Progress(rows, 100_000, rows - 10, "8,037,851.53 USD", in_flight=3, limit=8, **more)


def shown(view, width=80, **options):
    console = Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None, **options)
    console.print(view)
    return console.file.getvalue().splitlines()


def test_the_live_lines_tell_rows_money_rate_flight_and_time_left(clock):
    view = LiveLines(clock)
    view.update(sending(0))
    clock.now = 2.0
    view.update(sending(40_000))
    first, second = shown(view)
    assert first.startswith(" 40% ■■■■■■■■■■■")
    assert first.endswith("40,000 of 100,000 rows, 3 s left")
    assert second.strip() == "39,990 accepted, 8,037,851.53 USD, 20,000 rows/s, 3 of 8 in flight"


def test_waiting_is_counted_down_with_its_reason_and_does_not_slow_the_rate(clock):
    view = LiveLines(clock)
    view.update(sending(0))
    clock.now = 2.0
    view.update(sending(40_000))
    clock.now = 3.0
    view.update(sending(40_000, waiting=90.0, why="code 80004"))
    clock.now = 13.0
    lines = shown(view)
    assert lines[-1].strip() == "waiting 1:20 min: Meta asks to send more slowly (code 80004)"
    assert "20,000 rows/s" in lines[1]
    assert "1:33 min left" in lines[0]


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_window(clock, width):
    view = LiveLines(clock)
    view.update(sending(1_000))
    clock.now = 1.0
    view.update(
        Progress(
            9_000_000, 10_000_000, 8_999_999, "1,234,567,890.12 USD, 98,765,432.10 EUR, 3 more currencies",
            retries=12_345, in_flight=64, limit=64, waiting=3_000, why="code 80004, subcode 2446079",
        )
    )  # fmt: skip
    lines = shown(view, width)
    assert max(map(len, lines)) <= width
    assert any("12,345 repeated" in line for line in lines)


def test_reading_is_told_before_the_first_row(clock):
    view = LiveLines(clock)
    view.update(Progress(stage="Reading sales.csv"))
    clock.now = 5.0
    assert shown(view) == ["Reading sales.csv (5 s)"]


def test_plain_lines_come_now_and_then(clock, capsys):
    watch = plain_lines(10.0, clock)
    watch(Progress(stage="Reading"))
    watch(sending(0))
    clock.now = 5.0
    watch(sending(10_000))
    clock.now = 10.0
    watch(sending(20_000, waiting=7.0, why="code 4"))
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        "20,000 of 100,000 rows, 19,990 accepted, 8,037,851.53 USD, 2,000 rows/s, 3 of 8 in flight, "
        "waiting 7 s for Meta (code 4), 47 s left"
    )


def test_nothing_is_said_of_a_rate_and_time_left_before_they_are_known(clock, capsys):
    watch = plain_lines(0.0, clock)
    watch(Progress(rows=0, total=20, sales=5, check=True))
    assert capsys.readouterr().err == "0 of 20 rows, 5 ready\n"


def test_check_speaks_of_ready_sales_and_of_no_requests(clock):
    view = LiveLines(clock)
    view.update(Progress(1, 2, 1, "5.00 EUR", check=True))
    assert shown(view)[1].strip() == "1 ready, 5.00 EUR"


def test_quiet_shows_nothing():
    with watching(quiet=True, verbose=False) as watch:
        assert watch is None


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("environ", "is_live"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_live_lines_unless_it_asks_for_plain_ones(monkeypatch, environ, is_live):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with watching(quiet=False, verbose=True) as watch:
        watch(sending(1_000))
    assert ("\x1b[" in terminal.getvalue()) == is_live


def test_log_lines_stand_above_the_live_ones(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    handler = logging.StreamHandler(terminal)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        with watching(quiet=False, verbose=False) as watch:
            watch(sending(1_000))
            assert handler.stream is not terminal
            logging.getLogger("importer").warning("Meta asks to wait.")
        assert handler.stream is terminal
    finally:
        root.removeHandler(handler)
    assert "Meta asks to wait." in terminal.getvalue()
