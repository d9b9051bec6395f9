"""A report that goes to a bucket: its name there before anything is sent, and its way there at the end."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

from importer.errors import CapiImportError
from importer.private_files import create_private
from importer.results import Summary
from importer.results.output_files import next_free
from importer.settings import Settings

LOG = logging.getLogger("importer")


def take_free_address(settings: Settings) -> None:
    """See whether a bucket can take the report, before anything is sent; what stands there keeps its name."""
    if settings.report_target is not None and not settings.force:
        wanted = settings.report_target.address
        settings.report_target.take_free_address()
        if settings.report_target.address != wanted:
            LOG.warning("%s is there already; this run's is %s.", wanted, settings.report_target.address)


def report_brought(summary: Summary, settings: Settings) -> Summary:
    """Bring the report to its bucket; where that fails it stays on this machine, and that is said."""
    target = settings.report_target
    if target is None:
        return summary
    try:
        target.send()
    except CapiImportError as error:
        kept = next_free(Path(target.path.name))
        with target.path.open("rb") as source, create_private(kept) as copy:
            shutil.copyfileobj(source, copy)
        LOG.warning("The report did not reach %s (%s); it lies in %s.", target.address, error, kept)
        return replace(summary, report=kept, report_target=target)
    return replace(summary, report=target.address, report_target=target)
