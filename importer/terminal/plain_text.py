"""Text from outside, such as a file's name or a header, as a terminal may show it."""

from __future__ import annotations

import logging
import re
import shutil
import sys
import textwrap
from typing import TextIO

TO_PASTE = re.compile(r"""--[\w-]+ (?:"[^"]*"|'[^']*'|\S+)|"[^"]*"|(?<!\w)'[^']*'(?!\w)""")
"""An option with its value, or something in quotation marks, such as a header: it stays on one line."""
HELD = "\N{NO-BREAK SPACE}"


def plain_text(text: str, encoding: str = "utf-8") -> str:
    """Return the text without characters that move a cursor, color what follows, turn its direction, or are lacking.

    encoding: that of the stream on which it is shown.
    """
    shown = "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
    return shown.encode(encoding, "replace").decode(encoding)


def fitted(text: str, stream: TextIO, indent: int = 0) -> str:
    """Return text for a stream: wrapped between words at a terminal's width, elsewhere as it is.

    indent: the spaces before each line that goes on. What could be pasted stays on one line.
    """
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_wrapped(line, width, indent) for line in text.split("\n"))


def _wrapped(line: str, width: int, indent: int) -> str:
    held = TO_PASTE.sub(lambda found: found[0].replace(" ", HELD), line)
    wrapped = textwrap.fill(held, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
    return wrapped.replace(HELD, " ")


class PlainFormatter(logging.Formatter):
    """Shows log lines on stderr as `plain_text`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return fitted(plain_text(super().format(record)), sys.stderr)
