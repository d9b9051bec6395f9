"""The currency that a header of a column of amounts names: whole words only, and none where several are possible."""

import pytest

from importer.core.cells.header_currency import header_currency, header_minor


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Amount (USD)", "USD"), ("amount_usd", "USD"), ("AmountUSD", "USD"), ("totalEur", "EUR"), ("EUR Total", "EUR"), ("Summe/EUR", "EUR"),
        ("Total, EUR", "EUR"), ("Total sales amount (USD) [2]", "USD"), ("Amount EUR excl. tax", "EUR"), ("Total (in USD)", "USD"),
        ("Betrag in €", "EUR"), ("Total £", "GBP"), ("€ Betrag", "EUR"), ("Montant (€ TTC)", "EUR"), ("Betrag(€)", "EUR"), ("Amount (GBP £)", "GBP"),
        ("Amount (US$)", "USD"), ("Valor (R$)", "BRL"), ("Betrag in Euro", "EUR"), ("Betrag in Euro brutto", "EUR"), ("Total Euro", "EUR"),
        ("Euro", "EUR"), ("Amount (US Dollars)", "USD"), ("Total zł", "PLN"), ("Cena Kč", "CZK"), ("Total in lei", "RON"), ("Tutar (TL)", "TRY"),
        ("Total (TRY)", "TRY"), ("total_try", "TRY"), ("金額（円）", "JPY"), ("Сумма, руб.", "RUB"), ("Amount (pence)", "GBP"), ("Amount (USD cents)", "USD"),
        ("total_cents_usd", "USD"), ("Umsatz CHF", "CHF"),
    ],
)  # fmt: skip
def test_a_header_names_its_currency(header, code):
    assert header_currency(header) == code


@pytest.mark.parametrize(
    "header",
    [
        "Amount", "Total", "", "Percent", "Euro Car Parts", "Euro amount", "Total kr", "Amount $", "Total (¥)", "Gross sales ($)", "Total in pounds",
        "Amount in dollars", "Total ALL", "TOTAL ALL", "Top amount", "TRY AGAIN", "Brand total", "Umsatz k€", "Amount (USD/EUR)", "EUR/USD rate",
        "Amount (non-USD)", "Amount converted from USD", "amount_cents", "Recent total", "Ft total",
    ],
)  # fmt: skip
def test_what_names_none_or_several_is_none(header):
    assert header_currency(header) is None


@pytest.mark.parametrize(
    "header",
    ["amount_cents", "AmountCents", "Amount in cents", "Betrag (Cent)", "Amount in cents incl. VAT", "Amount (pence)", "USD cents", "cents_amount",
     "Importe (céntimos)", "Amount (minor units)", "amount_minor", "unit_amount_in_smallest_unit", "Cents"],
)  # fmt: skip
def test_a_header_says_that_amounts_are_in_cents(header):
    assert header_minor(header)


@pytest.mark.parametrize(
    "header",
    ["Amount", "Percent", "Recents", "Innocent amount", "Total (dollars and cents)", "Amount & cents", "Amount incl. cents", "Amount without cents",
     "Minor customers total", "Total (incl. minor adjustments)", "Amount (USD)"],
)  # fmt: skip
def test_other_words_say_no_cents(header):
    assert not header_minor(header)
