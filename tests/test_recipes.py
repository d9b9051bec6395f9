"""The recipes and the notebook do what they say, against the sandbox."""

import asyncio
import csv
import datetime as dt
import os
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from alert_server import alert_server

from importer.graph_sandbox import Sandbox, SandboxOptions, serve

__all__ = ["alert_server"]

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
BLOCKS = {
    heading: re.findall(r"```(\w*)\n(.*?)```", text, re.DOTALL)
    for heading, text in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
}
COLUMNS = ["Order ID", "Date", "Email", "Total", "Currency"]
YESTERDAY = f"{dt.datetime.now(dt.UTC) - dt.timedelta(days=1):%Y-%m-%d %H:%M:%S}"
ROWS = [["A-1", YESTERDAY, "ada@example.com", "12.50", "EUR"], ["A-2", YESTERDAY, "", "7.00", "EUR"]]


@pytest.fixture
def graph(tmp_path, monkeypatch):
    """Everything goes to the sandbox by the environment, so that the blocks need not say so."""
    monkeypatch.chdir(tmp_path)
    with Path("sales.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *ROWS])
    Path("token").write_text("tok", encoding="utf-8")
    graph = Sandbox(SandboxOptions(), clock=time.time)
    with serve(graph) as running:
        monkeypatch.setenv("CAPI_GRAPH_URL", running.url)
        monkeypatch.setenv("CAPI_ACCESS_TOKEN", "tok")
        monkeypatch.setenv("CAPI_LEDGER", str(tmp_path / "ledger.db"))
        yield graph


def python(heading):
    """Run the blocks of a recipe, and return the names that they define."""
    names = {"__name__": "recipe"}
    for kind, text in BLOCKS[heading]:
        assert kind == "python"
        exec(compile(text, heading, "exec"), names)  # noqa: S102
    return names


def test_a_script(graph, capsys):
    python("A script")
    assert capsys.readouterr().out.startswith(
        "1 sales accepted, {'EUR': 12.5}\n{'invalid': {'no_match_keys': 1}} see sales.fix.csv"
    )
    assert graph.summary().received == 1


def test_straight_from_a_query(graph):
    with sqlite3.connect("till.db") as connection:
        connection.execute("CREATE TABLE sales (receipt, sold_at, email, total)")
        connection.executemany(
            "INSERT INTO sales VALUES (?, ?, ?, ?)", [[*row[:2], row[2] or None, float(row[3])] for row in ROWS]
        )
    names = python("Straight from a query")
    assert (names["summary"].accepted, names["failures"]["Order ID"].tolist()) == (1, ["A-2"])


def test_airflow(graph, tmp_path):
    result = python("Airflow")["import_sales"]("sales.csv", str(tmp_path))
    assert result["rows"]["accepted"] == 1
    assert (tmp_path / "report.parquet").exists()


def test_dagster(graph):
    names = python("Dagster")
    table = pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) | {"Total": float(row[3])} for row in ROWS])
    outcomes = names["sales_sent_to_meta"](table)
    assert names["share_that_meta_has"](outcomes) == 0.5


def test_cron(graph, tmp_path, alert_server):
    (_, line), (_, command), (_, pipe) = BLOCKS["Cron"]
    assert line.split("&& ", 1)[1] == command
    scripts = tmp_path / "bin"
    scripts.mkdir()
    (scripts / "capi-import").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m importer "$@"\n')
    (scripts / "capi-import").chmod(0o755)
    env = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "ALERT": alert_server.address}
    env = {name: value for name, value in env.items() if name != "CAPI_ACCESS_TOKEN"}
    done = [
        subprocess.run(["/bin/sh", "-c", text], capture_output=True, text=True, env=env, check=False)
        for text in (command, pipe)
    ]
    assert [one.returncode for one in done] == [1, 1]
    assert [one.stdout + one.stderr for one in done] == ["", ""]
    (message,) = alert_server.messages
    assert "sales.csv.report.csv" in message["message"]
    assert graph.summary().received == 1
    assert {"fix.csv", "sales.csv.report.csv", "stdin.report.csv"} <= {path.name for path in tmp_path.iterdir()}


def test_in_a_server(graph):
    names = python("In a server")
    checked = asyncio.run(names["upload"](Path("sales.csv").read_bytes(), "mine.csv"))
    assert (checked["ok"], checked["rows"]["ready"], checked["open"]) == (False, 1, [])
    assert asyncio.run(names["sale"]("bo@example.com", 5.0))
    assert asyncio.run(names["import_for_a_minute"]("sales.csv")).accepted == 1


@pytest.mark.slow
def test_the_notebook_prints_what_it_shows():
    done = subprocess.run([sys.executable, ROOT / "tools" / "run_notebook.py"], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=290, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
