"""The regular expressions and names that dates and times are made of, for the shapes that `layouts` reads.

All of them are for folded text (`letters.fold`) in which every digit is 0.
"""

from __future__ import annotations

import re

from importer.core.cells.spelling import fold
from importer.core.tables.months import AM_WORDS, LEADING_WORDS, MONTHS, PM_WORDS, WEEKDAYS

MONTH_OF: dict[str, int] = {
    fold(name): month
    for line in MONTHS
    for month, names in enumerate(line.split(" "), start=1)
    for name in names.split("/")
}
DAY_NAMES = frozenset(fold(name) for line in WEEKDAYS for name in line.split(" "))
LEADING = DAY_NAMES | frozenset(LEADING_WORDS.split())

_END = r"(?!0)"
_YEAR = rf"'?(?P<year>0000|00){_END}"
_WORD = r"(?P<word>[^\W\d_]+)"
_GAP = r"[ ./,-]*"
_ORDINAL = r"(?:(?:st|nd|rd|th|er|o|a)(?![^\W\d_])|\u00b0|\.)"
_OF_MONTH = r"(?:(?:de|of|di) |d')?"
_OF = r"(?:(?:del?|of) )?"
_YEAR_MARK = r"(?: ?[\u0433r]\.?(?![^\W_]))?"  # Russian and Polish write `2026 r.`
DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<year>0000)(?P<mark> ?[-/.] ?| )(?P<month>00?)(?P=mark)(?P<day>00?){_END}\.?",
        rf"(?P<year>0000)(?P<month>00)(?P<day>00){_END}",
        rf"(?P<first>00?)(?P<mark> ?[-/.] ?| )(?P<second_number>00?)(?P=mark){_YEAR}\.?",
        rf"(?P<day>00?){_ORDINAL}?{_GAP}{_OF_MONTH}{_WORD}\.?{_GAP}{_OF}{_YEAR}{_YEAR_MARK}",
        rf"{_WORD}\.?{_GAP}(?P<day>00?)(?:st|nd|rd|th|er|\.)?[ ./,-]+{_OF}{_YEAR}",
        rf"(?P<year>0000){_GAP}{_WORD}\.?{_GAP}(?P<day>00?){_END}\.?",
        r"(?P<year>0000)[\u5e74\ub144] ?(?P<month>00?)[\u6708\uc6d4] ?(?P<day>00?)[\u65e5\uc77c]?",
        r"(?P<month>00?)[\u6708\uc6d4] ?(?P<day>00?)[\u65e5\uc77c]? ?,? ?(?P<year>0000)[\u5e74\ub144]",
    )
)
COMPACT = DATES[1]

HALVES = {fold(name): "am" for name in AM_WORDS} | {fold(name): "pm" for name in PM_WORDS}
_HALF = "|".join(re.escape(name) for name in sorted(HALVES, key=len, reverse=True))
_FRACTION = r"(?:[.,:]0+)?"
_COLON = rf"(?P<hour>00?):(?P<minute>00)(?::(?P<second>00){_FRACTION})?"
_DOTTED = r"(?P<hour>00?)\.(?P<minute>00)(?:\.(?P<second>00)(?:[.,]0+)?)?"
_LETTERED = r"(?P<hour>00?) ?h(?: ?(?P<minute>00)(?: ?m(?:in)?)?(?: ?(?P<second>00) ?s?)?)?"
_MARKED = (
    r"(?P<hour>00?) ?[\u6642\u65f6\u70b9\u9ede\uc2dc]"
    r"(?: ?(?P<minute>00?) ?[\u5206\ubd84](?: ?(?P<second>00?) ?[\u79d2\ucd08])?)?"
)
_ALONE = rf"(?P<hour>00?)(?= ?(?:{_HALF}|uhr)(?![^\W_]))"
_BASIC = r"(?P<hour>00)(?P<minute>00)(?P<second>00)?(?:[.,]0+)?"

_ZONE = (
    r"(?:(?: ?[\[(]?(?P<base>etc/gmt|gmt|utc|ut|z|[a-z]{2,5}(?= [+-])))? ?"
    r"(?P<sign>[+-]) ?(?P<away>00?)(?::?(?P<past>00))?[\])]?(?: ?[\[(].*| [a-z]{2,5})?"
    r"| ?[\[(]?(?P<zone>[a-z]{1,5}|[a-z_]+/[a-z_/+-]+|[a-z .]*(?:time|zeit)\b[a-z .&()]*)[\])]?)?"
)
_FORE = rf"(?:(?P<fore>{_HALF}) ?)?"
_AFT = rf"(?: ?(?P<aft>{_HALF})(?![^\W_]))?(?: ?(?:uhr|hrs?|hours|h)(?![^\W_]))?"
_BETWEEN = (
    r"(?:t|(?<=0000):|(?: -|[,;|@])? ?(?:(?:at|um|om|a las|a les|a la|a|as"
    r"|alle ore|alle|ore|kl\.?|klo|o godz\.?|godz\.?|o|saat|\u0432|@) )?)"
)
_CLOCKS = (_COLON, _LETTERED, _MARKED, _ALONE)
AFTER_DATE = tuple(
    re.compile(pattern)
    for pattern in (
        *(rf"{_BETWEEN}{_FORE}{clock}{_AFT}{_ZONE}" for clock in _CLOCKS),
        rf"(?: |-|, ?| (?:kl\.?|klo|um|alle ore|alle|ore|a|as|at|om|o) ){_DOTTED}{_AFT}{_ZONE}",
        rf"t{_BASIC}{_ZONE}",
    )
)
AFTER_COMPACT = re.compile(rf" ?{_BASIC}{_ZONE}")
AFTER_ALL = re.compile(r"(?P<zone> ?(?:z|utc|gmt))|(?: ?(?P<sign>[+-])(?P<away>00):(?P<past>00))|")
BEFORE_DATE = tuple(
    re.compile(rf"{_FORE}{clock}{_AFT}{zone}(?:,| -)? (?:on )?") for zone in ("", _ZONE) for clock in _CLOCKS
)
"""Without a zone first, so that a weekday or month is not taken for one."""
CLOCK_ALONE = tuple(
    re.compile(pattern)
    for pattern in (
        *(rf"{_FORE}{clock}{_AFT}{_ZONE}" for clock in _CLOCKS),
        rf"{_FORE}(?P<hour>00)\.(?P<minute>00)(?:\.(?P<second>00))?{_AFT}{_ZONE}",
        rf"{_BASIC}{_ZONE}",
    )
)
C_LIBRARY = re.compile(
    rf"(?:(?P<lead>[^\W\d_]+),? )?{_WORD} (?P<day>00?) {_COLON}(?: (?P<zone>[a-z]{{1,5}}))?"
    r"(?: ?(?P<sign>[+-])(?P<away>00):?(?P<past>00))? (?P<year>0000)"
)
NUMBER_ALONE = re.compile(
    rf"(?P<year>0000)(?P<month>00)(?P<day>00)(?P<hour>00)(?P<minute>00)(?:(?P<second>00)(?:[.,]?000|[.,]0+)?)?{_ZONE}"
)
EPOCHS = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
EPOCH = re.compile(r"(?P<whole>0{10}|0{13}|0{16}|0{19})(?:[.,]0*)?")
SERIAL = re.compile(r"(?P<whole>0{5})(?:[.,](?P<part>0*))?")
DAY_NUMBER = re.compile(r"(?P<year>0000)(?P<month>00)(?P<day>00)[.,](?P<zero>0+)")
SHARE = re.compile(r"(?P<zero>0)?(?:[.,](?P<part>0*))?")
LEADING_WORD = re.compile(r"(?P<name>[^\W\d_]+(?:-[^\W\d_]+)?\.?),? ?")
TRAILING_WEEKDAY = re.compile(r",? ?[\[(]?(?P<name>[^\W\d_]+(?:-[^\W\d_]+)?)\.?[\])]?")
