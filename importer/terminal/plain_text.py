"""Text from outside, such as a file's name or a header, as a terminal may show it."""

from __future__ import annotations

import logging


def plain_text(text: str, encoding: str = "utf-8") -> str:
    """Return the text without characters that move a cursor, color what follows, turn its direction, or are lacking.

    encoding: that of the stream on which it is shown.
    """
    shown = "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
    return shown.encode(encoding, "replace").decode(encoding)


class PlainFormatter(logging.Formatter):
    """Shows log lines as `plain_text`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return plain_text(super().format(record))
