"""SHA-256 of what systems hash where they know nothing of the customer: an empty cell, `nan`, `N/A`, `none@none.com`."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from importer.core.tables.placeholders import ANYWHERE, EXACT, GIVEN, IDS, MAIL_DOMAINS, MAIL_DOUBLES, MAIL_USERS

_WORDS = {
    *ANYWHERE, *EXACT, *GIVEN, *IDS,
    "", " ", "-", "--", "---", ".", "_", "?", "*", "/", "\\n", "\\N", "<na>", "nat", "missing", "empty", "blank", "test",
    "true", "x", "xx", "xxx", "xxxx", "[]", "{}", "[object object]", "no email", "noemail", "no phone",
    "1234567", "12345678", "123456789", "1234567890", "0123456789", "+", "+0", "+1", "0.0",
}  # fmt: skip
_ENDINGS = ("com", "net", "org", "de", "co", "fr", "es", "it", "nl", "co.uk")
_DOMAINS = ("example.com", "email.com", "gmail.com", "mail.com", "test.com", "domain.com", "yahoo.com", "hotmail.com")
_FEWEST_DIGITS, _LONGEST_DIGITS = 7, 15
"""Digits of phones; of fewer there are postcodes, such as 44444."""


def _texts() -> Iterator[str]:
    """Yield each text that means nobody, in the letters that programs write it in."""
    for word in _WORDS:
        yield from (word, word.lower(), word.upper(), word.capitalize(), word.title(), word + "\n", word.lower() + " ")
    yield from ("0" * length for length in range(1, _FEWEST_DIGITS))
    for digit in "0123456789":
        for length in range(_FEWEST_DIGITS, _LONGEST_DIGITS + 1):
            yield from (digit * length, "1" + digit * length, "+" + digit * length, "+1" + digit * length)
    for word in MAIL_DOUBLES | MAIL_USERS:
        yield from (f"{word}@{word}.{ending}" for ending in _ENDINGS)
    for user in MAIL_USERS:
        yield from (f"{user}@{domain}" for domain in _DOMAINS)
    for domain in MAIL_DOMAINS:
        name = domain.partition(".")[0]
        yield from (f"{user}@{domain}" for user in (name, "no", "none", "noemail", "na"))
    yield from ("None@None.com", "Null@null.com", "NONE@NONE.COM", "NULL@NULL.COM", "NA@NA.COM", "NO@NO.COM")


HASHES_OF_NOTHING = frozenset(sha256(text.encode()).hexdigest() for text in _texts())
"""A customer whose name is one of these words (Null, Test) loses a weak key; strangers are never one person."""
