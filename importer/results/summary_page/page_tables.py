"""The tables of the page: statuses with money, reasons, keys, warnings by column, the mapping, the runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from importer.core.model import KEYS, Status
from importer.core.reasons import REASONS, WARNINGS
from importer.results.facts import ColumnFacts, Facts
from importer.results.guide import GUIDE, NOTES, Entry
from importer.results.outcomes import sentence
from importer.results.phrases import KEY_NAMES, MEANINGS, amount, amounts, counted, percent
from importer.results.totals import NOTHING, TO_FIX, TOO_LATE, Place, Sample, Sum, Totals

MOST_CURRENCIES = 4
MOST_COUNTED_KEYS = 8
OTHERS = "others"


@dataclass(frozen=True)
class StatusLine:
    """Rows, sales and money of one status; share: of all rows, 0 to 1."""

    status: str
    meaning: str
    rows: int
    sales: int
    share: float
    money: Sequence[str]


@dataclass(frozen=True)
class Statuses:
    """Every status that occurs. currencies: headings of the money; the rarest are put together as others."""

    lines: Sequence[StatusLine]
    currencies: Sequence[str]


def statuses(totals: Totals) -> Statuses:
    """Return rows and money by status and currency."""
    rows = totals.by_status()
    currencies = [unit for unit in totals.money(*Status) if unit]
    shown = currencies[:MOST_CURRENCIES]
    lines = [
        StatusLine(
            str(status),
            words,
            rows[status],
            totals.count(status),
            rows[status] / totals.total,
            list(_columns(totals.money(status), shown, more=len(currencies) > len(shown))),
        )
        for status, (_, words) in MEANINGS.items()
        if rows[status]
    ]
    return Statuses(lines, [*shown, *([OTHERS] if len(currencies) > len(shown) else [])])


def _columns(money: Mapping[str, Sum], shown: Sequence[str], *, more: bool) -> Iterator[str]:
    for unit in shown:
        total = money.get(unit, Sum()).value
        yield amount(total, unit) if total else ""
    if more:
        yield listed({unit: total for unit, total in money.items() if unit not in shown}, most=99)


def listed(money: Mapping[str, Sum], most: int = 3) -> str:
    """Return money by currency in one line, the greatest first."""
    return amounts({unit: total.value for unit, total in money.items() if unit and total.value}, most)


@dataclass(frozen=True)
class ReasonLine:
    """Why rows ended, how many and how much, what to do, and where to look."""

    status: str
    reason: str
    sentence: str
    fields: Sequence[str]
    rows: int
    share: float
    percent: str
    sales: int
    money: str
    entry: Entry
    places: Sequence[tuple[str, str]]
    sample: Sample | None
    to_fix: bool


def reasons(totals: Totals) -> list[ReasonLine]:
    """Return every reason: those that somebody can fix first, among them the most costly first."""
    rows: Counter[tuple[str, str]] = Counter()
    fields: dict[tuple[str, str], list[str]] = {}
    for why, count in totals.reasons.items():
        rows[why.status, why.reason] += count
        if why.field:
            fields.setdefault((why.status, why.reason), []).append(why.field)
    everything = totals.money(*Status)
    lines = [_reason(totals, code, rows[code], fields.get(code, ())) for code in rows]
    return sorted(
        lines,
        key=lambda line: (
            not line.to_fix,
            -weight(totals.cost(line.status, line.reason), everything),
            -line.rows,
            line.reason,
        ),
    )


def weight(cost: Mapping[str, Sum], everything: Mapping[str, Sum]) -> Decimal:
    """Return how costly a reason is: its shares of each currency's money, added up, since currencies cannot be."""
    shares = (total.value / everything[unit].value for unit, total in cost.items() if everything[unit].value > 0)
    return sum(shares, NOTHING)


def _reason(totals: Totals, code: tuple[str, str], rows: int, fields: Sequence[str]) -> ReasonLine:
    status, reason = code
    cost = totals.cost(status, reason)
    words = sentence(reason, None) if reason in REASONS else reason
    return ReasonLine(
        status=status,
        reason=reason,
        sentence=words,
        fields=sorted(fields),
        rows=rows,
        share=rows / totals.total,
        percent=percent(rows / totals.total),
        sales=sum(total.sales for total in cost.values()),
        money=listed(cost),
        entry=GUIDE.get(reason, Entry(words, "", "")),
        places=list(_places(totals.places.get(code, ()), rows)),
        sample=totals.samples.get(code),
        to_fix=status in TO_FIX and reason not in TOO_LATE,
    )


def _places(places: Sequence[Place], rows: int) -> Iterator[tuple[str, str]]:
    """Yield by file the lines of the first rows, the last one saying how many more there are."""
    groups = [(file, [place.line for place in found]) for file, found in groupby(places, key=lambda place: place.file)]
    for number, (file, lines) in enumerate(groups, start=1):
        text = ", ".join(f"{line:,}" for line in lines)
        is_last = number == len(groups)
        yield file, text + (f" and {rows - len(places):,} more" if is_last and rows > len(places) else "")


@dataclass(frozen=True)
class Bar:
    """A share of a whole, with its words."""

    name: str
    words: str
    count: int
    share: float
    percent: str


def _bar(name: str, words: str, count: int, whole: int) -> Bar:
    share = count / whole if whole else 0.0
    return Bar(name, words, count, share, percent(share))


def key_bars(totals: Totals) -> list[Bar]:
    """Return how many sendable sales have each customer key; e-mail and phone are there even when nobody has them."""
    counts = totals.key_counts()
    names = [key.name for key in KEYS if counts[key.name] or key.name in ("em", "ph")]
    return [_bar(name, KEY_NAMES.get(name, ""), counts[name], totals.sendable) for name in names]


def keys_per_sale(totals: Totals) -> list[Bar]:
    """Return how many sales have how many keys."""
    counts: Counter[int] = Counter()
    for keys, sales in totals.keys.items():
        counts[min(len(keys.split("+")) if keys else 0, MOST_COUNTED_KEYS)] += sales
    least, most = min(counts, default=0), max(counts, default=-1)
    return [
        _bar(counted(keys, "key" if keys < MOST_COUNTED_KEYS else "or more key"), "", counts[keys], totals.sendable)
        for keys in range(least, most + 1)
    ]


@dataclass(frozen=True)
class NoteLine:
    """A warning: the field, the columns that fill it, how many rows, what it means and what to do."""

    field: str
    columns: Sequence[str]
    code: str
    sentence: str
    entry: Entry
    rows: int
    share: float
    percent: str


def notes(totals: Totals, runs: Sequence[Facts]) -> list[NoteLine]:
    """Return values left out or corrected, by the column that holds them, the most rows first."""
    columns = headers(runs)
    return [
        NoteLine(
            name,
            columns.get(name, ()),
            code,
            WARNINGS.get(code, code),
            NOTES.get(code, Entry("", "", "")),
            rows,
            rows / totals.total,
            percent(rows / totals.total),
        )
        for (name, code), rows in totals.warnings.most_common()
    ]


def headers(runs: Sequence[Facts]) -> dict[str, tuple[str, ...]]:
    """Return by field the headers of the columns that fill it."""
    found: dict[str, dict[str, None]] = {}
    for run in runs:
        for file in run.files:
            for column in file.columns:
                for name in column.fields:
                    found.setdefault(name.rpartition(".")[2], {})[column.header] = None
    return {name: tuple(columns) for name, columns in found.items()}


@dataclass(frozen=True)
class ColumnMapping:
    """Files with the same columns: what fills what, and which columns fill nothing."""

    files: Sequence[str]
    about: str
    guessed: bool
    used: Sequence[tuple[ColumnFacts, int]]
    unused: Sequence[str]


def mappings(totals: Totals, runs: Sequence[Facts]) -> list[ColumnMapping]:
    """Return how the columns of each kind of file were mapped, with the rows that have a warning on each column."""
    warned: Counter[str] = Counter()
    for (name, _), rows in totals.warnings.items():
        warned[name] += rows
    found: dict[tuple[object, ...], ColumnMapping] = {}
    for file in (file for run in runs for file in run.files):
        key = (file.schema, file.columns)
        files = [*found[key].files, file.file] if key in found else [file.file]
        details = [f"{name} {value}" for name, value in file.details.items() if name != "rows"]
        kind = file.title or ("mapped by the names of its columns" if file.guessed else file.schema)
        found[key] = ColumnMapping(
            files=list(dict.fromkeys(files)),
            about=", ".join([kind, file.format.upper(), *([f"sheet {file.sheet}"] if file.sheet else []), *details]),
            guessed=file.guessed,
            used=[
                (column, sum(warned[name.rpartition(".")[2]] for name in column.fields))
                for column in file.columns
                if column.fields
            ],
            unused=[column.header or "(no header)" for column in file.columns if not column.fields],
        )
    return list(found.values())


@dataclass(frozen=True)
class FileLine:
    """One file: its rows by what became of them."""

    file: str
    sheet: str
    rows: int
    taken: int
    before: int
    skipped: int
    to_fix: int


def files(totals: Totals) -> list[FileLine]:
    """Return each file with its rows."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for (file, sheet, status), rows in totals.rows.items():
        counts.setdefault((file, sheet), Counter())[status] += rows
    return [
        FileLine(
            file,
            sheet,
            found.total(),
            found[Status.ACCEPTED] + found[Status.READY],
            found[Status.DUPLICATE],
            found[Status.SKIPPED],
            sum(found[status] for status in TO_FIX),
        )
        for (file, sheet), found in counts.items()
    ]
