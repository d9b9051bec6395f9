"""What an export's words for a time zone mean, and local times of a zone as UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from importer.core.cells.spelling import fold
from importer.core.kernels.arrays import Indices, Mask
from importer.core.model import DAY
from importer.core.tables.zones import ABBREVIATIONS, FIXED_LABELS, LABELS

Zone: TypeAlias = int | str
"""Seconds east of UTC, or an IANA name."""

_ABBREVIATIONS = {fold(name): offset for name, offset in ABBREVIATIONS.items()}
_FIXED_LABELS = {fold(name): offset for name, offset in FIXED_LABELS.items()}
_LABELS = {fold(label): name for label, name in LABELS.items()}
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)? ?(?P<sign>[+-]) ?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_PREFIXED = re.compile(r"[(\[](?P<offset>(?:gmt|utc)[^)\]]*)[)\]] ?(?P<label>.*)")
_SUFFIXED = re.compile(r"(?P<label>[^(\[]+?) ?[(\[](?P<inner>[^)\]]*)[)\]]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z][A-Za-z0-9_+-]*){0,2}")
_SMALL_WORDS = frozenset(("of", "es", "au"))
_AREAS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil", "Canada", "Chile", "Etc",
     "Europe", "Indian", "Mexico", "Pacific", "US")
)  # fmt: skip
"""The first part of the database's names; `posix/` and `right/` are copies, the latter with leap seconds."""
_ODD_NAMES = {
    name.lower(): name
    for name in (
        "Antarctica/DumontDUrville", "Antarctica/McMurdo", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "NZ-CHAT",
        "GB-Eire", "W-SU", "PRC", "ROC", "ROK", "GB", "NZ", "Etc/UTC", "Etc/UCT", "Cuba", "Egypt", "Eire", "Hongkong",
        "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "Navajo", "Poland", "Portugal",
        "Turkey", "America/North_Dakota/New_Salem", "America/North_Dakota/Beulah", "America/North_Dakota/Center",
        *(f"Etc/GMT{sign}{hours}" for sign, last in (("+", 12), ("-", 14)) for hours in range(last + 1)), "Etc/GMT",
    )
}  # fmt: skip
"""Names in a case of their own, and those without an area that mean a place."""
_ZONES_LIKE_ABBREVIATIONS = frozenset(("CET", "EET", "MET", "WET"))
_FARTHEST_MINUTES, _HOUR_MINUTES, _MINUTE = 14 * 60, 60, 60
_SAMPLE_YEAR = 2026


@lru_cache(maxsize=1024)
def _zone_info(name: str) -> ZoneInfo | None:
    """Return the zone of an exact IANA name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, malformed, or a folder of the database
        return None


def _capitalised(name: str) -> str:
    """Write `america/port_of_spain` as the database does."""
    words = re.split(r"([/_-])", name.lower())
    written = "".join(word if word in _SMALL_WORDS else word.capitalize() for word in words)
    return f"US/{written.removeprefix('Us/')}" if written.startswith("Us/") else written


@lru_cache(maxsize=1024)
def iana_name(text: str) -> str | None:
    """Return the IANA name that the text is, whatever its case; None for anything else.

    >>> iana_name("america/new_york")
    'America/New_York'
    """
    odd = _ODD_NAMES.get(text.lower())
    if odd:
        return odd if _zone_info(odd) else None
    if not _NAME.fullmatch(text) or _capitalised(text.partition("/")[0] + "/").rstrip("/") not in _AREAS:
        return None
    return next((name for name in (text, _capitalised(text)) if _zone_info(name)), None)


@lru_cache(maxsize=256)
def own_abbreviations(name: str) -> dict[str, int]:
    """Return the abbreviations that a zone itself uses, with their offsets."""
    info = _zone_info(name)
    found: dict[str, int] = {}
    for month in (1, 7):
        moment = datetime(_SAMPLE_YEAR, month, 1, tzinfo=UTC).astimezone(info)
        found[fold(moment.tzname() or "")] = round((moment.utcoffset() or timedelta()).total_seconds())
    return {name: offset for name, offset in found.items() if name.isalpha()}


def _offset(text: str) -> int | None:
    """Read `GMT+8`, `-0500`, `UTC +05:30` as seconds east of UTC."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    past = int(found["minutes"] or 0)
    minutes = int(found["hours"]) * _HOUR_MINUTES + past
    if minutes > _FARTHEST_MINUTES or past >= _HOUR_MINUTES:
        return None
    return minutes * _MINUTE * (-1 if found["sign"] == "-" else 1)


def _bracketed(text: str, home: str | None) -> Zone | None:
    """Read labels with a bracket: `(GMT-05:00) Eastern Time (US & Canada)`, `Eastern Time (ET)`."""
    if found := _PREFIXED.fullmatch(text):  # the label knows of summer time, the offset before it does not
        label = found["label"]
        return resolve(label, home) if label else resolve(found["offset"], home)
    if found := _SUFFIXED.fullmatch(text):
        zone = resolve(found["label"], home)
        return resolve(found["inner"], home) if zone is None else zone
    return None


@lru_cache(maxsize=4096)
def resolve(text: str, home: str | None = None) -> Zone | None:
    """Return the zone that a text means; None where it is not known.

    home: the IANA name of the user's own zone. An abbreviation that this zone itself uses means this zone's clock
    (CST is China's with Asia/Shanghai), else the one of the table.
    """
    label = fold(text).strip("'\" ")
    own = own_abbreviations(home) if home and _zone_info(home) else {}
    for table in (own, _ABBREVIATIONS, _FIXED_LABELS, _LABELS):
        if label in table:
            return table[label]
    offset = _offset(label)
    if offset is not None:
        return offset
    return iana_name(text.strip()) or iana_name(label.replace(" ", "_")) or _bracketed(label, home)


@lru_cache(maxsize=1024)
def same_clock(first: Zone, second: Zone) -> bool:
    """Tell whether two zones show the same time all year."""
    return first == second or _offsets_of_year(first) == _offsets_of_year(second)


def _offsets_of_year(zone: Zone) -> tuple[int, ...]:
    if isinstance(zone, int):
        return (zone,) * 12
    moments = (round(datetime(_SAMPLE_YEAR, month, 15, tzinfo=UTC).timestamp()) for month in range(1, 13))
    return tuple(_offset_at(ZoneInfo(zone), moment) for moment in moments)


def name_of(zone: Zone) -> str | None:
    """Return the IANA name of a zone, or of a whole number of hours from UTC; None for other distances.

    >>> name_of(0), name_of(7200), name_of("Asia/Tokyo")
    ('UTC', 'Etc/GMT-2', 'Asia/Tokyo')
    """
    if isinstance(zone, str):
        return zone
    hours, rest = divmod(zone, _HOUR_MINUTES * _MINUTE)
    return None if rest else f"Etc/GMT{-hours:+}" if hours else "UTC"  # POSIX counts west as positive


def given_zone(text: str) -> Zone | None:
    """Read a user's or schema's zone: an IANA name first, so that CET has its summer time; else as in a cell."""
    return text.strip() if text.strip() in _ZONES_LIKE_ABBREVIATIONS else resolve(text)


def _offset_at(info: ZoneInfo, instant: int) -> int:
    """Return the seconds east of UTC at an instant."""
    offset = datetime.fromtimestamp(instant, info).utcoffset()
    return round((offset or timedelta()).total_seconds())


@lru_cache(maxsize=4096)
def _changes(name: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """Find when a zone's clock changes in a year: the instant, the offsets before and after."""
    info = ZoneInfo(name)
    start, end = (round(datetime(each, 1, 1, tzinfo=UTC).timestamp()) for each in (year, year + 1))
    found, before = [], _offset_at(info, start)
    for day in range(start + DAY, end + 1, DAY):
        after = _offset_at(info, day)
        if after != before:
            low, high = day - DAY, day
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset_at(info, middle) == before else (low, middle)
            found.append((high, before, after))
        before = after
    return tuple(found)


@lru_cache(maxsize=256)
def _change_table(name: str, first: int, last: int) -> tuple[Indices, Indices, Indices]:
    """Return the changes of some years: instants, and the offsets around them (one more than changes)."""
    changes = [change for year in range(first, last + 1) for change in _changes(name, year)]
    start = round(datetime(first, 1, 1, tzinfo=UTC).timestamp())
    offsets = [_offset_at(ZoneInfo(name), start), *(after for _, _, after in changes)]
    instants = np.array([instant for instant, _, _ in changes], np.int64)
    jumps = np.array([after - before for _, before, after in changes], np.int64)
    return instants, np.array(offsets, np.int64), jumps


def _year(seconds: int) -> int:
    return datetime.fromtimestamp(seconds, UTC).year


def to_utc(local: Indices, zone: Zone) -> tuple[Indices, Mask, Mask]:
    """Return local seconds as UTC seconds, where the local time happened twice, and where it never happened.

    Of two instants the first is taken; a time that the clock jumped over moves on by the gap (02:30 becomes 03:30).
    """
    if isinstance(zone, int) or not len(local):
        never = np.zeros(len(local), np.bool_)
        return local - (zone if isinstance(zone, int) else 0), never, never
    instants, offsets, jumps = _change_table(zone, _year(int(local.min()) - DAY), _year(int(local.max()) + DAY))
    before, after = instants + offsets[:-1], instants + offsets[1:]
    first, last = np.searchsorted(np.maximum(before, after), (local.min(), local.max()), side="right")
    if first == last and (first == len(instants) or local.max() < min(before[first], after[first])):
        never = np.zeros(len(local), np.bool_)  # the clock did not change in all that time
        return local - offsets[first], never, never
    place = np.searchsorted(np.maximum(before, after), local, side="right")  # until then the old offset holds
    doubtful = np.append(np.minimum(before, after), np.iinfo(np.int64).max)[place] <= local
    jump = np.append(jumps, 0)[place]
    return local - offsets[place], doubtful & (jump < 0), doubtful & (jump > 0)
