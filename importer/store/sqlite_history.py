"""Runs and refunds in the ledger's file."""

from __future__ import annotations

import json
import sqlite3

from importer.store.history import PastRun


def past_runs(connection: sqlite3.Connection) -> list[PastRun]:
    """Return every run, the newest first."""
    rows = connection.execute("SELECT id, dataset, files, started, ended, summary FROM run ORDER BY id DESC")
    return [PastRun(number, dataset, tuple(json.loads(files)), *rest) for number, dataset, files, *rest in rows]
