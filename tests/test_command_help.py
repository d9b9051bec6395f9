"""What a new user sees: the list of commands, the options of each, and output that goes to a pipe or a full disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from importer.cli import cli
from importer.command_help import COMMANDS, OPTIONS

SALES = "Order ID,Date,Email,Total,Currency\n1,2026-11-20T10:00:00Z,ada@example.com,5,EUR\n"


def shown(*arguments, width=80):
    return CliRunner().invoke(cli, [*arguments, "--help"], terminal_width=width, prog_name="capi-import").output


def program(*arguments, **how):
    return subprocess.run([sys.executable, "-m", "importer", *arguments], check=False, timeout=120, **how)


def test_each_command_has_one_line_that_is_not_cut():
    listed = shown().splitlines()
    for name in cli.commands:
        lines = [line for line in listed if line.startswith(f"  {name} ")]
        assert len(lines) == 1
    assert "..." not in "\n".join(listed[1:])


@pytest.mark.parametrize("name", sorted(cli.commands))
@pytest.mark.parametrize("width", [60, 80])
def test_no_line_of_help_is_wider_than_the_terminal_or_cut(name, width):
    lines = shown(name, width=width).splitlines()
    assert lines
    assert max(map(len, lines)) <= width
    assert not any(line.rstrip().endswith("...") and not line.startswith("Usage") for line in lines)


@pytest.mark.parametrize("name", ["send", "check", "event", "watch"])
def test_every_option_stands_under_a_heading(name):
    text = shown(name)
    assert "More options" not in text
    assert all(f"\n{heading}:" in text for heading in OPTIONS[name])


def test_every_command_stands_under_a_heading():
    assert set(cli.commands) <= {name for names in COMMANDS.values() for name in names}


def test_check_takes_what_only_sending_needs_and_does_not_offer_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sales.csv").write_text(SALES, encoding="utf-8")
    assert "--batch-size" in shown("send")
    assert "--batch-size" not in shown("check")
    assert "--webhook" not in shown("check")
    options = ["--batch-size", "5", "--concurrency", "2", "--test-event-code", "T", "--webhook", "https://a.example/x"]
    done = CliRunner().invoke(cli, ["check", "sales.csv", "--now", "2026-11-23", "--quiet", *options])
    assert done.exception is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [("--help",), ("schemas",), ("check", "sales.csv", "--now", "2026-11-23")])
def test_a_full_disk_behind_the_output_is_no_bug(tmp_path, arguments):
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    with Path("/dev/full").open("wb") as full:
        done = program(*arguments, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "The disk is full" in done.stderr
    assert "bug" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("schemas",), 0), (("schemas", "shopify_orders"), 0), (("check", "sales.csv", "--now", "2026-11-23"), 0)],
)
def test_a_reader_that_has_gone_is_no_trouble(tmp_path, arguments, code):
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    done = program(*arguments, cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert done.returncode == code
    assert "Error" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the output")
@pytest.mark.parametrize("arguments", ["--help", "schemas", "check sales.csv --now 2026-11-23"])
def test_an_output_that_is_closed_is_no_bug(tmp_path, arguments):
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    command = f'"{sys.executable}" -m importer {arguments} >&-'
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "Error" in done.stderr, "Traceback" in done.stderr) == (0, False, False)
