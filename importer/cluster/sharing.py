"""Who delivers which bucket of a folder, and when all of it is done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import orjson

from importer.cluster.manifest import DELIVERED_MARK, MANIFEST, OUTCOMES, RUNS, SENDERS, Manifest, outcome_name
from importer.cluster.outcome_files import has_unsent
from importer.cluster.prepared_folder import DiskFolder, Folder
from importer.errors import LedgerError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

POLL_SECONDS = 0.5

ALONE = (
    "Another process is delivering {folder}. With a ledger in a file one may deliver at a time; for several give all "
    "of them one --ledger postgresql://..., else wait until it ends, then run the same command again."
)


@contextmanager
def shared(folder: Folder, *, alone: bool) -> Iterator[None]:
    """Hold a folder of a disk together with other processes, or alone; `LedgerError` where another one forbids it.

    In a bucket there are no locks: there `require_one_ledger` and the ledger's own lock do it.
    """
    if not isinstance(folder, DiskFolder):
        yield
        return
    handle = os.open(folder.path / MANIFEST, os.O_RDONLY)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except OSError as error:
                raise LedgerError(ALONE.format(folder=folder)) from error
        yield
    finally:
        os.close(handle)


def require_one_ledger(folder: Folder, ledger: str, dataset: str) -> None:
    """Note who delivers the folder; `LedgerError` where it is, or was in part, delivered by another ledger.

    Each notes itself before it looks for others, so of two that begin at the same moment one sees the other at least.
    """
    own = f"{SENDERS}/{sha256(f'{ledger} {dataset}'.encode()).hexdigest()[:16]}"
    known = folder.names(SENDERS)
    if own in known:
        return
    with folder.new_file(own):
        pass
    if set(folder.names(SENDERS)) - {own}:
        folder.remove(own)
        message = (
            f"{folder} is being delivered, or was in part, with another ledger or to another dataset; give this run "
            f"the same --ledger and --dataset. If nothing was sent with those, remove {folder}/{SENDERS} first."
        )
        raise LedgerError(message)


def delivered(folder: Folder) -> dict[str, str] | None:
    """Return what the process that finished the folder left, None where it is not finished."""
    try:
        mark: dict[str, str] = orjson.loads(folder.read(DELIVERED_MARK) or b"")
    except ValueError:
        return None
    return mark


def mark_delivered(folder: Folder, report: Path | str | None) -> None:
    """Note that every row has its outcome, and where the report is."""
    with folder.new_file(DELIVERED_MARK) as file:
        place = report.resolve() if isinstance(report, Path) else report
        file.write(orjson.dumps({"report": str(place or "")}))


def drop_unsent(folder: Folder, manifest: Manifest) -> None:
    """Forget the outcomes of buckets with rows that were not sent: they are delivered again."""
    for bucket in range(manifest.buckets):
        name = outcome_name(bucket)
        with folder.local(name) as path:
            is_open = has_unsent(path)
        if is_open:
            folder.remove(name)


def remove_buckets(folder: Folder, manifest: Manifest) -> None:
    """Remove the prepared rows and their outcomes; the manifest stays."""
    for bucket in range(manifest.buckets):
        folder.remove_folder(f"bucket={bucket}")
    remove_outcomes(folder)


def remove_outcomes(folder: Folder) -> None:
    """Remove what the report says as well."""
    for name in (OUTCOMES, RUNS, SENDERS):
        folder.remove_folder(name)


class Runs:
    """The runs that deliver a folder, by their numbers in the ledger."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._known: dict[int, bool] = {}

    def add(self, run: int) -> None:
        """Note a run, before it sends anything."""
        with self._folder.new_file(f"{RUNS}/{run}") as file:
            file.write(str(time.time()).encode())

    def seconds(self) -> float:
        """Return how long ago the first of them began, by the clocks of their machines."""
        began = [float(self._folder.read(name) or "inf") for name in self._folder.names(RUNS)]
        return max(0.0, time.time() - min(began, default=time.time()))

    def hold(self, run: int) -> bool:
        """Tell whether a run delivers, or delivered, this folder; asked of runs that have sent something."""
        if run not in self._known:
            self._known[run] = self._folder.read(f"{RUNS}/{run}") is not None
        return self._known[run]


def buckets_to_deliver(
    folder: Folder, manifest: Manifest, take: Callable[[int], bool], is_stopped: Callable[[], bool]
) -> Iterator[int]:
    """Yield each bucket that this process shall deliver, until every one is delivered by somebody.

    take: tells whether a bucket is ours; a bucket of a process that died is taken over.
    """
    own: set[int] = set()
    while not is_stopped():
        open_ones = _open_ones(folder, manifest)
        if not open_ones or delivered(folder) is not None:
            return
        bucket = next((bucket for bucket in open_ones if bucket not in own and take(bucket)), None)
        if bucket is None:
            time.sleep(POLL_SECONDS)
        elif (
            bucket in _open_ones(folder, manifest) and delivered(folder) is None
        ):  # whose mark is there before all goes
            own.add(bucket)
            yield bucket


def all_delivered(folder: Folder, manifest: Manifest) -> bool:
    """Tell whether every bucket is delivered, and the report still to be written."""
    return not _open_ones(folder, manifest) and delivered(folder) is None


def _open_ones(folder: Folder, manifest: Manifest) -> list[int]:
    done = set(folder.names(OUTCOMES))
    return [bucket for bucket in range(manifest.buckets) if outcome_name(bucket) not in done]
