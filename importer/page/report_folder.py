"""Where the reports of what the page sends stay."""

from __future__ import annotations

from pathlib import Path

from importer.settings import default_ledger


def reports_folder() -> Path:
    """Return the folder in the user's state folder where the reports of `send` stay; it is made where it is missing."""
    folder = default_ledger().with_name("capi-import-reports")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
