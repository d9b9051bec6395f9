"""How a text file is written, so that the rows to fix come back written the same way."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

MARK = "\ufeff"
"""The byte order mark, as a character."""

Quotes: TypeAlias = Literal["none", "needed", "all"]


class TextForm(NamedTuple):
    """Encoding, delimiter, quotation marks and line ends of a text file.

    table: the character of each byte, where no codec of Python is meant. mark: a byte order mark stands first.
    quotes: around no cell, where needed, or around all. declared: a first line `sep=;` names the delimiter.
    """

    codec: str = "utf-8"
    table: str | None = None
    mark: bool = False
    delimiter: str = ","
    quotes: Quotes = "needed"
    end: str = "\n"
    declared: bool = False

    @property
    def opening(self) -> str:
        """What stands before the header."""
        return (MARK if self.mark else "") + (f"sep={self.delimiter}{self.end}" if self.declared else "")

    def encoder(self) -> Callable[[str], bytes]:
        """Return a function that encodes a text piece by piece. UnicodeEncodeError: a character is unknown to it."""
        if self.table is None:
            return codecs.getincrementalencoder(self.codec)("strict").encode
        codes = codecs.charmap_build(self.table)
        return lambda text: codecs.charmap_encode(text, "strict", codes)[0]

    def decoded(self, content: bytes) -> str:
        """Return what was written as text again."""
        if self.table is None:
            return content.decode(self.codec)
        return codecs.charmap_decode(content, "strict", self.table)[0]
