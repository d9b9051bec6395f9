"""The files in watched folders, and which of them rest: nobody has written to them for a while."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from importer.addresses.patterns import is_hidden

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp")


class Look(NamedTuple):
    """What a glance at a file shows: another content shows otherwise."""

    size: int
    modified: int
    inode: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Self:
        """Return what the system says of a file."""
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ino)


class Arrival(NamedTuple):
    """A file that rests. folder: the watched one."""

    path: Path
    folder: Path
    look: Look


class Folders:
    """The watched folders. `resting` returns the files that were the same at every glance for `settle` seconds.

    A file's own time is not asked: a copy may bear the time of its original from its first byte on.
    """

    def __init__(self, folders: Iterable[Path], settle: float) -> None:
        self._folders, self._settle = tuple(folders), settle
        self._seen: dict[Path, tuple[Look, float]] = {}
        self.restless = False
        self.lost: set[Path] = set()

    def resting(self, now: float) -> list[Arrival]:
        """Look at every file; return those that rest, the oldest first. now: in seconds, of any clock that goes on.

        `lost` then holds the folders that cannot be read, as when a share is gone; `restless` says whether there are
        files that do not rest yet.
        """
        seen, found = {}, []
        self.lost.clear()
        for folder in self._folders:
            for path, look in self._files(folder):
                before, since = self._seen.get(path, (None, now))
                seen[path] = (look, since if look == before else now)
                if now - seen[path][1] >= self._settle:
                    found.append(Arrival(path, folder, look))
        self._seen, self.restless = seen, len(found) < len(seen)
        return sorted(found, key=lambda arrival: (arrival.look.modified, arrival.path))

    def _files(self, folder: Path) -> Iterator[tuple[Path, Look]]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(OSError):  # it is gone by now
                        if _is_wanted(entry):
                            yield Path(entry.path), Look.of(entry.stat())
        except OSError:
            self.lost.add(folder)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a file of the user's: not a folder, hidden, a system's or one that is being written."""
    return not (is_hidden(entry.name) or entry.name.lower().endswith(_UNFINISHED)) and entry.is_file()
