"""The sandbox by itself: a local stand-in for the Graph API, for rehearsals."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import click

from importer.errors import UsageError
from importer.graph_sandbox import Options, Sandbox, run_forever

DATASET = "1001"


def sandbox(port: int = 8765, now: str | None = None) -> int:
    """The sandbox answers on loopback until Ctrl-C; `now` makes its clock stand still at that instant."""
    graph = Sandbox(Options(keep=False), clock=_clock(now))

    def started(url: str) -> None:
        click.echo(f"The sandbox answers at {url}. Stop it with Ctrl-C. In another terminal:")
        click.echo(f"  CAPI_ACCESS_TOKEN=any capi-import send FILE --dataset {DATASET} --graph-url {url}")

    run_forever(graph, "127.0.0.1", port, started)
    return 0


def _clock(now: str | None) -> Callable[[], float]:
    if now is None:
        return time.time
    try:
        return datetime.fromisoformat(now).timestamp
    except ValueError as error:
        message = f"--now {now} is no ISO 8601 time; write one such as 2026-11-23T23:00:00Z."
        raise UsageError(message) from error
