"""A key on the sales of several people is none's: through the whole program to an independent Graph API."""

from hashlib import sha256

import pytest
from case_truth import run

OPTIONS = ["--timezone", "UTC", "--country", "US"]
NAMES = ["Ann Lee", "Bob Ray", "Cid Moe", "Dan Poe", "Eve Fox", "Fay Orr"]


def sent(folder, header, *rows, options=()):
    """Send a file with these rows; return the e-mails and phones by order, and the warnings by order."""
    path = folder / "input.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    went = run(path, [*OPTIONS, *options], folder)
    keys = {
        event["custom_data"]["order_id"]: {
            value for key in ("em", "ph", "external_id") for value in event["user_data"].get(key, ())
        }
        for event in went.events.values()
    }
    return keys, {row["order_id"]: row["warnings"] for row in went.rows}


def hashed(*texts):
    return {sha256(text.encode()).hexdigest() for text in texts}


def test_a_colleagues_address_on_the_sales_of_strangers_is_not_sent(tmp_path):
    rows = [f"O-{n},2026-11-20 10:00,5,USD,{name},{'st'[n % 2]}@shop.example" for n, name in enumerate(NAMES)]
    keys, warnings = sent(tmp_path, "Order ID,Date,Total,Currency,Customer,Email", *rows)
    assert keys == {}
    assert set(warnings.values()) == {"em:shared"}


def test_a_counters_number_is_left_out_however_it_is_written_and_the_customers_stay(tmp_path):
    phones = ["+1 415 555 0100", "4155550132", "4155550100", "(415) 555-0100", "4155550133", "415.555.0100"]
    rows = [f"O-{n},2026-11-20 10:00,5,USD,{name},{phones[n]},b{n}@example.com" for n, name in enumerate(NAMES)]
    keys, warnings = sent(tmp_path, "Order ID,Date,Total,Currency,Name,Phone,Email", *rows)
    assert keys["O-0"] == hashed("b0@example.com")
    assert keys["O-1"] == hashed("b1@example.com", "14155550132")
    assert [order for order, warning in warnings.items() if warning == "ph:shared"] == ["O-0", "O-2", "O-3", "O-5"]


def test_the_id_of_all_customers_without_a_card_is_left_out(tmp_path):
    rows = [
        f"O-{n},2026-11-20 10:00,5,USD,{name},{'C0001' if n < 5 else 'C7'},b{n}@example.com"
        for n, name in enumerate(NAMES)
    ]
    keys, _ = sent(tmp_path, "Order ID,Date,Total,Currency,Name,Customer ID,Email", *rows)
    assert keys["O-0"] == hashed("b0@example.com")
    assert keys["O-5"] == hashed("b5@example.com", "c7")


@pytest.mark.parametrize(
    ("names", "orders"),
    [
        (["Ann Lee", "Bob Lee", "Cid Lee", "Lee, Dan"], "ABCD"),  # a family
        (["Ann Lee", "ANN LEE", "Lee Ann", "A. Lee"], "ABCD"),  # one person
        (["Ann Lee", "Ann Lee", "Bob Ray", "Ann Lee"], "ABCD"),  # a present for another
    ],
)
def test_one_address_of_a_family_or_a_person_is_theirs(tmp_path, names, orders):
    rows = [f"{order},2026-11-20 10:00,5,USD,{n},lee@example.com" for order, n in zip(orders, names, strict=True)]
    rows = [row.replace("Lee, Dan", '"Lee, Dan"') for row in rows]
    others = [f"E{n},2026-11-20 10:00,5,USD,Own {name},b{n}@example.com" for n, name in enumerate(NAMES[1:])]
    keys, warnings = sent(tmp_path, "Order ID,Date,Total,Currency,Name,Email", *rows, *others)
    assert all(keys[order] == hashed("lee@example.com") for order in orders)
    assert set(warnings.values()) == {""}


def test_tickets_of_one_order_in_the_names_of_several_people_keep_the_buyers_address(tmp_path):
    rows = [f"A,2026-11-20 10:00,5,USD,{name},buyer@example.com" for name in NAMES]
    header = "Order ID,Date,Total,Currency,Name,Email"
    keys, _ = sent(
        tmp_path, header, *rows, "B,2026-11-20 10:00,5,USD,Gus Day,g@example.com", options=["--rows", "line"]
    )
    assert keys["A"] == hashed("buyer@example.com")


def test_a_column_that_the_user_names_is_sent_as_it_is(tmp_path):
    rows = [f"O-{n},2026-11-20 10:00,5,USD,{name},{'st'[n % 2]}@shop.example" for n, name in enumerate(NAMES)]
    options = ["--map", "Email=em"]
    keys, _ = sent(tmp_path, "Order ID,Date,Total,Currency,Customer,Email", *rows, options=options)
    assert keys["O-0"] == hashed("s@shop.example")


@pytest.mark.parametrize("whose", ["Co-Buyer", "Spouse", "Emergency Contact", "Guarantor", "Co-Applicant"])
def test_the_address_of_the_person_beside_the_buyer_is_not_sent(tmp_path, whose):
    rows = [f"O-{n},2026-11-20 10:00,5,USD,b{n}@example.com,c{n}@example.com,415555013{n}" for n in range(3)]
    keys, _ = sent(tmp_path, f"Order ID,Date,Total,Currency,Email,{whose} Email,{whose} Phone", *rows)
    assert keys == {f"O-{n}": hashed(f"b{n}@example.com") for n in range(3)}
