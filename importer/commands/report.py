"""Make the summary again from stored reports: of one run, or of several combined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from importer.combined_reports import read_reports
from importer.errors import UsageError
from importer.private_files import PrivateFolder
from importer.results import Summary, check_target, summary_of
from importer.results.files_db import FileKind
from importer.results.output_files import Output, Overwrite
from importer.results.summary import Kept
from importer.results.summary_page.render import PAGE_ENDINGS, render, write_page
from importer.results.written_files import require_own
from importer.stored_reports import page_beside, read_outcomes


def report(
    *reports: str | Path,
    summary: str | Path | None = None,
    meta_quality: Mapping[str, Any] | None = None,
    force: bool = False,
) -> Summary:
    """Return the summary of stored reports, of several each sale once, as it stands now; its page is at `Summary.page`.

    summary: where the page goes, by default beside the first report with the ending .html.
    meta_quality: Meta's answer about the dataset's offline quality, to stand on the page.
    force: replace a file that this program did not write, or that was changed since.
    Raises CapiImportError with a sentence that says what to do.
    """
    if not reports:
        message = "Name at least one report, such as sales.report.parquet."
        raise UsageError(message)
    paths = [Path(name) for name in reports]
    page = Path(summary) if summary is not None else page_beside(paths[0])
    check_target(page, paths, endings=PAGE_ENDINGS)
    if not force:
        require_own(page, "give another one with --summary, or --force to overwrite it")
    paths = list(dict.fromkeys(paths))
    totals, runs = read_reports(paths)
    output = Output(page, FileKind.SUMMARY, Overwrite.ANY if force else Overwrite.OWN)
    try:
        write_page(output, render(totals, runs, meta_quality, several=len(paths) > 1))
    except BaseException:
        output.discard()
        raise
    output.publish()
    kept = Kept(partial(read_outcomes, paths[0]), None, PrivateFolder()) if len(paths) == 1 else None
    return replace(summary_of(totals, runs), page=output.path, kept=kept)
