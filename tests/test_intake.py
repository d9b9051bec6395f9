"""A file taken in: recognised, joined, asked about."""

import csv
from pathlib import Path

import pytest

from importer.commands.send import check
from importer.errors import FileError, NeedsAnswer, UsageError

NOW = "2026-11-23T23:00:00Z"
SALES = "Receipt no,Sold at,Total,Customer no\n1,2026-11-20T10:00:00Z,5.00,77\n2,2026-11-20T11:00:00Z,6.00,78\n"


def checked(folder, text, **options):
    file = folder / "sales.csv"
    file.write_text(text, encoding="utf-8")
    summary = check(file, now=NOW, ledger=folder / "ledger.db", **options)
    return summary, list(csv.DictReader(Path(summary.report).read_text(encoding="utf-8").splitlines()))


def test_a_customer_file_brings_the_keys_that_the_sales_lack(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("Customer no,E-mail,Mobile,Country\n77,a@example.com,0171 3920001,DE\n79,b@example.com,,DE\n")
    _, alone = checked(tmp_path, SALES, currency="EUR")
    assert [row["reason"] for row in alone] == ["weak_keys", "weak_keys"]
    _, rows = checked(tmp_path, SALES, currency="EUR", customers=people, join_on="Customer no")
    assert [row["status"] for row in rows] == ["ready", "invalid"]
    assert rows[0]["match_keys"] == "em+ph+country+external_id"


@pytest.mark.parametrize("join_on", ["Nothing", "Customer no=Nothing"])
def test_a_column_to_join_on_that_is_not_there_is_named(tmp_path, join_on):
    people = tmp_path / "people.csv"
    people.write_text("Id,E-mail\n77,a@example.com\n")
    with pytest.raises(UsageError, match="Nothing"):
        checked(tmp_path, SALES, currency="EUR", customers=people, join_on=join_on)


def test_a_file_without_a_date_or_an_amount_says_how_to_name_them(tmp_path):
    with pytest.raises(FileError, match="the date of the sale"):
        checked(tmp_path, "Receipt no,Total\n1,5\n2,6\n", currency="EUR")
    with pytest.raises(FileError, match="its amount"):
        checked(tmp_path, "Receipt no,Sold at\n1,2026-11-20\n2,2026-11-20\n")


def test_questions_name_the_file(tmp_path):
    with pytest.raises(NeedsAnswer, match=r"sales\.csv: .*--currency"):
        checked(tmp_path, SALES)


def test_an_unknown_status_is_shown_and_never_guessed(tmp_path):
    text = "Order,Date,Email,Total,Currency,Status\n1,2026-11-20T10:00:00Z,a@example.com,5,EUR,paid\n2,2026-11-20T10:00:00Z,b@example.com,5,EUR,zonked\n"
    summary, rows = checked(tmp_path, text)
    assert [row["reason"] for row in rows] == ["", "unknown_status"]
    assert summary.reasons["invalid"] == {"unknown_status": 1}


def test_scattered_lines_keep_the_files_sequence_in_the_report(tmp_path):
    text = "Order,Date,Email,Total,Currency\n" + "".join(
        f"{order},2026-11-20T10:00:00Z,c{order}@example.com,{value},EUR\n"
        for order, value in (("A", 1), ("B", 2), ("A", 3), ("C", 4), ("B", 5))
    )
    summary, rows = checked(tmp_path, text)
    assert [row["order_id"] for row in rows] == ["A", "B", "A", "C", "B"]
    assert [row["value"] for row in rows] == ["4.00", "7.00", "4.00", "4.00", "7.00"]
    assert summary.as_json()["value"] == {"EUR": 15.0}


def test_a_customer_on_a_heading_row_can_be_joined_and_rejects_keep_their_columns(tmp_path):
    text = (
        "Acme Stores\nSales by Customer Detail\n\n,Date,Transaction Type,Num,Product/Service,Qty,Sales Price,Amount,Balance\n"
        "Ada Example,,,,,,,,\n,10/25/2026,Invoice,1041,Beans,1,7.50,7.50,7.50\nTotal for Ada Example,,,,,,,7.50,\n"
        "Bo Example,,,,,,,,\n,11/15/2026,Invoice,1042,Beans,1,7.50,7.50,7.50\n"
    )
    people = tmp_path / "people.csv"
    people.write_text("Customer,Email\nAda Example,ada@example.com\n")
    told = {"currency": "USD", "timezone": "America/New_York", "customers": people, "join_on": "Customer"}
    _, rows = checked(tmp_path, text, rejects=tmp_path / "mend.csv", **told)
    assert {row["order_id"]: row["status"] for row in rows if row["order_id"]} == {"1041": "ready", "1042": "invalid"}
    mend = (tmp_path / "mend.csv").read_text(encoding="utf-8").splitlines()
    assert mend[0] == ",Date,Transaction Type,Num,Product/Service,Qty,Sales Price,Amount,Balance,reason,message"
    assert mend[1].startswith(",11/15/2026,Invoice,1042,")


GUARDED = (
    """Order ID,Date,Email,Phone,Zip,Total,Currency
[=00123],[=2026-11-20 15:04:05],[=a@example.com],[=+447911123456],[=02138],[=12.50],[=USD]
'1002,'2026-11-20 15:04:05,'b@example.com,'+447911123457,'02139,'13.50,'USD
[1003],[2026-11-20 15:04:05],c@example.com,[+447911123458],02140,[14.50],[USD]
=1004,2026-11-20 15:04:05,d@example.com,=+447911123459,=02141,=15.50,USD
""".replace("[=", '"=""')
    .replace("[", '"""')
    .replace("]", '"""')
)


def test_guards_against_spreadsheets_are_no_part_of_a_value(tmp_path):
    summary, rows = checked(tmp_path, GUARDED, timezone="UTC", rejects=tmp_path / "rejects.csv")
    assert [(row["order_id"], row["value"], row["currency"], row["match_keys"]) for row in rows] == [
        ("00123", "12.50", "USD", "em+ph+zp"),
        ("1002", "13.50", "USD", "em+ph+zp"),
        ("1003", "14.50", "USD", "em+ph+zp"),
        ("1004", "15.50", "USD", "em+ph+zp"),
    ]
    assert {row["event_time"] for row in rows} == {"2026-11-20T15:04:05Z"}
    assert summary.warnings == {}


def test_rejected_rows_keep_their_guards(tmp_path):
    text = 'Order ID,Date,Email,Total,Currency\n"=""007""",2026-11-20 10:00,a@example.com,nothing,EUR\n'
    checked(tmp_path, text, timezone="UTC", rejects=tmp_path / "rejects.csv", map=["Total=value"])
    assert '=""007""' in (tmp_path / "rejects.csv").read_text(encoding="utf-8")


LEADS = (
    "id\tcreated_time\tform_id\temail\tfull_name\tphone_number\tzip\n"
    "l:1234567890123456\t2026-11-20T10:04:05-05:00\tf:2\tann@example.com\tAnn Lee\tp:+14155550132\tz:02138\n"
)


def test_a_lead_needs_no_amount_and_loses_the_guards_of_metas_download(tmp_path):
    told = {"event_name": "Lead", "action_source": "system_generated"}
    _, rows = checked(tmp_path, LEADS, **told)
    assert [(row["status"], row["event_name"], row["event_time"]) for row in rows] == [
        ("ready", "Lead", "2026-11-20T15:04:05Z")
    ]
    assert (rows[0]["match_keys"], rows[0]["warnings"], rows[0]["value"]) == ("em+ph+fn+ln+zp+lead_id", "", "")


@pytest.mark.parametrize("name", ["Schedule", "CompleteRegistration", "My own event"])
def test_only_a_purchase_needs_an_amount(tmp_path, name):
    text = "Order,Date,Email\n1,2026-11-20T10:00:00Z,a@example.com\n"
    assert [row["status"] for row in checked(tmp_path, text, event_name=name)[1]] == ["ready"]
    with pytest.raises(FileError, match="amount"):
        checked(tmp_path, text, event_name="purchase")


def receipts(*rows, header="Store,Receipt No,Date,Email,Total"):
    return header + "\n" + "".join(",".join(row) + "\n" for row in rows)


TWO_STORES = receipts(
    ("Leeds", "1001", "2026-11-20T10:00:00Z", "a@example.com", "20.00"),
    ("York", "1001", "2026-11-20T12:00:00Z", "b@example.com", "30.00"),
    ("Leeds", "1002", "2026-11-20T10:30:00Z", "c@example.com", "40.00"),
    ("York", "1002", "2026-11-21T12:30:00Z", "d@example.com", "40.00"),
)
SAME_BUYER = (
    TWO_STORES.replace("b@", "a@")
    .replace("d@", "c@")
    .replace("York,1002,2026-11-21T12:30:00Z,c@example.com,40", "York,1002,2026-11-21T12:30:00Z,c@example.com,41")
)
NO_STORE = TWO_STORES.replace("Leeds,", "").replace("York,", "").replace("Store,", "")
EACH_DAY = (
    receipts(
        *(
            (f"{number}", f"2026-11-{day}T1{number}:00:00Z", f"{who}@example.com", f"{number}0.00")
            for day in (20, 21, 22)
            for number, who in ((1, "a"), (2, f"b{day}"))
        ),
        header="Receipt No,Date,Email,Total",
    )
    .replace("-21T11:00:00Z,a@example.com,10.00", "-21T11:00:00Z,a@example.com,15.00")
    .replace("-22T11:00:00Z,a@example.com,10.00", "-22T11:00:00Z,a@example.com,17.00")
)


@pytest.mark.parametrize("text", [TWO_STORES, SAME_BUYER, NO_STORE, EACH_DAY])
def test_sales_that_share_a_number_are_sales_of_their_own(tmp_path, text):
    _, rows = checked(tmp_path, text, currency="EUR")
    assert {row["status"] for row in rows} == {"ready"}
    assert_own_ids(rows)


def assert_own_ids(rows):
    """Sales told apart by the ledger get their event ids when they are sent; all others have one of their own."""
    known = [row["event_id"] for row in rows if "order_id:reused" not in row["warnings"]]
    assert len(set(known)) == len(known) > 1
    assert all(row["event_id"] == "" for row in rows if "order_id:reused" in row["warnings"])


def test_a_sale_keeps_its_event_id_when_a_stranger_comes_to_share_its_number(tmp_path):
    lines = TWO_STORES.splitlines(keepends=True)
    _, alone = checked(tmp_path, "".join((lines[0], lines[1], lines[3])), currency="EUR")
    _, both = checked(tmp_path, TWO_STORES, currency="EUR")
    assert [row["event_id"] for row in alone] == [both[0]["event_id"], both[2]["event_id"]]


def test_a_sale_that_a_file_tells_twice_is_still_sent_once(tmp_path):
    _, rows = checked(tmp_path, TWO_STORES + TWO_STORES.splitlines(keepends=True)[2], currency="EUR")
    assert [row["reason"] for row in rows] == ["", "", "", "", "same_file"]


def test_strangers_under_one_number_are_told_apart_in_a_known_export_too(tmp_path):
    schema = tmp_path / "till.toml"
    schema.write_text(
        'name = "till"\n[columns]\norder_id = "Receipt No"\nevent_time = "Date"\nem = "Email"\nvalue = "Total"\n[orders]\nstore = "Store"\n'
    )
    for text in (TWO_STORES, SAME_BUYER):
        _, rows = checked(tmp_path, text, currency="EUR", schema=str(schema))
        assert {row["status"] for row in rows} == {"ready"}
        assert_own_ids(rows)


def test_a_receipt_of_two_stores_changes_no_other_receipt(tmp_path):
    lines = [
        ("Leeds", f"R{number}", f"2026-11-20T10:{number}:00Z", f"b{number}@example.com", f"{number}.00", f"S{line}")
        for number in range(10, 40)
        for line in range(3)
    ]
    odd = ("York", "R17", "2026-11-20T15:00:00Z", "x@example.com", "99.00", "S1")
    _, rows = checked(
        tmp_path, receipts(*lines, odd, header="Store,Receipt No,Date,Email,Receipt total,SKU"), currency="EUR"
    )
    assert {row["status"] for row in rows} == {"ready"}
    assert [row["value"] for row in rows] == [line[4] for line in (*lines, odd)]
    assert len({row["event_id"] for row in rows}) == 31


def test_yes_no_columns_say_which_rows_are_no_sales(tmp_path):
    cells = [
        ("No", "false", "0", ""),
        ("Yes", "false", "0", ""),
        ("No", "TRUE", "0", ""),
        ("No", "no", "1", ""),
        ("No", "no", "", "x"),
        ("later", "no", "", ""),
    ]
    lines = [
        f"{place},2026-11-20T10:00:00Z,b{place}@example.com,5,EUR,{','.join(row)}" for place, row in enumerate(cells)
    ]
    _, rows = checked(
        tmp_path, "Order,Date,Email,Total,Currency,Returned,is_cancelled,isRefund,Is test\n" + "\n".join(lines)
    )
    assert [row["reason"] for row in rows] == ["", "refunded", "cancelled", "refunded", "not_a_sale", "unknown_status"]


@pytest.mark.parametrize(
    ("cells", "reasons"),
    [
        (("0.00", "5.00", "2.50", ""), ["", "refunded", "", ""]),
        (("$0.00", "$5.00", "", ""), ["", "refunded", "", ""]),
        (("", "2026-11-21", "21.11.2026 10:00", "no"), ["", "refunded", "refunded", ""]),
        (("N", "Y", "x", "2"), ["", "refunded", "refunded", "unknown_status"]),
    ],
)
def test_a_column_of_refunds_holds_amounts_dates_or_yes_and_no(tmp_path, cells, reasons):
    lines = [f"{n},2026-11-20T10:00:00Z,b{n}@example.com,5.00,EUR,{cell}" for n, cell in enumerate(cells)]
    _, rows = checked(tmp_path, "Order,Date,Email,Total,Currency,Refunded\n" + "\n".join(lines))
    assert [row["reason"] for row in rows] == reasons


SIGNS = """name = "till"
[columns]
order_id = "Order"
event_time = "Date"
em = "Email"
value = "Total"
[items]
id = "SKU"
quantity = "Qty"
[[sale]]
column = "Paid at"
paid_time = true
[[sale]]
column = "Paid"
paid_amount = true
[[sale]]
column = "Balance"
balance = true
"""


def test_signs_without_words_say_what_is_no_sale_and_what_is_in_doubt(tmp_path):
    schema = tmp_path / "till.toml"
    schema.write_text(SIGNS)
    cells = ["2026-11-20,5,0,1", ",5,0,1", "2026-11-20,0.00,5,1", "2026-11-20,5,1.50,1", "2026-11-20,5,0,-1"]
    lines = [f"{place},2026-11-20T10:00:00Z,b{place}@example.com,5,A,{row}\n" for place, row in enumerate(cells)]
    text = "Order,Date,Email,Total,SKU,Paid at,Paid,Balance,Qty\n" + "".join(lines)
    _, rows = checked(tmp_path, text, currency="EUR", schema=str(schema))
    assert [row["reason"] for row in rows] == ["", "unpaid", "unpaid", "", "refund"]
    assert [row["warnings"] for row in rows] == ["", "", "", "value:balance_open", ""]
    _, rows = checked(tmp_path, text.replace("2026-11-20,5", ",5"), currency="EUR", schema=str(schema))
    assert [row["reason"] for row in rows][:2] == ["unpaid", "unpaid"]
    blank = text.replace(",A,2026-11-20,", ",A,,")
    _, rows = checked(tmp_path, blank, currency="EUR", schema=str(schema))
    assert [row["reason"] for row in rows] == ["", "", "unpaid", "", "refund"]


def test_a_sale_that_a_later_row_takes_back_is_not_sent(tmp_path):
    text = receipts(
        ("1", "2026-11-20T10:00:00Z", "a@example.com", "5.00"),
        ("1", "2026-11-22T10:00:00Z", "a@example.com", "-5.00"),
        ("2", "2026-11-22T10:00:00Z", "b@example.com", "6.00"),
        header="Order,Date,Email,Total",
    )
    _, rows = checked(tmp_path, text, currency="EUR")
    assert [row["reason"] for row in rows] == ["zero_value", "zero_value", ""]


def test_one_sale_told_for_each_of_its_people_is_sent_once_with_the_keys_of_the_first(tmp_path):
    deals = [("D1", "2026-11-20T10:00:00Z", f"{who}@example.com", "900.00") for who in "abc"]
    _, rows = checked(tmp_path, receipts(*deals, header="Deal ID,Date,Email,Amount"), currency="EUR")
    assert [row["reason"] for row in rows] == ["", "same_file", "same_file"]
    days = receipts(*((deal[0], "2026-11-20", *deal[2:]) for deal in deals), header="Receipt No,Date,Email,Amount")
    _, rows = checked(tmp_path, days, currency="EUR", timezone="UTC")
    assert [row["reason"] for row in rows] == ["", "", ""]


@pytest.mark.parametrize("header", ["Order,Date,Email,Total,Currency", "id,event_time,email,value,currency"])
def test_a_file_of_headers_alone_holds_no_sale(tmp_path, header):
    summary, rows = checked(tmp_path, header + "\n")
    assert rows == []
    assert not any(summary.rows.values())
