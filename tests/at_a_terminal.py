"""The program as a person meets it: at a terminal of some width, answering what it asks."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios

SECONDS = 60


def at_a_terminal(*arguments, answers=(), columns=80, environ=None):
    """Run the program; type each answer once its words are shown; return the exit code and all that was shown.

    answers: pairs of words to wait for and a line to type.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    command = [sys.executable, "-m", "importer", *arguments]
    with subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=env | {"TERM": "xterm-256color"} | (environ or {})
    ) as process:
        os.close(slave)
        shown, seen = b"", 0
        for words, line in answers:
            while (place := shown.find(words.encode(), seen)) < 0:
                more = _read(master)
                if not more:
                    break
                shown += more
            seen = place + len(words)
            os.write(master, line.encode() + b"\n")
        while more := _read(master):
            shown += more
        code = process.wait(timeout=SECONDS)
    os.close(master)
    return code, shown.decode().replace("\r\n", "\n")


def _read(terminal):
    """Read what is shown next; nothing where the program has ended, or says nothing for long."""
    if not select.select([terminal], [], [], SECONDS)[0]:
        return b""
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side is closed
        return b""
