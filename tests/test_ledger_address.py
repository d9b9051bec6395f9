"""`--ledger postgresql://...` as a user meets it: what is wrong is one sentence, and no file or folder is made."""

import re
import subprocess
import sys

import pytest

from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"
SALES = "Order ID,Date,Email,Total,Currency\nR-1,2026-11-20T10:00:00Z,ada@example.com,12.50,EUR\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", "any")
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    return tmp_path


def run(*arguments):
    command = [sys.executable, "-m", "importer", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=250)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda url: re.sub(r":\d+/", ":1/", url), "cannot be reached"),
        (lambda url: url.rpartition("/")[0] + "/nowhere", "no such database"),
        (lambda url: url.replace("capi@", "capi:pa55word@"), "tells a password"),
        (lambda url: url.replace("postgresql://", "postgresql:/"), "is not valid"),
    ],
    ids=["no server", "no database", "a password in it", "mistyped"],
)
@pytest.mark.parametrize("command", ["send", "check", "ledger"])
def test_a_ledger_that_is_not_there_ends_in_one_sentence(here, postgres_url, command, change, sentence):
    graph = Sandbox(SandboxOptions(), clock=lambda: 1_795_474_800.0)
    told = ["sales.csv", "--dataset", "1234567890", "--now", NOW] if command != "ledger" else []
    with serve(graph) as running:
        url = ["--graph-url", running.url] if told else []
        done = run(command, *told, *url, "--ledger", change(postgres_url))
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "pa55word" not in done.stderr + done.stdout
    assert graph.summary().received == 0
    assert [path.name for path in here.iterdir() if path.name not in {"state", "sales.csv"}] == []


def test_a_sale_sent_with_it_is_a_duplicate_afterwards_and_told(here, postgres_url):
    graph = Sandbox(SandboxOptions(), clock=lambda: 1_795_474_800.0)
    with serve(graph) as running:
        told = [
            "sales.csv",
            "--dataset",
            "1234567890",
            "--now",
            NOW,
            "--graph-url",
            running.url,
            "--ledger",
            postgres_url,
        ]
        first, again = run("send", *told, "--json"), run("send", *told, "--json")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert '"accepted": 1' in first.stdout
    assert '"duplicate": 1' in again.stdout
    assert "A new ledger was made" in first.stderr
    assert "A new ledger was made" not in again.stderr
    held = run("ledger", "--ledger", postgres_url)
    assert held.returncode == 0
    assert "sales.csv" in held.stdout
    missing = run("ledger", "--ledger", postgres_url.replace("postgresql", "postgres"), "check")
    assert missing.stdout == "The ledger is whole.\n"
