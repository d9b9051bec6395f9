"""What tells one sale from another: its key, its day and amount, and words for the customers' strong keys.

With an order id the key is the event's name, order id and item number. Ids are used again, by tills that begin anew
each day, so day, amount and customers stand beside it (`store/same_sale.py` compares them). Without an order id a sale
has one key for each of its strong customer keys, of the event's name, instant, amount, currency and that key: it is
known by any one of them, whatever else of its row changes. The event id is the first key in hex, unless the source
names one.
Both follow from the source row alone, so that a retry, a second run or next week's overlapping export yields the same
bytes (hard rule 26).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.hashing import hash_texts
from importer.core.kernels.arrays import Indices, Mask, as_lists, coalesce, column_of, nulls, one_chunk
from importer.core.kernels.hash64 import Words, text_hashes
from importer.core.kernels.sha256 import DIGEST_BYTES, digests_of, hex_texts
from importer.core.model import DAY, KEY_BYTES, Column, Hashed, Normal

STRONG = ("em", "ph", "external_id")
"""Customer keys of which one is enough to know a customer again."""
OTHERS = (
    "fn", "ln", "db", "ct", "zp", "lead_id", "madid", "anon_id", "fbc", "fbp", "client_ip_address", "subscription_id",
    "fb_login_id", "page_scoped_user_id", "ctwa_clid", "ig_sid",
)  # fmt: skip
"""What a customer without any of these is known by; what `--country` fills is not among them."""
SEPARATOR = "\x1f"
_HEX_OF_WORD = 16
_HEX_OF_HASH = 64
_KINDS = tuple(np.uint64(place * 0x9E37_79B9_7F4A_7C15 % (1 << 64)) for place in range(len(STRONG)))
"""Tell an e-mail from a phone or an id of the same text."""


def identity(events: Hashed | Normal, hashed: Collection[str] = (), *, lasting: bool = True) -> dict[str, Column]:
    """Return the columns `key`, `keys`, `old_key`, `day`, `customers` and `event_id` of the events.

    keys: further keys of a sale without order id; day and customers: null without an order id, where keys say it all.
    hashed: customer fields that are SHA-256 already. lasting: the customers' words are halves of SHA-256, as the ledger
    needs them. Words to compare the rows of one run by are made thirty times as fast; a customer who is hashed in one
    row and plain in another is then two.
    """
    count = events.num_rows
    rows, words = _strong_words(events, hashed, lasting=lasting)
    order_id = column_of(events, "order_id")
    has_id: Mask = np.asarray(order_id.is_valid()).astype(np.bool_)
    if has_id.all():
        keys, further = _keys_of(_order_texts(events, order_id)), nulls(count, pa.list_(pa.binary(KEY_BYTES)))
    else:
        keys, further = _keys_without_id(events, has_id, rows, words)
    days = coalesce([column_of(events, "event_day", pa.int32()), _utc_days(events)])
    lists = pa.ListArray.from_arrays(pa.array(_offsets(rows, count)), pa.array(words))
    return {
        "key": _binary(keys),
        "keys": further,
        "old_key": _old_keys(events),
        "day": days if has_id.all() else one_chunk(pc.if_else(pa.array(has_id), days, None)),
        "customers": lists if has_id.all() else one_chunk(pc.if_else(pa.array(has_id), lists, None)),
        "event_id": coalesce([column_of(events, "event_id"), hex_texts(keys.tobytes(), KEY_BYTES)]),
    }


def keys_of_texts(texts: Column) -> Column:
    """Return for each text the first 16 bytes of its SHA-256, null for null."""
    present: Mask = np.asarray(texts.is_valid()).astype(np.bool_)
    if not present.any():
        return nulls(len(texts), pa.binary(KEY_BYTES))
    places = np.cumsum(present) - 1
    found = _binary(_keys_of(one_chunk(texts.drop_null())))
    return found if present.all() else one_chunk(found.take(pa.array(places, mask=~present)))


def key_of_id(events: pa.RecordBatch, order_ids: Column) -> Column:
    """Return for each event the key of a sale with another order id, null where that is."""
    texts = pc.binary_join_element_wise(events.column("event_name").fill_null(""), order_ids, "", SEPARATOR)
    return keys_of_texts(one_chunk(texts))


def _order_texts(events: pa.RecordBatch, order_id: Column) -> Column:
    items = column_of(events, "item_number").fill_null("")
    return one_chunk(pc.binary_join_element_wise(events.column("event_name").fill_null(""), order_id, items, SEPARATOR))


def _old_keys(events: pa.RecordBatch) -> Column:
    """Return the key as it was before ids were compared in their plain form, where the cell was written otherwise."""
    written = column_of(events, "written_order_id")
    if written.null_count == len(written):
        return nulls(len(written), pa.binary(KEY_BYTES))
    return keys_of_texts(_order_texts(events, written))


def _keys_without_id(events: pa.RecordBatch, has_id: Mask, rows: Indices, words: Words) -> tuple[Words, Column]:
    """Return the first key of each event, and the further ones as lists, where some events have no order id."""
    count = events.num_rows
    keys = np.zeros((count, 2), np.uint64)
    if has_id.any():
        of_ids = _order_texts(events, column_of(events, "order_id")).filter(pa.array(has_id))
        keys[has_id] = _keys_of(one_chunk(of_ids))
    bases = _bases(events)
    mine = ~has_id[rows]
    rows, words = rows[mine], words[mine]
    texts = pc.binary_join_element_wise(bases.take(pa.array(rows)), pa.array(words).cast(pa.string()), SEPARATOR)
    found = _keys_of(one_chunk(texts))
    is_first = np.append(True, rows[1:] != rows[:-1])[: len(rows)]
    keys[rows[is_first]] = found[is_first]
    unknown = ~has_id
    unknown[rows] = False
    if unknown.any():
        others = _others(events).filter(pa.array(unknown))
        texts = pc.binary_join_element_wise(bases.filter(pa.array(unknown)), others, SEPARATOR)
        keys[unknown] = _keys_of(one_chunk(texts))
    rest = pa.ListArray.from_arrays(pa.array(_offsets(rows[~is_first], count)), _binary(found[~is_first]))
    return keys, rest


def _bases(events: pa.RecordBatch) -> Column:
    """Return what does not change of a sale without order id: the event's name, instant, amount and currency."""
    parts = [events.column(name) for name in ("event_name", "event_time", "value", "currency")]
    texts = [part.cast(pa.string()).fill_null("") for part in parts]
    return one_chunk(pc.binary_join_element_wise(*texts, "", SEPARATOR))


def _others(events: pa.RecordBatch) -> Column:
    """Return the customer's keys that are not strong ones, as one text."""
    parts = [
        pc.binary_join(events.column(name), ",").fill_null("") if name in events.schema.names else "" for name in OTHERS
    ]
    return one_chunk(pc.binary_join_element_wise(nulls(events.num_rows).fill_null(""), *parts, SEPARATOR))


def _strong_words(events: pa.RecordBatch, hashed: Collection[str], *, lasting: bool) -> tuple[Indices, Words]:
    """Return a word for each strong key, told apart by kind, with its event; events ascend."""
    rows, words = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    for place, name in enumerate(STRONG):
        if name in events.schema.names:
            lists = as_lists(events.column(name))
            if len(lists.values):
                offsets: Indices = np.asarray(lists.offsets).astype(np.int64)
                rows.append(np.repeat(np.arange(len(lists)), offsets[1:] - offsets[:-1]))
                if lasting:
                    found = _first_words(lists.values if name in hashed else hash_texts(lists.values))
                else:
                    found = text_hashes(lists.values)
                words.append(found ^ _KINDS[place])
    events_of, all_words = np.concatenate(rows), np.concatenate(words)
    if len(rows) > 2:  # noqa: PLR2004  several kinds, each in the events' order
        order = np.argsort(events_of, kind="stable")
        events_of, all_words = events_of[order], all_words[order]
    return events_of, all_words


def _first_words(hashes: Column) -> Words:
    """Read the first 16 of each text's 64 hexadecimal digits as a number."""
    _, offsets, data = hashes.buffers()
    start = np.frombuffer(offsets, np.int32, 1, hashes.offset * 4)[0]
    digits = np.frombuffer(data, np.uint8, len(hashes) * _HEX_OF_HASH, int(start)).reshape(-1, _HEX_OF_HASH)
    return np.frombuffer(bytes.fromhex(digits[:, :_HEX_OF_WORD].tobytes().decode("ascii")), np.uint64)


def _utc_days(events: pa.RecordBatch) -> Column:
    seconds = events.column("event_time")
    days = np.asarray(seconds.fill_null(0)) // DAY
    return pa.array(days.astype(np.int32), mask=np.asarray(seconds.is_null()))


def _keys_of(texts: Column) -> Words:
    digests = np.frombuffer(digests_of(texts), np.uint64).reshape(-1, DIGEST_BYTES // 8)
    keys: Words = np.ascontiguousarray(digests[:, :2])
    return keys


def _binary(keys: Words) -> Column:
    column: Column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(KEY_BYTES), len(keys), [None, pa.py_buffer(keys.tobytes())]
    )
    return column


def _offsets(rows: Indices, count: int) -> Indices:
    """Return where the list of each of `count` rows begins and ends, for values whose rows ascend."""
    offsets: Indices = np.append(0, np.cumsum(np.bincount(rows, minlength=count))).astype(np.int32)
    return offsets
