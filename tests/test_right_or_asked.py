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


ITEMS = "Order ID,Date,Email,Item,Quantity,Line Total,Currency"


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        (ITEMS, "Cup,1,5,USD", "Pot,1,7,EUR"),
        (ITEMS.replace("Line Total", "Order Total"), "Cup,1,12,USD", "Pot,1,12,EUR"),
        (ITEMS.removesuffix(",Currency"), "Cup,1,5.00 USD", "Pot,1,7.00 EUR"),
        (ITEMS.removesuffix(",Currency"), "Cup,1,€5.00", "Pot,1,£7.00"),
    ],
)
def test_lines_of_one_order_in_different_currencies_are_not_added_up(tmp_path, header, first, second):
    unit = "" if header.endswith("Total") else ",EUR"
    other = [f"Cup,1,{'8' if 'Order Total' in header else n}{unit or ' EUR'}" for n in (3, 5)]
    went = sent(
        tmp_path,
        header,
        *(f"O-1,2026-11-20 10:00,a@example.com,{line}" for line in (first, second)),
        *(f"O-2,2026-11-20 10:00,b@example.com,{line}" for line in other),
    )
    assert by_order(went, "value") == {"O-1": "order_currencies_differ", "O-2": 8}


def test_a_currency_on_the_first_line_alone_is_the_order_s(tmp_path):
    went = sent(
        tmp_path,
        "Order ID,Date,Email,Item,Quantity,Order Total,Currency",
        "O-1,2026-11-20 10:00,a@example.com,Cup,1,12,EUR",
        "O-1,2026-11-20 10:00,a@example.com,Pot,1,,",
        options=[*OPTIONS, "--currency", "USD"],
    )
    assert by_order(went, "value") == {"O-1": 12}
    assert by_order(went, "currency") == {"O-1": "EUR"}


@pytest.mark.parametrize(("header", "word"), [("Status", "Credit"), ("Type", "Credit"), ("Invoice Status", "Draft")])
def test_a_status_that_leaves_no_sale_is_asked_about(tmp_path, header, word):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{word}" for n in range(3)]
    went = sent(tmp_path, f"Order ID,Date,Email,Total,Currency,{header}", *rows)
    assert went.code == ASKED
    assert f'"{word}" (3 rows)' in went.told


@pytest.mark.parametrize(
    ("header", "word", "reason"), [("Statut", "Annulé", "cancelled"), ("Refunded", "Yes", "refunded")]
)
def test_a_file_of_refunds_or_cancellations_alone_says_so_itself(tmp_path, header, word, reason):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{word}" for n in range(3)]
    went = sent(tmp_path, f"Order ID,Date,Email,Total,Currency,{header}", *rows)
    assert (went.code, [row["reason"] for row in went.rows]) == (0, [reason] * 3)
    for meaning, count in (("sale", 3), ("refund", 0)):
        folder = tmp_path / meaning
        folder.mkdir()
        answered = sent(
            folder,
            f"Order ID,Date,Email,Total,Currency,{header}",
            *rows,
            options=[*OPTIONS, "--status", f"{word}={meaning}"],
        )
        assert (answered.code, len(answered.events)) == (0, count)


@pytest.mark.parametrize(
    ("amounts", "currency", "options", "values"),
    [
        (["12.990", "5.990"], "CLP", [], [12990, 5990]),
        (["12.990 Ft", "500 Ft"], "", [], [12990, 500]),
        (["Rp12.990", "Rp500"], "", [], [12990, 500]),
        (["12.990", "500"], "", ["--currency", "JPY"], [12990, 500]),
        (["12.990", "5.990"], "COP", [], [12990, 5990]),
        (["12.990", "500"], "KWD", [], [12.99, 500]),
        (["12.990", "5.990"], "EUR", ["--decimal", "comma"], [12990, 5990]),
        (["12.990", "5.990"], "EUR", ["--decimal", "point"], [12.99, 5.99]),
        (["12.990", "7,5"], "EUR", [], [12990, 7.5]),
        (["12.990", "7.5"], "EUR", [], [12.99, 7.5]),
        (["12,990", "500"], "EUR", [], [12990, 500]),
    ],
)
def test_amounts_like_1_234_are_read_by_their_currency_or_the_answer(tmp_path, amounts, currency, options, values):
    rows = [f"O-{n};2026-11-20 10:00;b{n}@example.com;{amount};{currency}" for n, amount in enumerate(amounts)]
    went = sent(tmp_path, "Order ID;Date;Email;Total;Currency", *rows, options=[*OPTIONS, *options])
    assert list(by_order(went, "value").values()) == values


@pytest.mark.parametrize(
    ("amounts", "currencies"),
    [
        (["12.990", "5.990"], ["USD", "USD"]),
        (["12.990", "500"], ["EUR", "EUR"]),
        (["12.990", "5.990"], ["CLP", "USD"]),
        (["12,990", "500"], ["TND", "TND"]),
    ],
)
def test_amounts_like_1_234_are_asked_about_once_where_nothing_tells(tmp_path, amounts, currencies):
    rows = [
        f"O-{n};2026-11-20 10:00;b{n}@example.com;{each[0]};{each[1]}"
        for n, each in enumerate(zip(amounts, currencies, strict=True))
    ]
    went = sent(tmp_path, "Order ID;Date;Email;Total;Currency", *rows)
    assert went.code == ASKED
    assert went.told.count("a decimal mark, or are they thousands?") == 1


def test_another_column_s_decimal_mark_is_the_file_s(tmp_path):
    rows = [f"O-{n};2026-11-20 10:00;b{n}@example.com;1.234;617,00;2;EUR" for n in range(2)]
    went = sent(tmp_path, "Order ID;Date;Email;Total;Unit Price;Quantity;Currency", *rows)
    assert list(by_order(went, "value").values()) == [1234, 1234]


@pytest.mark.parametrize(
    "header", ["Refunded?,Refunded Amount", "is_refunded,refund_amount", "Erstattet,Erstattungsbetrag"]
)
def test_a_flag_of_refunds_beside_a_refunded_part_leaves_the_sale(tmp_path, header):
    went = sent(
        tmp_path,
        f"Order ID,Date,Email,Total,Currency,{header}",
        "O-1,2026-11-20 10:00,a@example.com,50,USD,yes,20",
        "O-2,2026-11-20 10:00,b@example.com,50,USD,no,0",
        "O-3,2026-11-20 10:00,c@example.com,50,USD,yes,50",
        "O-4,2026-11-20 10:00,d@example.com,50,USD,yes,",
    )
    assert by_order(went, "value") == {"O-1": 50, "O-2": 50, "O-3": "refunded", "O-4": "refunded"}


@pytest.mark.parametrize(
    "text",
    [
        "12 de noviembre de 2026 10:21 hs.", "12/11/2026 10:21 hs", "12 nov 2026 10h21", "12.11.2026 10:21 Uhr",
        "12.11.2026 um 10 Uhr 21", "12. nov. 2026 kl. 10:21", "12 novembre 2026 à 10:21", "12 de novembro de 2026 às 10:21",
        "12 november 2026 om 10:21 uur", "12-11-2026 10u21", "12 листопада 2026 р. о 10:21", "12 ноември 2026 г., 10:21 ч.",
        "12. listopadu 2026 v 10:21", "12. novembra 2026 o 10:21", "12. november 2026 kell 10:21", "12 Kasım 2026 saat 10:21",
        "12 พฤศจิกายน 2569 10:21", "12 พ.ย. 2569 เวลา 10:21 น.", "๑๒ พ.ย. ๒๕๖๙ ๑๐:๒๑ น.", "12/11/2569 10:21", "2569-11-12 10:21",
        "ngày 12 tháng 11 năm 2026 10:21", "12/11/2026 lúc 10:21", "12 בנובמבר 2026 בשעה 10:21", "12 نوفمبر 2026 10:21",
    ],
)  # fmt: skip
def test_times_as_people_write_them_are_read(tmp_path, text):
    went = sent(
        tmp_path,
        "Order ID;Date;Email;Total;Currency",
        f"O-1;{text};a@example.com;5;USD",
        options=[*OPTIONS, "--date-order", "dmy"],
    )
    assert [event["event_time"] for event in went.events.values()] == [1_794_478_860]


def test_march_and_january_are_two_months_in_thai(tmp_path):
    went = sent(
        tmp_path,
        "Order ID;Date;Email;Total;Currency",
        "O-1;1 มี.ค. 2569;a@example.com;5;USD",
        "O-2;1 ม.ค. 2569;b@example.com;5;USD",
    )
    assert [row["event_time"][:10] for row in went.rows] == ["2026-03-01", "2026-01-01"]


def test_a_lead_s_own_status_ends_no_lead(tmp_path):
    leads = [
        f"l:123456789012345{n}\t2026-11-20T10:04:05-05:00\tf:2\tfb\tb{n}@example.com\tp:+1415555013{n}\tz:0213{n}\t{status}"
        for n, status in enumerate(["CREATED", "complete", "CONVERTED"])
    ]
    went = sent(
        tmp_path,
        "id\tcreated_time\tform_id\tplatform\temail\tphone_number\tzip\tlead_status",
        *leads,
        options=["--event-name", "Lead", "--action-source", "system_generated"],
    )
    found = [event["user_data"] for event in went.events.values()]
    assert [keys["lead_id"] for keys in found] == [1_234_567_890_123_450 + n for n in range(3)]
    assert [keys["zp"] for keys in found] == [[hashed(f"0213{n}")] for n in range(3)]


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ('{"id": "A1", "quantity": 2}', ["A1"]),
        ('[{"id": "A1"}, {"id": "B2"}]', ["A1", "B2"]),
        ("[{'id': 'A1', 'sku': 'S1'}, {'sku': 'B2'}]", ["A1", "B2"]),
        ('[{"name": "Cup"}]', None),
        ("A1;B2", ["A1", "B2"]),
        ("5", ["5"]),
    ],
)
def test_the_ids_of_objects_in_a_cell_are_the_content_ids(tmp_path, cell, ids):
    path = tmp_path / "input.parquet"
    sale = {"order_id": ["1"], "date": ["2026-11-20T10:00:00Z"], "email": ["a@example.com"], "total": [5.0]}
    pq.write_table(pa.table(sale | {"content_ids": [cell]}), path)
    [event] = run(path, ["--currency", "USD"], tmp_path).events.values()
    assert event["custom_data"].get("content_ids") == ids


def test_a_column_of_event_names_is_one_whatever_its_other_names(tmp_path):
    names = ["purchase", "Sale", "add_to_cart", "Visit", "Order"]
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{name}" for n, name in enumerate(names)]
    went = sent(tmp_path, "Order ID,Date,Email,Total,Currency,event_name", *rows)
    assert [event["event_name"] for event in went.events.values()] == [
        "Purchase",
        "Sale",
        "AddToCart",
        "Visit",
        "Order",
    ]


@pytest.mark.parametrize("header", ["is_failed", "Rejected", "Fraud", "Fehlgeschlagen", "Devuelto", "is_void"])
def test_a_flag_whose_header_is_a_status_ends_a_sale(tmp_path, header):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{word}" for n, word in enumerate(["Sí", "No"])]
    went = sent(tmp_path, f"Order ID,Date,Email,Total,Currency,{header}", *rows)
    assert [row["status"] for row in went.rows] == ["skipped", "accepted"]


@pytest.mark.parametrize(
    ("header", "word"), [("Pending", "Yes"), ("Is Quote", "Yes"), ("Won", "No"), ("Approved", "No")]
)
def test_a_flag_that_may_end_a_sale_is_asked_about(tmp_path, header, word):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{word}" for n, word in enumerate(["Yes", "No"])]
    went = sent(tmp_path, f"Order ID,Date,Email,Total,Currency,{header}", *rows)
    assert went.code == ASKED
    assert f"{header}:{word}=sale" in went.told


@pytest.mark.parametrize("header", ["Delivered", "Shipped", "Is gift"])
def test_a_flag_of_what_becomes_of_a_sale_leaves_it_one(tmp_path, header):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{word}" for n, word in enumerate(["Yes", "No"])]
    assert len(sent(tmp_path, f"Order ID,Date,Email,Total,Currency,{header}", *rows).events) == 2


def test_a_symbol_in_a_column_of_currencies_is_what_the_option_says_if_it_may_be(tmp_path):
    rows = [f"O-{n};2026-11-20 10:00;b{n}@example.com;5;{word}" for n, word in enumerate(["$", "€", "kr", "Rs."])]
    header = "Order ID;Date;Email;Total;Currency"
    told = sent(tmp_path, header, *rows, options=[*OPTIONS, "--currency", "USD"])
    assert list(by_order(told, "currency").values()) == ["USD", "EUR", "currency_conflict", "currency_conflict"]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert list(by_order(sent(fresh, header, *rows), "currency").values()) == [
        "bad_currency",
        "EUR",
        *["bad_currency"] * 2,
    ]


def test_an_amount_that_does_not_know_of_its_discount_is_asked_about(tmp_path):
    header = "Order ID;Date;Email;Item;Quantity;Price;Discount Amount;Item Total;Currency"
    rows = [
        "O-1;2026-11-20 10:00;a@example.com;Cup;2;5.00;0;10.00;EUR",
        "O-2;2026-11-20 10:00;b@example.com;Cup;1;5.00;1.00;5.00;EUR",
    ]
    went = sent(tmp_path, header, *rows)
    assert went.code == ASKED
    assert "--map 'Item Total=value'" in went.told
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    paid = [rows[0], rows[1].replace(";5.00;EUR", ";4.00;EUR")]
    assert list(by_order(sent(fresh, header, *paid), "value").values()) == [10, 4]


def test_hashes_under_a_header_that_says_nothing_are_asked_about(tmp_path):
    rows = [f"O-{n},2026-11-20 10:00,{hashed(f'b{n}@example.com')},5,USD" for n in range(3)]
    went = sent(tmp_path, "Order ID,Date,HEM,Total,Currency", *rows)
    assert (went.code, "--map HEM=em" in went.told) == (ASKED, True)


@pytest.mark.parametrize(("header", "code"), [("Type", ASKED), ("Transaction Type", ASKED), ("Payment Type", 0)])
def test_a_credit_among_sales_is_asked_about_and_not_among_ways_to_pay(tmp_path, header, code):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{word}" for n, word in enumerate(["Sale", "Credit"])]
    assert sent(tmp_path, f"Order ID,Date,Email,Total,Currency,{header}", *rows).code == code


def test_the_discount_s_question_is_answered_by_its_column_too_in_whatever_case(tmp_path):
    header = "Order ID;Date;Email;Item;Quantity;Price;Discount Amount;Item Total;Currency"
    row = "O-2;2026-11-20 10:00;b@example.com;Cup;1;5.00;1.00;5.00;EUR"
    for number, answer in enumerate(["DISCOUNT  amount=-", "discount amount=-", "item total=value"]):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert by_order(sent(folder, header, row, options=[*OPTIONS, "--map", answer]), "value") == {"O-2": 5}


def test_a_postcode_in_parts_is_joined_and_not_asked_about(tmp_path):
    rows = [f"O-{n},2026-11-20 10:00,b{n}@example.com,5,USD,{12_000 + n},{4_000 + n},US" for n in range(3)]
    went = sent(tmp_path, "Order ID,Date,Email,Total,Currency,Zip 1,Zip 2,Country", *rows)
    assert went.code == 0
    assert {event["user_data"]["zp"][0] for event in went.events.values()} == {
        hashed(str(12_000 + n)) for n in range(3)
    }


SCHEMA = """
name = "mine"
[identify]
headers = ["Order ID"]
[columns]
order_id = "Order ID"
event_time = "Date"
value = "Total"
currency = "Currency"
"""


@pytest.mark.parametrize(
    ("headers", "cells", "key", "values"),
    [
        ("Email,Email 2", "b{n}@example.com,c{n}@example.org", "em", ["b{n}@example.com", "c{n}@example.org"]),
        ("Phone 1,Phone 2,Phone 3", "030,123,45{n}7", "ph", ["4930123" + "45{n}7"]),
    ],
)
def test_a_schema_is_completed_by_all_columns_of_a_key_or_by_its_parts(tmp_path, headers, cells, key, values):
    (tmp_path / "mine.toml").write_text(SCHEMA, encoding="utf-8")
    rows = [f"O-{n},2026-11-20 10:00,5,EUR,{cells.format(n=n)}" for n in range(4)]
    told = [*OPTIONS, "--schema", str(tmp_path / "mine.toml"), "--country", "DE"]
    went = sent(tmp_path, f"Order ID,Date,Total,Currency,{headers}", *rows, options=told)
    assert went.code == 0, went.told
    found = {event["custom_data"]["order_id"]: sorted(event["user_data"][key]) for event in went.events.values()}
    assert found == {f"O-{n}": sorted(hashed(value.format(n=n)) for value in values) for n in range(4)}


@pytest.mark.parametrize("header", ["Contact", "Kontakt", "E-mail or phone"])
def test_a_column_of_addresses_and_numbers_fills_both_keys_cell_by_cell(tmp_path, header):
    cells = ["b0@example.com", "+49 30 1234567", "b2@example.com", "+49 30 1234569"]
    rows = [f"O-{n},2026-11-20 10:00,5,EUR,{cell}" for n, cell in enumerate(cells)]
    went = sent(tmp_path, f"Order ID,Date,Total,Currency,{header}", *rows)
    assert (went.code, [row["match_keys"] for row in went.rows]) == (0, ["em", "ph", "em", "ph"])
    keys = {event["custom_data"]["order_id"]: event["user_data"] for event in went.events.values()}
    assert keys["O-0"]["em"] == [hashed("b0@example.com")]
    assert keys["O-1"]["ph"] == [hashed("49301234567")]
