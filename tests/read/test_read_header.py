from __future__ import annotations

import pytest

from importer.read.header import Header, find_header, is_typed

KNOWN = {"date", "transaction type", "amount", "email", "total", "order id", "order amount"}


def known(cells):
    return sum(cell.strip().casefold() in KNOWN for cell in cells)


QUICKBOOKS = [
    ["Example Company"],
    ["Sales by Customer Detail"],
    ["January 1, 2025 - August 31, 2026"],
    [
        "",
        "Date",
        "Transaction Type",
        "Num",
        "Product/Service",
        "Memo/Description",
        "Qty",
        "Sales Price",
        "Amount",
        "Balance",
    ],
    ["Acme Ltd", "", "", "", "", "", "", "", "", ""],
    ["", "06/04/2025", "Invoice", "1041", "Beans", "", "1", "765", "765.00", ""],
    ["", "06/05/2025", "Invoice", "1042", "Beans", "", "1", "765", "765.00", ""],
    ["Total for Acme Ltd", "", "", "", "", "", "", "", "$17,833.00", ""],
]
SETTLEMENT = [
    ["Includes Amazon Marketplace, Fulfillment by Amazon (FBA) transactions"],
    ["All amounts in USD, unless specified"],
    ["Definitions:"],
    ["Sales tax collected: Includes sales tax collected from buyers."],
    ["Selling fees: Includes variable closing fees and referral fees."],
    ["Other transaction fees: Includes shipping chargebacks."],
    ["Other: Includes non-order transaction amounts."],
    ["date/time", "settlement id", "type", "order id", "sku", "description", "quantity", "total"],
    ["Oct 1, 2026 12:03:11 AM PDT", "1234567890", "Order", "111-1", "SKU", "Lamp", "1", "26.99"],
    ["Oct 2, 2026 12:03:11 AM PDT", "1234567890", "Order", "111-2", "SKU", "Lamp", "1", "26.99"],
]
TIKTOK = [
    ["Order ID", "Order Status", "Order Amount", "Created Time", "Buyer Username"],
    ["Platform unique order ID.", "Order status", "Order total paid by the buyer.", "Order created time.", ""],
    ["576461234567890123", "Completed", "$22.99", "09/22/2026 10:15:30 AM", "ada"],
    ["576461234567890124", "Completed", "$12.99", "09/22/2026 10:15:30 AM", "bob"],
]
PLAIN = [["email", "value"], ["a@example.com", "5"]]


@pytest.mark.parametrize("knows", [known, lambda _cells: 0], ids=["names known", "by shape alone"])
@pytest.mark.parametrize(
    ("rows", "header"),
    [
        pytest.param(QUICKBOOKS, Header(3, described=False), id="four title lines, empty first cell"),
        pytest.param(SETTLEMENT, Header(7, described=False), id="seven lines of definitions"),
        pytest.param(TIKTOK, Header(0, described=True), id="a second row of descriptions"),
        pytest.param(PLAIN, Header(0, described=False), id="plain"),
        pytest.param([["email"], ["a@example.com"]], Header(0, described=False), id="one column"),
        pytest.param([["email", "value"]], Header(0, described=False), id="only a header"),
        pytest.param(
            [["email"] * 3 + ["fn", "ln", "zip"], ["a@b.co"] * 3 + ["A", "B", "1"]],
            Header(0, described=False),
            id="repeated names",
        ),
        pytest.param(
            [
                ["", "Customer", "", "Order", ""],
                ["Name", "Email", "Phone", "Id", "Total"],
                ["A", "a@b.co", "1", "2", "3"],
            ],
            Header(1, described=False),
            id="group titles above",
        ),
        pytest.param(
            [
                ["Store:", "Berlin", "", "", ""],
                ["Name", "Email", "Phone", "Id", "Total"],
                ["A", "a@b.co", "1", "2", "3"],
                ["A", "a@b.co", "1", "2", "3"],
            ],
            Header(1, described=False),
            id="a title with a value",
        ),
    ],
)
def test_the_header_is_found(rows, header, knows):
    assert find_header(rows, knows) == header


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [["a@example.com", "Ada", "London", "5.00"], ["b@example.com", "Bob", "Paris", "7.00"]], id="addresses"
        ),
        pytest.param(
            [["1001", "2026-10-05", "12.50", "EUR"], ["1002", "2026-10-06", "13.50", "EUR"]], id="numbers and dates"
        ),
        pytest.param(
            [["1001", "2026-10-05", "12.50", "EUR"], ["Smith", "Ada", "London", "yes"]], id="words come too late"
        ),
        pytest.param([], id="nothing"),
    ],
)
def test_a_file_without_a_header_is_distinguished_from_one_with(rows):
    assert find_header(rows, known) is None


def test_known_names_outweigh_the_shape():
    rows = [["Some", "Title", "Words", "Here"], ["Date", "Email", "Total", "2024"], ["1/2/2026", "a@b.co", "5", "x"]]
    assert find_header(rows, known) == Header(1, described=False)


@pytest.mark.parametrize(
    "first",
    [
        ["Acme Trading Ltd", "", "", ""],
        ["Acme", "n/a", "n/a", "n/a"],
        ["Acme", "pending", "not yet", ""],
        ["Acme", "no mail", "no mail", ""],
    ],
)
def test_a_first_record_without_values_is_no_description(first):
    rows = [
        ["name", "email", "total", "date"],
        first,
        ["", "a@b.co", "5", "2026-01-01"],
        ["", "c@d.co", "6", "2026-01-02"],
    ]
    assert find_header(rows, known) == Header(0, described=False)


@pytest.mark.parametrize(
    "cell",
    [
        "12.50",
        "2026-10-05",
        "10-Dez-25",
        "Jul-25-26",
        "16-Dec-2023 02:44 AM EST",
        "#1001",
        "a@b.co",
        "+49 30 123",
        "($33.62)",
        "Nov 5, 2026",
    ],
)
def test_values_are_distinguished_from_words(cell):
    assert is_typed(cell)


@pytest.mark.parametrize("cell", ["Address 1", "Tax 1 Value", "email", "Größe", "Created (UTC)", "", "住所1"])
def test_words_are_distinguished_from_values(cell):
    assert not is_typed(cell)
