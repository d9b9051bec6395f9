"""`watch`: files that arrive in folders are imported, once each, in turn; none is moved, changed or deleted."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Unpack

from importer.arrivals.folders import Folders
from importer.arrivals.units import unit_and_cron_line
from importer.arrivals.watched_folder import WatchedFolder, places
from importer.arrivals.watcher import OnFile, Watcher
from importer.commands.send import check, send
from importer.errors import STOPPED, Interrupted, UsageError
from importer.option_types import SendOptions
from importer.state_folders import reports_folder, watchers_memory

LOG = logging.getLogger("importer")

TICK = 1.0
"""Seconds between two looks while a file does not rest yet."""
TICKS = 5
"""Looks that are left out while nothing happens: so often is a share looked at, whose changes nobody tells of."""


@dataclass(frozen=True)
class Watched:
    """What a watcher did: the files that it imported, those that wait, and the exit code of the command line."""

    imported: tuple[Path, ...]
    waiting: tuple[Path, ...]
    exit_code: int


def watch(
    *folders: str | Path,
    settle: float = 5.0,
    report_folder: str | Path | None = None,
    once: bool = False,
    on_file: OnFile | None = None,
    stop: Event | None = None,
    **options: Unpack[SendOptions],
) -> Watched:
    """Import every file that arrives in the folders, once each, until `stop` is set; then Interrupted is raised.

    settle: for how many seconds a file must not have changed. report_folder: where the reports go; by default in the
    user's state folder. once: import what is there and end. The other options are those of `send`; without a `profile`,
    the profile of capi-import.toml whose `folder` it is speaks for a folder. Raises UsageError where nothing could be
    imported, before anything is.
    """
    found = places(folders, options)
    reports = _report_folder(report_folder, found)
    with ExitStack() as stack:
        for place in found:
            stack.enter_context(place.opened())
        stop = stop or Event()
        watcher = Watcher(reports, partial(send, on_progress=lambda _: _beat(), stop=stop), check, on_file, stop)
        looks = Folders([place.folder for place in found], settle)
        by_folder = {place.folder: place for place in found}
        for last in _once(settle, stop) if once else _forever(list(by_folder), looks, stop):
            _beat()
            resting = looks.resting(time.monotonic())
            watcher.tell_lost(looks.lost, found)
            if last:
                watcher.take(resting, by_folder)
        if stop.is_set():
            raise Interrupted(STOPPED)
    return Watched(tuple(watcher.imported), tuple(watcher.waiting), watcher.exit_code)


def unit(folders: Sequence[Path], arguments: Sequence[str], options: Mapping[str, Any]) -> str:
    """Return a systemd unit and a cron line that run this very command. arguments: as given, `watch` first."""
    options = {name: value for name, value in options.items() if name not in ("settle", "report_folder")}
    found = [place.folder.absolute() for place in places(folders, options, token=False)]
    program = shutil.which("capi-import") or shutil.which(sys.argv[0]) or "capi-import"
    kept = [word for word in arguments if word not in ("--unit", "--once")]
    return unit_and_cron_line(program, kept, Path.cwd(), found)


def _beat() -> None:
    """Touch the file by which a container's health check sees that the watcher is alive."""
    with suppress(OSError):
        (watchers_memory() / "alive").touch()


def _report_folder(told: str | Path | None, found: Sequence[WatchedFolder]) -> Path:
    """Return the folder for reports, made where it is missing. UsageError: it is, or lies in, a watched folder."""
    folder = Path(told) if told else reports_folder()
    whole = folder.resolve()
    for place in found:
        if place.folder.resolve() in {whole, whole.parent}:
            message = f"The reports must not go into the watched folder {place.folder}; give another --report-folder."
            raise UsageError(message)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {folder} cannot be made ({error.strerror}); give another --report-folder."
        raise UsageError(message) from error
    return folder


def _once(settle: float, stop: Event) -> Iterator[bool]:
    """Yield for each look of --once: now, half-way, and when what is there has rested. Only the last is True."""
    yield False
    if stop.wait(settle / 2):
        return
    yield False
    if not stop.wait(settle / 2):
        yield True


def _forever(folders: Sequence[Path], looks: Folders, stop: Event) -> Iterator[bool]:
    """Yield whenever a look is worth while: something happened, a file does not rest yet, or some time has gone by."""
    import watchfiles  # noqa: PLC0415  0.1 s, which other commands do without

    yield True
    idle = 0
    changes = watchfiles.watch(
        *folders,
        watch_filter=None,
        recursive=False,
        rust_timeout=int(TICK * 1000),
        yield_on_timeout=True,
        raise_interrupt=True,
        stop_event=stop,
    )
    for change in changes:
        idle = 0 if change else idle + 1
        if change or looks.restless or idle >= TICKS:
            idle = 0
            yield True
