"""Options and the environment as frozen values; the only reader of os.environ."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, tzinfo
from difflib import get_close_matches
from io import StringIO
from operator import index
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import platformdirs

from importer import addresses
from importer.addresses import ReportTarget
from importer.core.cells.day_month import DateOrder
from importer.core.model import ACTION_SOURCES, MAX_EVENTS
from importer.core.tables.countries import CODES as COUNTRY_CODES
from importer.core.tables.currencies import MINOR_DIGITS
from importer.core.tables.graph_versions import default_version, version_notices
from importer.core.user_answers import LAYOUTS, MAP_FIELDS, MEANINGS, NOTHING, Rows, UserAnswers
from importer.errors import UsageError
from importer.inputs import Importable, RunInput, expand
from importer.ledger_place import Place, checked_address, is_address
from importer.option_types import Edit
from importer.profiles import with_profile
from importer.small_files import read_small

Consenting: TypeAlias = tuple[str, tuple[str, ...]]
"""A column of consent, and its words that say yes."""

MOST_OF_EDITS = 64 << 20
"""Bytes of a file of corrected cells."""
GRAPH_URL = "https://graph.facebook.com"
Format: TypeAlias = Literal["csv", "parquet", "xlsx"]


class Secret:
    """A token or an app secret: readable by `reveal()` only, masked wherever it is shown."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself, for the request that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


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


@dataclass(frozen=True)
class Access:
    """What calls of the Graph API need beside their question."""

    dataset: str | None = None
    graph_url: str = GRAPH_URL
    graph_version: str | None = None
    trust_host: tuple[str, ...] = ()
    now: datetime | None = None
    token: Secret | None = None
    token_file: Path | None = None
    app_secret: Secret | None = None

    @property
    def day(self) -> date:
        """The day, UTC, by which ages and versions are judged."""
        return (self.now or datetime.now(UTC)).astimezone(UTC).date()

    @property
    def version(self) -> str:
        """The version of the Graph API: as told, else the newest that is at least four weeks old."""
        return self.graph_version or default_version(self.day)

    @property
    def version_notices(self) -> list[str]:
        """Sentences on the end of that version, where it is near."""
        return version_notices(self.version, self.day)


@dataclass(frozen=True, kw_only=True)
class Settings(Access):
    """Everything that the options of `send` and `check` say, checked."""

    files: tuple[RunInput, ...]
    format: Format | None = None
    connection: str | None = field(default=None, repr=False)
    schema: str | None = None
    sheet: str | None = None
    all_sheets: bool = False
    encoding: str | None = None
    customers: Path | None = None
    join_on: str | None = None
    event_name: str | None = None
    action_source: str | None = None
    online_sales: Literal["skip", "send"] | None = None
    event_source_url: str | None = None
    currency: str | None = None
    country: str | None = None
    timezone: str | None = None
    date_order: DateOrder | None = None
    decimal: Literal["comma", "point"] | None = None
    map: tuple[tuple[str, str], ...] = ()
    status: tuple[str, ...] = ()
    rows: Rows | None = None
    consent: tuple[Consenting, ...] = ()
    dataset_column: str | None = None
    datasets: Path | None = None
    stores: tuple[tuple[str, str], ...] = ()  # of `datasets`: store, dataset
    tokens: tuple[tuple[str, Secret], ...] = field(default=(), repr=False)  # of `datasets`: dataset, its own token
    suppress: Path | None = None
    save_answers: Path | None = None
    edits: tuple[Edit, ...] = ()
    edits_file: Path | None = None
    already_hashed: bool = False
    accept_mapping: bool = False
    ledger: Place = field(default_factory=default_ledger)
    report: Path | None = None
    report_target: ReportTarget | None = field(
        default=None, repr=False, compare=False
    )  # where a bucket gets the report
    rejects: Path | None = None
    keep_rejected: bool = True
    summary: Path | None = None
    force: bool = False
    batch_size: int = MAX_EVENTS
    concurrency: int = 8
    test_event_code: str | None = None
    online: bool = False
    ldu: bool = False
    webhook: str | None = None
    alert: tuple[str, ...] = field(default=(), repr=False)  # addresses that may hold keys

    @property
    def decimal_mark(self) -> Literal[".", ","] | None:
        """The decimal mark that is told."""
        return None if self.decimal is None else "," if self.decimal == "comma" else "."

    @property
    def answers(self) -> UserAnswers:
        """What the options say about columns, words and rows."""
        return UserAnswers(self.map, self.status, self.rows)

    @property
    def report_path(self) -> Path | None:
        """Where the report goes: as given, else where the first input that has a place wants it, if one does."""
        return self.report or next((file.report for file in self.files if file.report is not None), None)


VARIABLES: Mapping[str, str] = {
    "dataset": "CAPI_DATASET_ID",
    "ledger": "CAPI_LEDGER",
    "graph_url": "CAPI_GRAPH_URL",
    "graph_version": "CAPI_GRAPH_VERSION",
    "token": "CAPI_ACCESS_TOKEN",
    "app_secret": "CAPI_APP_SECRET",
}
"""The variable of the environment that speaks where an option says nothing."""


def read_settings(
    files: Iterable[Importable], options: Mapping[str, Any], environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings that options and environment make together; a UsageError names the option that is wrong.

    Options that are None say nothing; then the `profile` speaks that is named, then the environment's CAPI_DATASET_ID,
    CAPI_LEDGER, CAPI_GRAPH_URL and CAPI_GRAPH_VERSION. The token comes from a `token_file`, from CAPI_ACCESS_TOKEN or,
    in Python, a `token`. `name` is what the only input is called.
    """
    given = _given(Settings, VARIABLES, {**options, "name": None}, environ)
    if ("customers" in given) != ("join_on" in given):
        message = "--customers FILE and --join-on COLUMN go together: the column holds the customer id in both files."
        raise UsageError(message)
    if given.get("all_sheets") and "sheet" in given:
        message = "--sheet and --all-sheets do not go together; give one of them."
        raise UsageError(message)
    if isinstance(given.get("report"), str):
        target = ReportTarget(given["report"], os.environ if environ is None else environ)
        given |= {"report": target.path, "report_target": target}
    inputs = expand(files, options.get("name"), given.get("connection"), os.environ if environ is None else environ)
    if not inputs:
        message = "Name at least one file to import."
        raise UsageError(message)
    return Settings(files=inputs, **given)


def read_delivery_settings(
    folder: Path, options: Mapping[str, Any], environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings of a delivery of prepared rows; the report goes beside their folder."""
    source = RunInput(folder.name, str(folder), folder, report=folder.with_name(f"{folder.name}.report.csv"))
    return Settings(files=(source,), **_given(Settings, VARIABLES, options, environ))


def read_access(options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Access:
    """Return the access that options and environment make together, as `read_settings` does; without files."""
    variables = {name: variable for name, variable in VARIABLES.items() if name != "ledger"}
    return Access(**_given(Access, variables, options, environ))


def _given(
    kind: type, variables: Mapping[str, str], options: Mapping[str, Any], environ: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return the options that are given and, where one is not, what the environment says; each checked."""
    environ = os.environ if environ is None else environ
    given = with_profile(options)
    names = {entry.name for entry in fields(kind)}
    if options.get("profile") is not None:  # which may hold options of other commands
        given = {name: value for name, value in given.items() if name in names or name in options}
    for name, variable in variables.items():
        if name not in given and environ.get(variable):
            given[name] = environ[variable]
    if "token_file" in given and options.get("token") is None:  # a token that is given, as on the page, wins
        given["token"] = token_in(Path(given["token_file"]))
    for unknown in sorted(set(given) - names):
        near = get_close_matches(unknown, names, 1)
        message = f"There is no option {unknown}" + (f"; did you mean {near[0]}?" if near else ".")
        raise UsageError(message)
    if isinstance(given.get("edits"), str | Path):
        given["edits_file"] = given["edits"]
    return {name: _checked(name, value) for name, value in given.items()}


def _checked(name: str, value: Any) -> Any:
    try:
        return CHECKS.get(name, lambda v: v)(value)
    except (TypeError, ValueError, AttributeError) as error:  # a value of another type, given in Python
        message = f"The option {name} takes no value of the type {type(value).__name__}."
        raise UsageError(message) from error


A = TypeVar("A", Settings, Access)


def require_access(settings: A) -> A:
    """Return the settings if they say where to send and with which token; else raise a UsageError."""
    if settings.dataset is None:
        message = "Say which dataset to send to: --dataset ID or the environment's CAPI_DATASET_ID."
        raise UsageError(message)
    return require_token(settings)


def require_token(settings: A) -> A:
    """Return the settings if they have a token; else raise a UsageError that says where to put it."""
    if settings.token is None:
        message = (
            "API key is required: no access token. Put it into the environment's CAPI_ACCESS_TOKEN or name a file with "
            "--token-file."
        )
        raise UsageError(message)
    return settings


def ledger_path(told: Place | None) -> Place:
    """Return the ledger's place: as given, else as CAPI_LEDGER says, else a file in the user's state folder."""
    return _ledger(told or os.environ.get("CAPI_LEDGER") or default_ledger())


def _ledger(value: Place) -> Place:
    """Return the path if its folder exists: a new ledger at a mistyped path would let every sale be sent again.

    The address of a database is returned as it is, if it is one.
    """
    if is_address(value):
        return checked_address(str(value))
    path = Path(value)
    if not path.parent.is_dir() and path != default_ledger():
        message = (
            f"The ledger's folder {path.parent} does not exist; correct --ledger (or CAPI_LEDGER), or make the folder "
            "first: a new ledger knows of no sale that was sent before."
        )
        raise UsageError(message)
    return path


def token_in(path: Path) -> str:
    """Return the token in a file; a UsageError says what is wrong with it."""
    try:
        token = read_small(path).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"The token file {path} cannot be read; check its path and permissions."
        raise UsageError(message) from error
    if not token:
        message = f"The token file {path} is empty; put the access token into it."
        raise UsageError(message)
    return token


def _matching(pattern: str, sentence: str) -> Any:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, str(value)):
            raise UsageError(sentence)
        return str(value)

    return check


def _secret(value: str | Secret) -> Secret:
    text = value.reveal() if isinstance(value, Secret) else value.strip()
    if not text.isascii() or any(letter.isspace() for letter in text):
        message = "The access token holds a blank or a character that no token has; copy it again."
        raise UsageError(message)
    return Secret(text)


def _meant(near: Sequence[str], example: str) -> str:
    """Return the likeliest value as a question, else an example."""
    return f"did you mean {' or '.join(near)}?" if near else example


def _near_zones(value: str) -> list[str]:
    """Return the zones of that city, else the nearest one."""
    known = sorted(available_timezones())
    city = value.strip().replace(" ", "_").casefold()
    named = [zone for zone in known if zone.rpartition("/")[2].casefold() == city]
    return named[:2] or get_close_matches(value, known, 1, 0.75)


def _currency(value: str) -> str:
    if value.upper() not in MINOR_DIGITS:
        near = get_close_matches(value.upper(), MINOR_DIGITS, 1)
        message = f"--currency {value} is not an ISO 4217 code; " + _meant(near, "write three letters such as EUR.")
        raise UsageError(message)
    return value.upper()


def _country(value: str) -> str:
    code = COUNTRY_CODES.get(value.lower()) if len(value) == len("de") else None
    if code is None:
        named = COUNTRY_CODES.get("".join(letter for letter in value.casefold() if letter.isalnum()))
        near = [named.upper()] if named else []
        message = f"--country {value} is not an ISO 3166-1 code; " + _meant(near, "write two letters such as DE.")
        raise UsageError(message)
    return code


def _zone(value: str | tzinfo) -> str:
    try:
        return ZoneInfo(value if isinstance(value, str) else str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        example = "write one such as Europe/Berlin or America/Chicago."
        message = f"--timezone {value} is not an IANA zone; " + _meant(_near_zones(str(value)), example)
        raise UsageError(message) from error


def _now(value: str | datetime) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except ValueError as error:
        message = f"--now {value} is not an ISO 8601 time; write one such as 2026-11-23T23:00:00Z."
        raise UsageError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _among(option: str, allowed: tuple[str, ...]) -> Any:
    def check(value: str) -> str:
        if value not in allowed:
            near = get_close_matches(str(value), allowed, 1, 0.5)
            hint = f"did you mean {near[0]}? It" if near else "it"
            message = f"{option} {value} is not known; {hint} is one of {', '.join(allowed)}."
            raise UsageError(message)
        return value

    return check


def _between(option: str, low: int, high: int) -> Any:
    def check(value: int) -> int:
        if not low <= index(value) <= high:
            message = f"{option} takes a whole number from {low} to {high}."
            raise UsageError(message)
        return index(value)

    return check


def _listed(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _mapped(values: str | Iterable[str] | Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Split each COLUMN=FIELD at its last `=`; in Python a mapping will do."""
    if isinstance(values, Mapping):
        values = [f"{column}={name}" for column, name in values.items()]
    pairs = []
    for text in _listed(values):
        column, equals, name = (part.strip() for part in text.rpartition("="))
        if not equals or not column or not name:
            message = f'--map {text} is not COLUMN=FIELD; write it like --map "Betrag=value".'
            raise UsageError(message)
        if name != NOTHING and name not in MAP_FIELDS:
            near = get_close_matches(name, MAP_FIELDS, 1)
            hint = f"; did you mean {near[0]}?" if near else "; docs/fields.md lists them."
            message = f"--map {text}: {name} is not a field" + hint
            raise UsageError(message)
        pairs.append((column, name))
    return tuple(pairs)


def _words(values: str | Iterable[str] | Mapping[str, str]) -> tuple[str, ...]:
    """Return each WORD=MEANING; in Python a mapping will do."""
    words = _listed(
        [f"{word}={meaning}" for word, meaning in values.items()] if isinstance(values, Mapping) else values
    )
    for text in words:
        _, equals, meaning = text.rpartition("=")
        if not equals or meaning not in MEANINGS:
            message = f"--status {text} is not WORD=MEANING; the meaning is one of {', '.join(MEANINGS)}."
            raise UsageError(message)
    return words


def _edits(value: str | Path | Iterable[Edit]) -> tuple[Edit, ...]:
    """Return corrected cells as given, or as a CSV file lists them: file, sheet, row, column, text."""
    if not isinstance(value, str | Path):
        return tuple(value)
    try:
        text = read_small(Path(value), MOST_OF_EDITS).decode("utf-8-sig")
        table = csv.reader(StringIO(text, newline=""))
        header = next(table)
        lines = [dict(zip(header, cells, strict=True)) for cells in table if cells]
        return tuple(
            Edit(line["file"], int(line["row"]), line["column"], line["text"], line.get("sheet", "")) for line in lines
        )
    except (OSError, StopIteration, csv.Error, KeyError, ValueError) as error:
        message = f"--edits {value} cannot be read as corrections; it is a CSV of file, sheet, row, column and text."
        raise UsageError(message) from error


def _consent(values: str | Iterable[str] | Mapping[str, str | Iterable[str]]) -> tuple[Consenting, ...]:
    """Split each COLUMN=WORD,WORD at its last `=`; in Python a mapping of columns to words will do."""
    pairs: list[tuple[str, str | Iterable[str]]] = []
    if isinstance(values, Mapping):
        pairs += values.items()
    else:
        pairs += [(column, words) for column, _, words in (text.rpartition("=") for text in _listed(values))]
    found = []
    for column, words in pairs:
        listed = words.split(",") if isinstance(words, str) else words
        told = tuple(word.strip() for word in listed if word.strip())
        if not column.strip() or not told:
            message = '--consent is a column and its words for yes, written like --consent "Consent=yes,granted".'
            raise UsageError(message)
        found.append((column.strip(), told))
    return tuple(found)


def _hosts(values: str | Iterable[str]) -> tuple[str, ...]:
    """Return the hosts in lower case; an address, or a pattern, is none."""
    hosts = tuple(value.lower().rstrip(".") for value in _listed(values))
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f]*:[0-9a-f:.]+", host):
            message = f"--trust-host {host} is not a host; write its name alone, like graph.example.com."
            raise UsageError(message)
    return hosts


def _report(value: str | os.PathLike[str]) -> str | Path:
    """Return an address as it is, anything else as a path."""
    return value if isinstance(value, str) and addresses.is_address(value) else Path(value)


CHECKS: Mapping[str, Any] = {
    "schema": str,
    "sheet": str,
    "connection": str,
    "format": _among("--format", get_args(Format)),
    "dataset": _matching(r"[0-9]{1,32}", "The dataset id is digits only; copy it from Events Manager."),
    "action_source": _among("--action-source", ACTION_SOURCES),
    "online_sales": _among("--online-sales", ("skip", "send")),
    "event_source_url": _matching(
        r"https?://[^\s/?#]+\.[^\s]+",
        "--event-source-url is the web shop's address; write it like https://shop.example.",
    ),
    "currency": _currency,
    "country": _country,
    "timezone": _zone,
    "date_order": _among("--date-order", get_args(DateOrder)),
    "decimal": _among("--decimal", ("comma", "point")),
    "map": _mapped,
    "status": _words,
    "rows": _among("--rows", tuple(LAYOUTS)),
    "consent": _consent,
    "suppress": Path,
    "datasets": Path,
    "customers": Path,
    "ledger": _ledger,
    "report": _report,
    "rejects": Path,
    "summary": Path,
    "save_answers": Path,
    "edits": _edits,
    "edits_file": Path,
    "batch_size": _between("--batch-size", 1, MAX_EVENTS),
    "concurrency": _between("--concurrency", 1, 64),
    "graph_version": _matching(r"v[0-9]{1,3}\.[0-9]", "--graph-version is written like v26.0."),
    "token_file": Path,
    "trust_host": _hosts,
    "alert": _listed,
    "now": _now,
    "token": _secret,
    "app_secret": _secret,
}
