"""What becomes of sales made online: left out, sent as website events, or asked about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding, ChannelColumn
from importer.core.cells.cell_text import as_text
from importer.core.channels import (
    BLANK,
    ONLINE,
    OTHER_WORDS,
    ChannelCounts,
    channel_of_word,
    is_marketing,
    is_online,
    may_tell,
    own_action_source,
)
from importer.core.kernels.arrays import Indices, Mask, by_distinct, column_of, one_chunk, text_or_null
from importer.core.model import Column, Orders, Raw
from importer.errors import UsageError
from importer.questions import Kind, Question

Answer: TypeAlias = Literal["skip", "send"]
OPTIONS = ("--online-sales skip", "--online-sales send", "--action-source physical_store")

QUESTIONS = {
    "web": "were made on a web shop, so Meta's pixel has told of them",
    "marketplace": "were made on a marketplace",
    "unknown": "may have been made on a web shop, whose sales Meta's pixel tells of, or in a store; nothing says which",
}
WEBSITE_EVENTS = (
    "Website events: Meta takes them up to 7 days after the sale, and each needs the address of the web shop; "
    "older ones, and those without an address, are not sent."
)
NO_ADDRESS = "Website events need the web shop's address: give --event-source-url, such as https://shop.example."
MOST_QUOTED, MOST_VALUES, MOST_LETTERS, FEW_DIGITS = 8, 50, 50, 6


NAME = re.compile(r"(?:[^\W\d_a-zß-ÿ][\w'\u2019.-]*\s+)+[^\W\d_a-zß-ÿ][\w'\u2019.-]*")
"""Several words with capitals, which may be a person's name."""


class OnlineSales(NamedTuple):
    """What holds for the sales of one file that were made online.

    answer: leave them out or send them as website events; None where nobody need care. column: the column that says
    where each sale was made. silent_online: sales of which nothing says it were made online. questions: still open.
    """

    answer: Answer | None = None
    column: ChannelColumn | None = None
    silent_online: bool = False
    questions: tuple[Question, ...] = ()
    notices: tuple[str, ...] = ()


NO_ONLINE_SALES = OnlineSales()


def settle_online_sales(
    counts: ChannelCounts,
    sales: int,
    binding: Binding,
    *,
    answer: Answer | None,
    action_source: str | None,
    url: str | None,
) -> OnlineSales:
    """Settle what becomes of the sales made online.

    sales: rows of sales in the whole file. An action source given by the user ends the question: nothing is left out.
    Sales made online are left out where others remain; where none do, that is asked, and `check` leaves them out.
    """
    if action_source is not None:
        return OnlineSales(notices=(WEBSITE_EVENTS,) if action_source == ONLINE else ())
    plan = binding.plan
    column = _chosen(counts, binding)
    silent_online = plan.event.channel != "store"
    words = Counter({BLANK: sales - counts.own_store - counts.own_online})
    if column is not None:
        words, silent_online = counts.words[column.name], _online(BLANK, column)
    online = Counter({word: n for word, n in words.items() if (_online(word, column) if word else silent_online)})
    total = online.total() + counts.own_online
    found = OnlineSales(answer, column, silent_online)
    if total <= 0:  # as far as this can be told before the rows are judged
        return found._replace(answer=answer or "skip") if column or silent_online else NO_ONLINE_SALES
    if answer == "send":
        if url is None and "event_source_url" not in binding.columns:
            raise UsageError(NO_ADDRESS)
        return found._replace(notices=(WEBSITE_EVENTS,))
    unknown = {} if column is None else {word: n for word, n in online.items() if _is_unknown(word, column)}
    if answer == "skip" or counts.own_store + words.total() > online.total():
        return found._replace(answer="skip", notices=_unknown_words(unknown, column))
    asked = Question(Kind.CHANNEL, _text(total, online, binding, column), OPTIONS, "action_source")
    if column is not None:
        asked = Question(
            Kind.CHANNEL, asked.text, OPTIONS, "action_source", column.header, _quoted(online, column, MOST_VALUES)
        )
    return found._replace(answer="skip", questions=(asked,))


def _chosen(counts: ChannelCounts, binding: Binding) -> ChannelColumn | None:
    """Return the column that says where the sales were made, as all of its words show."""
    fitting = []
    for column in binding.channels:
        words = +counts.words.get(column.name, Counter())
        named = [word for word in words if word != BLANK]
        if not named:
            continue
        if column.of_schema or column.rule.words:
            return column
        known = [channel_of_word(word) for word in named]
        online = any(_online(word, column) for word in named)
        if column.sure:
            fits = any(known) or (binding.plan.from_headers and not is_marketing(named))
        else:
            fits = {"web", "marketplace"} & set(known) and (column.of_places or may_tell(column.header, words))
        fitting += [(not online, column)] if fits else []
    return min(fitting, key=lambda each: each[0])[1] if fitting else None


def _online(word: str, column: ChannelColumn | None) -> bool:
    """Tell whether a word of the column stands for sales made online; one that nobody knows does."""
    if column is None:
        return False
    said = column.rule.blank if word == BLANK else channel_of_word(word, column.rule) or column.rule.other
    return said != "store"


def _is_unknown(word: str, column: ChannelColumn) -> bool:
    return word == BLANK or channel_of_word(word, column.rule) is None


def _quoted(words: Mapping[str, int], column: ChannelColumn, most: int) -> dict[str, int]:
    """Return the words that may be quoted, the most frequent first; what could be a customer's is not."""
    shown = Counter[str]()
    for word, rows in Counter(words).most_common():
        private = "@" in word or len(word) > MOST_LETTERS
        if not column.of_schema:
            digits = sum(letter.isdigit() for letter in word)
            private |= (
                digits > FEW_DIGITS
                or len(words) > MOST_VALUES
                or (not column.sure and NAME.fullmatch(word) is not None)
            )
        shown[OTHER_WORDS if private or len(shown) >= most else word] += rows
    return dict(shown)


def _in_words(words: Mapping[str, int], column: ChannelColumn) -> str:
    parts = []
    for word, rows in _quoted(words, column, MOST_QUOTED).items():
        name = "nothing" if word == BLANK else word if word == OTHER_WORDS else f'"{word}"'
        parts.append(f"{name} ({rows:,} row{'' if rows == 1 else 's'})")
    return ", ".join(parts)


def _unknown_words(unknown: Mapping[str, int], column: ChannelColumn | None) -> tuple[str, ...]:
    if not unknown or column is None:
        return ()
    said = f'The column "{column.header}" says {_in_words(unknown, column)}'
    why = "not known as a place of sale, so it counts as online and is not sent"
    return (f"{said}: {why}. A word of a store goes into [channel] of a schema.",)


def _text(total: int, online: Mapping[str, int], binding: Binding, column: ChannelColumn | None) -> str:
    rows = f"{total:,} row{'' if total == 1 else 's'} of sales"
    if column is not None:
        what = f'The column "{column.header}" names no store: {_in_words(online, column)}. These {rows} '
    else:
        what = f"Its {rows} "
    why = QUESTIONS.get(binding.plan.event.channel, QUESTIONS["web"])
    return f"{what}{why}. Leave them out, send them as website events, or are they a store's?"


def sold_online(raw: Raw, order_of: Indices, count: int, binding: Binding, found: OnlineSales) -> Mask:
    """Return which of the orders were made online: where one of its rows says so, or none says anything else.

    order_of: for each row the number of its order, or -1.
    """
    said = np.full(raw.num_rows, -1, np.int8)
    if found.column is not None:
        words = as_text(raw.column(found.column.name))
        told = by_distinct(words, lambda word: ONLINE if _online(word, found.column) else "store")
        said = np.asarray(pc.fill_null(pc.equal(told, ONLINE).cast(pa.int8()), -1))
    own = own_action_source(raw, binding)
    if own.null_count < len(own):
        said = np.where(np.asarray(own.is_valid()), is_online(own), said).astype(np.int8)
    orders = np.full(count, -1, np.int8)
    belongs = order_of >= 0
    np.maximum.at(orders, order_of[belongs], said[belongs])
    return np.where(orders < 0, found.silent_online, orders > 0)


def as_website_events(orders: Orders, online: Mask) -> Orders:
    """Return the orders, those made online with the action source of a web shop."""
    sources = pc.if_else(pa.array(online), pa.scalar(ONLINE), orders.column("action_source"))
    return _with_column(orders, "action_source", one_chunk(sources))


def with_url(orders: Orders, url: str) -> Orders:
    """Return the orders; website events that name no address have this one."""
    own = column_of(orders, "event_source_url")
    website = pc.fill_null(pc.equal(orders.column("action_source"), ONLINE), False)
    return _with_column(orders, "event_source_url", one_chunk(pc.if_else(website, text_or_null(own, url), own)))


def _with_column(orders: Orders, name: str, column: Column) -> Orders:
    place = orders.schema.get_field_index(name)
    if place < 0:
        return Orders(orders.append_column(name, column))
    return Orders(orders.set_column(place, name, column))
