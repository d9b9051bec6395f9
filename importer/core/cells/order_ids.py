"""Order ids in their plain form: `1001`, `1001.0`, `="1001"`, `"1001"` and full-width digits are one id, `N/A` is none.

Decisions: docs/decisions/0002-choices.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import Mask, by_distinct, coalesce, one_chunk
from importer.core.kernels.bytes import CAPITAL, DIGIT, SMALL, text_bytes, within
from importer.core.model import Column
from importer.core.tables.placeholders import ANYWHERE, EXACT, IDS

_NOTHING = frozenset(
    {*ANYWHERE, *(word.lower() for word in EXACT), *IDS, "nat", "#nv", "<na>", "missing", "tbc", "no order", "no id"}
)
"""Folded texts that are no order's id."""

_WORDS = one_chunk(pa.array(sorted(_NOTHING), pa.string()))
_ERROR = re.compile(r"#[A-Z\u00c0-\u042f/_0-9]{2,}[!?]|#?(?:N/A|NV|GETTING_DATA)", re.IGNORECASE)
_FORMULA = re.compile(r'=\s*(?:T\()?\s*"?(.*?)"?\s*\)?', re.DOTALL)
_FLOAT = re.compile(r"([0-9]+)(?:\.0+|,00?)")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+)E\+?|E\+)([0-9]{1,3})", re.IGNORECASE)
_WIDE = re.compile("[\uff00-\uffef]+")
_MARKS = "\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_LONGEST_WORD = 15
_MOST_DIGITS = 15
"""Digits that a spreadsheet keeps; a longer number out of a numeric cell has lost some."""

_SALESFORCE, _CASE_BLIND = 15, 18
"""Letters of a Salesforce id, and with the three that tell which of them are capitals."""
_CHECK_LETTERS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", np.uint8)


def plain_ids(columns: Sequence[Column], *, keep_others: bool = False) -> Column:
    """Return the id of each row, of its first column that has one; null where none has.

    keep_others: what is no id stays as it is written, in layouts where a row without an id belongs to the row above.
    12 ns an id that is plain already.
    """
    return coalesce([_plain_column(as_text(column), keep_others=keep_others) for column in columns])


def written_ids(columns: Sequence[Column], plain: Column) -> Column:
    """Return the id as the cell has it where its plain form is another one, else null.

    Ledgers of the first format hold keys of ids as written, but for blanks and an apostrophe before them.
    """
    written = coalesce([_as_written(column) for column in columns])
    return one_chunk(pc.if_else(pc.not_equal(written, plain), written, pa.scalar(None, pa.string())))


def _as_written(column: Column) -> Column:
    texts = as_text(column)
    if not pa.types.is_string(column.type):
        return texts
    return one_chunk(pc.if_else(pc.starts_with(column, "="), pc.utf8_trim_whitespace(column), texts))


def plain_id(text: str) -> str | None:
    """Return one id in its plain form; None where the text is none, or has lost digits in a spreadsheet.

    >>> plain_id('="1001"'), plain_id("1001.0"), plain_id("N/A")
    ('1001', '1001', None)
    """
    if not text.isascii():
        text = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
        text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    text = text.strip(_MARKS + " \t\r\n\u00a0\u3000")
    if text.startswith("=") and (found := _FORMULA.fullmatch(text)):
        text = found.group(1)
    text = " ".join(text.strip(_MARKS + " ").split())
    if found := _FLOAT.fullmatch(text):
        text = found.group(1) if len(found.group(1)) <= _MOST_DIGITS else ""
    elif found := _SCIENTIFIC.fullmatch(text):
        fraction, exponent = found.group(2) or "", int(found.group(3))
        text = found.group(1) + fraction if len(fraction) == exponent else ""
    bare = text.strip(" -\u2013\u2014._?/*#+:;,()[]<>")
    folded = text.casefold()
    if not bare or not bare.strip("0") or folded in _NOTHING or bare.casefold() in _NOTHING or _ERROR.fullmatch(text):
        return None
    return text


def _plain_column(texts: Column, *, keep_others: bool) -> Column:
    texts = _of_salesforce(texts)
    doubtful = _doubtful(texts)
    rows = np.flatnonzero(doubtful)
    if not len(rows):
        return texts
    plain = by_distinct(
        one_chunk(texts.take(pa.array(rows))), lambda text: plain_id(text) or (text if keep_others else None)
    )
    return one_chunk(pc.replace_with_mask(texts, pa.array(doubtful), plain))


def _doubtful(texts: Column) -> Mask:
    """Tell which texts may have another plain form, or be no id: all but letters, digits, hyphens and the like."""
    cells = text_bytes(texts)
    letters = within(cells.data, SMALL, CAPITAL, DIGIT)
    plain = cells.every(letters | cells.among("-_/#")) & cells.last(letters)
    short = np.flatnonzero(plain & (cells.lengths <= _LONGEST_WORD))
    if len(short):
        words = texts if len(short) == len(texts) else one_chunk(texts.take(pa.array(short)))
        nothing = pc.or_(
            pc.is_in(pc.ascii_lower(words), value_set=_WORDS), pc.match_substring_regex(words, "^[0#_/-]+$")
        )
        plain[short[np.asarray(nothing.fill_null(False))]] = False
    return ~plain & np.asarray(texts.is_valid())


def _of_salesforce(texts: Column) -> Column:
    """Return ids of 18 letters, whose last three follow from the first 15, with these 15, as reports export them."""
    cells = text_bytes(texts)
    rows = np.flatnonzero((cells.lengths == _CASE_BLIND) & ((cells.heads == ord("0")) | (cells.heads == ord("a"))))
    if not len(rows):
        return texts
    data = cells.data[cells.bounds[rows][:, None] + np.arange(_CASE_BLIND)]
    capital = within(data[:, :_SALESFORCE].ravel(), CAPITAL).reshape(-1, 3, 5)
    check = _CHECK_LETTERS[capital @ (1 << np.arange(5))]
    right = (data[:, _SALESFORCE:] == check).all(axis=1) & capital.any(axis=(1, 2))
    if not right.any():
        return texts
    flags = np.zeros(len(texts), np.bool_)
    flags[rows[right]] = True
    short = pc.utf8_slice_codeunits(texts.filter(pa.array(flags)), 0, _SALESFORCE)
    return one_chunk(pc.replace_with_mask(texts, pa.array(flags), one_chunk(short)))
