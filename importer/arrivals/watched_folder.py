"""A watched folder: the options of its files, and what is remembered of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importer.alerts import check_alerts
from importer.arrivals.imported_files import ImportedFiles
from importer.errors import UsageError
from importer.graph.hosts import dataset_in_ledger
from importer.profiles import watched_folders
from importer.settings import Settings, read_settings
from importer.state_folders import watchers_memory
from importer.store_datasets import require_routes, with_routes


@dataclass
class WatchedFolder:
    """A watched folder. given: the options of the command. profile: whose options speak where those do not.

    retry_at: until then nothing of it is sent, since something stands in the way of every file.
    """

    folder: Path
    given: Mapping[str, Any]
    profile: str | None = None
    retry_at: float = 0.0
    pause: float = 0.0
    known: ImportedFiles = field(init=False, repr=False)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Remember what happens here for as long as the block lasts."""
        name = hashlib.sha256(str(self.folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        with ImportedFiles(watchers_memory() / f"{name}.jsonl") as self.known:
            yield

    def options(self) -> dict[str, Any]:
        """Return the options of `send` for files of this folder; its profile is read again each time."""
        return {**self.given, "profile": self.profile}

    def settings(self) -> Settings:
        """Return what the options come to. UsageError: one of them, or a token, is wrong or missing."""
        return require_routes(with_routes(read_settings((self.folder / "any file",), self.options()), to_send=True))

    def into(self) -> str:
        """Return the name of where the folder's files go: a dataset, or how their rows are routed.

        UsageError: it, or a token, is missing.
        """
        settings = self.settings()
        name = settings.dataset or ""
        if settings.dataset_column is not None:  # a file is imported again once another store has its dataset
            routes = repr((settings.dataset_column, sorted(settings.stores), settings.dataset))
            name = f"routes-{hashlib.sha256(routes.encode()).hexdigest()[:16]}"
        return dataset_in_ledger(name, settings.graph_url)


def places(folders: Sequence[str | Path], options: Mapping[str, Any], *, token: bool = True) -> list[WatchedFolder]:
    """Return the folders to watch, or those that profiles name; UsageError where one cannot be watched.

    token: whether there must be a dataset and a token by now.
    """
    of_profiles = watched_folders()
    chosen = [Path(folder) for folder in folders] or list(of_profiles)
    if not chosen:
        message = 'Name at least one folder to watch, or a profile\'s: folder = "inbox" in capi-import.toml.'
        raise UsageError(message)
    whole = {folder.resolve(): name for folder, name in of_profiles.items()}
    found = {folder.resolve(): folder for folder in chosen}
    for folder in found.values():
        if not folder.is_dir():
            message = f"There is no folder {folder}; make it, or correct its path."
            raise UsageError(message)
    made = [WatchedFolder(folder, options, options.get("profile") or whole.get(key)) for key, folder in found.items()]
    for place in made if token else ():
        place.into()
        check_alerts(place.settings().alert)
    return made
