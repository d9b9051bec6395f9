"""Kinds of trouble that the cases stand for, in other words: through the whole program to an independent Graph API."""

from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from case_truth import ASKED, run

OPTIONS = ["--timezone", "UTC"]


def sent(folder, header, *rows, options=OPTIONS):
    """Send a file with these rows."""
    path = folder / "input.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return run(path, options, folder)


def by_order(went, name):
    """Return what the event of each order says, and the reason of the orders without one."""
    events = {event["custom_data"]["order_id"]: event["custom_data"][name] for event in went.events.values()}
    return {row["order_id"]: row["reason"] for row in went.rows} | events


def hashed(text):
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["US Dollar", "US Dollars", "U.S. Dollar"], "USD"),
        (["Euro", "EUR (€)", "euros"], "EUR"),
        (["£", "GBP - British Pound", "Pound Sterling"], "GBP"),
        (["zł", "PLN", "PLN zł"], "PLN"),
    ],
)
def test_a_column_of_currencies_in_words_is_found(tmp_path, words, code):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,{word}" for n, word in enumerate(words)]
    went = sent(tmp_path, "Order ID,Date,Email,Total,Currency", *rows)
    assert set(by_order(went, "currency").values()) == {code}


@pytest.mark.parametrize("note", [" ext. 44", " ask for Ann", ", after 5 pm", " / 0199", " (home)", " do not call"])
def test_a_column_of_phones_with_notes_is_found(tmp_path, note):
    rows = [f'O-{n},2026-11-20 10:00,"415-555-013{n}{note}",US,5,USD' for n in range(4)]
    went = sent(tmp_path, "Order ID,Date,Phone,Country,Total,Currency", *rows)
    assert [event["user_data"]["ph"] for event in went.events.values()] == [
        [hashed(f"1415555013{n}")] for n in range(4)
    ]


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([["+14155550132"], ["+14155550133", "+14155550134"]]),
        pa.array(['["+14155550132"]', '["+14155550133","+14155550134"]']),
        pa.array(["{+14155550132}", '{"+14155550133","+14155550134"}']),
        pa.array(["['+14155550132']", "['+14155550133', '+14155550134']"]),
    ],
)
def test_a_column_of_lists_is_found_by_what_is_in_them(tmp_path, cells):
    path = tmp_path / "input.parquet"
    sale = {"order_id": ["1", "2"], "date": ["2026-11-20T10:00:00Z"] * 2, "phone": cells, "total": [5.0, 6.0]}
    pq.write_table(pa.table(sale), path)
    went = run(path, ["--currency", "USD"], tmp_path)
    found = [len(event["user_data"]["ph"]) for event in went.events.values()]
    assert found in ([1, 2], [2])  # a Postgres array of one word in braces is no list


@pytest.mark.parametrize(
    ("header", "own", "theirs"),
    [
        ("Phone,Email", "+14155550132", "b{n}@example.com"),
        ("Email,Phone", "till@example.com", "+1415555013{n}"),
        ("E-Mail,Telefon", "kasse@example.com", "+49 30 1234567{n}"),
    ],
)
def test_the_shop_s_own_key_beside_the_customers_is_left_out_and_told(tmp_path, header, own, theirs):
    rows = [f"O-{n},2026-11-20 10:00,{own},{theirs.format(n=n)},5,USD" for n in range(4)]
    went = sent(tmp_path, f"Order ID,Date,{header},Total,Currency", *rows)
    keys = [event["user_data"].keys() - {"country"} for event in went.events.values()]
    assert keys == [{"em" if own.startswith("+") else "ph"}] * 4
    assert "holds the same on the rows of different customers" in went.told


def test_the_shop_s_own_key_is_sent_where_the_user_says_so(tmp_path):
    rows = [f"O-{n},2026-11-20 10:00,+14155550132,b{n}@example.com,5,USD" for n in range(4)]
    went = sent(
        tmp_path,
        "Order ID,Date,Phone,Email,Total,Currency",
        *rows,
        options=[*OPTIONS, "--map", "Phone=ph"],
    )
    assert [event["user_data"]["ph"] for event in went.events.values()] == [[hashed("14155550132")]] * 4


def test_a_key_that_is_the_same_on_all_orders_of_one_person_is_hers(tmp_path):
    written = ["ann@example.com", "Ann <ann@example.com>", "ANN@EXAMPLE.COM", "mailto:ann@example.com"]
    rows = [f"O-{n},2026-11-20 10:00,+14155550132,{written[n % 4]},5,USD" for n in range(12)]
    went = sent(tmp_path, "Order ID,Date,Phone,Email,Total,Currency", *rows)
    assert len(went.events) == 12
    assert {event["user_data"]["ph"][0] for event in went.events.values()} == {hashed("14155550132")}


def test_a_key_that_is_the_only_one_and_the_same_on_all_orders_is_asked_about(tmp_path):
    rows = [
        f"O-{n},2026-11-20 10:00,+14155550132,{name},5,USD" for n, name in enumerate(["Ann Lee", "Bob Doe", "Cy Ray"])
    ]
    went = sent(tmp_path, "Order ID,Date,Phone,Customer,Total,Currency", *rows)
    assert went.code == ASKED
    assert "--map Phone=-" in went.told
