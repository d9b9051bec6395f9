"""Dask's client: connected to a scheduler, or to workers of this machine that are started and ended here."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event
from typing import Any, TypeAlias

from importer.errors import STOPPED, Interrupted, UsageError
from importer.parallel import workers
from importer.private_files import PrivateFolder

Client: TypeAlias = Any
"""`distributed.Client`, which has no types."""

SECRETS = ("CAPI_ACCESS_TOKEN", "CAPI_APP_SECRET", "PGPASSWORD")
"""Variables of the environment that no worker shall inherit."""

POLL_SECONDS = 0.5
CONNECT_SECONDS = 20
ALONE_SECONDS = 300
STARTS = 5

CONFIG: dict[str, Any] = {
    "distributed.scheduler.allowed-failures": 100,  # a worker that is killed is no fault of its task
    "distributed.worker.memory.spill": False,  # nothing that a worker holds may be written to its own disk
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.deploy.lost-worker-timeout": "1 day",  # else one that takes 15 s to come back is never started again
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 27,  # Dask's 64 KiB makes reading cost twice
    "distributed.diagnostics.nvml": False,
    "distributed.admin.large-graph-warning-threshold": "1 GiB",
    "distributed.admin.low-level-log-length": 0,
    "distributed.scheduler.http.routes": [],  # no dashboard, nor anything else over HTTP
    "distributed.worker.http.routes": [],
    "distributed.worker.preload": [],
    "distributed.nanny.preload": [],
    "logging": {"distributed": "critical"},  # its own log, which would stand amid ours
}


def results(client: Client, futures: list[Any], stop: Event) -> list[Any]:
    """Wait for all results, or until the run is to stop."""
    from distributed import wait  # noqa: PLC0415

    alone_since: float | None = None
    while True:
        if stop.is_set():
            client.cancel(futures, force=True)
            raise Interrupted(STOPPED)
        try:
            _untyped(wait)(futures, timeout=POLL_SECONDS)
        except TimeoutError:
            if not any(future.status == "error" for future in futures):
                alone_since = _alone_since(client, alone_since)
                continue
        return list(client.gather(futures))


def count_workers(client: Client) -> int:
    """Return how many workers there are now."""
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _alone_since(client: Client, before: float | None) -> float | None:
    """Return since when there has been no worker, by the monotonic clock; UsageError where that is too long."""
    if count_workers(client):
        return None
    since = time.monotonic() if before is None else before
    if time.monotonic() - since > ALONE_SECONDS:
        message = "No Dask worker is left, and none came back; start some, then run the same command again."
        raise UsageError(message)
    return since


@contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """Connect to a scheduler, or start one with workers on this machine; of those none is left afterwards."""
    try:
        import dask  # noqa: PLC0415  few need it
        import distributed  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = "--scheduler needs one more package: pip install 'capi-import[dask]'."
        raise UsageError(message) from error
    for name in ("distributed", "tornado", "asyncio", "bokeh"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set(CONFIG), ExitStack() as stack:
        if scheduler == "local" or scheduler.startswith("local:"):
            yield stack.enter_context(_local(stack, _count(scheduler)))
            return
        try:
            client = _untyped(distributed.Client)(scheduler, timeout=CONNECT_SECONDS)
        except (OSError, ValueError, TypeError) as error:  # TypeError: tls:// without certificates
            message = (
                f"There is no Dask scheduler at {scheduler}, or its certificates are missing (docs/scale.md); correct "
                "--scheduler, or start one: dask scheduler."
            )
            raise UsageError(message) from error
        with client:
            if not count_workers(client):
                message = f"The Dask scheduler at {scheduler} has no workers; start some: dask worker {scheduler}."
                raise UsageError(message)
            yield client


def _local(stack: ExitStack, count: int) -> Client:
    """Start workers on this machine: encrypted, with keys of this run's own, without a dashboard, without secrets."""
    from distributed import LocalCluster  # noqa: PLC0415

    folder = stack.enter_context(PrivateFolder())
    stack.enter_context(_without_secrets())
    options = {
        "n_workers": count,
        "threads_per_worker": 1,
        "processes": True,
        "host": "127.0.0.1",
        "protocol": "tls://",
        "security": True,
        "dashboard_address": "127.0.0.1:0",
        "worker_dashboard_address": "127.0.0.1:0",
        "scheduler_kwargs": {"dashboard": False},
        "local_directory": str(folder),
        "silence_logs": logging.CRITICAL,
        "memory_limit": 0,
    }
    for tries_left in reversed(range(STARTS)):
        with suppress(*([RuntimeError] if tries_left else [])):  # a worker was killed before it was there
            cluster = _untyped(LocalCluster)(**options)
            break
    stack.enter_context(cluster)
    return cluster.get_client()


def _untyped(thing: Any) -> Any:
    return thing


def _count(scheduler: str) -> int:
    text = scheduler.partition(":")[2]
    if not text and scheduler == "local":
        return workers()
    if not text.isdigit() or not 1 <= int(text) <= 512:  # noqa: PLR2004
        message = f"--scheduler {scheduler} is not valid; write local:4, or the address of a Dask scheduler."
        raise UsageError(message)
    return int(text)


@contextmanager
def _without_secrets() -> Iterator[None]:
    """Take secrets out of the environment while processes are started that would inherit them."""
    held = {name: os.environ.pop(name) for name in SECRETS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(held)
