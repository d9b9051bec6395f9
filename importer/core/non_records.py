"""Rows that are the report's frame, not its data: blank rows, headings, repeated headers, totals, footers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.cell_text import as_text
from importer.core.customer_join import PREFIX
from importer.core.kernels.arrays import Mask, coalesce, filled_cells, one_chunk, where
from importer.core.kernels.bytes import text_bytes
from importer.core.model import Column, Raw
from importer.core.plan import Binding, fold

TOTAL = (
    r"(?i)^\W*(grand|overall|report|sub)?[\s-]*(total|totals|subtotal|sum)\b|^\W*(gesamt\w*|summe|zwischensumme|insgesamt|"
    r"totaal|subtotaal|totale|subtotale|totaux|sous-total|razem|suma|subtotal|итого|всего|合計|小計|总计|合计|小计|합계|yhteensä|toplam)"
)
"""The first words of total rows in reports of the main languages."""

FRAME_CELLS = 2
"""A heading, footer or total fills at most so many cells of its row, its total's amount included."""

WIDE = 4
"""Only in tables of at least so many columns can a nearly empty row be told from a record."""


def frame(raw: Raw, binding: Binding, mapped: Mapping[str, Column]) -> Column:
    """For each row null (a record), or `blank`, `heading` or `footer`.

    A row with a date of sale or an order number is always a record; what is left out here is still one line of the
    report, with its reason.
    """
    names = [name for name in raw.schema.names[3:] if not name.startswith(PREFIX)]
    filled = filled_cells(raw, names)
    blank = where(filled == 0, "blank")
    if len(names) < WIDE:
        return blank
    thin = filled <= FRAME_CELLS
    some_thin = bool(thin.any())
    repeated = _repeats_header(raw, binding) if some_thin or _may_repeat(raw) else np.zeros(raw.num_rows, np.bool_)
    if not some_thin:
        return where(repeated, "heading")
    dated = np.asarray(pc.is_valid(mapped["event_time"]))
    total = _starts_with_total(raw, names, thin & ~dated)
    lone = (filled == 1) & ~dated & np.asarray(pc.is_null(mapped["value"]))
    if "order_id" in mapped:
        lone &= ~_one_word(mapped["order_id"], lone)
    return coalesce([blank, where(repeated, "heading"), where(total, "footer"), where(lone, "heading")])


def _one_word(ids: Column, among: Mask) -> Mask:
    """Those of the rows in question whose order id is one word: it may be a number, which a sentence is not."""
    flags = np.zeros(len(ids), np.bool_)
    rows = np.flatnonzero(among)
    if len(rows):
        texts = one_chunk(ids.take(pa.array(rows)))
        flags[rows] = np.asarray(pc.fill_null(pc.match_substring_regex(texts, r"^\S+$"), False)).astype(np.bool_)
    return flags


def _may_repeat(raw: Raw) -> bool:
    """Whether the first column's own header stands in one of its cells; its bytes are searched, 10 times as fast."""
    texts, header = as_text(raw.column(3)), raw.schema.names[3]
    return text_bytes(texts).data.tobytes().find(header.encode()) >= 0 and bool(pc.any(pc.equal(texts, header)).as_py())


def _repeats_header(raw: Raw, binding: Binding) -> Mask:
    """Rows in which every used and filled column holds its own header."""
    used = [name for name in raw.schema.names[3:] if name in binding.used and pa.types.is_string(raw.column(name).type)]
    if not used:
        return np.zeros(raw.num_rows, np.bool_)
    same = np.zeros(raw.num_rows, np.int64)
    present = np.zeros(raw.num_rows, np.int64)
    for name in used:
        header = fold(re.sub(r" \[\d+\]$", "", name))
        column = raw.column(name)
        distinct = column.dictionary_encode()
        own = pa.array(
            [text is not None and fold(text) == header for text in distinct.dictionary.to_pylist()], pa.bool_()
        )
        same += np.asarray(pc.fill_null(own.take(distinct.indices), False)) if len(own) else 0
        present += np.asarray(column.is_valid())
    flags: Mask = (same == present) & (present > 1)
    return flags


def _starts_with_total(raw: Raw, names: list[str], among: Mask) -> Mask:
    """Those of the rows in question of which some cell starts with a word for a total."""
    flags = np.zeros(raw.num_rows, np.bool_)
    rows = np.flatnonzero(among)
    for name in names if len(rows) else ():
        text = as_text(one_chunk(raw.column(name).take(pa.array(rows))))
        flags[rows] |= np.asarray(pc.fill_null(pc.match_substring_regex(text, TOTAL), False)).astype(np.bool_)
    return flags
