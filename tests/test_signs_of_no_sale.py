"""Parts of reports, reasons, test modes, running totals and thousands: through the whole program."""

import pytest
from case_truth import ASKED, run

OPTIONS = ["--timezone", "UTC", "--currency", "USD"]


def sent(folder, text, options=()):
    """Send a file; return the amounts by customer number (`c1@example.com` is 1) and the reasons by row."""
    path = folder / "input.csv"
    path.write_text(text, encoding="utf-8")
    went = run(path, [*OPTIONS, *options], folder)
    return went, sorted(event["custom_data"]["value"] for event in went.events.values())


@pytest.mark.parametrize(
    ("heading", "reason"),
    [("Cancelled orders", "cancelled"), ("Refunds", "refund"), ("Stornierte Bestellungen", "cancelled")],
)
def test_the_part_of_a_report_under_a_heading_of_no_sales_is_left_out(tmp_path, heading, reason):
    text = (
        "Order ID,Date,Email,Total\nCompleted orders,,,\n1,2026-11-20 10:00,c1@example.com,1\n"
        f"2,2026-11-20 10:00,c2@example.com,2\n{heading},,,\n3,2026-11-20 10:00,c3@example.com,3\n"
        "Walk-in,,,\n4,2026-11-20 10:00,c4@example.com,4\n"
    )
    went, values = sent(tmp_path, text)
    assert values == [1, 2, 4]
    assert [row["reason"] for row in went.rows] == ["heading", "", "", "heading", reason, "heading", ""]


@pytest.mark.parametrize(
    ("header", "reason"),
    [("Void Reason", "cancelled"), ("Cancellation Reason", "cancelled"), ("Return Reason", "refunded")],
)
def test_a_sale_with_a_reason_why_it_ended_is_left_out(tmp_path, header, reason):
    text = (
        f"Order ID,Date,Email,Total,{header}\n1,2026-11-20 10:00,c1@example.com,1,\n"
        "2,2026-11-20 10:00,c2@example.com,2,customer left\n3,2026-11-20 10:00,c3@example.com,3,N/A\n"
        "4,2026-11-20 10:00,c4@example.com,4,-\n"
    )
    went, values = sent(tmp_path, text)
    assert values == [1, 3, 4]
    assert went.rows[1]["reason"] == reason


def test_a_sale_that_was_not_live_was_a_test(tmp_path):
    text = "id,created,email,amount,livemode\n1,2026-11-20 10:00,c1@example.com,1,true\n2,2026-11-20 10:00,c2@example.com,2,false\n"
    went, values = sent(tmp_path, text)
    assert values == [1]
    assert went.rows[1]["reason"] == "not_a_sale"


def test_a_running_total_is_no_amount_of_a_sale(tmp_path):
    text = "Date,Email,Sale,Total\n" + "".join(
        f"2026-11-20 1{n}:00,c{n}@example.com,{own},{total}\n"
        for n, own, total in [(0, 100, 100), (1, 10, 110), (2, 15, 125)]
    )
    went, values = sent(tmp_path, text)
    assert went.code == ASKED
    assert values == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_balance_that_goes_on_from_row_to_row_says_nothing_of_payment(tmp_path, order):
    rows = [
        f"2026-11-20 1{n}:00,c{n}@example.com,{own},{left}\n"
        for n, own, left in [(0, 100, 1100), (1, 10, 1110), (2, -800, 310), (3, 15, 325)]
    ]
    _, values = sent(tmp_path, "Date,Payer Email,Amount,Balance\n" + "".join(rows[::order]))
    assert values == [10, 15, 100]


def test_what_grows_by_one_piece_a_row_is_no_running_total(tmp_path):
    rows = [f"{n},2026-11-20 10:00,c{n}@example.com,1,{n}\n" for n in range(1, 5)]
    _, values = sent(tmp_path, "Order ID,Date,Email,Qty,Total\n" + "".join(rows))
    assert values == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "header", ["Amount (in thousands)", "Total in TEUR", "Amount k€", "Total ($000s)", "Total (kUSD)"]
)
def test_amounts_in_thousands_are_sent_whole(tmp_path, header):
    code = "EUR" if "EUR" in header or "€" in header else "USD"
    rows = [f"{n},2026-11-20 10:00,c{n}@example.com,{n}.5\n" for n in range(1, 4)]
    _, values = sent(tmp_path, f"Order ID,Date,Email,{header}\n" + "".join(rows), ["--currency", code])
    assert values == [1500, 2500, 3500]


def test_an_amount_paid_on_one_row_only_is_no_running_total(tmp_path):
    text = (
        "Order No,Date,Email,Ticket Amount,Total Due,Total Paid,Balance\n"
        "1,2026-11-20 10:00,c1@example.com,160,166,166,0\n2,2026-11-20 10:00,c2@example.com,60,63,0,63\n"
        "3,2026-11-20 10:00,c3@example.com,0,0,0,0\n"
    )
    went, values = sent(tmp_path, text)
    assert values == [166]
    assert [row["status"] for row in went.rows] == ["accepted", "skipped", "skipped"]


def test_a_document_s_number_is_no_amount(tmp_path):
    text = (
        "Sales Document;Sales Document Type;Document Date;Name Sold-to party;E-Mail Address;Net Value;Reason for rejection\n"
        "4500001;OR;18.11.2026;Ann Lee;c1@example.com;100,00;\n4500002;OR;19.11.2026;Cid Moe;c2@example.com;50,00;\n"
        "4500003;OR;19.11.2026;Dan Poe;c3@example.com;70,00;Too late\n"
    )
    went, values = sent(tmp_path, text, ["--map", "Net Value=value"])
    assert values == [50, 100]
    assert [row["order_id"] for row in went.rows] == ["4500001", "4500002", "4500003"]
    assert went.rows[2]["reason"] == "cancelled"


def test_what_was_paid_after_a_discount_goes_before_the_gross_amount_or_is_asked(tmp_path):
    text = (
        "Número da venda;Data da venda;E-mail;Valor bruto;Desconto;Frete;Valor líquido\n"
        "1;18/11/2026;c1@example.com;1.000,00;100,00;20,00;920,00\n2;20/11/2026;c2@example.com;30,00;0,00;0,00;30,00\n"
    )
    went, values = sent(tmp_path, text)
    assert went.code == ASKED or values == [30, 920]
    _, values = sent(tmp_path, text, ["--map", "Valor líquido=value"])
    assert values == [30, 920]


def test_a_credit_note_among_vouchers_is_no_sale(tmp_path):
    text = (
        "Date,Particulars,Voucher Type,Voucher No.,Gross Total,Buyer Email\n"
        "18-11-2026,Ann Lee,Sales,TI/1,1180.00,c1@example.com\n19-11-2026,Cid Moe,Credit Note,CN/1,590.00,c2@example.com\n"
    )
    went, values = sent(tmp_path, text)
    assert values == [1180]
    assert went.rows[1]["reason"] == "refund"


def test_a_note_that_says_no_more_than_refunded_ends_the_sale(tmp_path):
    rows = [
        f"{n},2026-11-20 10:00,c{n}@example.com,{n},{note}\n" for n, note in enumerate(["gift", "REFUNDED", "x"], 1)
    ]
    went, values = sent(tmp_path, "Order ID,Date,Email,Total,Notes\n" + "".join(rows))
    assert values == [1, 3]
    assert went.rows[1]["reason"] == "refunded"


def test_a_row_that_names_the_order_it_takes_back_is_no_sale(tmp_path):
    rows = [f"S{n},2026-11-20 10:00,c{n}@example.com,{n},{of}\n" for n, of in enumerate(["", "S1", "", "N/A", ""], 1)]
    went, values = sent(tmp_path, "Order ID,Date,Email,Total,Original Order\n" + "".join(rows))
    assert values == [1, 3, 4, 5]
    assert went.rows[1]["reason"] == "refund"
