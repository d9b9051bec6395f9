"""What the columns of times of a whole file say: the order of day and month, and the zone of naive times.

The survey adds up the evidence of each column; `settle_times` settles it, or asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Answers, Binding, Source
from importer.core.cells import times as dates
from importer.core.cells.cell_text import as_text
from importer.core.cells.header_zone import HeaderZone, header_zone
from importer.core.cells.time_zones import Zone, given_zone, name_of, own_abbreviations, same_clock
from importer.core.cells.times import DateEvidence, DateOrder
from importer.core.kernels.arrays import Mask, one_chunk
from importer.core.model import Column, Raw
from importer.questions import Kind, Question, listed, option

NO_DATES = DateEvidence()
_CLOCK_ROWS, _MOST_OTHERS = 100_000, 5
"""The rows that tell whether a column is of clocks, and how many other cells it may hold for each clock."""
FIELD = "event_time"
IN_WORDS: dict[str, str] = {"mdy": "month first", "dmy": "day first"}


@dataclass(frozen=True)
class TimeColumn:
    """What the cells of one column of times say, or those of several added up.

    times: of the sales, `naive` only where nothing tells the zone; days: of every row, since a refund's date tells day
    from month as well as a sale's. by_header: times of sales whose zone only the header tells; doubtful: those of them
    that the meanings of the header's words place differently.
    """

    times: DateEvidence = NO_DATES
    days: DateEvidence = NO_DATES
    by_header: int = 0
    doubtful: int = 0

    def __add__(self, other: TimeColumn) -> TimeColumn:
        return TimeColumn(
            self.times + other.times,
            self.days + other.days,
            self.by_header + other.by_header,
            self.doubtful + other.doubtful,
        )


@dataclass(frozen=True)
class SettledTimes:
    """What holds for every time of a file, as far as it is settled, and what must be asked.

    header_zones, exchanged: by and of the columns' names, as in `binding.Answers`.
    """

    order: DateOrder | None
    zone: str | None
    header_zones: Mapping[str, Zone] = field(default_factory=dict)
    exchanged: frozenset[str] = frozenset()
    questions: tuple[Question, ...] = ()


def rows_read(raw: Raw, source: Source) -> Iterator[tuple[str, Mask]]:
    """Yield each column of the source with the rows of which it is the first filled one."""
    missing = np.ones(raw.num_rows, np.bool_)
    for name in source.names:
        column = raw.column(name)
        shown = column if pa.types.is_temporal(column.type) else as_text(column)  # a true date needs no text
        filled = missing & np.asarray(shown.is_valid())
        yield name, filled
        missing &= ~filled


def of_rows(column: Column, rows: Mask) -> Column:
    """Return the column's cells in these rows."""
    return column if rows.all() else one_chunk(column.filter(pa.array(rows)))


def zone_in_header(binding: Binding, name: str) -> HeaderZone | None:
    """Return the zone that the header of a column of times names, or that of the column with the time of day."""
    clocks = binding.columns["event_clock"].names if "event_clock" in binding.columns else ()
    return next((zone for header in (name, *clocks) if (zone := header_zone(header)) is not None), None)


def time_columns(raw: Raw, sales: Raw, binding: Binding) -> dict[str, TimeColumn]:
    """Return what one batch says of each column of times. raw: all of its rows; sales: those that are sales."""
    if FIELD not in binding.columns:
        return {}
    of_sales = _evidence(sales, binding)
    of_all = of_sales if sales.num_rows == raw.num_rows else _evidence(raw, binding)
    return {
        name: TimeColumn(found.times, of_all[name].times, found.by_header, found.doubtful)
        for name, found in of_sales.items()
    }


def _evidence(rows: Raw, binding: Binding) -> dict[str, TimeColumn]:
    """Count what the times of these rows say; those whose zone stands beside them need none."""
    found = {}
    zoned = np.zeros(rows.num_rows, np.bool_)
    if "event_zone" in binding.columns:
        zoned = np.asarray(as_text(rows.column(binding.columns["event_zone"].names[0])).is_valid())
    lines = rows.column("line")
    for name, filled in rows_read(rows, binding.columns[FIELD]):
        cells, told = rows.column(name), zone_in_header(binding, name)
        alone = filled & ~zoned if zoned.any() else filled
        evidence = dates.evidence(of_rows(cells, alone), of_rows(lines, alone))
        by_header = evidence.naive if told else 0
        if told or binding.plan.time.utc:
            evidence = dates.without_naive(evidence)
        if zoned.any():
            beside = filled & zoned
            evidence += dates.without_naive(dates.evidence(of_rows(cells, beside), of_rows(lines, beside)))
        doubtful = _doubtful(of_rows(cells, alone), told.zones) if told and by_header else 0
        found[name] = TimeColumn(times=evidence, by_header=by_header, doubtful=doubtful)
    return found


def _doubtful(cells: Column, zones: tuple[Zone, ...]) -> int:
    """Count the cells that are another instant in another one of the zones, whatever the order of day and month."""
    different = np.zeros(len(cells), np.bool_)
    for order in ("mdy", "dmy") if len(zones) > 1 else ():
        first, *others = (dates.read_times(cells, order=order, zone=None, header_zone=zone).seconds for zone in zones)
        for seconds in others:
            different |= np.asarray(pc.fill_null(pc.not_equal(first, seconds), False)).astype(np.bool_)
    return int(np.count_nonzero(different))


def clock_cells(sales: Raw, binding: Binding) -> tuple[int, int]:
    """Count the sales near the file's beginning whose second column tells a time of day, and that hold other digits."""
    if "event_clock" not in binding.columns or not sales.num_rows or sales.column("row")[0].as_py() > _CLOCK_ROWS:
        return 0, 0
    counts = [dates.clock_evidence(sales.column(name)) for name in binding.columns["event_clock"].names]
    return sum(read for read, _ in counts), sum(other for _, other in counts)


def is_clock(read: int, other: int) -> bool:
    """Tell whether a column holds times of day, as its header says; contents such as `Shift 2` veto it."""
    return read * _MOST_OTHERS >= other


def settle_times(found: Mapping[str, TimeColumn], binding: Binding, options: Answers) -> SettledTimes:
    """Settle order and zones: by the user's options first, then the schema, then what the file itself says."""
    whole = sum(found.values(), TimeColumn())
    told = options.date_order or binding.plan.time.order
    order = told or dates.decide(whole.days)
    questions = []
    if told and (against := next((name for name, each in found.items() if _against(each, told)), None)):
        questions.append(_order_contradicted(against, found[against].days, options.date_order))
    elif whole.times.ambiguous and (order is None or (order == "ymd" and not whole.days.short)):
        names = [name for name, each in found.items() if each.times.ambiguous]
        where = f"Are dates such as 03/04/2026 in the column {listed(names)}"
        text = f"{where} in March (month first) or in April (day first)?"
        questions.append(Question(Kind.DATE_ORDER, text, ("--date-order mdy", "--date-order dmy"), FIELD, names[0]))
    exchanged: frozenset[str] = frozenset()
    if not questions:
        exchanged, doubts = _exchanged({name: each.days for name, each in found.items()}, options, FIELD)
        questions += doubts
    zone = options.zone or binding.plan.time.zone
    zone_questions, header_zones = _settle_header_zones(found, binding, options)
    if zone is None and whole.times.naive:
        names = [name for name, each in found.items() if each.times.naive]
        text = f"In which time zone are the times in the column {listed(names)}? Give its IANA name, such as"
        zone_questions = [*zone_questions, Question(Kind.ZONE, text, ("--timezone Europe/Berlin",), FIELD, names[0])]
    return SettledTimes(order, zone, header_zones, frozenset(exchanged), (*questions, *zone_questions[:1]))


def settle_birthdays(found: Mapping[str, DateEvidence], options: Answers, order: DateOrder | None) -> SettledTimes:
    """Settle the order of the birthdays, which is their own where the one that is given contradicts it.

    order: that of the sales' dates.
    """
    whole = sum(found.values(), NO_DATES)
    proven = dates.decide(whole)
    opposed = options.date_order is not None and dates.contradicts(whole, options.date_order)
    settled = proven if opposed else options.date_order or proven or order
    exchanged, questions = _exchanged(found, options, "db")
    return SettledTimes(settled, None, exchanged=exchanged, questions=tuple(questions))


def _exchanged(
    found: Mapping[str, DateEvidence], options: Answers, field: str
) -> tuple[frozenset[str], list[Question]]:
    """Return the columns whose dates a spreadsheet has turned round, and questions about those where it may have."""
    turned, questions = set(), []
    for name, evidence in found.items() if options.date_order != "ymd" else ():
        verdict = dates.exchange(evidence)
        if verdict == "likely" and options.date_order is None:
            questions.append(_perhaps_exchanged(name, evidence, field))
        elif verdict is not None:
            turned.add(name)
    return frozenset(turned), questions


def _against(column: TimeColumn, order: DateOrder) -> bool:
    return dates.contradicts(column.days, order)


def _order_contradicted(name: str, days: DateEvidence, given: DateOrder | None) -> Question:
    """Ask about an order that the column's dates contradict, with the line of the first that does."""
    proven: DateOrder = "dmy" if days.dmy > days.mdy else "mdy"
    line = days.lines.get(proven)
    teller = f"--date-order {given}" if given else "the schema"
    place = "second" if proven == "mdy" else "first"
    text = (
        f'The dates in "{name}" are written {IN_WORDS[proven]}, and {teller} says otherwise: on line {line:,} the '
        f"{place} number is above 12. Are they {IN_WORDS[proven]}?"
    )
    return Question(Kind.DATE_ORDER, text, (f"--date-order {proven}",), FIELD, name, line=line)


def _perhaps_exchanged(name: str, days: DateEvidence, field: str) -> Question:
    """Ask whether a spreadsheet has exchanged day and month of the column's date cells."""
    order: DateOrder = "dmy" if days.dmy else "mdy"
    line = days.lines.get("early")
    text = (
        f'In "{name}" the dates that are written {IN_WORDS[order]} all have a day above 12, and the others, which a '
        f"spreadsheet made, none (the first is on line {line:,}): it may have exchanged their day and month. "
        f"Put them back ({order}), or take them as they stand (ymd)?"
    )
    return Question(Kind.DATE_ORDER, text, (f"--date-order {order}", "--date-order ymd"), field, name, line=line)


def _settle_header_zones(
    found: Mapping[str, TimeColumn], binding: Binding, options: Answers
) -> tuple[list[Question], dict[str, Zone]]:
    """Return the zone of each column whose header names one, and questions where it is not certain.

    A schema's own zone goes before the header, which its author has seen; a user's option that the header contradicts
    is asked about.
    """
    questions, zones = list[Question](), dict[str, Zone]()
    for name, column in found.items():
        if binding.plan.time.utc:
            zones[name] = 0
            continue
        told = zone_in_header(binding, name)
        if told is None or (binding.plan.time.zone and not options.zone):
            continue
        given = given_zone(options.zone) if options.zone else None
        if given is not None and fits(told, given):
            zones[name] = given
        elif column.by_header and (given is not None or column.doubtful):
            questions.append(_zone_question(name, told, options.zone))
        else:
            zones[name] = told.zones[0]
    return questions, zones


def fits(told: HeaderZone, given: Zone) -> bool:
    """Tell whether a header can mean the given zone."""
    if isinstance(given, str) and told.words.lower() in own_abbreviations(given):
        return True
    return any(same_clock(given, zone) for zone in told.zones)


def _zone_question(name: str, told: HeaderZone, given: str | None) -> Question:
    named = [name_of(zone) for zone in told.zones]
    options = tuple(option("--timezone", each) for each in named if each is not None)
    if given is not None:
        text = f'The header "{name}" says {told.words}, --timezone says {given}. In which zone are they?'
    else:
        text = f'"{told.words}" in the header "{name}" can mean several clocks. In which zone are they?'
    return Question(Kind.ZONE, text, options or ("--timezone Europe/Berlin",), FIELD, name)
