"""The program: a command run, signals heeded, every error one sentence, an exit code out."""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from importer.cli.command_group import cli
from importer.errors import CapiImportError
from importer.freed_memory import keep_freed_memory
from importer.signals import hang_ups, let_go_of_terminal
from importer.terminal.crash_file import write_crash_file
from importer.terminal.plain_text import PlainFormatter, fitted, plain_text

if TYPE_CHECKING:
    from types import FrameType

STOPPED = 130
SAFE = " What Meta accepted is safe in the ledger and is not sent again."
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main() -> NoReturn:
    """Run the command and exit: 0 done, 1 some rows failed, 2 could not run, 3 a bug, 130 stopped."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, as by >&-
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  open until the end
    code = _run()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
            stream.flush()
    os._exit(code)  # every file is closed; to take Python itself apart takes 0.3 s


class _Stopping:
    """End as by Ctrl-C on every signal that asks for the end; the same one twice ends the program at once.

    A terminal that goes away may bring two, one after the other.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if number in hang_ups():
            let_go_of_terminal()
        is_first, is_new = not self._seen, number not in self._seen
        self._seen.add(number)
        if is_first or not is_new:
            signal.default_int_handler(number, frame)


def _run() -> int:
    """Run the command and print each error as one sentence; return the exit code."""
    stopping = _Stopping()
    for number in (signal.SIGINT, signal.SIGTERM, *hang_ups()):
        signal.signal(number, stopping)
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # 130 MB less than with mimalloc at a million rows
    keep_freed_memory()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads have nothing to do here
    sys.setswitchinterval(
        0.0005
    )  # hashing holds the interpreter's lock: requests need not wait 5 ms for it, 5 % of send
    gc.set_threshold(50_000, 20, 20)  # imports make many objects and no garbage: 0.1 s of a start
    lines = logging.StreamHandler()
    lines.setFormatter(PlainFormatter("%(message)s"))
    if "--verbose" in sys.argv:
        logging.getLogger("importer").setLevel(logging.INFO)
    logging.basicConfig(handlers=[lines], level=logging.ERROR if "--quiet" in sys.argv else logging.WARNING)
    try:
        result = cli.main(standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except CapiImportError as error:
        said = str(error) if error.exit_code == STOPPED else f"Error: {error}"
        click.echo(fitted(plain_text(said), sys.stderr), err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped. The same command goes on where it was.", err=True)
        code = STOPPED
    except Exception as error:  # noqa: BLE001  the last resort: a bug must not show a traceback
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return _without_room()
        safe = SAFE if "send" in sys.argv[1:2] else ""
        click.echo(f"Error: this is a bug in capi-import. {write_crash_file(error)}{safe}", err=True)
        code = 3
    return code


def _without_room() -> int:
    """Say that something could not be written for want of room; return the exit code."""
    safe = SAFE if "send" in sys.argv[1:2] else ""
    click.echo(
        f"Error: The disk is full, or the output's limit is reached; make room and run it again.{safe}", err=True
    )
    return 2
