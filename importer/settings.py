"""Options and the environment as frozen values; the only reader of os.environ."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar

from importer.addresses import ReportTarget
from importer.core.cells.day_month import DateOrder
from importer.core.model import MAX_EVENTS
from importer.core.tables.graph_versions import default_version, version_notices
from importer.core.user_answers import Rows, UserAnswers
from importer.errors import UsageError
from importer.inputs import Importable, RunInput, expand
from importer.ledger_place import Place
from importer.option_types import Edit
from importer.option_values import CHECKS, Consenting, Format, checked_ledger, token_in
from importer.profiles import with_profile
from importer.secret import Secret
from importer.state_folders import default_ledger

GRAPH_URL = "https://graph.facebook.com"


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
    return checked_ledger(told or os.environ.get("CAPI_LEDGER") or default_ledger())
