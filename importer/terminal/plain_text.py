"""Text from outside, such as a file's name or a header, as a terminal may show it."""

from __future__ import annotations


def plain_text(text: str) -> str:
    """Return the text without characters that move a cursor, color what follows, or turn its direction."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
