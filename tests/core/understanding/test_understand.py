"""An export that nobody described: all its columns together, by words, cells and arithmetic."""

import pytest
from raws import raw

from importer.core.understanding.understand import understand

DATES = ["2026-11-12 10:05", "2026-11-13 11:06", "2026-11-14 12:07"]
TOTALS = ["19.90", "5.10", "7.50"]


def understood(columns):
    names = list(columns)
    return understand(names, names, raw(columns))


def fields(found):
    return {reading.column: (reading.field, reading.confidence) for reading in found.readings if reading.field}


def test_plain_names_are_certain():
    found = understood(
        {
            "E-mail address": ["a@example.com", "b@example.com", "c@example.com"],
            "Mobile": ["+49 151 2345678", "+49 151 2345679", "+49 151 2345670"],
            "Post code": ["10115", "80331", "20095"],
            "Order total": TOTALS,
            "Order date": DATES,
            "Order no.": ["1001", "1002", "1003"],
            "First name": ["Ann", "Bob", "Cy"],
            "Surname": ["Lee", "Doe", "Ray"],
        }
    )
    assert set(found.plan.columns) == {"em", "ph", "zp", "value", "event_time", "order_id", "fn", "ln"}
    assert {confidence for _, confidence in fields(found).values()} == {"certain"}
    assert not found.plan.guessed


def test_an_address_without_a_word_that_is_known_is_likely_by_its_cells():
    found = understood({"Zotz": ["a@example.com", "b@example.com", "c@example.com"], "Date": DATES, "Total": TOTALS})
    assert fields(found)["Zotz"] == ("em", "likely")


def test_the_shop_s_own_address_fills_nothing():
    found = understood(
        {"Account": ["till@example.com"] * 3, "Receipt": ["1", "2", "3"], "Date": DATES, "Total": TOTALS}
    )
    assert "em" not in found.plan.columns


def test_an_address_that_is_the_same_for_all_people_is_asked_about():
    found = understood(
        {
            "Email": ["till@example.com"] * 3,
            "Customer": ["Ann Lee", "Bob Doe", "Cy Ray"],
            "Date": DATES,
            "Total": TOTALS,
        }
    )
    assert found.shared == {"em": "Email"}
    assert "em" not in found.plan.columns


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Sales rep", ["Ann Lee", "Bob Doe", "Cy Ray"]),
        ("Deal owner", ["Ann Lee", "Bob Doe", "Cy Ray"]),
        ("Company name", ["Acme", "Zeta", "Omni"]),
        ("Seller e-mail", ["a@example.com", "b@example.com", "c@example.com"]),
        ("Store phone", ["+49 151 2345678", "+49 151 2345679", "+49 151 2345670"]),
        ("Points earned", ["10", "20", "30"]),
        ("Tax", ["1.00", "2.00", "3.00"]),
        ("Shipping", ["1.00", "2.00", "3.00"]),
        ("Due date", DATES),
        ("Last updated", DATES),
        ("Event name", ["Day Party", "Night Party", "Brunch"]),
    ],
)
def test_staff_companies_and_other_amounts_and_dates_fill_no_field(header, cells):
    found = understood({header: cells, "Order date": [f"{date}:01" for date in DATES], "Order total": TOTALS})
    assert header not in {name for spec in found.plan.columns.values() for name in spec.headers}


@pytest.mark.parametrize(
    ("columns", "field", "header"),
    [
        ({"Vorname": ["Ann", "Bob"], "Name": ["Lee", "Doe"]}, "ln", "Name"),
        ({"Nombre": ["Ana", "Luz"], "Apellidos": ["Ruiz", "Gil"]}, "fn", "Nombre"),
        ({"Name": ["Ann Lee", "Bob Doe"]}, "full_name", "Name"),
    ],
)
def test_a_bare_name_is_the_part_of_the_name_that_is_left(columns, field, header):
    assert header in understood(columns).plan.columns[field].headers


def test_addresses_of_equal_evidence_are_all_sent():
    found = understood({"Email 1": ["a@example.com", "b@example.com"], "Email 2": ["c@example.com", None]})
    assert found.plan.columns["em"].headers == ("Email 1", "Email 2")
    assert found.plan.columns["em"].take == "all"


def test_the_buyer_goes_before_the_recipient():
    found = understood(
        {"Ship to email": ["a@example.com", "b@example.com"], "Billing email": ["c@example.com", "d@example.com"]}
    )
    assert found.plan.columns["em"].headers == ("Billing email",)


def test_a_column_of_addresses_and_numbers_fills_both():
    found = understood({"Customer contacts": ["a@example.com", "+49 151 2345678", "b@example.com"]})
    assert found.plan.columns["em"].headers == found.plan.columns["ph"].headers == ("Customer contacts",)


def test_a_number_in_three_columns_is_joined():
    found = understood(
        {"注文者電話番号1": ["090", "080"], "注文者電話番号2": ["5550", "5551"], "注文者電話番号3": ["0141", "0142"]}
    )
    assert (found.plan.columns["ph"].take, len(found.plan.columns["ph"].headers)) == ("join", 3)


def test_the_gross_amount_is_known_by_net_and_tax():
    found = understood(
        {"Zotz": ["100.00", "50.00"], "Tax": ["19.00", "9.50"], "Quux": ["119.00", "59.50"], "Date": DATES[:2]}
    )
    assert found.plan.columns["value"].headers == ("Quux",)


def test_the_line_s_amount_is_known_by_price_and_quantity():
    found = understood({"Zotz": ["10.00", "5.00"], "Qty": ["2", "3"], "Quux": ["20.00", "15.00"], "Date": DATES[:2]})
    assert found.plan.columns["value"].headers == ("Quux",)


def test_a_price_beside_quantities_may_be_a_piece_s_and_is_asked_about():
    found = understood({"Price": ["10.00", "5.00"], "Qty": ["2", "3"], "Date": DATES[:2]})
    assert "value" not in found.plan.columns
    assert {"item_price", "quantity"} <= found.plan.items.keys()
    assert found.candidates["value"] == ("Price",)


def test_two_totals_that_differ_are_asked_about():
    found = understood({"Total A": ["10.00", "5.00"], "Total B": ["11.00", "6.00"], "Date": DATES[:2]})
    assert fields(found)["Total A"] == ("value", "likely")


def test_two_totals_that_are_the_same_are_not():
    found = understood({"Total A": ["10.00", "5.00"], "Total B": ["10.00", "5.00"], "Date": DATES[:2]})
    assert fields(found)["Total A"] == ("value", "certain")


def test_a_date_of_creation_beside_a_later_one_is_asked_about():
    later = ["2026-11-20 10:05", "2026-11-21 11:06", "2026-11-22 12:07"]
    assert fields(understood({"Created on": DATES, "Updated on": later, "Total": TOTALS}))["Created on"] == (
        "event_time",
        "likely",
    )
    assert fields(understood({"Created on": DATES, "Total": TOTALS}))["Created on"] == ("event_time", "certain")


def test_a_line_s_number_is_not_the_order_s():
    found = understood({"Order item ID": ["11", "12", "13"], "Order ID": ["1", "1", "2"], "Total": TOTALS})
    assert found.plan.columns["order_id"].headers == ("Order ID",)


@pytest.mark.parametrize(
    ("header", "cells", "rule"),
    [
        ("Status", ["paid", "cancelled", "paid"], {"known_words": "status"}),
        ("Zotz", ["paid", "cancelled", "refunded"], {"known_words": "status"}),
        ("Is refunded", ["yes", "no", "no"], {"refunded"}),
        ("Paid?", ["yes", "no", "yes"], {"unpaid"}),
        ("Cancelled at", ["2026-11-12 10:05", None, None], {"other": "cancelled"}),
        ("Refunded amount", ["5.00", "0.00", "0.00"], {"full_refund": True}),
    ],
)
def test_columns_that_say_no_sale_take_part(header, cells, rule):
    [found] = understood({header: cells, "Order date": DATES, "Order total": TOTALS}).plan.sale
    assert found.column == (header,)
    wanted = rule if isinstance(rule, dict) else {}
    assert all(getattr(found, name) == value for name, value in wanted.items())
    assert all(getattr(found, name) for name in (rule if isinstance(rule, set) else ()))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Payment method", ["card", "cash", "refund"]),
        ("Colour", ["red", "open", "blue"]),
        ("Type", ["Infills", "Brow wax", "Facial"]),
    ],
)
def test_columns_of_other_words_take_no_part(header, cells):
    assert understood({header: cells, "Order date": DATES, "Order total": TOTALS}).plan.sale == ()


@pytest.mark.parametrize(
    ("values", "state"), [(["SP", "RJ", "Minas Gerais"], True), (["Pago", "Cancelado", "Pago"], False)]
)
def test_estado_is_a_state_or_a_status_by_its_values(values, state):
    found = understood({"Data": DATES, "Valor": TOTALS, "Estado": values, "Cidade": ["São Paulo", "Rio", "Ouro Preto"]})
    assert ("st" in found.plan.columns) is state
    assert bool(found.plan.sale) is not state


def test_every_reading_says_why():
    found = understood({"Buyer email": ["a@example.com", "b@example.com"]})
    assert found.readings[0].why == '"Buyer email" says customer + email; 100 % of its cells are e-mail addresses'
