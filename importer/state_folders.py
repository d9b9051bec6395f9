"""Where this program remembers things: the user's state folder and what lies in it."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def state_folder() -> Path:
    """Return the user's state folder of this program."""
    return Path(platformdirs.user_state_dir("capi-import", appauthor=False))


def default_ledger() -> Path:
    """Return the path of `ledger.db` in the user's state folder."""
    return state_folder() / "ledger.db"


def ledger_memory() -> Path:
    """Return the folder in which this machine remembers its ledgers."""
    return default_ledger().with_name("ledgers")


def files_db() -> Path:
    """Return the path of `files.db`, which knows the files that this program wrote."""
    return default_ledger().with_name("files.db")


def watchers_memory() -> Path:
    """Return the folder in which watchers remember what they imported."""
    return default_ledger().with_name("watched")


def reports_folder() -> Path:
    """Return the folder for the reports of files that have no place of their own: of a watcher and of the page."""
    return default_ledger().with_name("capi-import-reports")
