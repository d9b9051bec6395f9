"""What every page needs: the templates, the state of the server, and the answers to requests."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from importer.core.tables.currencies import MINOR_DIGITS
from importer.page.imports import Import
from importer.page.languages import chosen_language, mark, words_of, written
from importer.page.safety import Session, right_token
from importer.page.work import Work
from importer.secret import Secret

if TYPE_CHECKING:
    from jinja2 import Environment

PATIENCE = 1.5
"""Seconds that an answer waits for work to end before it shows how far that is."""

SCRIPT_WORDS = {
    "language": mark("en-US"),
    "checking": mark("Checking"),
    "sending": mark("Sending"),
    "rows": mark("{rows} of {total} rows"),
    "sales": mark("{sales} sales"),
    "rate": mark("{rate} rows a second"),
    "left": mark("about {seconds} s left"),
    "waiting": mark("Waiting {seconds} s:"),
    "chosen": mark("Files chosen: {count}"),
    "uploaded": mark("{share} % uploaded"),
    "refused": mark("The upload was refused; open the page again."),
    "failed": mark("The upload failed; is capi-import web still running?"),
    "cancelled": mark("Cancelled."),
}
"""What the page's script says; it fills in what stands in braces. The first is the tag by which it writes numbers."""
MOST_DIGITS = 12
MOST_FIELDS = 20_000
LAST_WAIT = 10.0
"""Seconds that the page's end waits for a run to end in order; the ledger holds what is still on its way."""


@dataclass
class Desk:
    """The state of one server: its session, its imports, and what holds for all of them.

    given: options of all imports. token: as it was typed, in memory only; else the environment's or the file's.
    """

    session: Session
    folder: Path
    given: Mapping[str, Any]
    imports: dict[str, Import] = field(default_factory=dict)
    token: Secret | None = None

    def new_import(self, files: list[Path], folder: Path, options: Mapping[str, Any]) -> Import:
        """Keep a new import under a name that nobody guesses."""
        name = secrets.token_urlsafe(9)
        self.imports[name] = Import(name, folder, files, self.given, dict(options))
        return self.imports[name]

    def end(self) -> None:
        """Let what is being sent end in order, so that the ledger knows what Meta took; not longer than a moment."""
        sending = [one.sent for one in self.imports.values() if one.sent is not None and not one.sent.is_over]
        for one in self.imports.values():
            one.give_up()
        for work in sending:
            work.wait(LAST_WAIT)


def desk_of(request: Request) -> Desk:
    """Return the server's state."""
    desk: Desk = request.app.state.desk
    return desk


def import_of(request: Request) -> Import:
    """Return the import that the address names; 404 where there is none, as after a new start."""
    found = desk_of(request).imports.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404, mark("This import is not known any more; begin again."))
    return found


async def form_of(request: Request) -> FormData:
    """Return a small form's fields; 403 where it does not bear the session's token, 400 where it is no form."""
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    except ValueError as error:  # which Starlette's parser lets through for some bodies
        raise HTTPException(400, mark("The form is not as the page sends it.")) from error
    if not right_token(desk_of(request).session, form.get("csrf")):
        raise HTTPException(403, mark("The form does not come from the page itself; open the page again."))
    return form


def number_in(text: str) -> int | None:
    """Return the number that an address holds; None where it is none that counts anything here.

    >>> number_in("12"), number_in("-1"), number_in("9" * 5000)
    (12, None, None)
    """
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def goto(path: str) -> Response:
    """Answer a form by the address to look at next."""
    return RedirectResponse(path, 303)


def language_of(request: Request) -> str:
    """Return the language in which the browser wants to read."""
    return chosen_language(request.headers.get("accept-language", ""))


def show(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """Render a template with what each of them needs, in the browser's language; `sentence` tells of trouble."""
    language = language_of(request)
    translate = words_of(language).gettext
    if sentence := context.get("sentence"):
        context["sentence"] = translate(sentence)
        context["in_english"] = context["sentence"] == sentence
    common = {
        "nonce": request.scope["state"]["nonce"],
        "csrf": desk_of(request).session.csrf,
        "language": language,
        "script_words": {name: translate(text) for name, text in SCRIPT_WORDS.items()},
    }
    return HTMLResponse(_environment(language).get_template(template).render(common | context), status)


def waiting(request: Request, title: str, work: Work[Any], back: str) -> Response:
    """Show how far work is; the page looks again by itself."""
    events = f"/imports/{request.path_params['name']}/events/{title.lower()}"
    return show(request, "waiting.html.jinja", title=title, progress=work.progress, events=events, back=back)


def static_text(name: str) -> str:
    """Return a file of the page's own."""
    return (resources.files("importer.page") / "static" / name).read_text(encoding="utf-8")


def _template(name: str) -> str:
    return (resources.files("importer.page") / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment(language: str) -> Environment:
    from jinja2 import Environment as Jinja  # noqa: PLC0415  slow to import
    from jinja2 import FunctionLoader, StrictUndefined  # noqa: PLC0415

    environment = Jinja(
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        loader=FunctionLoader(_template),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = words_of(language)
    install = environment.install_gettext_callables  # type: ignore[attr-defined]  # added by the extension
    install(words.gettext, words.ngettext, newstyle=True)
    environment.filters["number"] = lambda number: written(number, language)
    environment.filters["money"] = lambda amount, currency: written(amount, language, MINOR_DIGITS.get(currency, 2))
    return environment
