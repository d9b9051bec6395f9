"""The grammar of dates: what the shape of a date, a time, or both means, be it a sale's or a birthday.

Shapes are folded (`spelling.fold`) and have 0 for every digit; names of months and zones stand in them as they are. A
layout says which digits are the year, which the hour, and so on. Dates of three numbers with the year last leave open
which is the month: that is decided by the whole column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from importer.core.cells.spelling import NOTHING, THAI_VOWELS, fold
from importer.core.cells.text_shapes import Span
from importer.core.tables.months import AM_WORDS, LEADING_WORDS, MONTHS, PM_WORDS, WEEKDAYS

MONTH_OF: dict[str, int] = {
    fold(name): month
    for line in MONTHS
    for month, names in enumerate(line.split(" "), start=1)
    for name in names.split("/")
}
_DAY_NAMES = frozenset(fold(name) for line in WEEKDAYS for name in line.split(" "))
_LEADING = _DAY_NAMES | frozenset(LEADING_WORDS.split())

_THAI = rf"[\u0e01-\u0e2e\u0e40-\u0e44{THAI_VOWELS}]"
_WORD = rf"(?P<word>{_THAI}{{1,4}}\.{_THAI}{{1,2}}|(?:[^\W\d_]|{_THAI}){{1,40}}+)"
_DATE_TEMPLATES = (
    r"(?P<year>0000){mark}(?P<month>00?){again}(?P<day>00?){end}\.?",
    r"(?P<first>00?){mark}(?P<second_number>00?){again}{year}\.?",
    r"(?P<year>0000)(?P<month>00)(?P<day>00){end}",
    r"(?P<day>00?){ordinal}?{gap}{of_month}{word}\.?{gap}{of_year}{year}{year_mark}",
    r"(?P<year>0000){gap}{word}\.?{gap}(?P<day>00?){end}\.?",
    r"{start}{word}\.?{gap}(?P<day>00?){ending}?[ ./,-]+{of_year}{year_of_words}",
    r"(?P<year>0000){blank}[\u5e74\ub144] ?(?P<month>00?){blank}[\u6708\uc6d4] ?(?P<day>00?){blank}{of_day}?",
    r"(?P<day>00?){gap}thang ?(?P<month>00?){gap}(?:nam )?(?P<year>0000){end}",
    r"(?P<month>00?){blank}[\u6708\uc6d4] ?(?P<day>00?){blank}{of_day}? ?,? ?(?P<year>0000){blank}{of_year_last}",
)
"""Every way to write a date, filled with strict parts for the cell of a sale, with lenient ones to search any text."""
_NO_HOUR = r"(?!:|\.00(?!0)|[hu]00| ?(?:am|pm|h|uhr)(?![^\W\d_]))"
_SHARED = {
    "end": r"(?!0)",
    "gap": r"[ ./,-]*",
    "year": rf"'?(?P<year>0000|00{_NO_HOUR})(?!0)",
    "year_of_words": rf"'?(?P<year>0000|(?<!0\.)00{_NO_HOUR})(?!0)",  # `dez 12.30` is half past twelve
}
_STRICT = _SHARED | {
    "start": "",
    "word": _WORD,
    "mark": r"(?P<mark> ?[-/.] ?| )",
    "again": r"(?P=mark)",
    "ordinal": r"(?:(?:st|nd|rd|th|er|o|a)(?![^\W\d_])|\u00b0|\.)",
    "ending": r"(?:st|nd|rd|th|er|\.)",
    "of_month": r"(?:(?:de|of|di) |d')?",
    "of_year": r"(?:(?:del?|of) )?",
    "year_mark": r"(?: ?[\u0433\u0440r]\.?(?![^\W_]))?",  # Russian, Ukrainian and Polish write `2026 r.`
    "blank": "",
    "of_day": r"[\u65e5\uc77c]",
    "of_year_last": r"[\u5e74\ub144]",
}
_LENIENT = _SHARED | {
    "start": r"(?<![^\W\d_])",
    "word": rf"(?P<word>{'|'.join(map(re.escape, sorted(MONTH_OF, key=len, reverse=True)))})(?![^\W\d_])",
    "mark": r"(?P<mark>[ ./,\u00b7-]{1,3})",
    "again": r"[ ./,\u00b7-]{1,3}",
    "ordinal": r"(?:st|nd|rd|th|er|[eoa\u00b0.])",
    "ending": r"(?:st|nd|rd|th|er|[eoa\u00b0.])",
    "of_month": r"(?:(?:del?|of|di) |d')?",
    "of_year": r"(?:(?:del?|of|di) )?",
    "year_mark": "",
    "blank": " ?",
    "of_day": r"[\u65e5\uc77c\u53f7]",
    "of_year_last": r"[\u5e74\ub144]?",
}
_DATES = tuple(re.compile(template.format(**_STRICT)) for template in _DATE_TEMPLATES)
_COMPACT = _DATES[2]
_IN_TEXT = tuple(re.compile(rf"(?<!0){template.format(**_LENIENT)}(?!0)") for template in _DATE_TEMPLATES)
_NO_DOTTED_HOUR = r"(?!(?:00)?00?[ ,/-]{1,3}00?\.00(?!0))"  # `90, 12.30` is a year and half past twelve
_NUMBERS_IN_TEXT = tuple(  # no part of a time of day, or of a longer row of numbers
    re.compile(rf"(?<![0:])(?<!0[./-]){_NO_DOTTED_HOUR}{template.format(**_LENIENT)}(?![0:])(?![./-]0)")
    for template in _DATE_TEMPLATES[:2]
)
_SEARCHES = (_IN_TEXT[6:], _NUMBERS_IN_TEXT, *((pattern,) for pattern in _IN_TEXT[2:6]))
"""What is searched anywhere in a text, one group after the other; of the dates of one group the first counts."""
_HOUR_BEHIND_MONTH = re.compile(rf"(?<![^\W\d_]){_LENIENT['word']}\.?[ ,/-]*00?\.00(?:\.00)?(?!0)")
"""`dec 12.30.15` is a time of day without a year."""

_HALVES = {fold(name): "am" for name in AM_WORDS} | {fold(name): "pm" for name in PM_WORDS}
_HALF = "|".join(re.escape(name) for name in sorted(_HALVES, key=len, reverse=True))
_FRACTION = r"(?:[.,:]0+)?"
_COLON = rf"(?P<hour>00?):(?P<minute>00)(?::(?P<second>00){_FRACTION})?"
_DOTTED = r"(?P<hour>00?)\.(?P<minute>00)(?:\.(?P<second>00)(?:[.,]0+)?)?"
_LETTERED = r"(?P<hour>00?) ?(?:h|uhr|u)(?: ?(?P<minute>00)(?: ?m(?:in)?)?(?: ?(?P<second>00) ?s?)?)?"
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
_OCLOCK = r"(?:uhr|uur|hrs?|hs|hours|horas?|heures?|hod|h|\u0e19|\u0447)\.?"
_AFT = rf"(?: ?(?P<aft>{_HALF})(?![^\W_]))?(?: ?{_OCLOCK}(?![^\W_]))?"
_BETWEEN = (
    r"(?:t|(?<=0000):|(?: -|[,;|@])? ?(?:(?:at|um|om|a las|a les|a la|a|as"
    r"|alle ore|alle|ore|kl\.?|klo|klockan|o godz\.?|godz\.?|o|ob|saat|kell|v|ve|luc"
    r"|\u05d1\u05e9\u05e2\u05d4|\u0432|\u043e|\u0e40\u0e27\u0e25\u0e32|@) )?)"
)
_CLOCKS = (_COLON, _LETTERED, _MARKED, _ALONE)
_AFTER_DATE = tuple(
    re.compile(pattern)
    for pattern in (
        *(rf"{_BETWEEN}{_FORE}{clock}{_AFT}{_ZONE}" for clock in _CLOCKS),
        rf"(?: |-|, ?| (?:kl\.?|klo|um|alle ore|alle|ore|a|as|at|om|o) ){_DOTTED}{_AFT}{_ZONE}",
        rf"t{_BASIC}{_ZONE}",
    )
)
_AFTER_COMPACT = re.compile(rf" ?{_BASIC}{_ZONE}")
_AFTER_ALL = re.compile(r"(?P<zone> ?(?:z|utc|gmt))|(?: ?(?P<sign>[+-])(?P<away>00):(?P<past>00))|")
_BEFORE_DATE = tuple(
    re.compile(rf"{_FORE}{clock}{_AFT}{zone}(?:,| -)? (?:on )?") for zone in ("", _ZONE) for clock in _CLOCKS
)
"""Without a zone first, so that a weekday or month is not taken for one."""
_CLOCK_ALONE = tuple(
    re.compile(pattern)
    for pattern in (
        *(rf"{_FORE}{clock}{_AFT}{_ZONE}" for clock in _CLOCKS),
        rf"{_FORE}(?P<hour>00)\.(?P<minute>00)(?:\.(?P<second>00))?{_AFT}{_ZONE}",
        rf"{_BASIC}{_ZONE}",
    )
)
_C_LIBRARY = re.compile(
    rf"(?:(?P<lead>[^\W\d_]+),? )?{_WORD} (?P<day>00?) {_COLON}(?: (?P<zone>[a-z]{{1,5}}))?"
    r"(?: ?(?P<sign>[+-])(?P<away>00):?(?P<past>00))? (?P<year>0000)"
)
_NUMBER_ALONE = re.compile(
    rf"(?P<year>0000)(?P<month>00)(?P<day>00)(?P<hour>00)(?P<minute>00)(?:(?P<second>00)(?:[.,]?000|[.,]0+)?)?{_ZONE}"
)
_EPOCHS = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
_EPOCH = re.compile(r"(?P<whole>0{10}|0{13}|0{16}|0{19})(?:[.,]0*)?")
_SERIAL = re.compile(r"(?P<whole>0{5})(?:[.,](?P<part>0*))?")
_DAY_NUMBER = re.compile(r"(?P<year>0000)(?P<month>00)(?P<day>00)[.,](?P<zero>0+)")
_SHARE = re.compile(r"(?P<zero>0)?(?:[.,](?P<part>0*))?")
_LEADING_WORD = re.compile(r"(?P<name>[^\W\d_]+(?:-[^\W\d_]+)?\.?),? ?")
_TRAILING_WEEKDAY = re.compile(r",? ?[\[(]?(?P<name>[^\W\d_]+(?:-[^\W\d_]+)?)\.?[\])]?")
_MOST_PART_DIGITS = 12


@dataclass(frozen=True)
class Layout:
    """Where a shape's digits belong.

    kind: `known` (year, month and day are told apart), `open` (they are not), `serial` (Excel's days and their
    fraction), `epoch` (a count since 1970), `clock` (no date), `share` (a fraction of a day), `nothing`.
    month: a span, or the number that a month's name means. zero: a span that must be 0 for the layout to be right.
    half: `am` or `pm`. sign, away, past: the offset's sign, hours and minutes. zone: the zone's words.
    units: how many of the epoch's units make a second. dotted: year-last numbers separated by full stops.
    compact: eight digits with nothing between them.
    """

    kind: Literal["known", "open", "serial", "epoch", "clock", "share", "nothing"]
    year: Span | None = None
    month: Span | int | None = None
    day: Span | None = None
    hour: Span | None = None
    minute: Span | None = None
    second: Span | None = None
    half: str | None = None
    sign: int = 1
    away: Span | None = None
    past: Span | None = None
    zone: str | None = None
    whole: Span | None = None
    part: Span | None = None
    zero: Span | None = None
    units: int = 1
    dotted: bool = False
    compact: bool = False


def _span(text: str, found: re.Match[str], name: str) -> Span | None:
    """Return the digits of a named group, counted among all digits of the text; None where it matched nothing."""
    if name not in found.re.groupindex or not found.group(name):
        return None
    start = text.count("0", 0, found.start(name))
    return start, start + found.group(name).count("0")


def _group(found: re.Match[str], name: str) -> str | None:
    """Return what a named group matched, or None where it did not or does not exist."""
    return found.group(name) if name in found.re.groupindex else None


def _date(text: str, found: re.Match[str]) -> Layout | None:
    """Return the layout of a matched date; None where a word in it is not the name of a month."""
    year, day = _span(text, found, "year"), _span(text, found, "day")
    if first := _span(text, found, "first"):
        dotted = "." in found.group("mark")
        return Layout("open", year, first, _span(text, found, "second_number"), dotted=dotted)
    word = _group(found, "word")
    month = _span(text, found, "month") if word is None else MONTH_OF.get(word)
    return None if month is None else Layout("known", year, month, day, compact=not found.group().strip("0"))


def _with_time(text: str, date: Layout, found: re.Match[str]) -> Layout:
    """Return the date with the time of day and the zone that were matched beside it."""
    half = _group(found, "aft") or _group(found, "fore")
    sign = -1 if _group(found, "sign") == "-" else 1
    return Layout(
        kind=date.kind,
        year=date.year,
        month=date.month,
        day=date.day,
        dotted=date.dotted,
        hour=_span(text, found, "hour"),
        minute=_span(text, found, "minute"),
        second=_span(text, found, "second"),
        half=_HALVES[half] if half else None,
        sign=-sign if _group(found, "base") == "etc/gmt" else sign,  # POSIX counts west as positive
        away=_span(text, found, "away"),
        past=_span(text, found, "past"),
        zone=(_group(found, "zone") or "").strip() or None,
    )


def _dates_at(text: str, start: int) -> Iterator[tuple[re.Match[str], Layout]]:
    """Yield every way to read a date that begins there."""
    for pattern in _DATES:
        found = pattern.match(text, start)
        if found and (layout := _date(text, found)):
            yield found, layout


def _is_leading(word: re.Match[str]) -> bool:
    """Tell whether the word may stand before a date and mean nothing for it."""
    name = word.group("name")
    return name in _LEADING or name.rstrip(".") in _LEADING


def _date_first(text: str, start: int) -> Layout | None:
    """Read a date, then perhaps a weekday, a time and a zone, to the end of the text."""
    for found, date in _dates_at(text, start):
        clocks = (*_AFTER_DATE, *([_AFTER_COMPACT] if found.re is _COMPACT else []), _AFTER_ALL)
        ends = [found.end()]
        if (weekday := _TRAILING_WEEKDAY.match(text, found.end())) and weekday.group("name") in _DAY_NAMES:
            ends.append(weekday.end())
        for end in ends:
            for pattern in clocks:
                if clock := pattern.fullmatch(text, end):
                    return _with_time(text, date, clock)
    return None


def _time_first(text: str) -> Layout | None:
    """Read a time, perhaps a zone, then a date, to the end of the text."""
    for pattern in _BEFORE_DATE:
        if clock := pattern.match(text):
            starts = [clock.end()]
            if (word := _LEADING_WORD.match(text, clock.end())) and _is_leading(word):
                starts.append(word.end())
            for start in starts:
                for found, date in _dates_at(text, start):
                    if found.end() == len(text):
                        return _with_time(text, date, clock)
    return None


def _c_library(text: str) -> Layout | None:
    """Read `Mon Oct 05 14:03:22 PDT 2026`, as C, Java and `date` print it."""
    found = _C_LIBRARY.fullmatch(text)
    if found is None or _group(found, "lead") not in {None, *_DAY_NAMES}:
        return None
    date = _date(text, found)
    return date and _with_time(text, date, found)


def _number(text: str) -> Layout | None:
    """Read dates that are one number: yyyymmddhhmmss, a count since 1970, an Excel serial."""
    if found := _EPOCH.fullmatch(text):
        return Layout("epoch", whole=_span(text, found, "whole"), units=_EPOCHS[len(found.group("whole"))])
    if found := _SERIAL.fullmatch(text):
        return Layout("serial", whole=_span(text, found, "whole"), part=_capped(_span(text, found, "part")))
    if found := _DAY_NUMBER.fullmatch(text):
        year, month, day = (_span(text, found, name) for name in ("year", "month", "day"))
        return Layout("known", year, month, day, zero=_capped(_span(text, found, "zero")))
    if (found := _NUMBER_ALONE.fullmatch(text)) and (date := _date(text, found)):
        return _with_time(text, date, found)
    return None


def _capped(span: Span | None) -> Span | None:
    """Return the span without the digits that no second depends on."""
    return span and (span[0], min(span[1], span[0] + _MOST_PART_DIGITS))


def _plain(shape: str) -> str:
    """Return the shape without the apostrophe or the quotes around it."""
    return shape.strip("'\" ")


@lru_cache(maxsize=16_384)
def layout(shape: str) -> Layout | None:
    """Read what a date, perhaps with a time and a zone, is made of; None for anything else.

    >>> layout("00/00/0000 0:00 pm").kind
    'open'
    """
    text = _plain(shape)
    if text in NOTHING:
        return Layout("nothing")
    if "0" not in text:
        return None
    if read := _number(text):
        return read
    start = 0
    for _ in range(3):  # `Mon, ` or `le lundi ` may come first, but `mar` can be a month
        if read := _date_first(text, start):
            return read
        word = _LEADING_WORD.match(text, start)
        if word is None or not _is_leading(word):
            break
        start = word.end()
    return _c_library(text) or _time_first(text)


@lru_cache(maxsize=4_096)
def clock_layout(shape: str) -> Layout | None:
    """Read what a time of day in a column of its own is made of, passing over a date; None for anything else.

    Words without a digit (`Night`) tell no time of day.
    """
    text = _plain(shape)
    if text in NOTHING or "0" not in text:
        return Layout("nothing")
    for pattern in _CLOCK_ALONE:
        if found := pattern.fullmatch(text):
            return _with_time(text, Layout("clock"), found)
    if found := _SHARE.fullmatch(text):
        return Layout("share", part=_capped(_span(text, found, "part")), zero=_span(text, found, "zero"))
    whole = layout(shape)
    return whole if whole and whole.hour else None


@lru_cache(maxsize=16_384)
def find_date(shape: str) -> Layout | None:
    """Find the first date anywhere in a shape, written as leniently as people write a birthday; None without one.

    >>> find_date("born on 00-00/0000 in rome").kind
    'open'
    """
    if _HOUR_BEHIND_MONTH.search(shape):
        return None
    for patterns in _SEARCHES:
        if matches := [match for pattern in patterns if (match := pattern.search(shape))]:
            return _date(shape, min(matches, key=re.Match.start))
    return None
