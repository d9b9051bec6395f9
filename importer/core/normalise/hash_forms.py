"""SHA-256 hashes as systems write them: hex with a prefix or in groups, and base64."""

from __future__ import annotations

import base64
import re

SHA256_HEX = 64
_HEX = r"[0-9A-Fa-f]"
_SHA256 = re.compile(rf"{_HEX}{{64}}")
_MARKED = re.compile(
    rf"(?:sha-?_?256|\{{sha-?256\}}|b(?=['\"])|0x|\\+x|x(?=['\"]))?\s{{0,9}}[:=$]?\s{{0,9}}['\"]?({_HEX}{{64}})['\"]?",
    re.IGNORECASE,
)
_GROUPED = re.compile(rf"{_HEX}{{2,16}}(?:[ :-]{_HEX}{{2,16}})+")
_BASE64 = re.compile(r"(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_-]{43}=?")
_OTHER = re.compile(
    rf"(?:sha-?_?(?:1|384|512)\s*[:=$]\s*|0x|\\x)?(?=.*[0-9])(?=.*[A-Fa-f]){_HEX}{{40,}}", re.IGNORECASE
)
_SHORTEST_MARKED = 43


def sha256_of(text: str, *, base64_too: bool = True) -> str | None:
    """Return the hash that the text writes, in lower-case hex; None where it writes none.

    base64_too: 43 characters of base64 can be nothing else in this field.
    """
    if len(text) == SHA256_HEX:
        return text.lower() if _SHA256.fullmatch(text) else None
    if len(text) < _SHORTEST_MARKED:
        return None
    if found := _MARKED.fullmatch(text):
        return found.group(1).lower()
    if _GROUPED.fullmatch(text):
        digits = re.sub("[ :-]", "", text)
        return digits.lower() if len(digits) == SHA256_HEX else None
    if base64_too and _BASE64.fullmatch(text):
        return base64.urlsafe_b64decode(text.rstrip("=").replace("+", "-").replace("/", "_") + "=").hex()
    return None


def is_other_hash(text: str) -> bool:
    """Tell whether the text is a hash that is no SHA-256: a longer or shorter one, or one that was cut."""
    return len(text) >= _SHORTEST_MARKED - 3 and _OTHER.fullmatch(text) is not None
