"""Steps 4 and 5: sent after a clear confirmation, stopped and gone on with; and what came of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

import importer
from importer.commands.sandbox import DATASET
from importer.core.model import Status
from importer.errors import AccessError, CapiImportError, Interrupted, NeedsAnswer
from importer.page.imports import Import
from importer.page.languages import mark
from importer.page.pages import PATIENCE, Desk, desk_of, form_of, goto, import_of, show
from importer.page.work import Work
from importer.results.summary import to_fix
from importer.secret import Secret
from importer.settings import read_access
from importer.stored_reports import rewritten

FORMATS: Mapping[str, str] = {
    "report.csv": "text/csv; charset=utf-8",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "report.parquet": "application/vnd.apache.parquet",
    "rejects.csv": "text/csv; charset=utf-8",
    "rejects.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "summary.html": "text/html; charset=utf-8",
}
ACCESS = {"dataset", "graph_url", "graph_version", "profile", "token_file"}
"""Options of an import that say where to send and with which token."""
STOPPED = mark("Stopped. Continue goes on where it was.")
REHEARSAL_STOPPED = mark("The rehearsal was stopped; nothing went to Meta.")
LEFT_OUT = (Status.DUPLICATE, Status.SKIPPED, Status.INVALID)
REHEARSAL_URL = "http://127.0.0.1:8765"
"""Where `capi-import sandbox` answers."""
NAMED_WITHIN = 4.0
"""Seconds that the dataset's name is waited for."""


async def show_send(request: Request) -> Response:
    """Show what would be sent, to confirm; or how far the sending is; or why it stopped."""
    found, desk = import_of(request), desk_of(request)
    if found.sent is not None and not await run_in_threadpool(found.sent.wait, PATIENCE if found.sent.is_over else 0.2):
        return show(request, "sending.html.jinja", found=found, work=found.sent, progress=found.sent.progress)
    if (
        found.sent is not None
        and found.sent.result is not None
        and not (found.rehearsal and "meta" in request.query_params)
    ):
        return goto(_address(found, "result"))
    return await _confirm(request, found, desk)


async def _confirm(
    request: Request, found: Import, desk: Desk, status: int = 200, sentence: str | None = None
) -> Response:
    if found.checked is None or found.stale or not found.checked.is_over or found.checked.result is None:
        return goto(_address(found, "check"))
    work, known = found.sent, _known(found, desk)
    stopped, rehearsed = None if work is None else work.error, found.rehearsal and not found.sample
    dataset, by_row = known["dataset"], _datasets_by_row(found, known)
    name = await run_in_threadpool(_name_of, found, known) if dataset and known["token"] and not found.sample else ""
    return show(
        request,
        "send.html.jinja",
        status,
        found=found,
        summary=found.checked.result.summary,
        left_out={str(one): found.checked.result.summary.rows[one] for one in LEFT_OUT},
        dataset=dataset or by_row,
        dataset_name=name,
        by_row=by_row,
        has_token=known["token"] is not None,
        sentence=sentence or (None if stopped is None or _open_questions(found) else _why_stopped(stopped, rehearsed)),
        questions=_open_questions(found),
        wrong_token=isinstance(stopped, AccessError) and not rehearsed,
        begun=work is not None and not rehearsed,
    )


async def begin_sending(request: Request) -> Response:
    """Send, or go on where the sending stopped."""
    found, desk = import_of(request), desk_of(request)
    form = await form_of(request)
    if found.stale or found.checked is None or _open_questions(found):  # perhaps of another window
        return goto(_address(found, "check"))
    dataset = str(form.get("dataset", "")).strip()
    if found.sample or "rehearse" in form:
        if found.sent is None or found.sent.is_over:
            known = _known(found, desk)
            of_all = dataset or known["dataset"] or (None if _datasets_by_row(found, known) else DATASET)
            found.rehearse(of_all)
        return goto(_address(found, "send"))
    if token := str(form.get("token", "")).strip():
        desk.token = Secret(token)
        found.sent = None
    known = _known(found, desk)
    if dataset:
        found.dataset = dataset
        known["dataset"] = dataset
    by_row = _datasets_by_row(found, known)
    if not known["dataset"] and not by_row:
        return await _confirm(
            request, found, desk, 400, mark("Say which dataset to send to: its id stands in Events Manager.")
        )
    if known["token"] is None and not by_row:  # a store may have a token of its own
        return await _confirm(
            request, found, desk, 400, mark("Give an access token; it is kept in memory only, while this page runs.")
        )
    if found.sent is None or found.sent.is_over:  # pressed in two windows, it is sent once
        found.send(known["dataset"], known["token"])
    return goto(_address(found, "send"))


async def stop_sending(request: Request) -> Response:
    """Stop in order: what Meta accepted is kept, and the same goes on later."""
    found = import_of(request)
    await form_of(request)
    found.stop()
    return goto(_address(found, "send"))


def _why_stopped(error: CapiImportError, rehearsed: bool) -> str:  # noqa: FBT001  told in one word
    if isinstance(error, Interrupted):
        return REHEARSAL_STOPPED if rehearsed else STOPPED
    return str(error)


def _open_questions(found: Import) -> int:
    """Return how many questions are open, which keep sales from being sent."""
    if found.sent is not None and isinstance(found.sent.error, NeedsAnswer):
        return len(found.sent.error.questions)
    checked = found.checked.result if found.checked is not None else None
    return 0 if checked is None else len(checked.summary.questions)


def _known(found: Import, desk: Desk) -> dict[str, Any]:
    """Return the dataset and the token, as far as they are known."""
    if found.sample:
        return {"dataset": DATASET, "token": Secret("rehearsal")}
    access = read_access({name: value for name, value in found.all_options.items() if name in ACCESS})
    return {"dataset": access.dataset, "token": desk.token or access.token}


def _datasets_by_row(found: Import, known: Mapping[str, Any]) -> str:
    """Return the datasets that the rows themselves go to, by their stores or ids; empty where one is for all."""
    checked = None if found.checked is None else found.checked.result
    return "" if checked is None or known["dataset"] else ", ".join(checked.summary.datasets or ())


def _name_of(found: Import, known: Mapping[str, Any]) -> str:
    """Return the dataset's name, where Meta tells it soon."""
    options = {name: value for name, value in found.all_options.items() if name in {"profile", "graph_url", "now"}}
    work = Work(lambda _: importer.pixel(known["dataset"], token=known["token"], **options).pixel.name)
    return work.result or "" if work.wait(NAMED_WITHIN) else ""


def _address(found: Import, step: str) -> str:
    return f"/imports/{found.name}/{step}"


async def show_result(request: Request) -> Response:
    """Show what came of the sending, its files, and the command that does the same."""
    found = import_of(request)
    if found.sent is None or found.sent.result is None:
        return goto(_address(found, "send"))
    sent = found.sent.result
    rejects = found.rejects if to_fix(sent.summary) and found.rejects.is_file() else None
    return show(request, "result.html.jinja", found=found, sent=sent, command=command_of(found), rejects=rejects)


async def download(request: Request) -> Response:
    """Answer with a file of the result, made from the Parquet report where it is not there yet."""
    found, name = import_of(request), request.path_params["file"]
    work = found.sent if found.sent is not None and found.sent.result is not None else found.checked
    if name not in FORMATS or work is None or work.result is None:
        raise HTTPException(404, mark("There is no such file yet."))
    path = await run_in_threadpool(_made, found, work.result.report, name)
    return FileResponse(path, media_type=FORMATS[name], filename=f"{found.files[0].stem}.{name}")


def _made(found: Import, report: Path, name: str) -> Path:
    if name == "report.parquet":
        return report
    if name.startswith("rejects."):
        if not found.rejects.is_file() or name != found.rejects.name:
            raise HTTPException(404, mark("There are no rejects."))
        return found.rejects
    target = found.folder / f"{report.stem}.{name}"
    try:
        if name == "summary.html":
            importer.report(report, summary=target)
        elif not target.exists():
            rewritten(report, target)
    except CapiImportError as error:
        raise HTTPException(500, str(error)) from error
    return target


def command_of(found: Import) -> str:
    """Return the command that does the same, to paste into a terminal."""
    words = ["capi-import", "send", *(path.name for path in found.files)]
    sent = found.sent.result if found.sent is not None else None
    dataset = sent.summary.dataset if sent is not None and found.rehearsal else found.dataset
    options = {"dataset": dataset} | found.options if isinstance(dataset, str) else dict(found.options)
    if found.rehearsal:
        options["graph_url"] = REHEARSAL_URL
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        for one in value if isinstance(value, tuple) else (value,):
            words += [flag] if one is True else [flag, Path(one).name if name in {"customers", "schema"} else str(one)]
    if found.edits:
        words += ["--edits", "edits.csv"]
    return shlex.join(words)
