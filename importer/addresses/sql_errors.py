"""What a database's errors mean, in sentences that quote the names of tables and columns and nothing else."""

from __future__ import annotations

import re
from typing import NamedTuple

from importer.addresses.databases import SqlSource
from importer.errors import CapiImportError, FileError, UsageError

_MISSING = re.compile(r'(relation|table|column|database|role|schema)[: ]+"?([\w.]{1,63})"? does not exist')
_SQLITE_MISSING = re.compile(r"no such (table|column): ([\w.]{1,63})")


class BrokenError(Exception):
    """The connection cannot be had or broke off, which may pass. sentence: what to tell when it does not."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class _Rule(NamedTuple):
    """Words in a driver's message, or beginnings of its SQLSTATE, and what they mean."""

    words: tuple[str, ...]
    states: tuple[str, ...]
    error: type[BrokenError | CapiImportError]
    sentence: str


_RULES = (
    _Rule(
        ("password", "authentication", "no pg_hba.conf", "incorrect username", "credential", "unauthenticated"),
        ("28",),
        UsageError,
        "{place} refuses the login: its password is missing or wrong; put it into {password}.",
    ),
    _Rule(
        ("read-only", "readonly"),
        ("25006",),
        UsageError,
        "The query would write; sql: takes a query that only reads.",
    ),
    _Rule(
        ("permission denied",),
        ("42501",),
        UsageError,
        "{place} lets this user not read what the query names; ask for the right to read it.",
    ),
    _Rule(
        ("syntax error", "incomplete input"),
        ("42601",),
        UsageError,
        "The query is not valid SQL for {place}; try it in the database's own tool.",
    ),
    _Rule(
        ("could not translate", "connection refused", "timeout", "timed out", "no route", "unreachable"),
        (),
        BrokenError,
        "{place} cannot be reached; check its host, its port and the network.",
    ),
    _Rule(("locked",), ("55P",), BrokenError, "{place} is locked by another program; try again later."),
    _Rule(
        ("closed the connection", "connection", "ssl", "shutting down", "starting up", "broken pipe"),
        ("08", "57P"),
        BrokenError,
        "The connection to {place} broke off again and again; nothing was sent. Run the same command again.",
    ),
)
"""The first that fits counts."""


def sentence(error: Exception, source: SqlSource) -> BrokenError | CapiImportError:
    """Return what an error of a driver is for the user; BrokenError where it may pass."""
    text = str(error).partition("\nquery:")[0].partition("Query was:")[0]
    state = str(getattr(error, "sqlstate", None) or "")
    if found := _SQLITE_MISSING.search(text) or _MISSING.search(text):
        kind = found[1].replace("relation", "table")
        return UsageError(f"There is no {kind} {found[2]} at {source.shown}; check the query.")
    for rule in _RULES:
        if any(word in text.lower() for word in rule.words) or (state and state.startswith(rule.states)):
            return rule.error(rule.sentence.format(place=source.shown, password=source.password))
    code = f" (SQLSTATE {state})" if state else ""
    return FileError(f"{source.shown} cannot answer the query{code}; try it in the database's own tool.")
