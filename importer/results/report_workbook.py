"""The report as a workbook to work in: a summary, the rows to fix, and every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.worksheet import Worksheet

from importer.core.kernels.arrays import one_chunk
from importer.core.model import OUTCOMES, Status
from importer.results.excel_columns import cells
from importer.results.excel_writer import LINE_HEIGHT, MAX_ROWS, Book, Grid, lines_of
from importer.results.facts import WORKBOOK_TITLE, Facts
from importer.results.phrases import amounts, headline, steps
from importer.results.summary import summary_of
from importer.results.summary_page import page_tables as parts
from importer.results.summary_page.day_chart import by_day
from importer.results.totals import TO_FIX, TOO_LATE, Totals
from importer.results.value_counts import among, those

WIDTHS: dict[str, float] = {
    "file": 26, "sheet": 12, "row": 9, "line": 9, "status": 11, "field": 16, "reason": 20, "message": 100,
    "warnings": 34, "order_id": 20, "event_id": 36, "event_name": 15, "event_time": 20, "value": 14, "currency": 10,
    "match_keys": 30, "error_code": 12, "error_subcode": 15, "trace": 24,
}  # fmt: skip
TO_FIX_COLUMNS = (
    "status", "reason", "message", "field", "line", "row", "file", "sheet", "order_id", "event_time", "value",
    "currency", "warnings", "error_code", "error_subcode", "trace",
)  # fmt: skip
TO_FIX_WIDTHS = WIDTHS | {"message": 60}
TO_FIX_WRAPPED = ("message", "warnings")
COLORS = {
    Status.ACCEPTED: ("#D9F0E6", "#0E5A40"),
    Status.READY: ("#DCEBFA", "#0F4F86"),
    Status.DUPLICATE: ("#E6EDF5", "#33506E"),
    Status.SKIPPED: ("#ECEEF1", "#4A5866"),
    Status.INVALID: ("#FBDDE2", "#8F1230"),
    Status.REJECTED: ("#F3DCEA", "#6B1645"),
    Status.UNSENT: ("#FCEBCD", "#7A4700"),
}
"""Ground and letters of each status; the words stand there as well."""
COLUMNS = (14, 24, 12, 13, 26, 30, 80)
"""Widths of the summary's columns, in letters; text in those from LONG on is wrapped."""
NARROW = 5
"""Columns of the summary that have room for money beside the first; the next one is wide."""
LONG = 4
CHART_ROWS = 18
SHORT_GROUPS = ("sent before", "refused", "not a sale")
"""The groups of the days beside what is ready or accepted, as short as a column."""
NUMBERS = ("rows", "sales", "value", "share", *SHORT_GROUPS, "ready", "accepted")


class ReportWorkbook:
    """The sheets Summary, To fix and Rows; a table continues on another sheet where one is full.

    Its rows are written as they come; the summary, which stands first, is written last.
    """

    readable_in_part = False

    def __init__(self, stream: BinaryIO, max_rows: int = MAX_ROWS, names: Sequence[str] = OUTCOMES.names) -> None:
        self._book = Book(stream)
        self._book.workbook.set_properties({"title": WORKBOOK_TITLE})
        self._summary = SummarySheet(self._book)
        self._to_fix = self._grid("To fix", TO_FIX_COLUMNS, max_rows, TO_FIX_WIDTHS, TO_FIX_WRAPPED)
        self._rows = self._grid("Rows", names, max_rows, WIDTHS)
        self._contents: tuple[Totals, Facts] | None = None
        self._split_at = max_rows

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the lines, times as true dates; what must be fixed stands on both sheets."""
        place = batch.schema.get_field_index("event_time")
        rows = batch.set_column(place, "event_time", moments(batch.column("event_time")))
        self._rows.write(rows)
        bad = among(rows.column("status"), TO_FIX) & ~among(rows.column("reason"), TOO_LATE)
        if bad.any():
            self._to_fix.write(those(rows, bad).select(list(TO_FIX_COLUMNS)))

    def add_summary(self, totals: Totals, facts: Facts) -> None:
        """Keep what the summary will show."""
        self._contents = (totals, facts)

    def close(self) -> None:
        """Complete the workbook in its stream."""
        self._to_fix.end()
        self._rows.end()
        if self._contents is None:
            self._summary.say("The run ended before its summary could be written; the rows are on the other sheets.")
        else:
            self._summary.fill(*self._contents, self._notes())
        self._book.close()

    def _grid(
        self, title: str, names: Sequence[str], max_rows: int, widths: Mapping[str, float], wrapped: Sequence[str] = ()
    ) -> Grid:
        place = list(names).index("status")

        def color(sheet: Worksheet, rows: int) -> None:
            self._summary.color(sheet, place, 1, max(1, rows - 1))

        return Grid(self._book, title, names, widths=widths, wrapped=wrapped, max_rows=max_rows, decorate=color)

    def _notes(self) -> Iterator[str]:
        yield (
            "To fix holds the rows that are invalid, rejected or unsent, but for those that are too old; "
            "Rows holds every row, in the file's order."
        )
        yield "event_time is UTC. value and currency are those of the sale, on each line of an order."
        for grid in (self._to_fix, self._rows):
            if len(grid.titles) > 1:
                yield (
                    f"A sheet holds {self._split_at:,} rows with its header, so {grid.titles[0]} continues on "
                    f"{', '.join(grid.titles[1:])}."
                )


class SummarySheet:
    """The first sheet, written row by row from top to bottom."""

    def __init__(self, book: Book) -> None:
        self._book, workbook = book, book.workbook
        self._sheet = workbook.add_worksheet("Summary")
        self._colors = {
            status: workbook.add_format({"bg_color": ground, "font_color": ink})
            for status, (ground, ink) in COLORS.items()
        }
        self._title = workbook.add_format({"bold": True, "font_size": 15})
        self._heading = workbook.add_format({"bold": True, "font_size": 12, "font_color": "#0B5CAD"})
        self._wrap = workbook.add_format({"text_wrap": True, "valign": "top", "indent": 1})
        self._number = workbook.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "align": "right"})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self._top = workbook.add_format({"valign": "top", "num_format": "#,##0"})
        self._amount = workbook.add_format({"valign": "top", "num_format": "#,##0.00####"})
        self._percent = workbook.add_format({"valign": "top", "num_format": "0.0%"})
        self._row = 0

    def say(self, words: str) -> None:
        """Write one sentence."""
        self._line([words])

    def fill(self, totals: Totals, facts: Facts, notes: Iterator[str]) -> None:
        """Write what became of the rows, why, and what to do next."""
        sheet, summary = self._sheet, summary_of(totals, [facts])
        for place, width in enumerate(COLUMNS):
            sheet.set_column(place, place, width)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        self._line([headline(summary)], self._title)
        self._line(
            [f"{facts.command} {facts.began.replace('T', ' ').removesuffix('Z')} UTC: " + ", ".join(summary.files)]
        )
        for words in (*([f"The run stopped early: {facts.stopped}"] if facts.stopped else []), *steps(summary), *notes):
            self._line([words])
        if not totals.total:
            return
        self._statuses(totals)
        self._reasons(totals)
        self._keys(totals)
        self._days(totals, facts)

    def _statuses(self, totals: Totals) -> None:
        self._block("Rows by status", ("status", "currency", "rows", "sales", "value"))
        rows = totals.by_status()
        first = self._row
        for status in Status:
            if not rows[status]:
                continue
            money, counts = totals.money(status), [rows[status], totals.count(status)]
            if len(money) == 1:
                ((unit, total),) = money.items()
                self._line([status, unit, *counts, total.value])
                continue
            self._line([status, "", *counts])
            for unit, total in money.items():
                self._line(["", unit or "(none)", None, total.sales, total.value])
        self.color(self._sheet, 0, first, self._row - 1)

    def _reasons(self, totals: Totals) -> None:
        lines = parts.reasons(totals)
        if not lines:
            return
        self._block(
            "Reasons, the most costly first", ("status", "reason", "rows", "sales", "money", "lines", "what to do")
        )
        first = self._row
        for line in lines:
            lines_at = "; ".join(f"{file}: {where}" if len(line.places) > 1 else where for file, where in line.places)
            words = f"{line.sentence} {line.entry.action if line.entry.action != 'Nothing.' else ''}".strip()
            self._line([line.status, line.reason, line.rows, line.sales, line.money, lines_at, words])
        self.color(self._sheet, 0, first, self._row - 1)

    def _keys(self, totals: Totals) -> None:
        bars = parts.key_bars(totals) if totals.sendable else []
        if bars:
            self._block("Customer keys", ("key", "name", "sales", "share"))
        for bar in bars:
            self._line([bar.name, bar.words, bar.count, bar.share])

    def _days(self, totals: Totals, facts: Facts) -> None:
        days = by_day(totals, facts.now, check=facts.check)
        if days is None:
            return
        names = ("ready" if facts.check else "accepted", *SHORT_GROUPS)
        used = [(number, names[number]) for number in days.used]
        first = self._block(f"Sales by {days.unit}", (days.unit, *(name for _, name in used)))
        for slot in days.slots:
            self._line([_day(slot.label), *(slot.sales[number] for number, _ in used)])
        self._chart(used, first, self._row - 1, days.unit)
        shown, others = days.currencies[:NARROW], days.currencies[NARROW:]
        if others:  # their amounts stand in the column over which the chart lies
            self._row = max(self._row, first + CHART_ROWS)
        self._block(f"Value by {days.unit}", (days.unit, *shown, *([parts.OTHERS] if others else [])), numbers=True)
        for slot in days.slots:
            rest = {unit: slot.total(unit) for unit in others if slot.total(unit)}
            money = [slot.total(unit) or None for unit in shown]
            self._line([_day(slot.label), *money, *([amounts(rest, most=len(rest))] if rest else [])])

    def _chart(self, groups: Sequence[tuple[int, str]], first: int, last: int, unit: str) -> None:
        colors = ("#15795A", "#7D9FC0", "#C8324F", "#98A3AF")
        chart = self._book.workbook.add_chart({"type": "column", "subtype": "stacked"})
        if chart is None:  # never: the type is known
            return
        for place, (number, name) in enumerate(groups, start=1):
            chart.add_series(
                {
                    "name": name,
                    "categories": ["Summary", first, 0, last, 0],
                    "values": ["Summary", first, place, last, place],
                    "fill": {"color": colors[number]},
                    "gap": 40,
                }
            )
        chart.set_title({"name": f"Sales by {unit}", "name_font": {"size": 12}})
        chart.set_x_axis({"text_axis": True, "num_format": "yyyy-mm-dd"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 860, "height": 300})
        about = f"Sales by {unit}, stacked by what became of them; the numbers stand in the table beside it."
        self._sheet.insert_chart(first - 1, 6, chart, {"description": about, "x_offset": 20, "object_position": 3})

    def _block(self, heading: str, names: Sequence[str], *, numbers: bool = False) -> int:
        """Begin a table and return its first row. numbers: every column but the first holds some."""
        self._row += 1
        self._line([heading], self._heading)
        for place, name in enumerate(names):
            right = name in NUMBERS or (numbers and 0 < place <= NARROW)
            self._sheet.write_string(self._row, place, name, self._number if right else self._book.header)
        self._row += 1
        return self._row

    def _line(self, values: Sequence[Any], form: Any = None) -> None:
        texts = [value if isinstance(value, str) else "" for value in values[LONG:]]
        if any(texts):
            self._sheet.set_row(self._row, LINE_HEIGHT * max(map(lines_of, texts, COLUMNS[LONG:])))
        for place, value in enumerate(values):
            if value is None:
                continue
            if isinstance(value, str):
                (text,) = cells(pa.array([value], pa.string()))
                self._sheet.write_string(self._row, place, text, form or (self._wrap if place >= LONG else self._top))
            elif isinstance(value, datetime):
                self._sheet.write_datetime(self._row, place, value, self._day)
            elif isinstance(value, float):
                self._sheet.write_number(self._row, place, value, self._percent)
            else:
                money = isinstance(value, Decimal)
                self._sheet.write_number(self._row, place, value, self._amount if money else self._top)
        self._row += 1

    def color(self, sheet: Worksheet, place: int, first: int, last: int) -> None:
        """Color the statuses in one column of a sheet, from one row to another."""
        for status, form in self._colors.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{status}"', "format": form}
            sheet.conditional_format(first, place, last, place, rule)


def _day(label: str) -> datetime | str:
    """Return a day as a true date; a month, or what is older or later, stays text."""
    try:
        return datetime.strptime(label, "%Y-%m-%d")  # noqa: DTZ007  a day has no time zone
    except ValueError:
        return label


def moments(text: pa.Array) -> pa.Array:
    """Return texts like 2026-10-31T14:05:00Z as times without a zone, as Excel has them; they are UTC."""
    return one_chunk(pc.strptime(text, format="%Y-%m-%dT%H:%M:%SZ", unit="s", error_is_null=True))
