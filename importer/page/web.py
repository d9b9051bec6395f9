"""`web`: the page's server, on loopback alone, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import logging
import socket
import webbrowser
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import click
import uvicorn

from importer.errors import Interrupted, UsageError
from importer.option_values import CHECKS
from importer.page.application import application
from importer.page.pages import Desk
from importer.page.safety import Session
from importer.private_files import PrivateFolder
from importer.settings import ledger_path, read_access

ADDRESS = "127.0.0.1"
ENDED = "The page has ended, and the files that were given to it are removed; capi-import web opens a new one."


def web(
    port: int = 0,
    *,
    no_browser: bool = False,
    ledger: str | Path | None = None,
    now: str | datetime | None = None,
    token_file: str | Path | None = None,
) -> int:
    """Serve the page until it is stopped by Ctrl-C or SIGTERM, which raises Interrupted; the address is printed first.

    port: 0 picks a free one. no_browser: the address is only printed. The other options hold for all that the page
    does, and so does the environment, as for `send`. UsageError: an option is wrong, or the port is taken.
    """
    told = {"ledger": ledger, "now": now, "token_file": token_file}
    given = {name: value for name, value in told.items() if value is not None}
    _require_valid(given)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # a bug is told by its crash file, see application.py
    logging.getLogger("importer").setLevel(logging.ERROR)  # what a run notices stands in its summary
    with _listen(port) as listening, PrivateFolder() as folder:
        host = f"{ADDRESS}:{listening.getsockname()[1]}"
        desk = Desk(Session(host), folder, given)
        address = f"http://{host}/?key={desk.session.key}"
        click.echo(address)
        click.echo("The page runs until Ctrl-C; the address works once, in one browser.", err=True)
        if not no_browser:
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()  # one in the terminal would not return
        try:
            _server(desk).run(sockets=[listening])
        except KeyboardInterrupt as error:
            raise Interrupted(ENDED) from error
        finally:
            desk.end()
    return Interrupted.exit_code


def _server(desk: Desk) -> uvicorn.Server:
    settings = uvicorn.Config(
        application(desk),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        ws="none",
        lifespan="off",
    )
    return uvicorn.Server(settings)


def _require_valid(given: Mapping[str, Any]) -> None:
    """Raise UsageError for what would fail on every page only later."""
    read_access({name: value for name, value in given.items() if name == "token_file"})
    ledger_path(given.get("ledger"))
    if "now" in given:
        CHECKS["now"](given["now"])


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((ADDRESS, port))
    except (OSError, OverflowError) as error:
        message = f"Port {port} is taken or not allowed; choose another, or leave --port out for a free one."
        raise UsageError(message) from error
