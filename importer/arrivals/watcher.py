"""What becomes of each file that arrived: imported, known already, or waiting until something changes."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any, Protocol, TypeAlias

from importer.alerts import MOST_COUNTED, Alert, Waiting, alert_of_error, alert_of_summary, counted_by, send_alert
from importer.arrivals.folders import Arrival, Look
from importer.arrivals.imported_files import digest
from importer.arrivals.watched_folder import WatchedFolder
from importer.errors import (
    AccessError,
    CapiImportError,
    FileError,
    Interrupted,
    LedgerError,
    MetaUnavailable,
    NeedsAnswer,
    UsageError,
)
from importer.private_files import PrivateFolder
from importer.profiles import with_profile
from importer.results import Summary, exit_code
from importer.terminal.crash_file import write_crash_file

LOG = logging.getLogger("importer")

FIRST_PAUSE, LONGEST_PAUSE = 10.0, 120.0
"""Seconds until a folder whose files cannot be sent for now is tried again: at first, and at most."""
FILE_PAUSE = 600.0
"""Seconds until a file that cannot be read, or of which rows were left unsent, is tried again."""

OnFile: TypeAlias = Callable[[Path, Summary], object]
"""Told of each file that was imported."""


class ImportRun(Protocol):
    """`send` or `check`."""

    def __call__(self, *files: Any, **options: Any) -> Summary:
        """Import the files."""
        ...


@dataclass(frozen=True)
class _Held:
    """A file that waits: what it looked like, with which options it was tried, and when it is tried again."""

    look: Look
    options: Mapping[str, Any]
    until: float


class Watcher:
    """Takes the files that rest, one after another. exit_code: what the worst of them came to.

    imported, waiting: the files that were, and those that rest and could not be, at the last look.
    """

    def __init__(self, reports: Path, send: ImportRun, check: ImportRun, on_file: OnFile | None, stop: Event) -> None:
        self._reports, self._send, self._check, self._on_file, self._stop = reports, send, check, on_file, stop
        self._done: dict[Path, Look] = {}
        self._held: dict[Path, _Held] = {}
        self._lost: set[Path] = set()
        self._reports_of_attempts: dict[Arrival, Path] = {}
        self.exit_code = 0
        self.imported: list[Path] = []
        self.waiting: list[Path] = []

    def take(self, resting: Sequence[Arrival], by_folder: Mapping[Path, WatchedFolder]) -> None:
        """Import what is new among the files that rest."""
        told = cache(lambda folder: _told(by_folder[folder]))  # a profile is read once, however many files wait for it
        for arrival in resting:
            if self._stop.is_set():
                return
            place = by_folder[arrival.folder]
            if self._is_due(arrival, place, told, time.monotonic()):
                self._import(arrival, place, resting)
        self.waiting = [arrival.path for arrival in resting if self._is_open(arrival)]

    def tell_lost(self, lost: Collection[Path], found: Sequence[WatchedFolder]) -> None:
        """Say, once, that a folder cannot be read, as when a share is gone."""
        for place in found:
            if place.folder in lost and place.folder not in self._lost:
                sentence = f"The folder {place.folder} cannot be read; the watcher goes on when it is back."
                LOG.warning("%s", sentence)
                self._alert(place, "lost", Alert(f"capi-import: {place.folder} cannot be read", sentence))
            elif place.folder in self._lost and place.folder not in lost:
                place.known.over("lost")
        self._lost = set(lost)

    def _is_open(self, arrival: Arrival) -> bool:
        return self._done.get(arrival.path) != arrival.look

    def _is_due(
        self, arrival: Arrival, place: WatchedFolder, told: Callable[[Path], Mapping[str, Any]], now: float
    ) -> bool:
        if not self._is_open(arrival) or now < place.retry_at:
            return False
        held = self._held.get(arrival.path)
        return held is None or held.look != arrival.look or now >= held.until or held.options != told(place.folder)

    def _import(self, arrival: Arrival, place: WatchedFolder, resting: Sequence[Arrival]) -> None:
        """Import one file, unless its content is known."""
        options = _told(place)
        try:
            content, into = digest(arrival.path), place.into()
            if not _still_looks_so(arrival):
                return  # it is being written again: it will rest another time
            if place.known.knows(content, into):
                LOG.info("%s was imported before.", arrival.path.name)
                self._done[arrival.path] = arrival.look
                return
            if (report := self._reports_of_attempts.pop(arrival, None)) is not None:
                report.unlink(missing_ok=True)  # the next attempt's takes its place
            summary = self._send(arrival.path, **self._options(arrival, place))
        except Interrupted:
            raise
        except CapiImportError as error:
            self._troubled(arrival, place, options, error, resting)
        except Exception as error:  # noqa: BLE001  a bug with one file must not end the watcher
            bug = CapiImportError(f"{arrival.path.name}: this is a bug in capi-import. {write_crash_file(error)}")
            self._troubled(arrival, place, options, bug, resting)
        else:
            self._imported(arrival, place, content, into, summary)

    def _options(self, arrival: Arrival, place: WatchedFolder) -> dict[str, Any]:
        """Return the options for one file: its report's place, and no alert of its own."""
        options = {name: value for name, value in place.options().items() if value is not None}
        report = self._reports / f"{arrival.path.name}.report.csv"
        return {"report": report, **options, "alert": []}

    def _imported(self, arrival: Arrival, place: WatchedFolder, content: str, into: str, summary: Summary) -> None:
        """Remember the file, and tell of its rows to fix; where rows were not sent it is tried again."""
        place.known.over("stopped")
        place.pause = place.retry_at = 0.0
        self.exit_code = max(self.exit_code, exit_code(summary))
        if self._on_file is not None:
            self._on_file(arrival.path, summary)
        if (alert := alert_of_summary(summary)) is not None:
            self._alert(place, f"rows {content}", alert)
        if _unsent(summary):
            self._hold(arrival, _told(place), FILE_PAUSE)
            self._keep_report(arrival, summary)
            return
        place.known.imported(content, into, arrival.path.name)
        self.imported.append(arrival.path)
        self._done[arrival.path] = arrival.look
        self._held.pop(arrival.path, None)

    def _troubled(
        self,
        arrival: Arrival,
        place: WatchedFolder,
        options: Mapping[str, Any],
        error: CapiImportError,
        resting: Sequence[Arrival],
    ) -> None:
        """Keep the file waiting, and tell of the trouble once: of the file, or of the whole folder."""
        told = str(error) if arrival.path.name in str(error) else f"{arrival.path.name}: {error}"
        LOG.error("%s", told)
        self._keep_report(arrival, error.summary)
        self.exit_code = max(self.exit_code, error.exit_code)
        kind = type(error).__name__
        if isinstance(error, AccessError | MetaUnavailable | LedgerError):
            place.pause = min(LONGEST_PAUSE, place.pause * 2 or FIRST_PAUSE)
            place.retry_at = time.monotonic() + place.pause
            self._alert(place, f"stopped {kind}", lambda: alert_of_error(error, self._counted(place, resting)))
            return
        self._hold(arrival, options, FILE_PAUSE if isinstance(error, FileError) else math.inf)
        of_all = isinstance(error, UsageError) and not isinstance(error, NeedsAnswer)
        name = f"file {kind} {error}" if of_all else f"file {kind} {arrival.path.name} {arrival.look.size}"
        self._alert(place, name, lambda: alert_of_error(error, Waiting([arrival.path.name])))

    def _keep_report(self, arrival: Arrival, summary: Summary | None) -> None:
        """Remember the report of an attempt in vain that is made again, so that each does not leave one more."""
        if summary is None or summary.rows["accepted"] or not isinstance(summary.report, Path):
            return
        if summary.report.parent == self._reports:
            self._reports_of_attempts[arrival] = summary.report

    def _hold(self, arrival: Arrival, options: Mapping[str, Any], seconds: float) -> None:
        self._held[arrival.path] = _Held(arrival.look, options, time.monotonic() + seconds)

    def _counted(self, place: WatchedFolder, resting: Sequence[Arrival]) -> Waiting:
        """Count the rows and the money of the folder's files that wait, where they are not too large for that."""
        files = [arrival.path for arrival in resting if arrival.folder == place.folder and self._is_open(arrival)]
        names = [path.name for path in files]
        with suppress(CapiImportError, OSError), PrivateFolder() as folder:
            if sum(path.stat().st_size for path in files) <= MOST_COUNTED:
                options = {name: value for name, value in place.options().items() if name not in _WRITTEN}
                summary = self._check(*files, **{**options, "report": folder / "check.csv", "alert": []})
                return replace(counted_by(summary), files=names)
        return Waiting(names)

    def _alert(self, place: WatchedFolder, trouble: str, alert: Alert | Callable[[], Alert | None]) -> None:
        """Tell of a trouble that was not told yet."""
        told = _told(place).get("alert") or ()
        addresses = [told] if isinstance(told, str) else list(told)
        if addresses and place.known.tell(trouble):
            message = alert if isinstance(alert, Alert) else alert()
            if message is not None and not send_alert(addresses, message):
                place.known.over(trouble)  # it is told again when it comes again


_WRITTEN = frozenset({"report", "rejects", "summary", "save_answers", "webhook", "online"})
"""Options of `send` that a count of rows does without."""


def _told(place: WatchedFolder) -> dict[str, Any]:
    """Return the options for the folder's files with those of its profile; empty where the profile cannot be read."""
    with suppress(CapiImportError):
        options = with_profile(place.options())
        if options.get("datasets"):  # a file that waits is tried again when its stores were corrected
            with suppress(OSError):
                options["datasets_changed"] = Path(options["datasets"]).stat().st_mtime_ns
        return options
    return {}


def _still_looks_so(arrival: Arrival) -> bool:
    with suppress(OSError):
        return Look.of(arrival.path.stat()) == arrival.look
    return False


def _unsent(summary: Summary) -> int:
    """Return the rows that a later run would send; what grew too old while it waited is not among them."""
    return summary.rows["unsent"] - summary.reasons.get("unsent", {}).get("expired_waiting", 0)
