"""What goes to Meta in clear, without a person in it: e-mails and phones are left out, or hashed in an order id.

Customer keys are hashed; all other fields leave as they are. An order id that holds an e-mail, or is the row's own
phone, is replaced by its SHA-256, in the event as in the report; the key in the ledger is that of the plain id. In
other fields an e-mail, or a phone written with a plus, is left out with the warning `FIELD:person`. Few cells hold an
`@` or a plus, and only these are looked at: 30 ns a cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.people_in_text import HINT, has_email, has_person
from importer.core.hashing import hash_texts
from importer.core.kernels.arrays import Mask, by_distinct, column_of, join_notes, nulls, one_chunk, parents_of, where
from importer.core.model import CUSTOM_FIELDS, Column, Normal

TEXTS = (*(name for name in CUSTOM_FIELDS if name not in {"value", "currency", "order_id"}), "event_name", "event_id")
MEMBERS = {
    "items": ("[{}]", "contents"),
    "event_members": ("{{{}}}", "event"),
    "custom_members": ("{{{}}}", "custom_data"),
}
"""Columns of written JSON: what stands around it, and the name in warnings."""
IDS = frozenset({"id", "order_id", "event_id"})
"""Members that are hashed rather than left out."""

_PHONE_SHAPE = r"^\+?[0-9(][0-9 ().\-/]{5,}[0-9]$"
_LEAST_DIGITS, _CODE_DIGITS, _WITH_AREA = 7, 3, 10
"""Digits of a phone without its country's code, of the longest such code, and of a number that has its area's code."""
_PLAIN_ADDRESS = r"^https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#]|$)"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def without_people(events: Normal) -> tuple[Normal, Column]:
    """Return the events with no person in any clear-text field but the order id, and the warnings of each.

    A page's address that is none, as `javascript:` is, is left out too.
    """
    columns = {name: events.column(name) for name in events.schema.names}
    notes = []
    for name, column in columns.items():
        if not pa.types.is_string(column.type):
            continue
        if name in MEMBERS:
            around, told = MEMBERS[name]
            columns[name] = _cleaned(column, _members_cleaner(around))
        elif name in TEXTS or name == "event_source_url" or name.startswith("custom:"):
            told, columns[name] = name.removeprefix("custom:"), _cleaned(column, without_person)
        if columns[name] is not column:
            notes.append(where(_changed(column, columns[name]), f"{told}:person"))
    if "event_source_url" in columns:
        pages = columns["event_source_url"]
        columns["event_source_url"] = _web_addresses(pages)
        notes.append(where(_changed(pages, columns["event_source_url"]), "event_source_url:dropped"))
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return Normal(batch), join_notes(notes, events.num_rows)


def with_hashed_ids(
    batch: pa.RecordBatch, written: Column, normal: Column | None = None, *, are_names: bool = False
) -> tuple[Column, Column]:
    """Return the order ids, those with a person in them as SHA-256, and the warnings of these.

    written, normal: the row's own phones as lists of texts, however they are written, and in their normal form.
    are_names: the ids are names of deals, in which nobody can tell a person from a product.
    """
    ids = column_of(batch, "order_id")
    if are_names:
        people: Mask = np.asarray(ids.is_valid()).astype(np.bool_)
    else:
        people = _held_emails(ids) | _own_phones(ids, written)
    if normal is not None and not are_names:
        people |= _own_phones(ids, normal, before="+")
    if not people.any():
        return ids, nulls(len(ids))
    flags = pa.array(people)
    hashed = one_chunk(pc.replace_with_mask(ids, flags, hash_texts(one_chunk(ids.filter(flags)))))
    return hashed, where(people, "order_id:hashed")


def without_person(text: str) -> str | None:
    """Return the text, None where a person stands in it; of a page's address only the parts without one.

    >>> without_person("for ada@example.com"), without_person("https://shop.example/thanks?mail=ada%40example.com&id=1")
    (None, 'https://shop.example/thanks?id=1')
    """
    if not has_person(text):
        return text
    if not _ADDRESS.match(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    query = "&".join(pair for pair in parts.query.split("&") if not has_person(pair))
    host = parts.netloc.rpartition("@")[2]
    path = "/" if has_person(parts.path) else parts.path
    fragment = "" if has_person(parts.fragment) else parts.fragment
    kept = urlunsplit(SplitResult(parts.scheme, host, path, query, fragment))
    return None if has_person(kept) else kept


def is_web_address(text: str) -> bool:
    """Tell whether the text is an http or https address, as Meta wants a page's."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _cleaned(column: Column, clean: Callable[[str], str | None]) -> Column:
    """Return the column with its doubtful cells cleaned; itself where there is none."""
    doubtful = pc.match_substring_regex(column, HINT).fill_null(False)
    if not pc.any(doubtful).as_py():
        return column
    cleaned = by_distinct(one_chunk(column.filter(doubtful)), clean)
    return one_chunk(pc.replace_with_mask(column, doubtful, cleaned))


def _web_addresses(pages: Column) -> Column:
    """Return the addresses, null for what is none; only those of an unusual form are looked at one by one."""
    doubtful = pc.invert(pc.match_substring_regex(pages, _PLAIN_ADDRESS)).fill_null(False)
    if not pc.any(doubtful).as_py():
        return pages
    kept = by_distinct(one_chunk(pages.filter(doubtful)), lambda text: text if is_web_address(text) else None)
    return one_chunk(pc.replace_with_mask(pages, doubtful, kept))


def _members_cleaner(around: str) -> Callable[[str], str | None]:
    """Return what cleans JSON that stands without its brackets; what it leaves as it is keeps its bytes."""

    def clean(text: str) -> str | None:
        found = json.loads(around.format(text))
        kept = _clean_value(found, "")
        if kept == found:
            return text
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))[1:-1] or None

    return clean


def _clean_value(value: Any, name: str) -> Any:
    """Return a JSON value without the members and items that name a person; ids are hashed."""
    if isinstance(value, str):
        return hash_texts(pa.array([value]))[0].as_py() if name in IDS and has_person(value) else without_person(value)
    if isinstance(value, dict):
        pairs = ((key, _clean_value(item, key)) for key, item in value.items() if not has_person(key))
        return {key: item for key, item in pairs if item is not None or value[key] is None}
    if isinstance(value, list):
        items = [(item, _clean_value(item, name)) for item in value]
        return [kept for item, kept in items if kept is not None or item is None]
    return value


def _changed(column: Column, cleaned: Column) -> Mask:
    changed: Mask = np.asarray(pc.fill_null(pc.not_equal(column, cleaned), False)).astype(np.bool_)
    return changed | np.asarray(pc.and_(column.is_valid(), cleaned.is_null())).astype(np.bool_)


def _held_emails(ids: Column) -> Mask:
    doubtful = np.asarray(pc.match_substring_regex(ids, HINT).fill_null(False)).astype(np.bool_)
    if doubtful.any():
        texts = one_chunk(ids.filter(pa.array(doubtful)))
        doubtful[doubtful] = np.asarray(by_distinct(texts, lambda text: "x" if has_email(text) else None).is_valid())
    return doubtful


def _own_phones(ids: Column, phones: Column, before: str = "") -> Mask:
    """Tell which ids are a phone of their own row, in whatever form: their digits end as its digits do.

    before: what the phones are written without.
    """
    found = np.zeros(len(ids), np.bool_)
    shaped = np.asarray(pc.match_substring_regex(ids, _PHONE_SHAPE).fill_null(False)).astype(np.bool_)
    if not shaped.any():
        return found
    rows, numbers = parents_of(phones), one_chunk(pc.list_flatten(phones))
    doubtful = shaped[rows]
    rows, numbers = rows[doubtful], one_chunk(numbers.filter(pa.array(doubtful)))
    of_rows = one_chunk(ids.take(pa.array(rows)))
    same = pc.equal(_last_digits(of_rows), _last_digits(numbers)).fill_null(False)
    for place in np.flatnonzero(same).tolist():
        found[rows[place]] |= _same_number(of_rows[place].as_py(), before + numbers[place].as_py())
    return found


def _last_digits(texts: Column) -> Column:
    """Return the last digits of each text."""
    if not pc.all(pc.ascii_is_decimal(texts)).as_py():
        texts = pc.replace_substring_regex(texts, r"[^0-9]", "")
    return one_chunk(pc.utf8_slice_codeunits(texts, -_LEAST_DIGITS))


def _same_number(one: str, other: str) -> bool:
    """Tell whether both are one number, with its country's code or, where a 0, a plus or its length tells, without."""
    pairs = ((re.sub(r"[^0-9]", "", text).lstrip("0"), text.strip()) for text in (one, other))
    (short, national), (long, international) = sorted(pairs, key=lambda pair: len(pair[0]))
    if len(short) < _LEAST_DIGITS or not long.endswith(short) or len(long) - len(short) > _CODE_DIGITS:
        return False
    told = international.startswith(("+", "00")) or national.startswith("0") or len(short) >= _WITH_AREA
    return len(long) == len(short) or told
