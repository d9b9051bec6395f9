"""Currencies as people write them."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.cells.currency import code_of, currencies, normal_currency
from importer.core.cells.spelling import fold
from importer.core.tables.currencies import MINOR_DIGITS, NAMES, SYMBOLS, VAGUE_SYMBOLS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USD", "USD"), ("usd", "USD"), (" Eur ", "EUR"), ("ＵＳＤ", "USD"), ("€", "EUR"), ("£", "GBP"), ("R$", "BRL"), ("US$", "USD"), ("zł", "PLN"), ("RMB", "CNY"),
        ("US Dollar", "USD"), ("US dollars", "USD"), ("Euro", "EUR"), ("EUROS", "EUR"), ("British Pound", "GBP"), ("Schweizer Franken", "CHF"),
        ("USD - US Dollar", "USD"), ("US Dollar (USD)", "USD"), ("Euro (€)", "EUR"), ("USD $", "USD"), ("€ EUR", "EUR"), ("BGN", "BGN"),
        ("$", None), ("kr", None), ("¥", None), ("Dollar", None), ("ABC", None), ("XYZ", None), ("XXX", None), ("XAU", None), ("EUR USD", None), ("USD/EUR", None),
        ("CNH", "CNY"), ("NTD", "TWD"), ("RUR", "RUB"), ("STG", "GBP"), ("UKP", "GBP"), ("CDN", "CAD"), ("840", "USD"), ("978", "EUR"),
        ("036", "AUD"), ("EUR.", "EUR"), ("SEK kr", "SEK"), ("JPY¥", "JPY"), ("INR Rs.", "INR"), ("AED Dhs", "AED"), ("SFr", "CHF"),
        ("USD ($)", "USD"), ("GBP £", "GBP"),
        ("GBp", None), ("GBX", None), ("ZAc", None), ("pence", None), ("p", None), ("Dhs", None), ("Dirham", None), ("EUR kr", None),
        ("EUR $", None), ("USD £", None), ("36", None), ("CAN", None), ("PLZ", None), ("YTL", None), ("DM", None), ("VEB", None),
        ("USD (Euro)", None), ("ALL CURRENCIES", None), ("", None), ("12", None), ("DEM", None),
    ],
)  # fmt: skip
def test_a_currency_is_one_code_or_none(text, code):
    assert normal_currency(text) == code


def test_a_column_of_currencies_keeps_its_rows():
    column = pa.array(["usd", None, " ", "nonsense", "€"]).dictionary_encode()
    assert currencies(column).to_pylist() == ["USD", None, None, None, "EUR"]


@pytest.mark.parametrize(
    ("code", "digits"),
    [("USD", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("UGX", 0), ("CLP", 0), ("KWD", 3), ("TND", 3), ("IQD", 3), ("HUF", 2), ("MRU", 2)],
)  # fmt: skip
def test_minor_digits_are_those_of_iso_4217(code, digits):
    assert MINOR_DIGITS[code] == digits


def test_tables_name_known_codes_and_no_symbol_is_both_clear_and_vague():
    assert {*SYMBOLS.values(), *NAMES.values()} <= set(MINOR_DIGITS)
    assert [symbol for symbol in VAGUE_SYMBOLS if code_of(fold(symbol))] == []
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in MINOR_DIGITS)


@given(text=st.text(max_size=30))
def test_no_text_raises_and_the_result_is_its_own_normal_form(text):
    code = normal_currency(text)
    assert code is None or normal_currency(code) == code


@given(
    st.lists(st.sampled_from(["EUR", "USD", "XYZ", "usd", "€", "EU", "EUR ", "AAA", "ZZZ", "{|}", None]), max_size=6)
)
def test_a_column_of_codes_is_read_as_each_cell_is(cells):
    assert currencies(pa.array(cells, pa.string())).to_pylist() == [cell and normal_currency(cell) for cell in cells]
