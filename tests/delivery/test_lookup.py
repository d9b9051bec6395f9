from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from builders import NOW, Sale, ended, prepared, sales
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.model import DAY, DELIVERED, Prepared
from importer.delivery import look_up
from importer.store import Ledger, Sales, keys_of, open_ledger

DATASET = "1234567890"


def rows_of(
    *batches: tuple[str, Prepared], ledger: Ledger | None = None, dataset: str | None = DATASET
) -> list[dict[str, Any]]:
    rows = []
    for file, delivered in look_up(iter(batches), ledger=ledger, dataset=dataset, now=NOW):
        assert delivered.schema == DELIVERED
        rows.extend({"file": file, **row} for row in delivered.to_pylist())
    return rows


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    return [(row["status"], row["reason"], row["detail"]) for row in rows]


def test_what_would_be_sent_is_ready_and_the_rest_as_prepared() -> None:
    old = Sale("old", time=NOW - 8 * DAY, source="email")
    rows = rows_of(("a.csv", prepared([Sale("x", lines=2), ended("skipped", "refund"), old])))
    assert told(rows) == [("ready", None, None)] * 2 + [("skipped", "refund", None), ("invalid", "too_old", None)]


def test_repeats_within_and_across_files_are_duplicates() -> None:
    batches = [
        ("a.csv", prepared([*sales(3), Sale("s1")])),
        ("a.csv", prepared([Sale("s0")])),
        ("b.csv", prepared([Sale("s2"), Sale("t")])),
    ]
    rows = rows_of(*batches)
    assert told(rows)[3:] == [
        ("duplicate", "same_file", None),
        ("duplicate", "same_file", None),
        ("duplicate", "other_file", "a.csv"),
        ("ready", None, None),
    ]


def test_what_an_earlier_run_sent_is_a_duplicate_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    sale = Sales.of_keys(keys_of(Sale("s0").key_bytes), np.array([NOW - DAY]))
    with open_ledger(path) as ledger:
        run = ledger.begin(DATASET, ["last.csv"], NOW - DAY)
        ledger.settle(ledger.claim(run, "last.csv", sale, NOW - DAY).id, sale, None, NOW - DAY)
    before = path.read_bytes()
    with open_ledger(path, read_only=True) as ledger:
        batch = ("a.csv", prepared([*sales(2), Sale("s0")]))
        earlier = ("duplicate", "earlier_run", "last.csv on 2026-11-22")
        assert told(rows_of(batch, ledger=ledger)) == [earlier, ("ready", None, None), earlier]
        assert told(rows_of(batch, ledger=ledger, dataset=None))[0] == ("ready", None, None)
        assert told(rows_of(batch, ledger=ledger, dataset="other"))[0] == ("ready", None, None)
    assert path.read_bytes() == before


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(0, 40), max_size=60), max_size=6), st.booleans())
def test_a_sale_is_ready_once_and_a_duplicate_of_the_first_file_ever_after(orders: list[list[int]], one: bool) -> None:
    files = ["a.csv"] * len(orders) if one else [f"{place // 2}.csv" for place in range(len(orders))]
    batches = [(file, prepared([Sale(f"s{sale}") for sale in some])) for file, some in zip(files, orders, strict=True)]
    first: dict[int, str] = {}
    expected: list[tuple[str, str | None, str | None]] = []
    for file, some in zip(files, orders, strict=True):
        for sale in some:
            before = first.get(sale)
            first.setdefault(sale, file)
            same = ("duplicate", "same_file", None) if before == file else ("duplicate", "other_file", before)
            expected.append(("ready", None, None) if before is None else same)
    assert told(rows_of(*batches)) == expected
