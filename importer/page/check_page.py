"""Step 3: what became of every row, and a row to look at and to correct."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

import importer
from importer.commands.explain import Explanation
from importer.core.reasons import WARNINGS
from importer.errors import CapiImportError, NeedsAnswer
from importer.page.imports import Import
from importer.page.languages import mark
from importer.page.pages import PATIENCE, form_of, goto, import_of, number_in, show, waiting
from importer.page.report_rows import Filter


async def begin_check(request: Request) -> Response:
    """Begin to check, or to check again."""
    found = import_of(request)
    await form_of(request)
    found.check()
    return goto(f"/imports/{found.name}/check")


async def show_checked(request: Request) -> Response:
    """Show the summary and the rows, filtered and page by page; or how far the check is."""
    found = import_of(request)
    work = found.checked
    if work is None or (found.stale and work.is_over):  # answers were given, or rows corrected
        work = found.check()
    if not await run_in_threadpool(work.wait, PATIENCE):
        return waiting(request, "Check", work, f"/imports/{found.name}/understand")
    if isinstance(work.error, NeedsAnswer):
        return goto(f"/imports/{found.name}/understand?open=1#questions")
    if work.result is None:
        back = f"/imports/{found.name}/understand"
        return show(request, "trouble.html.jinja", 422, title="Check", sentence=str(work.error), back=back)
    query = request.query_params
    wanted = Filter(query.get("status", ""), query.get("reason", ""), query.get("warning", ""))
    number = number_in(query.get("page", "")) or 1
    page = await run_in_threadpool(work.result.rows.page, wanted, number)
    kept = {name: value for name, value in vars(wanted).items() if value}
    return show(
        request,
        "check.html.jinja",
        found=found,
        checked=work.result,
        wanted=wanted,
        choices=work.result.rows.choices,
        page=page,
        several=len(found.files) > 1,
        at=lambda to: f"/imports/{found.name}/check?{urlencode(kept | {'page': to})}#rows-table",
    )


def _row_of(request: Request, found: Import) -> dict[str, Any]:
    place = number_in(request.path_params["place"])
    row = None if place is None else found.row(place)
    if row is None:
        raise HTTPException(404, mark("There is no such row; go back to the rows."))
    return row


async def show_row(request: Request) -> Response:
    """Show one row: each cell to correct, what would be sent of it, and why it is not."""
    found = import_of(request)
    row = _row_of(request, found)
    explained, sentence = await run_in_threadpool(_explained, found, row)
    return _row(request, found, row, explained, sentence)


async def correct_row(request: Request) -> Response:
    """Take the corrected cells of a row, and check it at once."""
    found = import_of(request)
    form = await form_of(request)
    row = _row_of(request, found)
    before, sentence = await run_in_threadpool(_explained, found, row)
    if before is not None:
        changed = {
            column: str(form[f"cell-{at}"])
            for at, (column, text) in enumerate(before.cells.items())
            if f"cell-{at}" in form and str(form[f"cell-{at}"]).replace("\r\n", "\n") != text.replace("\r\n", "\n")
        }
        known = dict(found.edits)
        found.correct(row["file"], row["sheet"] or "", row["row"], changed)
        after, sentence = await run_in_threadpool(_explained, found, row)
        if after is None:  # the correction itself cannot be
            found.edits = known
            return _row(request, found, row, before, sentence)
        before = after
    return _row(request, found, row, before, sentence)


def _explained(found: Import, row: dict[str, Any]) -> tuple[Explanation | None, str | None]:
    file = next(path for path in found.files if path.name == row["file"])
    options = found.all_options | ({"sheet": row["sheet"], "all_sheets": False} if row["sheet"] else {})
    try:
        return importer.explain(file, row["row"], **options), None
    except CapiImportError as error:
        return None, str(error)


def _row(
    request: Request, found: Import, row: dict[str, Any], explained: Explanation | None, sentence: str | None
) -> Response:
    event = (
        None
        if explained is None or explained.event is None
        else json.dumps(explained.event, indent=2, ensure_ascii=False)
    )
    warnings = [] if explained is None else [(note, WARNINGS[note.partition(":")[2]]) for note in explained.warnings]
    return show(
        request,
        "row.html.jinja",
        found=found,
        row=row,
        explained=explained,
        warnings=warnings,
        event=event,
        sentence=sentence,
    )


async def download_edits(request: Request) -> Response:
    """Answer with the corrected cells as a CSV file, as `--edits` takes it."""
    found = import_of(request)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["file", "sheet", "row", "column", "text"])
    lines.writerows([one.file, one.sheet, one.row, one.column, one.text] for one in found.edits.values())
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="edits.csv"'},
    )
