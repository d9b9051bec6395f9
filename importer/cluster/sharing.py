"""Who delivers which bucket of a folder, and when all of it is done."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from importer.cluster.manifest import DELIVERED_MARK, MANIFEST, Manifest, new_file, outcome_file
from importer.cluster.outcome_files import has_unsent
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
def shared(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the folder together with other processes, or alone; `LedgerError` where another one forbids it."""
    handle = os.open(folder / MANIFEST, os.O_RDONLY)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except OSError as error:
                raise LedgerError(ALONE.format(folder=folder)) from error
        yield
    finally:
        os.close(handle)


@contextmanager
def merging(folder: Path) -> Iterator[bool]:
    """Tell whether this process is the one that puts everything together; the lock goes with the process."""
    handle = os.open(folder / ".merging", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
        yield delivered(folder) is None
    finally:
        os.close(handle)


def delivered(folder: Path) -> dict[str, str] | None:
    """Return what the process that finished the folder left, None where it is not finished."""
    try:
        mark: dict[str, str] = orjson.loads((folder / DELIVERED_MARK).read_bytes())
    except (OSError, ValueError):
        return None
    return mark


def mark_delivered(folder: Path, report: Path | str | None) -> None:
    """Note that every row has its outcome, and where the report is."""
    with new_file(folder / DELIVERED_MARK) as file:
        place = report.resolve() if isinstance(report, Path) else report
        file.write(orjson.dumps({"report": str(place or "")}))


def drop_unsent(folder: Path, manifest: Manifest) -> None:
    """Forget the outcomes of buckets with rows that were not sent: they are delivered again."""
    for bucket in range(manifest.buckets):
        path = outcome_file(folder, bucket)
        if path.exists() and has_unsent(path):
            path.unlink(missing_ok=True)


def remove_buckets(folder: Path, manifest: Manifest) -> None:
    """Remove the prepared rows and their outcomes; the manifest stays."""
    for bucket in range(manifest.buckets):
        shutil.rmtree(folder / f"bucket={bucket}", ignore_errors=True)
    remove_outcomes(folder)


def remove_outcomes(folder: Path) -> None:
    """Remove what the report says as well."""
    for name in ("outcomes", "runs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / ".merging").unlink(missing_ok=True)


class Runs:
    """The runs that deliver a folder, by their numbers in the ledger."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "runs"
        self._known: set[int] = set()

    def add(self, run: int) -> None:
        """Note a run, before it sends anything."""
        with new_file(self._folder / str(run)) as file:
            file.write(b"")

    def hold(self, run: int) -> bool:
        """Tell whether a run delivers, or delivered, this folder."""
        if run not in self._known and (self._folder / str(run)).exists():
            self._known.add(run)
        return run in self._known


def buckets_to_deliver(
    folder: Path, manifest: Manifest, take: Callable[[int], bool], is_stopped: Callable[[], bool]
) -> Iterator[int]:
    """Yield each bucket that this process shall deliver, until every one is delivered by somebody.

    take: tells whether a bucket is ours; a bucket of a process that died is taken over.
    """
    own: set[int] = set()
    while not is_stopped():
        open_ones = [bucket for bucket in range(manifest.buckets) if not outcome_file(folder, bucket).exists()]
        if not open_ones or delivered(folder) is not None:
            return
        bucket = next((bucket for bucket in open_ones if bucket not in own and take(bucket)), None)
        if bucket is None:
            time.sleep(POLL_SECONDS)
        elif not outcome_file(folder, bucket).exists():
            own.add(bucket)
            yield bucket
