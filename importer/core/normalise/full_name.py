"""A person's whole name in one cell, split into first name and surname."""

from __future__ import annotations

import re
import unicodedata

from importer.core.normalise import names
from importer.core.normalise.cell import BLANK, Cell, placeholder, start
from importer.core.normalise.fold import fold
from importer.core.normalise.titles import SUFFIXES, TITLES, untitled
from importer.core.tables.placeholders import GIVEN, PEOPLE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARTICLES = _words(
    """
    van von der den de la le les del della dello degli di da do dos das du des ten ter te vom zu zum zur af av al el
    bin ibn bint abu ben st saint san santa mac ap vande vander vanden delos
    """
)
COMPANY = _words(
    """
    gmbh ggmbh mbh kgaa ohg gbr inc incorporated llc llp ltd limited corp corporation company plc sarl srl
    bvba pty pte sdn bhd kft zrt sro ltda eireli oyj aps holding holdings group gruppe foundation stiftung verein
    university
    """
)
_RUSSIAN = ("\u041e\u041e\u041e", "\u0417\u0410\u041e", "\u0418\u041f")
CAPITALS = _words(
    """
    AG KG UG SA AB AS A/S NV BV OY CO EK EV SL KK SAS SPA SpA
    """
)
"""Forms of companies that are surnames, too, unless they stand in capitals behind other letters."""

_ASIDE = re.compile(r"[(\[{\"\u201c\u201e\u00ab][^()\[\]{}\"\u201c\u201d\u201e\u00ab\u00bb]*[)\]}\"\u201d\u201c\u00bb]")
_SURNAME_FIRST = ("CJK UNIFIED", "HANGUL", "HIRAGANA", "KATAKANA")
"""Unicode names of the letters of Han, Hangul and Kana."""

_NAME_LENGTHS = range(2, 5)
_SURNAME_FIRST_IN = frozenset({"hu", "vn"})
_CHINESE = frozenset({"cn", "tw", "hk", "mo"})
_CHINESE_SURNAMES_OF_TWO = _words(
    "欧阳 欧陽 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 夏侯"
)
ORDER_BY_COUNTRY = _SURNAME_FIRST_IN | _CHINESE
"""Countries, lower case, in which a whole name is read in another order than elsewhere."""

_SURNAMES_OF_TWO = frozenset({"남궁", "황보", "제갈", "선우", "사공", "독고", "서문", "동방"})


def normal(text: str, country: str | None = None) -> tuple[str | None, str | None, str | None]:
    """Return the normal first name, the normal surname, and the code of what was wrong where both are None.

    country: of the row; it tells where people write the surname first.
    """
    text_or_cell = start(text, md5=False)
    if not isinstance(text_or_cell, str):
        return (None, None, None if text_or_cell == BLANK else "invalid")
    if "@" in text_or_cell:  # an e-mail address in the column of names
        return None, None, "invalid"
    if placeholder(text_or_cell, PEOPLE, GIVEN):
        return None, None, "placeholder"
    first, last = split(text_or_cell, country)
    given: Cell = names.given(first) if first else BLANK
    family: Cell = names.family(last) if last else BLANK
    if given[0] or family[0]:
        return given[0], family[0], None
    return None, None, given[1] or family[1] or "invalid"


def both(text: str, country: str | None = None) -> Cell:
    """Return the first name and the surname with one blank between them, either of which may be empty, and the code."""
    given, family, code = normal(text, country)
    return f"{given or ''} {family or ''}" if given or family else None, code


def split(text: str, country: str | None = None) -> tuple[str | None, str | None]:
    """Split a name as written: the first word, and the last with its particles; titles and middle names go.

    `Last, First` is read from behind, a single word is a first name unless a title stands before it, Han, Hangul and
    Kana with a blank begin with the surname, as all names do in Hungary and Vietnam, and a company's name is nobody's.
    """
    if _company(text):
        return None, None
    parts = [part for part in _ASIDE.sub(" ", text).replace("\u3001", ",").split(",") if part.strip()]
    while len(parts) > 1 and all(fold(word) in SUFFIXES | TITLES for word in parts[-1].split()):
        parts.pop()
    if not parts:
        return None, None
    if len(parts) == 1:
        return _straight(parts[0].split(), country)
    first, last = _straight(parts[1].split())[0], " ".join(untitled(parts[0].split())[0])
    return first, last or None


def _straight(words: list[str], country: str | None = None) -> tuple[str | None, str | None]:
    """Return the names of words that stand in the usual order."""
    words, titled = untitled([word for word in words if names.letters(word)])
    if not words:
        return None, None
    if len(words) == 1:
        return (None, words[0]) if titled else _unspaced(words[0], country)
    if all(unicodedata.name(char, "").startswith(_SURNAME_FIRST) for char in "".join(words)):
        return " ".join(words[1:]), words[0]
    if country in _SURNAME_FIRST_IN:  # Kovács Anna Mária; Nguyễn Thị Lan, whose first name stands last
        return (words[-1] if country == "vn" else words[1]), words[0]
    last = len(words) - 1
    surname = next((place for place in range(1, last) if words[place].lower().strip(".") in _PARTICLES), last)
    return words[0], " ".join(words[surname:])


def _unspaced(word: str, country: str | None) -> tuple[str | None, str | None]:
    """Split a single word: in Hangul, and in China in Han, the surname comes first and is short."""
    if len(word) in _NAME_LENGTHS and all("\uac00" <= char <= "\ud7a3" for char in word):
        cut = 2 if word[:2] in _SURNAMES_OF_TWO and word[2:] else 1
        return word[cut:], word[:cut]
    if country in _CHINESE and len(word) in _NAME_LENGTHS and all("\u3400" <= char <= "\u9fff" for char in word):
        cut = 2 if word[:2] in _CHINESE_SURNAMES_OF_TWO and word[2:] else 1
        return word[cut:], word[:cut]
    return word, None


def _company(text: str) -> bool:
    """Tell whether the text ends, or begins, like a company's registered name."""
    words = [word.strip(".,;()&") for word in text.split()]
    words = [word for word in words if word]
    if not words[1:]:
        return False
    if any(fold(word) in COMPANY for word in words[1:]):
        return True
    ends, others = words[-1].replace(".", ""), "".join(words[:-1])
    return words[0] in _RUSSIAN or (ends in CAPITALS and others != others.upper())
