"""Connections to databases: the address without a password, or the name of a variable that holds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from importer.addresses.extras import extra
from importer.errors import UsageError

SECONDS = "15"
"""In which a server must take the connection."""
SQLITE_ROWS = (65_536, 2_000_000)
"""SQLite's columns have no types: they are told by the first so many rows; where later ones differ, by many more."""

_EXAMPLES = "sqlite:////folder/sales.db, postgresql://user@host:5432/database, snowflake:// or bigquery://"


@dataclass(frozen=True)
class SqlSource:
    """How to ask a database. connect: opens a connection. shown: the address without what is secret.

    read_only: a statement that forbids writing. attempts: options of the statement, tried one after another.
    password: where its password is put.
    """

    kind: str
    shown: str
    connect: Callable[[], Any]
    password: str
    read_only: str = ""
    attempts: tuple[Mapping[str, str], ...] = ({},)


def require_connection(told: str | None, environ: Mapping[str, str]) -> str:
    """Return the address of --connection, or that in the variable which it names. UsageError: it is none of both."""
    if not told:
        message = f"sql: needs --connection, an address such as {_EXAMPLES}; or the name of a variable that holds one."
        raise UsageError(message)
    if "://" in told:
        if _password(told):
            message = (
                "--connection must not hold a password, which others on this machine could read; put it where the "
                "database's own tools look (PGPASSWORD, ~/.pgpass), or name a variable that holds the whole address."
            )
            raise UsageError(message)
        return told
    if found := environ.get(told):
        return found
    message = f"--connection {told} is neither an address such as {_EXAMPLES}, nor a variable of the environment."
    raise UsageError(message)


def _password(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        query = {name.lower() for name, _ in parse_qsl(parts.query)}
        return parts.password or ("query" if query & {"password", "token", "private_key"} else None)
    except ValueError:
        return None


def database(address: str, environ: Mapping[str, str]) -> SqlSource:
    """Return how to ask the database at the address. UsageError: its kind is not known, or its driver is missing."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        message = f"The connection is not a valid address; write it like one of {_EXAMPLES}."
        raise UsageError(message) from error
    kind = parts.scheme.removesuffix("ql")
    if kind == "sqlite":
        return _sqlite(address)
    if kind == "postgres":
        return _postgresql(parts)
    if kind == "snowflake":
        return _snowflake(parts, environ)
    if kind == "bigquery":
        return _bigquery(parts)
    message = f"There is no driver for {parts.scheme or 'this connection'}; write an address such as {_EXAMPLES}."
    raise UsageError(message)


def _sqlite(address: str) -> SqlSource:
    """sqlite:///PATH, from here, or sqlite:////PATH, from the root."""
    driver = extra("adbc_driver_sqlite.dbapi", "sql-sqlite")
    path = Path(unquote(address.partition(":///")[2].partition("?")[0])).expanduser()
    if not path.is_file():
        message = f"There is no database {path}; an absolute path takes four slashes, like sqlite:////folder/sales.db."
        raise UsageError(message)
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    return SqlSource(
        "sqlite",
        f"sqlite:///{path.name}",
        partial(driver.connect, uri),
        password="",
        attempts=tuple({"adbc.sqlite.query.batch_rows": str(rows)} for rows in SQLITE_ROWS),
    )


def _postgresql(parts: SplitResult) -> SqlSource:
    driver = extra("adbc_driver_postgresql.dbapi", "sql-postgres")
    query = {"connect_timeout": SECONDS, "application_name": "capi-import"} | dict(parse_qsl(parts.query))
    query |= {"keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "40000"}
    return SqlSource(
        "postgresql",
        f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}",
        partial(driver.connect, parts._replace(query=urlencode(query)).geturl()),
        password="PGPASSWORD or ~/.pgpass",  # noqa: S106  where it is put
        read_only="SET TRANSACTION READ ONLY",
    )


def _snowflake(parts: SplitResult, environ: Mapping[str, str]) -> SqlSource:
    """snowflake://USER@ACCOUNT/DATABASE/SCHEMA?warehouse=NAME."""
    driver = extra("adbc_driver_snowflake.dbapi", "sql-snowflake")
    login = parts.netloc
    if not parts.password and (password := environ.get("SNOWFLAKE_PASSWORD")):
        user, _, host = parts.netloc.rpartition("@")
        login = f"{user}:{quote(password, safe='')}@{host}"
    elif not parts.password and "authenticator" not in parts.query:
        message = "There are no credentials for Snowflake: set SNOWFLAKE_PASSWORD in the environment."
        raise UsageError(message)
    uri = f"{login}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    return SqlSource(
        "snowflake",
        f"snowflake://{parts.netloc.rpartition('@')[2]}{parts.path}",
        partial(driver.connect, uri),
        password="SNOWFLAKE_PASSWORD",  # noqa: S106
    )


def _bigquery(parts: SplitResult) -> SqlSource:
    """bigquery://PROJECT/DATASET, with Google's own credentials."""
    driver = extra("adbc_driver_bigquery.dbapi", "sql-bigquery")
    options = {"adbc.bigquery.sql.project_id": parts.netloc}
    if name := parts.path.strip("/"):
        options["adbc.bigquery.sql.dataset_id"] = name
    return SqlSource(
        "bigquery",
        f"bigquery://{parts.netloc}{parts.path}",
        partial(driver.connect, db_kwargs=options),
        password="GOOGLE_APPLICATION_CREDENTIALS",  # noqa: S106
    )
