"""What identifies a sale: an order id with day, amount and customer beside it, else any one strong customer key."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

import pyarrow as pa

from importer.core.hashing import hash_batch
from importer.core.model import MONEY, Hashed, Normal
from importer.core.sale_identity import identity

SEPARATED = "\x1f".join
LISTS = ("em", "ct", "country")


def events(*rows: dict) -> Hashed:
    """Events as `hash_batch` leaves them; texts where `rows` say nothing are null."""
    defaults = {"event_name": "Purchase", "currency": "EUR"}
    names = {"event_name", "currency", "order_id", *(name for row in rows for name in row)} - {"event_time", "value"}
    columns = {
        name: pa.array([row.get(name, defaults.get(name)) for row in rows], pa.string()) for name in names - {*LISTS}
    }
    columns |= {name: pa.array([row.get(name, []) for row in rows], pa.list_(pa.string())) for name in LISTS}
    columns["event_time"] = pa.array([row.get("event_time", 1_790_000_000) for row in rows], pa.int64())
    columns["value"] = pa.array([Decimal(row.get("value", "9.90")) for row in rows], MONEY)
    return hash_batch(
        Normal(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))), raw_external_id=False
    )


def known(*rows: dict) -> dict[str, list]:
    return {name: column.to_pylist() for name, column in identity(events(*rows)).items()}


def all_keys(found: dict[str, list], place: int) -> set[bytes]:
    return {found["key"][place], *(found["keys"][place] or ())}


def test_the_key_of_an_order_is_the_one_that_older_ledgers_hold():
    found = known({"order_id": "1042"}, {"order_id": "1042", "item_number": "2"})
    assert found["key"][0] == sha256(SEPARATED(["Purchase", "1042", ""]).encode()).digest()[:16]
    assert found["key"][1] == sha256(SEPARATED(["Purchase", "1042", "2"]).encode()).digest()[:16]
    assert found["event_id"][0] == found["key"][0].hex()
    assert found["keys"] == [None, None]
    assert found["old_key"] == [None, None]


def test_an_id_that_was_written_otherwise_has_the_old_key_beside_the_new_one():
    found = known({"order_id": "1001", "written_order_id": "1001.0"}, {"order_id": "1002", "written_order_id": None})
    assert found["old_key"] == [sha256(SEPARATED(["Purchase", "1001.0", ""]).encode()).digest()[:16], None]


def test_a_customer_has_the_same_words_in_check_hashed_or_not_and_kinds_are_told_apart():
    row = {"order_id": "1", "em": ["a@b.c", "d@e.f"], "ct": ["x"]}
    batch = Normal(events(row))
    plain = Normal(batch.set_column(batch.schema.get_field_index("em"), "em", pa.array([["a@b.c", "d@e.f"]])))
    assert identity(plain)["customers"].to_pylist() == identity(batch)["customers"].to_pylist()
    (words,) = identity(hash_batch(plain, raw_external_id=False))["customers"].to_pylist()
    assert words == [int.from_bytes(sha256(mail).digest()[:8], "little") for mail in (b"a@b.c", b"d@e.f")]
    phone = plain.rename_columns([{"em": "ph"}.get(name, name) for name in plain.schema.names])
    assert not set(identity(phone)["customers"].to_pylist()[0]) & set(words)


def test_the_words_of_several_kinds_stand_with_their_own_event():
    batch = events({"order_id": "1", "em": ["a@b.c"]}, {"order_id": "2"}, {"order_id": "3", "em": ["d@e.f", "g@h.i"]})
    phones = pa.array([[], ["1555"], ["1666"]], pa.list_(pa.string()))
    lengths = [len(words) for words in identity(batch.append_column("ph", phones))["customers"].to_pylist()]
    assert lengths == [1, 1, 3]


def test_the_day_is_the_one_that_the_source_writes_else_utcs():
    batch = events({"order_id": "1", "event_time": 1_790_000_000}, {"order_id": "2", "event_time": 1_790_000_000})
    days = pa.array([20_000, None], pa.int32())
    assert identity(batch.append_column("event_day", days))["day"].to_pylist() == [20_000, 1_790_000_000 // 86_400]


def test_a_sale_without_an_id_is_known_by_any_strong_key_whatever_else_changes():
    sale = {"em": ["a@b.c", "d@e.f"]}
    found = known(
        sale,
        {**sale, "ct": ["berlin"], "content_name": "shoes", "action_source": "other"},
        {"em": ["d@e.f"]},
        {"em": ["x@y.z"]},
        {**sale, "value": "1"},
        {**sale, "event_time": 1},
        {**sale, "currency": "USD"},
        {**sale, "event_name": "Lead"},
    )
    assert all_keys(found, 0) == all_keys(found, 1)
    assert len(all_keys(found, 0)) == 2
    assert all_keys(found, 0) & all_keys(found, 2)
    assert all(not all_keys(found, 0) & all_keys(found, place) for place in range(3, 8))
    assert found["event_id"][0] == found["event_id"][1] == found["key"][0].hex()
    assert found["day"] == [None] * 8
    assert found["customers"] == [None] * 8


def test_a_customer_without_a_strong_key_is_known_by_the_others_but_the_country():
    found = known({"ct": ["berlin"]}, {"ct": ["berlin"], "country": "de"}, {"ct": ["bonn"]})
    assert found["key"][0] == found["key"][1] != found["key"][2]
    assert not any(found["keys"])


def test_sales_with_and_without_an_id_stand_side_by_side():
    rows = [{"order_id": "1", "em": ["a@b.c"]}, {"em": ["a@b.c", "d@e.f"]}, {"ct": ["bonn"]}, {"order_id": "2"}]
    together = known(*rows)
    for place, row in enumerate(rows):
        alone = known(row)
        assert all_keys(together, place) == all_keys(alone, 0)
        assert [together[name][place] for name in ("day", "customers", "event_id")] == [
            alone[name][0] for name in ("day", "customers", "event_id")
        ]
