"""E-mail addresses, and phones written with a plus, inside of any text: also percent-encoded or full-width."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from urllib.parse import unquote

HINT = r"@|\+|%40|%2[Bb]|&#|%25|\x{FF20}|\x{FF0B}|\x{FE6B}"
"""What a text with a person in it holds for certain (RE2): few cells hold it, and only these are looked at."""

_FILES = "png|jpe?g|gif|webp|svg|pdf|css|js"
_EMAIL = re.compile(
    r"[^\s@<>\"',;:()\[\]&=?/|]{1,64}@(?:[\w-]{1,63}\.){1,8}(?!(?:" + _FILES + r")\b)[^\W\d_]{2,63}", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w.])\+[1-9](?:[ ().\-/\u00a0]{0,3}[0-9]){7,14}(?![0-9])")


def plain(text: str) -> str:
    """Return the text as a reader would see it: entities and percent signs decoded, full-width letters narrow.

    A plus stays one: in a query it may stand for a blank, before a phone it is its own.
    """
    for _ in range(2):
        text = unquote(unescape(text))
    return unicodedata.normalize("NFKC", text)


def has_email(text: str) -> bool:
    """Tell whether an e-mail address stands in the text.

    >>> has_email("for ada%40example.com"), has_email("logo@2x.png")
    (True, False)
    """
    return _EMAIL.search(plain(text)) is not None


def has_person(text: str) -> bool:
    """Tell whether an e-mail address or a phone with its plus stands in the text.

    >>> has_person("call +49 151 2345678"), has_person("red+shoes 12345678"), has_person("1001")
    (True, False, False)
    """
    seen = plain(text)
    return _EMAIL.search(seen) is not None or _PHONE.search(seen) is not None
