"""Step 1: files dropped or chosen, or a sample."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import importer
from importer.commands.demo import NOW, SAMPLES, sample_data
from importer.errors import CapiImportError
from importer.page.languages import mark
from importer.page.pages import desk_of, goto, show
from importer.page.safety import right_token
from importer.page.uploads import Form, read_form
from importer.profiles import profiles_file, read_profiles

SAMPLE = SAMPLES[0][0]
SAMPLE_OPTIONS: Mapping[str, Any] = {"now": NOW.isoformat()}
"""The sample's sales are inside Meta's window at this moment."""


async def show_import(request: Request) -> Response:
    """Show the form for files."""
    return _form(request)


def _form(request: Request, status: int = 200, sentence: str | None = None) -> Response:
    try:
        file = profiles_file()
        profiles = [] if file is None else sorted(read_profiles(file))
    except CapiImportError as error:  # the file of profiles is not in order: told before somebody looks for one
        profiles, sentence = [], sentence or str(error)
    known = sorted(importer.schemas())
    return show(request, "import.html.jinja", status, sentence=sentence, profiles=profiles, schemas=known)


async def take_files(request: Request) -> Response:
    """Take the files of the form, or the sample, and go on to what is understood of them."""
    desk = desk_of(request)
    folder = desk.folder / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    try:
        form = await read_form(request, folder, lambda token: right_token(desk.session, token))
        if not right_token(desk.session, form.fields.get("csrf")):
            return _form(request, 403, sentence=mark("Open the page again; this form is an old one."))
        files, options = await run_in_threadpool(_chosen, form, folder)
    except (CapiImportError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        sentence = str(error) if isinstance(error, CapiImportError) else mark("The disk has no room for these files.")
        return _form(request, 400, sentence=sentence)
    if not files:
        shutil.rmtree(folder, ignore_errors=True)
        return _form(request, 400, sentence=mark("Choose at least one file first."))
    begun = desk.new_import(files, folder, options)
    begun.sample = "sample" in form.fields
    begun.understand()
    return goto(f"/imports/{begun.name}/understand")


def _chosen(form: Form, folder: Path) -> tuple[list[Path], dict[str, Any]]:
    """Return the files to import and the options that the form gives."""
    if "sample" in form.fields:
        return [_sample(folder)], dict(SAMPLE_OPTIONS)
    options: dict[str, Any] = {}
    for name in ("schema", "profile", "join_on"):
        if form.fields.get(name, "").strip():
            options[name] = form.fields[name].strip()
    if customers := form.files.get("customers"):
        options["customers"] = customers[0]
    if schema := form.files.get("schema_file"):
        options["schema"] = str(schema[0])
    return form.files.get("files", []), options


def _sample(folder: Path) -> Path:
    with sample_data() as source:
        return Path(shutil.copyfile(source / SAMPLE, folder / SAMPLE))
