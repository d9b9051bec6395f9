"""Rows of a report that are no records: blank rows, headings, repeated headers, totals, footers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding
from importer.core.cells.cell_text import as_text
from importer.core.customer_join import PREFIX
from importer.core.heading_rows import WIDE
from importer.core.kernels.arrays import Indices, Mask, coalesce, filled_cells, one_chunk, where
from importer.core.model import Column, Raw
from importer.core.plan import fold

TOTAL = (
    r"(?i)^\W*(grand|overall|report|sub)?[\s-]*(total|totals|subtotal|sum)\b|^\W*(gesamt\w*|summe|zwischensumme|insgesamt|"
    r"totaal|subtotaal|totale|subtotale|totaux|sous-total|razem|suma|subtotal|итого|всего|合計|小計|总计|合计|小计|합계|yhteensä|toplam)"
)
"""The first words of total rows in reports of the main languages."""

TOTAL_ANYWHERE = (
    r"(?i)(^|[^\p{L}])(totals?|totales|totale|totali|totalt|totaal|totaux|totalen|totalsumma?|subtotal|sum|suma|somme|somma|summa|sommes|"
    r"gesamt\p{L}*|insgesamt|\p{L}*summe|\p{L}*umsatz|razem|ogółem|ukupno|celkem|celkom|spolu|skupaj|összesen|mindösszesen|"
    r"yhteensä|kokku|kopā|viso|toplam\p{L}*|итого|всего|сумма|разом|усього|общо|σύνολο|jumlah)([^\p{L}]|$)|"
    r"合計|小計|总计|合计|小计|合计|總計|합계|총계"
)
"""Words of a total wherever they stand in a label: `Umsatz gesamt`, `Importe total`."""

LABELS = 2
"""Cells of words in a total's row at most, currencies not counted; the others are numbers."""

ALIKE = 0.005
"""How near a total is to the sum of the rows above."""

FRAME_CELLS = 2
"""A heading, footer or total fills at most so many cells of its row, its total's amount included."""


def non_records(raw: Raw, binding: Binding, mapped: Mapping[str, Column]) -> Column:
    """Return for each row null (a record), or `blank`, `heading` or `footer`.

    A row with a date of sale or an order number is always a record. What is left out here still has its line in the
    report, with its reason.
    """
    names = [name for name in raw.schema.names[3:] if not name.startswith(PREFIX)]
    filled = filled_cells(raw, names)
    blank = where(filled == 0, "blank")
    if len(names) < WIDE:
        return blank
    thin = filled <= FRAME_CELLS
    repeated: Mask = np.zeros(raw.num_rows, np.bool_)
    if thin.any() or pc.any(pc.equal(as_text(raw.column(3)), raw.schema.names[3])).as_py():
        repeated = _repeats_header(raw, binding)
    without_date = np.asarray(pc.is_null(mapped["event_time"])).astype(np.bool_)
    if not (thin | without_date).any():
        return where(repeated, "heading")
    total = _starts_with_total(raw, names, thin & without_date)
    if not binding.plan.orders.blank_key:  # where a line without a number belongs to the order above
        total |= _is_total(raw, names, mapped, _names_nothing(mapped, without_date))
    lone = (filled == 1) & without_date & np.asarray(pc.is_null(mapped["value"]))
    if "order_id" in mapped:  # an id of one word may be a number, which a sentence is not
        one_word = pc.match_substring_regex(mapped["order_id"], r"^\S+$")
        lone &= ~np.asarray(pc.fill_null(one_word, False)).astype(np.bool_)
    return coalesce([blank, where(repeated, "heading"), where(total, "footer"), where(lone, "heading")])


def _names_nothing(mapped: Mapping[str, Column], without_date: Mask) -> Mask:
    """Tell which of the rows without a date have no order's number and no customer's e-mail or phone either."""
    named = np.zeros(len(without_date), np.bool_)
    if "order_id" in mapped:
        named |= np.asarray(pc.fill_null(pc.match_substring_regex(mapped["order_id"], r"\d"), False)).astype(np.bool_)
    for name, pattern in (("em", "@"), ("ph", r"(\d\D*){7}")):
        if name in mapped and without_date.any():
            texts = pc.binary_join(mapped[name], pa.scalar(" "))
            named |= np.asarray(pc.fill_null(pc.match_substring_regex(texts, pattern), False)).astype(np.bool_)
    unnamed: Mask = without_date & ~named
    return unnamed


def _is_total(raw: Raw, names: list[str], mapped: Mapping[str, Column], among: Mask) -> Mask:
    """Tell which of the rows in question hold the sum of those above, or numbers beside a word for a total.

    Rows with words in more than two cells are records, of which something is missing.
    """
    flags = np.zeros(raw.num_rows, np.bool_)
    rows = np.flatnonzero(among)
    if not len(rows):
        return flags
    labels, worded = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
    for name in names:
        text = as_text(one_chunk(raw.column(name).take(pa.array(rows)))).fill_null("")
        worded |= np.asarray(pc.match_substring_regex(text, TOTAL_ANYWHERE)).astype(np.bool_)
        labels += np.asarray(pc.match_substring_regex(text, r"\p{L}{2}"))
        labels -= np.asarray(pc.match_substring_regex(text, "^[A-Z]{3}$"))
    priced = np.asarray(mapped["value"].is_valid()).astype(np.bool_)
    flags[rows] = (labels <= LABELS) & priced[rows] & (worded | _sums_up(mapped, rows))
    return flags


def _sums_up(mapped: Mapping[str, Column], rows: Indices) -> Mask:
    """Tell which rows have as their amount the sum of the dated rows above: of all, or since the row before it."""
    values = np.asarray(mapped["value"].cast(pa.float64()).fill_null(0.0))
    dated = np.asarray(pc.is_valid(mapped["event_time"])).astype(np.bool_)
    sums, counts = np.cumsum(np.where(dated, values, 0.0))[rows], np.cumsum(dated)[rows]
    own = values[rows]
    since = np.append(0.0, sums[:-1]), np.append(0, counts[:-1])
    whole = (np.abs(own - sums) < ALIKE) & (counts > 1)
    part: Mask = (np.abs(own - (sums - since[0])) < ALIKE) & (counts - since[1] > 1)
    sums_up: Mask = whole | part
    return sums_up


def _repeats_header(raw: Raw, binding: Binding) -> Mask:
    """Tell which rows hold their own header in every used and filled column, of which there are at least two."""
    same, present = np.zeros(raw.num_rows, np.int64), np.zeros(raw.num_rows, np.int64)
    for name in raw.schema.names[3:]:
        column = raw.column(name)
        if name not in binding.used or not pa.types.is_string(column.type):
            continue
        header = fold(re.sub(r" \[\d+\]$", "", name))  # of columns of one name the others are numbered
        distinct = column.unique().drop_null()
        own = [text for text in distinct.to_pylist() if fold(text) == header]
        if own:
            same += np.asarray(pc.is_in(column, value_set=pa.array(own)))
        present += np.asarray(column.is_valid())
    flags: Mask = (same == present) & (present > 1)
    return flags


def _starts_with_total(raw: Raw, names: list[str], among: Mask) -> Mask:
    """Tell which of the rows in question have a cell that starts with a word for a total."""
    flags = np.zeros(raw.num_rows, np.bool_)
    rows = np.flatnonzero(among)
    for name in names if len(rows) else ():
        text = as_text(one_chunk(raw.column(name).take(pa.array(rows))))
        flags[rows] |= np.asarray(pc.fill_null(pc.match_substring_regex(text, TOTAL), False)).astype(np.bool_)
    return flags
