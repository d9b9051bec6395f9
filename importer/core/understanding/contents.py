"""What the cells of a column are, over a sample: the share that reads as an e-mail, a date, an amount, a status."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells import amounts
from importer.core.cells.cell_lists import items_of
from importer.core.cells.cell_text import as_text, unguarded
from importer.core.cells.currency import normal_currency
from importer.core.cells.day_month import decide
from importer.core.cells.times import evidence, read_times
from importer.core.kernels.arrays import one_chunk
from importer.core.model import DAY, STANDARD_EVENTS, Column
from importer.core.plan import fold
from importer.core.tables import countries, currencies, placeholders, zones
from importer.core.understanding.lexicon import lexicon, plain

MOST_TEXTS = 400
"""Different texts of a column that are looked at."""

Floats = npt.NDArray[np.float64]

_INSTANTS = ((31_000, 80_000), (600_000_000, 4_000_000_000), (600_000_000_000, 4_000_000_000_000))
_LONGEST_ID = 40
_REPEATS = 5
"""A date that stands on many rows counts so often."""

_EMAIL = re.compile(r"[^\s@]@[^\s@]+\.\w{2}")
_TAX_ID = re.compile(
    r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9kK]"
)
"""CPF, CNPJ and RUT: a person's or a firm's number in Brazil and Chile."""
_HASH = re.compile(r"(?:0x|sha256:)?[0-9a-fA-F]{64}")
_PHONE = re.compile(r"(?:p:|tel:)?['+(]?[0-9][0-9 ().\-/\u00a0]{5,22}(?:\s*(?:x|ext).{0,6})?")
_MANY_ZEROS = re.compile(r"[0-9]+[.,]0+")
_DAY = "(?:19[5-9]|20[0-9])[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(
    rf"(?!.{{200}})(?:.*\d.*[-/. :年월].*\d.*|.*\d+ *[년年월月].*"
    rf"|{_DAY}(?:[0-9]{{6}})?)",
    re.DOTALL,
)
_DECIMALS = re.compile(r"[0-9][.,][0-9]{2}(?![0-9])")
_CLOCK = re.compile(
    r"(?:[01]?[0-9]|2[0-4])[:.hH時시] ?[0-5][0-9](?:[:分분] ?[0-5][0-9][초秒]?)?\s*(?:[aApP]\.?\s?[mM]\.?)?"
    r"(?: ?(?:UTC|GMT|Z))?(?: ?[-\u2013] ?[0-2]?[0-9][:.hH][0-5][0-9])?"
)
_TIMED = re.compile(r"[0-9]{1,2}[:hH時시] ?[0-9]{2}")
_PHONE_LEAST, _PHONE_MOST = 7, 15
_POSTCODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z \-]{1,9}")
_COUNTRIES = frozenset(countries.CODES)
_CURRENCIES = frozenset(currencies.MINOR_DIGITS)
_PHONE_INSIDE = re.compile(r"(?<![\w-])[+(]{0,3}\d(?:[ ().\-/\u00a0\u2011]{0,3}\d){6,19}(?!\w{0,64}+(?:-\w{0,64}+)?@)")
"""A number with a note, an extension, a second number beside it."""
_WHO = re.compile(r"[0-9a-f]{64}|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}\w")
_NOBODY = placeholders.ANYWHERE | placeholders.PEOPLE | placeholders.GIVEN
_FEW_ROWS = 10
_LEAD = re.compile(r"l:\d{15,17}")
"""The id of a lead as Meta's own download of its forms guards it from spreadsheets."""
_ZONE = re.compile(
    r"[A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?|UTC|GMT|[A-Z]{3,4}|(?:UTC|GMT)?[+-][0-9]{1,2}:?[0-9]{0,2}"
)
_EVENTS = frozenset(name.casefold() for name in STANDARD_EVENTS)
_PARTED = re.compile(r"[\s_\u200b-\u200f\u2060\ufeff-]+")


@dataclass(frozen=True)
class Contents:
    """What a column holds in a sample of the file. Shares are of its filled rows, 0 to 1.

    filled: the share of rows that hold something; distinct: different texts; words: the different texts with their
    rows, most frequent first, up to MOST_TEXTS; amounts: of each row of the sample, NaN where it is none.
    """

    filled: float
    rows: int
    distinct: int
    words: Mapping[str, int]
    shares: Mapping[str, float]
    amounts: Floats

    def share(self, kind: str) -> float:
        """Return the share of filled rows that read as `email`, `phone`, `date`, `amount`, ..."""
        return self.shares.get(kind, 0.0)

    @property
    def constant(self) -> bool:
        """Tell whether several rows all hold the same."""
        return self.distinct == 1 and self.filled * self.rows >= 3  # noqa: PLR2004


def look(column: Column) -> Contents:
    """Return what the cells of a column are."""
    texts = as_text(column)
    counted = texts.drop_null().value_counts()
    pairs = sorted(zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True), key=lambda p: -p[1])
    words = _alone(dict(pairs[:MOST_TEXTS]))
    rows, filled = len(column), len(texts) - texts.null_count
    temporal = pa.types.is_temporal(column.type)
    number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
    shares = _shares(words, number=number) if words and not temporal else {}
    if temporal and filled:
        shares = {"date": 1.0, "timed": float(any(_TIMED.search(word) for word in words))}
    values = np.full(rows, np.nan) if temporal or pa.types.is_boolean(column.type) else as_amounts(unguarded(column))
    if filled and not temporal:
        known = ~np.isnan(values)
        shares["amount"] = float(known.sum()) / filled
        shares["zero"] = float((values[known] == 0).sum()) / filled
        shares["serial"] = float(_are_instants(values[known]).sum()) / filled
        shares["whole"] = float((values[known] % 1 == 0).sum()) / filled
    return Contents(filled / rows if rows else 0.0, rows, len(pairs), words, shares, values)


def _alone(words: Mapping[str, int]) -> dict[str, int]:
    """Return the texts with their rows; of a list in a cell its first item, so that its kind is seen."""
    found: dict[str, int] = {}
    for word, rows in words.items():
        items = items_of(word) if word[0] in "[{" else None
        if items != []:
            alone = items[0] if items else word
            found[alone] = found.get(alone, 0) + rows
    return found


def _are_instants(numbers: Floats) -> npt.NDArray[np.bool_]:
    """Tell which numbers may be a spreadsheet's days, or seconds or milliseconds since 1970, from 1990 on."""
    among = np.zeros(len(numbers), np.bool_)
    for low, high in _INSTANTS:
        among |= (low <= numbers) & (numbers < high)
    return among


def as_amounts(column: Column) -> Floats:
    """Return a column's amounts as numbers, NaN where a cell is none."""
    mark = amounts.decide(amounts.evidence(column)) or "."
    read = amounts.read_amounts(column, decimal=mark).values.cast(pa.float64())
    return np.asarray(one_chunk(pc.fill_null(read, np.nan)), np.float64)


def _shares(words: Mapping[str, int], *, number: bool) -> dict[str, float]:
    total = sum(words.values())
    tests = {kind: [word for word in words if test(word)] for kind, test in _TESTS.items()}
    shares = {kind: sum(words[word] for word in found) / total for kind, found in tests.items()}
    shares["date"] = _date_share(words, number=number)
    return shares


def _date_share(words: Mapping[str, int], *, number: bool) -> float:
    """Return the share that reads as dates, of those with digits: `not closed` and a footer's `Total` do not count.

    A number without parts is a date only if it is of eight digits, yyyymmdd.
    """
    some = [word for word in words if _DATE.fullmatch(word.strip()) and not _CLOCK.fullmatch(word)]
    total = sum(count for word, count in words.items() if any(letter.isdigit() for letter in word))
    if not some or sum(words[word] for word in some) * 2 < total or number:
        return 0.0
    found = evidence(pa.array([word for word in some for _ in range(min(words[word], _REPEATS))], pa.string()))
    return (1 - found.unread / max(found.filled, 1)) * sum(words[word] for word in some) / total


def _is_phone(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return (
        _PHONE_LEAST <= digits <= _PHONE_MOST and _PHONE.fullmatch(text) is not None and not _MANY_ZEROS.fullmatch(text)
    )


def _is_sure_phone(text: str) -> bool:
    return _is_phone(text) and (text.lstrip("'(")[:1] in ("+", "0") or len(re.findall(r"[ ()\-/]+", text)) > 1)


def _is_name(text: str) -> bool:
    return (
        any(letter.isalpha() for letter in text)
        and not any(letter.isdigit() or letter in "@#:/\\_{}[]<>=" for letter in text)
        and len(text.split()) <= 6  # noqa: PLR2004
    )


def _is_id(text: str) -> bool:
    return any(letter.isdigit() for letter in text) and " " not in text.strip() and "@" not in text


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "email": lambda text: _EMAIL.search(text) is not None,
    "hash": lambda text: _HASH.fullmatch(text.strip()) is not None,
    "phone": _is_phone,
    "sure_phone": _is_sure_phone,
    "clock": lambda text: _CLOCK.fullmatch(text.strip()) is not None,
    "timed": lambda text: _TIMED.search(text) is not None,
    "phone_inside": lambda text: _PHONE_INSIDE.search(text) is not None,
    "currency": lambda text: text.strip().upper() in _CURRENCIES,
    "currency_word": lambda text: normal_currency(text) is not None,
    "country": lambda text: fold(text) in _COUNTRIES or plain(text).strip() in _COUNTRIES,
    "postcode": lambda text: _POSTCODE.fullmatch(text.strip().removeprefix("z:")) is not None,
    "lead": lambda text: _LEAD.fullmatch(text.strip()) is not None,
    "zone": lambda text: _ZONE.fullmatch(text.strip()) is not None or text in zones.LABELS,
    "yes_no": lambda text: plain(text).strip() in lexicon().answers,
    "status": lambda text: lexicon().status(text) not in (None, "neutral"),
    "name": _is_name,
    "letters": lambda text: any(letter.isalpha() for letter in text),
    "id": _is_id,
    "numbered": lambda text: any(letter.isdigit() for letter in text) and "@" not in text and len(text) <= _LONGEST_ID,
    "tax_id": lambda text: _TAX_ID.fullmatch(text.strip()) is not None,
    "code": lambda text: " " not in text.strip() and "@" not in text,
    "decimals": lambda text: _DECIMALS.search(text) is not None,
    "event": lambda text: _PARTED.sub("", text.casefold()) in _EVENTS,
}
"""What a cell may be; a cell may be several."""


def of_different_people(contents: Contents) -> bool:
    """Tell whether no person, however written, stands on more than a third of the rows; of few rows on all of them."""
    people: Counter[str] = Counter()
    for word, rows in contents.words.items():
        found = _WHO.search(word.lower())
        if found or word.casefold() not in _NOBODY:
            people[found.group() if found else fold(word)] += rows
    few = people.total() < _FEW_ROWS
    return len(people) > 1 and (few or max(people.values()) * 3 <= people.total())


def same_texts(first: Column, second: Column) -> bool:
    """Tell whether two columns hold the same in each row in which both hold something, and both often do."""
    both = pc.and_(first.is_valid(), second.is_valid())
    shared = pc.sum(both).as_py() or 0
    equal = pc.sum(pc.and_(both, pc.equal(first, second))).as_py() or 0
    return shared > 0 and equal == shared


def same_days(first: Column, second: Column) -> bool:
    """Tell whether two columns of times tell the same day in nine of ten rows in which both tell one."""
    days = []
    for column in (first, second):
        order = decide(evidence(column)) or "dmy"
        days.append(pc.divide(read_times(column, order=order, zone="UTC").seconds, DAY))
    same = pc.equal(*days)
    known = len(same) - same.null_count
    return known > 0 and (pc.sum(same).as_py() or 0) >= 0.9 * known


CENT = 0.011
"""What amounts that are alike may differ by."""


def sums_up(parts: Sequence[Floats], whole: Floats) -> bool:
    """Tell whether the parts add up to the whole in at least nine of ten rows in which all are known."""
    known = ~np.isnan(whole)
    total = np.zeros(len(whole))
    for part in parts:
        known &= ~np.isnan(part)
        total += np.nan_to_num(part)
    if known.sum() == 0:
        return False
    return float((np.abs(total[known] - whole[known]) <= CENT).mean()) >= 0.9  # noqa: PLR2004
