"""`ledger` at the command line: what it shows, what it asks before it forgets."""

import subprocess
import sys
from pathlib import Path

import pytest
from at_a_terminal import at_a_terminal
from click.testing import CliRunner

import importer
from importer.cli import cli
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

CLOCK = 1_795_474_800.0
NAMES = ("till-of-the-shop-in-the-very-long-street-number-one-week-47.csv", "b.csv")


@pytest.fixture
def held(tmp_path, monkeypatch):
    """A ledger of two files, one sale each, and its dataset's name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with serve(Sandbox(SandboxOptions(), clock=lambda: CLOCK)) as running:
        for number, name in enumerate(NAMES):
            row = f"{number},2026-11-20T10:00:00Z,a{number}@example.com,5,EUR"
            Path(name).write_text(f"Order ID,Date,Email,Total,Currency\n{row}\n", encoding="utf-8")
            told = {"dataset": "1001", "token": "t", "graph_url": running.url, "now": "2026-11-23T23:00:00Z"}
            importer.send(name, ledger="l.db", **told)
    return importer.ledger("l.db")[0].dataset


def run(*arguments, **how):
    return CliRunner().invoke(cli, ["ledger", *arguments], prog_name="capi-import", **how)


def test_names_are_not_cut_in_a_pipe(held):
    done = subprocess.run(
        [sys.executable, "-m", "importer", "ledger", "--ledger", "l.db"], capture_output=True, text=True, check=True
    )
    assert all(name in done.stdout for name in NAMES)
    assert len(done.stdout.splitlines()) == 3


def test_the_ledger_may_be_named_before_and_behind_its_commands(held):
    for arguments in (("--ledger", "l.db", "check"), ("check", "--ledger", "l.db")):
        done = run(*arguments)
        assert done.output == "The ledger is whole.\n"
    assert run("backup", "copy.db", "--ledger", "l.db").exception is None
    assert Path("copy.db").exists()


def test_forgetting_is_not_done_where_nobody_can_be_asked(held):
    done = run("forget", "--dataset", held, "--before", "2026-12-01", "--ledger", "l.db")
    assert "Say --yes" in str(done.exception)
    assert len(importer.ledger("l.db")) == 2


def test_forgetting_one_file_leaves_the_others(held):
    done = run("forget", "--dataset", held, "--before", "2026-12-01", "--file", "b.csv", "--yes", "--ledger", "l.db")
    assert f"Forgotten: 1 sale of dataset {held} before 2026-12-01 from b.csv." in done.output
    assert [row.file for row in importer.ledger("l.db")] == [NAMES[0]]


@pytest.mark.parametrize(("answer", "left"), [("n", 2), ("y", 0)])
def test_a_person_is_asked_before_anything_is_forgotten(held, answer, left):
    command = ["ledger", "forget", "--dataset", held, "--before", "2026-12-01", "--ledger", "l.db"]
    code, shown = at_a_terminal(*command, answers=[("[y/N]", answer)])
    assert code == 0
    assert f"Forget 2 sales of dataset {held} before 2026-12-01?" in shown
    assert sum(row.accepted for row in importer.ledger("l.db")) == left


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dataset", "77"), "holds no dataset 77. What it holds: capi-import ledger"),
        (("--dataset", "1001"), "holds no dataset 1001; did you mean 1001@127.0.0.1:"),
        (("--dataset", "{held}", "--file", "c.csv"), "holds no file c.csv; did you mean b.csv?"),
        (("--dataset", "{held}", "--before", "soon"), "--before soon"),
    ],
)
def test_what_the_ledger_does_not_hold_is_told(held, arguments, words):
    told = [argument.replace("{held}", held) for argument in arguments]
    before = () if "--before" in told else ("--before", "2026-12-01")
    assert words in str(run("forget", *told, *before, "--yes", "--ledger", "l.db").exception)
