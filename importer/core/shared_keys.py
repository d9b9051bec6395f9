"""Finds e-mails, phones and customer ids that stand on the sales of several people: the shop's own, a clerk's.

Tills want something in every field, so that a counter's number or a colleague's address stands on the sales of
strangers. Such values are found in a sample of the file by the names beside them, and left out with a warning.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from importer.core.binding import Binding
from importer.core.cells.cell_text import as_text
from importer.core.model import Column, Raw
from importer.core.normalise.shared_values import comparable
from importer.core.tables import placeholders

FIELDS = ("em", "ph", "external_id")

STRANGERS = 5
"""So many people of names without a common word have no address in common."""

STRANGERS_OF_MANY_ROWS = 3
"""So many, where the value stands on every fifth row."""

_OF_ROWS, _OF_COLUMN = 0.2, 0.8
_LEAST_ROWS = 4
_WORD = re.compile(r"[^\W\d_]{2,}")
_NOBODY = placeholders.ANYWHERE | placeholders.PEOPLE | placeholders.GIVEN

Words = frozenset[str]


def shared_values(sample: Raw, binding: Binding, named: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """Return, by field, the values that stand on the sales of several people, as `comparable` writes them.

    named: columns that the user named, whose values are sent as they are.
    """
    sales, names = _sales(sample, binding), _names(sample, binding)
    found = {}
    for field in FIELDS:
        values = frozenset(
            value
            for column in _columns(binding, field, sample)
            if column not in named
            for value in _shared(comparable(field, as_text(sample.column(column))), sales, names)
        )
        if values:
            found[field] = values
    return found


def _columns(binding: Binding, field: str, sample: Raw) -> Sequence[str]:
    """Return the columns of the file that hold a field's whole values."""
    source = binding.columns.get(field)
    if source is None or source.take not in ("first", "all"):
        return ()
    return [name for name in source.names if name in sample.schema.names]


def _texts(sample: Raw, binding: Binding, field: str) -> list[str | None]:
    columns = _columns(binding, field, sample)
    return as_text(sample.column(columns[0])).to_pylist() if columns else []


def _sales(sample: Raw, binding: Binding) -> list[str | None]:
    """Return what tells a row's sale: its id, else its time. Tickets of one order bear the names of several people."""
    return _texts(sample, binding, "order_id") or _texts(sample, binding, "event_time")


def _names(sample: Raw, binding: Binding) -> list[Words]:
    """Return the words of each row's name, without those that are nobody's; an empty list where no column has any."""
    parts = [texts for field in ("full_name", "fn", "ln") if (texts := _texts(sample, binding, field))]
    found = [_words(" ".join(filter(None, row))) for row in zip(*parts, strict=True)]
    return found if any(found) else []


def _words(name: str) -> Words:
    small = name.casefold()
    return frozenset() if small.strip() in _NOBODY else frozenset(_WORD.findall(small)) - _NOBODY


def _shared(values: Column, sales: Sequence[str | None], names: Sequence[Words]) -> Iterator[str]:
    """Yield the values of one column that several people share; of a column of nothing else those of two people."""
    if not names or len(sales) != len(values):
        return
    rows = Counter({value: count for value, count in _counted(values) if value})
    people = _people(values, {value for value, count in rows.items() if count > 1}, sales, names)
    filled = rows.total()
    doubtful = [value for value, count in people.items() if count > 1]
    all_shared = filled >= _LEAST_ROWS and sum(rows[value] for value in doubtful) >= _OF_COLUMN * filled
    for value in doubtful:
        of_many = people[value] >= STRANGERS_OF_MANY_ROWS and rows[value] >= _OF_ROWS * filled
        if people[value] >= STRANGERS or of_many or all_shared:
            yield value


def _counted(values: Column) -> Iterator[tuple[str, int]]:
    counted = values.drop_null().value_counts()
    return zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True)


def _people(
    values: Column, repeated: Collection[str], sales: Sequence[str | None], names: Sequence[Words]
) -> dict[str, int]:
    """Count the people on whose sales each value stands: names that have no word in common; of a sale the first."""
    known: dict[str, list[Words]] = defaultdict(list)
    seen: dict[str, set[str]] = defaultdict(set)
    for value, sale, who in zip(values.to_pylist(), sales, names, strict=True):
        if value not in repeated or not who or sale is None or sale in seen[value]:
            continue
        seen[value].add(sale)
        if len(known[value]) < STRANGERS and all(who.isdisjoint(other) for other in known[value]):
            known[value].append(who)
    return {value: len(people) for value, people in known.items()}
