"""Currencies of cells, headers, columns and options for one amount: read, in conflict, or asked about."""

import csv

import pytest

import importer
from importer.errors import NeedsAnswer

NOW = "2026-11-23T23:00:00Z"


def written(folder, header, amounts, currencies=None, **further):
    columns = {"Order ID": [f"O-{number}" for number in range(1, len(amounts) + 1)]}
    columns["Date"] = ["2026-11-20T10:00:00Z"] * len(amounts)
    columns["Email"] = [f"b{number}@example.com" for number in range(1, len(amounts) + 1)]
    columns[header] = amounts
    columns |= {"Currency": currencies} if currencies else {}
    columns |= further
    file = folder / "sales.csv"
    with file.open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink).writerows([list(columns), *zip(*columns.values(), strict=True)])
    return file


def checked(folder, header, amounts, currencies=None, *, columns=None, **options):
    file = written(folder, header, amounts, currencies, **columns or {})
    given = {"map": [f"{header}=value"]} | options
    summary = importer.check(file, now=NOW, ledger=folder / "ledger.db", **given)
    return list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))


def outcomes(rows):
    return [row["reason"] or (row["value"], row["currency"]) for row in rows]


def asked(folder, *arguments, **options):
    with pytest.raises(NeedsAnswer) as error:
        checked(folder, *arguments, **options)
    return error.value.questions


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("€25.00", "USD"), ("£25.00", "USD"), ("25.00 CAD", "USD"), ("$25.00", "EUR"), ("25,00 kr", "USD"), ("¥25.00", "USD"), ("Rs. 25.00", "EUR")],
)  # fmt: skip
def test_a_cell_and_the_column_beside_it_that_differ_are_in_conflict(tmp_path, amount, currency):
    rows = checked(tmp_path, "Total", [amount, "25.00"], [currency, currency])
    assert outcomes(rows) == ["currency_conflict", ("25.00", currency)]
    assert rows[0]["field"] == "value"


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("€25.00", "EUR"), ("$25.00", "USD"), ("$25.00", "MXN"), ("25.00 kr", "SEK"), ("¥25.00", "CNY"), ("US$ 25.00", "USD"), ("25.00", "GBP")],
)  # fmt: skip
def test_a_cell_and_the_column_beside_it_that_agree_are_no_conflict(tmp_path, amount, currency):
    assert outcomes(checked(tmp_path, "Total", [amount], [currency])) == [("25.00", currency)]


@pytest.mark.parametrize(
    ("header", "amount", "code"),
    [("Amount (USD)", "1,234.50", "USD"), ("Betrag in €", "1.234,50", "EUR"), ("Total £", "1234.50", "GBP"), ("amount_usd", "1234.50", "USD")],
)  # fmt: skip
def test_the_header_tells_the_currency_of_rows_that_do_not(tmp_path, header, amount, code):
    assert outcomes(checked(tmp_path, header, [amount])) == [("1234.50", code)]
    assert outcomes(checked(tmp_path, header, [amount], currency=code)) == [("1234.50", code)]


def test_a_header_and_an_option_that_differ_are_asked_about(tmp_path):
    [question] = asked(tmp_path, "Betrag in €", ["1.234,50"], currency="USD")
    assert (question.kind, question.column, question.options) == ("currency", "Betrag in €", ("--currency EUR",))
    assert "EUR" in question.text
    assert "USD" in question.text


def test_rows_that_say_their_currency_need_neither_header_nor_option(tmp_path):
    rows = checked(tmp_path, "Amount (USD)", ["25.00", "26.00"], ["USD", "USD"], currency="EUR")
    assert outcomes(rows) == [("25.00", "USD"), ("26.00", "USD")]


def test_a_header_and_a_cell_or_a_column_that_differ_are_in_conflict(tmp_path):
    assert outcomes(checked(tmp_path, "Amount (USD)", ["€25.00", "$25.00"])) == ["currency_conflict", ("25.00", "USD")]
    rows = checked(tmp_path, "Amount (USD)", ["25.00", "25.00", "25.00"], ["EUR", "USD", ""])
    assert outcomes(rows) == ["currency_conflict", ("25.00", "USD"), ("25.00", "USD")]


def test_a_symbol_that_the_given_currency_cannot_have_is_in_conflict(tmp_path):
    rows = checked(tmp_path, "Total", ["$25.00", "25.00"], currency="EUR")
    assert outcomes(rows) == ["currency_conflict", ("25.00", "EUR")]


@pytest.mark.parametrize("header", ["Total kr", "Amount $", "Euro Car Parts"])
def test_a_header_that_names_no_single_currency_is_asked_about(tmp_path, header):
    assert [question.kind for question in asked(tmp_path, header, ["25.00"])] == ["currency"]


def test_each_of_several_columns_has_its_own_header(tmp_path):
    columns = {"Total EUR": ["", "30.00", "31.00"]}
    options = {"map": ["Total USD=value", "Total EUR=value"]}
    rows = checked(tmp_path, "Total USD", ["25.00", "", "€26.00"], columns=columns, **options)
    assert outcomes(rows) == [("25.00", "USD"), ("30.00", "EUR"), "currency_conflict"]


@pytest.mark.parametrize(
    ("header", "currency", "outcome"),
    [
        ("amount_cents", "USD", ("12.50", "USD")),
        ("Amount in cents", "JPY", ("1250", "JPY")),
        ("amount_minor", "KWD", ("1.25", "KWD")),
        ("Amount (pence)", None, ("12.50", "GBP")),
        ("Amount (USD cents)", None, ("12.50", "USD")),
        ("Amount (pence)", "USD", "currency_conflict"),
    ],
)
def test_amounts_under_a_header_of_cents_are_in_cents(tmp_path, header, currency, outcome):
    assert outcomes(checked(tmp_path, header, ["1250"], [currency] if currency else None)) == [outcome]


def test_of_a_column_in_units_and_one_in_cents_that_in_units_counts(tmp_path):
    columns = {"Total": ["12.50", ""]}
    rows = checked(
        tmp_path,
        "total_cents",
        ["1250", "1250"],
        ["USD"] * 2,
        columns=columns,
        map=["total_cents=value", "Total=value"],
    )
    assert outcomes(rows) == [("12.50", "USD"), "missing_value"]


def test_cents_with_a_fraction_are_not_believed(tmp_path):
    assert outcomes(checked(tmp_path, "amount_cents", ["12.50", "1250.00"], ["USD", "USD"])) == [
        "bad_value",
        ("12.50", "USD"),
    ]


def test_a_refund_in_cents_is_compared_in_cents(tmp_path):
    columns = {"Refunded amount cents": ["100", "1250"]}
    options = {"map": ["amount_cents=value"], "schema": tmp_path / "cents.toml"}
    (tmp_path / "cents.toml").write_text(
        'name = "cents"\n[columns]\norder_id = "Order ID"\nevent_time = "Date"\nem = "Email"\nvalue = "amount_cents"\n'
        '[money]\ncurrency = "USD"\n[[sale]]\ncolumn = "Refunded amount cents"\nfull_refund = true\n',
        encoding="utf-8",
    )
    rows = checked(tmp_path, "amount_cents", ["1250", "1250"], columns=columns, **options)
    assert outcomes(rows) == [("12.50", "USD"), "refunded"]
