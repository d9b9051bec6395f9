"""`sandbox`: a local Graph API by itself, for rehearsals."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import click

from importer.errors import UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, run_forever

DATASET = "1001"


def sandbox(port: int = 8765, now: str | None = None) -> int:
    """Answer on loopback until Ctrl-C; `now` makes the sandbox's clock stand still at that instant."""
    clock: Callable[[], float] = time.time
    if now is not None:
        try:
            clock = datetime.fromisoformat(now).timestamp
        except ValueError as error:
            message = f"--now {now} is not a valid ISO 8601 time; write one such as 2026-11-23T23:00:00Z."
            raise UsageError(message) from error

    def started(url: str) -> None:
        click.echo(f"The sandbox answers at {url}. Stop it with Ctrl-C. In another terminal:")
        click.echo(f"  CAPI_ACCESS_TOKEN=any capi-import send FILE --dataset {DATASET} --graph-url {url}")

    run_forever(Sandbox(SandboxOptions(keep=False), clock=clock), "127.0.0.1", port, started)
    return 0
