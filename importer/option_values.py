"""What the value of each option may be, whether typed or given in Python, as one sentence where it is not."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from io import StringIO
from operator import index
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from importer import addresses
from importer.core.cells.day_month import DateOrder
from importer.core.model import ACTION_SOURCES, MAX_EVENTS
from importer.core.tables.countries import CODES as COUNTRY_CODES
from importer.core.tables.currencies import MINOR_DIGITS
from importer.core.user_answers import LAYOUTS, MAP_FIELDS, MEANINGS, NOTHING
from importer.errors import UsageError
from importer.ledger_place import Place, checked_address, is_address
from importer.option_types import Edit
from importer.secret import Secret
from importer.small_files import read_small
from importer.state_folders import default_ledger

Consenting: TypeAlias = tuple[str, tuple[str, ...]]
"""A column of consent, and its words that say yes."""

MOST_OF_EDITS = 64 << 20
"""Bytes of a file of corrected cells."""

Format: TypeAlias = Literal["csv", "parquet", "xlsx"]


def checked_ledger(value: Place) -> Place:
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
    "ledger": checked_ledger,
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
