"""The runs of the ledger, and one sale's whole life by its order id."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

import importer
from importer.errors import CapiImportError
from importer.page.languages import mark
from importer.page.pages import desk_of, number_in, show
from importer.results.output_files import ENDINGS, ending


async def download_report(request: Request) -> Response:
    """Answer with a run's report as it is stored."""
    number, ledger = number_in(request.path_params["run"]), desk_of(request).given.get("ledger")
    try:
        runs = await run_in_threadpool(lambda: importer.runs(ledger=ledger))
    except CapiImportError as error:
        raise HTTPException(404, str(error)) from error
    report = next((run.report for run in runs if run.run == number and run.report is not None), None)
    if report is None or not report.is_file() or ending(report) not in ENDINGS:
        raise HTTPException(404, mark("The report of this run is not there any more."))
    return FileResponse(report, filename=report.name)


async def show_history(request: Request) -> Response:
    """List the runs, and the lines of a sale that was searched for."""
    ledger, order = desk_of(request).given.get("ledger"), request.query_params.get("order", "").strip()
    runs, lines, sentence = (), (), None
    try:
        runs = await run_in_threadpool(lambda: importer.runs(ledger=ledger))
        lines = await run_in_threadpool(lambda: importer.sale(order, ledger=ledger)) if order else ()
    except CapiImportError as error:
        sentence = str(error)
    return show(request, "history.html.jinja", runs=runs, lines=lines, order=order, sentence=sentence)
