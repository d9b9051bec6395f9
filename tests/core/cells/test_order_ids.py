from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.commands.send import check
from importer.core.cells.cell_text import as_text
from importer.core.cells.order_ids import _LONGEST_WORD, _WORDS, plain_id, plain_ids

NOW = datetime(2026, 11, 23, 23, tzinfo=UTC)


def ids(*texts, **options):
    return plain_ids([pa.array(texts, pa.string())], **options).to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        "1001", "1001.0", "1001.00", "1001,0", '="1001"', '=T("1001")', "=1001", '"1001"', "'1001'", "'1001", "“1001”",
        "１００１", "١٠٠١", " 1001 ", "1001\u00a0", "1001\u200b", "1.001E+03",
    ],
)  # fmt: skip
def test_one_order_has_one_id_however_it_is_written(text):
    assert ids(text) == ["1001"]


@pytest.mark.parametrize(
    "text",
    [
        "N/A", "n/a", "NA", "-", "--", "0", "00", "0000", "#0", "NULL", "null", "None", "none", "nan", "NaN", "unknown", "...", "?",
        "#N/A", "#REF!", "#NAME?", "#VALUE!", "#NULL!", "#DIV/0!", "#WERT!", "#BEZUG!", "#NV", "########", "undefined",
        "1.23457E+17", "12345678901234567.0",
    ],
)  # fmt: skip
def test_what_is_no_id_is_none(text):
    assert ids(text) == [None]
    assert ids(text, keep_others=True) == [text]


def test_a_guarded_blank_is_a_blank():
    assert ids('=""', keep_others=True) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "#1001",
        "001001",
        "1001-1",
        "Mar-26",
        "2026-0301",
        "ORD/1",
        "INV 1001",
        "1e10",
        "0050",
        "A-0",
        "0-1",
        "1234567890123456",
    ],
)
def test_other_ids_stay_as_they_are(text):
    assert ids(text) == [text]


def test_a_salesforce_id_is_that_of_a_report():
    assert ids("0065g00000AbCdEAAV", "0065g00000AbCdE") == ["0065g00000AbCdE", "0065g00000AbCdE"]
    assert ids("0065g00000AbCdEAAA", "a" * 18, "0" * 17 + "A") == ["0065g00000AbCdEAAA", "a" * 18, "0" * 17 + "A"]


def test_of_several_columns_the_first_with_an_id_counts():
    columns = [pa.array(["N/A", None, "7"]), pa.array(["8", "9.0", "10"])]
    assert plain_ids(columns).to_pylist() == ["8", "9", "7"]


def test_a_column_of_numbers_is_text():
    assert plain_ids([pa.array([1001.0, 1002.0, None])]).to_pylist() == ["1001", "1002", None]
    assert plain_ids([pa.array([1001, 0, None])]).to_pylist() == ["1001", None, None]


@given(
    st.lists(
        st.none() | st.text(max_size=20) | st.from_regex(r'[="#0-9A-Za-z./_ -]{1,18}', fullmatch=True), max_size=20
    )
)
def test_the_column_agrees_with_the_function_of_one_id(cells):
    texts = as_text(pa.array(cells, pa.string())).to_pylist()
    wanted = [None if text is None else plain_id(text) for text in texts]
    assert [found for found, text in zip(ids(*cells), texts, strict=True) if text is None or len(text) != 18] == [
        want for want, text in zip(wanted, texts, strict=True) if text is None or len(text) != 18
    ]


def test_no_word_for_nothing_is_longer_than_what_is_looked_at():
    assert max(len(word) for word in _WORDS.to_pylist() if word.isalnum()) <= _LONGEST_WORD


def test_customers_without_an_order_id_are_never_one_sale(tmp_path: Path):
    file = tmp_path / "orders.csv"
    marks = ["#NAME?", "#NAME?", "#REF!", "N/A", "N/A", "-", "-", "0", "0", "NULL", "NULL", "########", "########"]
    rows = [f"{mark},2026-11-20 15:04:{n:02d},b{n}@example.com,{n + 20},USD" for n, mark in enumerate(marks)]
    rows += ["1001,2026-11-20 16:00:00,c@example.com,50,USD", '"=""1001""",2026-11-20 16:00:00,c@example.com,50,USD']
    file.write_text("\n".join(["Order ID,Date,Email,Total,Currency", *rows]) + "\n", encoding="utf-8")
    check(file, timezone="UTC", now=NOW, report=tmp_path / "r.csv", ledger=tmp_path / "l.db")
    report = list(csv.DictReader((tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["status"] for row in report] == ["ready"] * (len(marks) + 1) + ["duplicate"]
    assert len({row["event_id"] for row in report}) == len(marks) + 1
