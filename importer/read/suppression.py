"""A list of people to keep out: plain or hashed e-mails and phones, compared by hash."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pyarrow as pa

from importer.core.model import Column
from importer.core.normalise import email, phone
from importer.core.normalise.hash_forms import sha256_of
from importer.core.tables.hashes_of_nothing import HASHES_OF_NOTHING
from importer.errors import FileError, UsageError
from importer.read.byte_sources import reading, require_file

NOBODY = hashlib.sha256(b"").hexdigest()

_BETWEEN = re.compile(r"[,;\t]")
_BARE_PHONE = re.compile(r"[1-9][0-9]{10,14}")
_HEADER = re.compile(r"[^\W\d_][^@\d]*")


def read_suppressed(path: Path, country: str | None) -> Column:
    """Return the SHA-256, in hex, of each e-mail and phone in a text file, one a line, or several separated.

    country: of phones without a calling code. A first line of words is a header. UsageError names the first line that
    is neither, since whoever is meant by it would be sent. What is nobody's (noemail@noemail.com) keeps nobody out.
    """
    require_file(path)
    with reading(path):
        data = path.read_bytes()
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        message = f"{path.name} is not a text in UTF-8; save the list as a text, one e-mail, phone or SHA-256 a line."
        raise FileError(message) from error
    found: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        if number == 1 and all(_HEADER.fullmatch(cell.strip(' "')) for cell in _BETWEEN.split(line)):
            continue
        for cell in filter(None, (cell.strip(" \"'") for cell in _BETWEEN.split(line))):
            if not (digests := _hashes_of(cell, country)):
                message = (
                    f"Line {number} of {path.name} (--suppress) is not an e-mail, a phone with its country code or a "
                    "SHA-256; correct it, or give --country for phones without a code."
                )
                raise UsageError(message)
            found |= dict.fromkeys(digests)
    return pa.array([digest for digest in found if digest not in HASHES_OF_NOTHING], pa.string())


def _hashes_of(text: str, country: str | None) -> list[str]:
    """Return the hash of each normal form that a cell may have, none where it has none; of nobody the hash of nothing.

    Eleven and more digits without a plus may begin with a calling code and be a number of the country: both are kept
    out.
    """
    if (digest := sha256_of(text)) is not None:
        return [digest]
    read = [email.normal(text) if "@" in text else phone.normal(text, country)]
    if _BARE_PHONE.fullmatch(text):
        read.append(phone.normal(f"+{text}", None))
    hashes = [hashlib.sha256(value.encode()).hexdigest() for value, _ in read if value is not None]
    is_nobody = any(code in {"placeholder", "relay"} for _, code in read)
    return hashes or ([NOBODY] if is_nobody else [])
