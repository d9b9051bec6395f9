"""Where sales were made: at a till, on a web shop or on a marketplace, and what follows from it.

Meta's pixel tells of a web shop's sales already, and offline events are not compared with it: each sale that is sent
from here as well counts twice. So sales made online are left out where others remain, else their owner is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.binding import Binding, ChannelColumn
from importer.core.cells.cell_text import as_text
from importer.core.kernels.arrays import Mask, coalesce, nulls
from importer.core.model import Column, Raw
from importer.core.plan import ChannelRule, Plan, fold, fold_value
from importer.core.tables import channel_words

ONLINE = "website"
"""The action source of a sale made on a web shop."""

OWN_WORDS = pa.array([ONLINE, "web", "online"])
"""What a row's own action source can say instead."""

BLANK = ""
OTHER_WORDS = "(other words)"
"""What is counted of a column that has more different words than a column of channels has."""
MOST_WORDS = 200

UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"
"""Letters of scripts that put no blanks between words: Thai, Japanese, Chinese, Korean."""

KNOWN_SHARE = 0.5
"""Of the filled cells of a column whose header only may mean a channel so many must be known words."""


def channel_columns(
    plan: Plan, headers: Sequence[str], names: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> tuple[ChannelColumn, ...]:
    """Return the columns that say where a sale was made, the best first: the schema's own, else by header and values.

    samples: some values of the columns that fill no field, by name. Of an export that is known by its headers only a
    column called a sales channel counts, or one of stores, since its others are known to be something else.
    """
    columns = list(zip(headers, names, strict=True))
    own = [] if plan.channel is None else [fold(header) for header in plan.channel.column]
    found = [
        ChannelColumn(n, h, plan.channel, True, True) for o in own for h, n in columns if plan.channel and fold(h) == o
    ]
    if found:
        return tuple(found[:1])
    free = [(header, name) for header, name in columns if name in samples]
    called = [(header, name) for header, name in free if fold(header) in _folded(channel_words.HEADERS)]
    found = [ChannelColumn(name, header, ChannelRule(column=(header,)), True) for header, name in called]
    if plan.from_headers and not found:
        rules = [(header, name, _rule_by_values(header, samples[name])) for header, name in free]
        found = [ChannelColumn(name, header, rule, False) for header, name, rule in rules if rule is not None]
    taken = {column.name for column in found}
    places = [
        ChannelColumn(name, header, ChannelRule(column=(header,), blank="store", other="store"), False)
        for header, name in free
        if name not in taken and _is_place(header) and len(set(samples[name])) <= MOST_WORDS
    ]
    return (*found, *places)


def _is_place(header: str) -> bool:
    """Tell whether a column names a store, a till or who sold."""
    spaced = _spaced(header)
    return _finder(channel_words.PLACES)(spaced) and not _finder(channel_words.OTHER_SOURCES)(spaced)


def _rule_by_values(header: str, values: Sequence[str]) -> ChannelRule | None:
    """Return the rule of a column that may say where a sale was made, by its header and some of its values."""
    words: Counter[str] = Counter()
    for value in values:
        if value.strip():
            words[fold_value(value)] += 1
            if len(words) > MOST_WORDS:
                return None
    if fold(header) in _folded(channel_words.FLAGS) and set(words) <= {*channel_words.YES, *channel_words.NO}:
        return ChannelRule(column=(header,), web=channel_words.YES, store=channel_words.NO, blank="store")
    likely = _is_likely(header) or may_tell(header, words)  # what half of the words are only the whole file can say
    return ChannelRule(column=(header,)) if likely else None


def may_tell(header: str, words: Counter[str]) -> bool:
    """Tell whether these words of a column are places of sale.

    Under a fitting header half of them do, or a word of a store beside one of the web; elsewhere all must be known.
    """
    if is_marketing(words) or _finder(channel_words.OTHER_SOURCES)(_spaced(header)):
        return False
    named = words.total() - words[BLANK]
    if _is_likely(header):
        channels = {word: channel_of_word(word) for word in words}
        known = sum(rows for word, rows in words.items() if channels[word])
        return known >= KNOWN_SHARE * named or {"store", "web"} <= set(channels.values())
    return named > 0 and all(fold_value(word) in _whole_words() for word in words if word != BLANK)


def _is_likely(header: str) -> bool:
    """Tell whether a column may say where a sale was made, by its header."""
    spaced = _spaced(header)
    return _finder(channel_words.LIKELY)(spaced) and not _finder(channel_words.OTHER_SOURCES)(spaced)


def is_marketing(words: Iterable[str]) -> bool:
    """Tell whether some of the words tell how a customer heard of the shop."""
    return any(_finder(channel_words.MARKETING)(fold_value(word)) for word in words)


def _spaced(header: str) -> str:
    return fold_value(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))


@lru_cache
def _folded(headers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(header) for header in headers)


@lru_cache
def _finder(words: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the function of a folded text that finds one of the words in it, as whole words."""
    whole = frozenset(fold_value(word.removeprefix("=").removesuffix("*")) for word in words)
    parts = []
    for word in words:
        if word.startswith("="):
            continue
        start = re.escape(fold_value(word.removesuffix("*")))
        unspaced = re.search(f"[{UNSPACED}]", word)
        parts.append(start if unspaced else rf"(?<!\w){start}" + ("" if word.endswith("*") else r"(?!\w)"))
    pattern = re.compile("|".join(parts) or r"(?!)")
    return lambda text: text in whole or pattern.search(text) is not None


@lru_cache
def _whole_words() -> frozenset[str]:
    """Return the folded words of channels."""
    return frozenset(fold_value(each.strip("=*")) for words in channel_words.WORDS.values() for each in words)


@lru_cache
def _own_words(rule: ChannelRule) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the channel of each word of a schema's, and of each beginning, the longest first."""
    exact = {fold_value(each): channel for channel, words in rule.words.items() for each in words}
    return exact, sorted(((each[:-1], channel) for each, channel in exact.items() if each.endswith("*")), key=_longest)


def channel_of_word(word: str, rule: ChannelRule | None = None) -> str | None:
    """Return the channel that a text stands for, by the schema's words before those of every language; None: unknown.

    >>> channel_of_word("Filiale Nord"), channel_of_word("Online Store"), channel_of_word("9900112")
    ('store', 'web', None)
    """
    folded = fold_value(word)
    if rule is not None:
        exact, starts = _own_words(rule)
        own = exact.get(folded) or next((channel for start, channel in starts if folded.startswith(start)), None)
        if own is not None:
            return own
    strict = rule is not None and rule.other == "store"  # among names of stores "Allegro Music" is one
    named = _marketplace().match(folded)
    if named and (not strict or named.end() == len(folded)):
        return "marketplace"
    return next((channel for channel in ("web", "store") if _finder(channel_words.WORDS[channel])(folded)), None)


@lru_cache
def _marketplace() -> re.Pattern[str]:
    """Return the pattern of a marketplace's name, with what parts its sales."""
    names = "|".join(re.escape(fold_value(word)) for word in channel_words.WORDS["marketplace"])
    return re.compile(rf"(?:{names})(?:(?!\w){channel_words.AFTER_A_MARKETPLACE}|[{UNSPACED}]+)")


def _longest(start: tuple[str, str]) -> int:
    return -len(start[0])


class ChannelCounts(NamedTuple):
    """How many rows of sales say what. words: by column, each word with its rows, BLANK where it says nothing."""

    words: Mapping[str, Counter[str]]
    own_store: int = 0  # rows whose own action source is not that of a web shop
    own_online: int = 0

    def plus(self, other: ChannelCounts) -> ChannelCounts:
        """Return the counts of both."""
        both = {
            name: self.words.get(name, Counter()) + other.words.get(name, Counter())
            for name in {*self.words, *other.words}
        }
        return ChannelCounts(both, self.own_store + other.own_store, self.own_online + other.own_online)


NO_COUNTS = ChannelCounts({})


def count_channels(sales: Raw, binding: Binding) -> ChannelCounts:
    """Count what the sales of a batch say of where they were made.

    Rows without a date or an amount are no sales of their own: totals, and an order's further lines.
    """
    if not binding.channels and "action_source" not in binding.columns:
        return NO_COUNTS
    rows = _with_date_and_amount(sales, binding)
    own = own_action_source(sales, binding)
    store = online = 0
    if own.null_count < len(own):
        on_web = is_online(own)
        online = int((rows & on_web).sum())
        store = int((rows & np.asarray(own.is_valid())).sum()) - online
        rows = rows & np.asarray(own.is_null())
    counted = {each.name: _counted(sales.column(each.name), rows, sales, binding) for each in binding.channels}
    return ChannelCounts(counted, store, online)


def _with_date_and_amount(sales: Raw, binding: Binding) -> Mask:
    rows: Mask = np.ones(sales.num_rows, np.bool_)
    for field in ("event_time", "value"):
        source = binding.columns.get(field)
        if source is not None:
            rows &= np.logical_or.reduce([_filled(sales.column(name)) for name in source.names])
    return rows


def _filled(column: Column) -> Mask:
    is_text = pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)
    filled: Mask = np.asarray((as_text(column) if is_text else column).is_valid())
    return filled


def _counted(column: Column, rows: Mask, sales: Raw, binding: Binding) -> Counter[str]:
    texts = as_text(column)
    if binding.plan.orders.rows == "lines" and 0 < texts.null_count < len(texts) and "order_id" in binding.columns:
        keys = coalesce([as_text(sales.column(name)) for name in binding.columns["order_id"].names])
        told = keys.filter(texts.is_valid()).unique()  # other lines of these orders need not say it again
        rows = rows & ~(np.asarray(texts.is_null()) & np.asarray(pc.is_in(keys, value_set=told)))
    counted = pc.value_counts(texts if rows.all() else texts.filter(pa.array(rows)))
    found = Counter({(entry["values"] or BLANK): entry["counts"] for entry in counted.to_pylist()})
    if len(found) > MOST_WORDS:
        kept = Counter(dict(found.most_common(MOST_WORDS)))
        kept[OTHER_WORDS] += found.total() - kept.total()
        return kept
    return found


def own_action_source(raw: Raw, binding: Binding) -> Column:
    """Return the action source that each row names itself."""
    source = binding.columns.get("action_source")
    return nulls(raw.num_rows) if source is None else coalesce([as_text(raw.column(name)) for name in source.names])


def is_online(action_source: Column) -> Mask:
    """Return which action sources are a web shop's."""
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(action_source))
    online: Mask = np.asarray(pc.is_in(folded, value_set=OWN_WORDS)).astype(np.bool_)
    return online
