"""Step 2: every column with what it fills and why, and what only the user can tell."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

import importer
from importer.commands.column_values import StatusWord
from importer.commands.columns import Column, Columns
from importer.core.tables.countries import CODES
from importer.core.tables.currencies import MINOR_DIGITS
from importer.core.user_answers import MAP_FIELDS, MEANINGS, NOTHING, STATUS
from importer.errors import CapiImportError, NeedsAnswer
from importer.page.imports import Import
from importer.page.languages import mark
from importer.page.pages import PATIENCE, form_of, goto, import_of, show, waiting
from importer.questions import Kind, Question, option
from importer.results.facts import SALE_FILTER

OPEN = mark("The rows cannot be checked before these questions are answered.")
MOST_TRIED_BYTES = 20 << 20
"""Larger files are understood anew only when the answers are applied: each time they are read as a whole."""


@dataclass(frozen=True)
class Choice:
    """What one option does for every row, chosen from a list: name, label, the values, and what is told so far."""

    name: str
    label: str
    values: Sequence[str]
    told: str


CHOICES: Mapping[Kind, tuple[str, str]] = {
    Kind.ZONE: ("timezone", mark("Time zone")),
    Kind.CURRENCY: ("currency", mark("Currency")),
    Kind.COUNTRY: ("country", mark("Country")),
}
"""Questions that a list answers: the option and the list's label."""


@dataclass(frozen=True)
class Word:
    """A status word in question: the name of its list, the word, its rows, and the start of the option."""

    name: str
    word: str
    rows: int


@dataclass(frozen=True)
class Button:
    """One option of a question: its value, what it says with what stands in it, and the option where it is shown."""

    value: str
    label: str
    told: Mapping[str, str]
    option: str


IN_WORDS: Mapping[str, str] = {
    "--online-sales skip": mark("Leave them out"),
    "--online-sales send": mark("Send them as website events"),
    "--action-source physical_store": mark("They are a store's"),
    "--date-order mdy": mark("Month first"),
    "--date-order dmy": mark("Day first"),
    "--date-order ymd": mark("Year first"),
    "--decimal comma": mark("The comma"),
    "--decimal point": mark("The point"),
    "--rows order": mark("A row is an order"),
    "--rows line": mark("A row is a line with its own amount"),
    "--rows line-with-total": mark("A row is a line with the order's total"),
    "--all-sheets": mark("Every sheet"),
}
"""Options in plain words."""


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it: by a list, by a list for each word, or by a button for each option."""

    question: Question
    choice: Choice | None
    words: Sequence[Word]
    buttons: Sequence[Button]

    @property
    def text(self) -> str:
        """The question; where a list answers it, without the hint at an option's value."""
        return self.question.text if self.choice is None else self.question.text.partition("?")[0] + "?"


async def show_understood(request: Request) -> Response:
    """Show what was understood, or how far that is."""
    found = import_of(request)
    work = found.understood or found.understand()
    if not await run_in_threadpool(work.wait, PATIENCE):
        return waiting(request, "Understand", work, "/")
    plain = request.query_params.get("samples") == "1"
    samples = await run_in_threadpool(_samples, found) if plain else {}
    files = work.result or []
    error = work.error if work.error is not None and not isinstance(work.error, NeedsAnswer) else None
    sentence = OPEN if found.questions and "open" in request.query_params else None
    asked = list(_asked(found))
    in_questions = {one.choice.name for one in asked if one.choice is not None}
    return show(
        request,
        "understand.html.jinja",
        found=found,
        files=files,
        sentence=sentence if error is None else str(error),
        asked=asked,
        meanings=MEANINGS,
        words=list(_known_words(found)),
        settings=[choice for choice in _choices(found) if choice.name not in in_questions],
        fields=sorted(MAP_FIELDS),
        nothing=NOTHING,
        plain=plain,
        filled_by=_fills,
        samples=samples,
        columns=[
            (f"fills-{place}-{at}", file, column)
            for place, file in enumerate(files)
            for at, column in enumerate(file.columns)
        ],
    )


async def take_answers(request: Request) -> Response:
    """Take what was chosen, and show what is understood now; or go on to the check."""
    found = import_of(request)
    form = await form_of(request)
    before = dict(found.options)
    try:
        found.answer(list(_answers(found, form)))
    except ValueError as error:  # an option that cannot be split
        return show(request, "trouble.html.jinja", 400, title="Understand", sentence=str(error), back=_address(found))
    for name, _ in CHOICES.values():  # what was told, and is told no longer
        if form.get(name) == "":
            found.options.pop(name, None)
    if found.options != before or found.understood is None:
        found.understand()
    if "check" in form:
        found.check()
        return goto(f"/imports/{found.name}/check")
    plain = str(form.get("samples", form.get("plain", "0")))
    return goto(_address(found) + ("?samples=1" if plain == "1" else ""))


async def try_answers(request: Request) -> Response:
    """Say what would still be asked with what is chosen so far; nothing is kept of it."""
    found = import_of(request)
    form = await form_of(request)
    if sum(file.stat().st_size for file in found.files) > MOST_TRIED_BYTES:
        return Response(status_code=204)
    try:
        left, sentence = await run_in_threadpool(found.left_to_ask, list(_answers(found, form))), None
    except (CapiImportError, ValueError) as error:
        left, sentence = 0, str(error)
    return show(request, "tried.html.jinja", left=left, sentence=sentence)


def _address(found: Import) -> str:
    return f"/imports/{found.name}/understand"


def _samples(found: Import) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return some values of each column, by file and header; none where the file cannot be read."""
    try:
        return {
            (file.name, header): values
            for file in found.files
            for header, values in importer.samples(file, **found.all_options).items()
        }
    except CapiImportError:
        return {}


def _choices(found: Import) -> Iterator[Choice]:
    values = {
        "timezone": sorted(available_timezones()),
        "currency": sorted(MINOR_DIGITS),
        "country": sorted({code.upper() for code in CODES.values()}),
    }
    for name, label in CHOICES.values():
        yield Choice(name, label, values[name], str(found.options.get(name, "")))


def _asked(found: Import) -> Iterator[Asked]:
    choices = {choice.name: choice for choice in _choices(found)}
    shown = set[str]()
    for number, question in enumerate(found.questions):
        if question.kind in CHOICES and (name := CHOICES[question.kind][0]) not in shown:
            shown.add(name)
            yield Asked(question, choices[name], (), ())
        elif question.kind is Kind.STATUS:
            words = [Word(f"word-{number}-{at}", word, rows) for at, (word, rows) in enumerate(question.values.items())]
            yield Asked(question, None, words, ())
        else:
            yield Asked(question, None, (), [_button(text) for text in question.options])


def _known_words(found: Import) -> Iterator[tuple[str, StatusWord]]:
    """Yield the status words that are not asked about, each with the name of its list; the same word of files once."""
    asked = {(one.column, word) for one in found.questions if one.kind is Kind.STATUS for word in one.values}
    for number, word in enumerate({(one.header, one.word): one for one in found.words}.values()):
        if (word.header, word.word) not in asked:
            yield f"status-{number}", word


def _button(text: str) -> Button:
    """Return an option as a button says it: in plain words, and as the option itself."""
    if text in IN_WORDS:
        return Button(text, IN_WORDS[text], {}, text)
    name, *value = shlex.split(text)
    column, _, field = " ".join(value).rpartition("=")
    if name != "--map":
        return Button(text, "", {}, text)
    if field == NOTHING:
        return Button(text, mark("%(column)s: not used"), {"column": column}, "")
    if column == NOTHING:
        return Button(text, mark("No column holds %(field)s"), {"field": field}, "")
    return Button(text, mark("%(column)s is %(field)s"), {"column": column, "field": field}, "")


def _answers(found: Import, form: FormData) -> Iterator[str]:
    """Yield what the form says beyond what is known, as options of the command line."""
    for at, file in enumerate((found.understood.result if found.understood else None) or ()):
        yield from _mapped(form, at, file)
    for name, _ in CHOICES.values():
        told = str(form.get(name, ""))
        if told and told != found.options.get(name, ""):
            yield option(f"--{name}", told)
    for number, question in enumerate(found.questions):
        for at, word in enumerate(question.values if question.kind is Kind.STATUS else ()):
            if (meaning := str(form.get(f"word-{number}-{at}", ""))) in MEANINGS:
                yield option("--status", f"{_status_name(question, word)}={meaning}")
    for name, known in _known_words(found):
        if (meaning := str(form.get(name, known.meaning))) in MEANINGS and meaning != known.meaning:
            yield option("--status", f"{known.header}:{known.word}={meaning}")
    if "answer" in form:
        yield str(form["answer"])


def _mapped(form: FormData, at: int, file: Columns) -> Iterator[str]:
    for place, column in enumerate(file.columns):
        chosen = str(form.get(f"fills-{at}-{place}", _fills(column)))
        if chosen != _fills(column) and column.header:
            yield option("--map", f"{column.header}={chosen}")


def _fills(column: Column) -> str:
    """Return what a column fills as `--map` names it."""
    filled = next(iter(column.fields), NOTHING).removeprefix("contents.")
    return STATUS if filled == SALE_FILTER else filled


def _status_name(question: Question, word: str) -> str:
    """Return how the options of the question name a word: by itself, or with its column."""
    with_column = f"{question.column}:{word}"
    names = {" ".join(shlex.split(text)[1:]).rpartition("=")[0] for text in question.options}
    return with_column if with_column in names or not word else word
