from __future__ import annotations

import io

import pytest
from rich.console import Console

from importer.terminal.console import console, plain_table


@pytest.mark.parametrize("stderr", [False, True])
def test_a_console_writes_to_the_stream_that_was_asked_for(capsys, stderr):
    console(stderr=stderr).print("12 rows")
    captured = capsys.readouterr()
    assert (captured.err if stderr else captured.out) == "12 rows\n"


def test_a_table_has_no_lines_and_numbers_stand_on_the_right():
    table = plain_table("rows", "status", right=[0])
    table.add_row("5", "ready")
    table.add_row("1,200", "invalid")
    shown = Console(file=io.StringIO(), width=40)
    shown.print(table)
    lines = [line.rstrip() for line in shown.file.getvalue().splitlines()]
    assert lines == [" rows  status", "    5  ready", "1,200  invalid"]


def test_a_table_without_headings_has_no_header():
    table = plain_table("", "")
    table.add_row("a", "b")
    shown = Console(file=io.StringIO(), width=40)
    shown.print(table)
    assert shown.file.getvalue().split() == ["a", "b"]
