"""Amounts in every spelling of an export, exact to the last digit or refused."""

from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.cells.amounts import DecimalEvidence, decide, evidence, from_minor, read_amounts
from importer.core.cells.numbers import read_numbers
from importer.core.model import MONEY
from importer.core.reasons import REASONS
from importer.core.tables.currencies import STRIPE_DIGITS


def read(value, decimal=None):
    column = value if isinstance(value, pa.Array) else pa.array([value], pa.string())
    amounts = read_amounts(column, decimal=decimal)
    assert amounts.values.type == MONEY
    return amounts.values[0].as_py(), amounts.reason[0].as_py(), amounts.currency[0].as_py()


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1049.40", "1049.40", None), ("15", "15", None), ("500000.0", "500000", None), ("1234.0000", "1234", None), (".50", "0.50", None),
        ("5.", "5", None), ("+5", "5", None), ("$1,149.00 ", "1149", None), ("$8.00", "8", None), ("$.50", "0.50", None),
        ("(33.62)", "-33.62", None), ("($33.62)", "-33.62", None), ("$(250.00)", "-250", None), ("( 33.62 )", "-33.62", None),
        ("-$45.00", "-45", None), ("$-45.00", "-45", None), ("33.62-", "-33.62", None), ("- 5,00", "-5", None), ("\u22125,00", "-5", None),
        ("-48.00", "-48", None), ("1.234,56 €", "1234.56", "EUR"), ("€ -5,00", "-5", "EUR"), ("5,00- €", "-5", "EUR"), ("5,00 €-", "-5", "EUR"),
        ("116,99 EUR", "116.99", "EUR"), ("EUR 12", "12", "EUR"), ("12EUR", "12", "EUR"), ("usd 5", "5", "USD"), ("USD 125,000.00", "125000", "USD"),
        ("$12.00 USD", "12", "USD"), ("US$ 1,234.56", "1234.56", "USD"), ("R$ 10", "10", "BRL"), ("C $1,024.00", "1024", "CAD"), ("AU $5.00", "5", "AUD"), ("US $5", "5", "USD"), ("£12", "12", "GBP"), ("CHF 1'250.00", "1250", "CHF"),
        ("CHF 1\u2019250.00", "1250", "CHF"), ("1 234,56", "1234.56", None), ("1\u00a0234,56", "1234.56", None), ("1\u202f234\u202f567,8", "1234567.8", None),
        ("12 345 678", "12345678", None), ("1'250", "1250", None), ("1,23,456.78", "123456.78", None), ("1,23,456", "123456", None),
        ("Rs. 1,23,456", "123456", None), ("Rs.500", "500", None), ("₹1,23,456.00", "123456", "INR"), ("1,234,567", "1234567", None),
        ("1.234.567", "1234567", None), ("1.234.567,8", "1234567.8", None), ("0,750", "0.75", None), ("0.750", "0.75", None), ("1234,567", "1234.567", None),
        ("12,-", "12", None), ("1.250,-- €", "1250", "EUR"), ("kr 1.234,50", "1234.5", None), ("1.234,50 kr.", "1234.5", None), ("12,50 zł", "12.5", "PLN"),
        ("12,50 Kč", "12.5", "CZK"), ("S/. 12.50", "12.5", "PEN"), ("¥1000", "1000", None), ("1000円", "1000", "JPY"), ("12.50 руб.", "12.5", "RUB"),
        ("１２３．４５", "123.45", None), ("١٬٢٣٤٫٥٦", "1234.56", None), ("١٢٣", "123", None), ("'1250.00", "1250", None), ('"1250.00"', "1250", None),
        ("$ -", "0", None), ("€ -", "0", "EUR"), ("0.00", "0", None), ("-0.00", "0", None), ("007", "7", None), ("00000000000000000012.5", "12.5", None),
        ("1000000000000", "1000000000000", None), ("33.6199999999999", "33.62", None), ("0.0000005", "0.000001", None), ("0.0000004", "0", None),
    ],
)  # fmt: skip
def test_what_proves_itself_is_read_without_being_told(text, value, currency):
    assert read(text) == (Decimal(value), None, currency)


@pytest.mark.parametrize(
    "text",
    [
        "Closed", "$", "$101,2000.00", "12%", "1.5E+3", "1.69E+12", "12 kg", "12K", "$5 off", "5 apples", "1_000", "10:30", "2026-10-05", "#5", "5*",
        "=5+5", "--5", "-(5)", "(-5)", "(5", "5)", "1,234 567", "1.234 567,89", "1 23", "1,23,45", "1.23.456", "12.34.56", "1'2345", "1''250", "5,,5", "..5",
        "1.234.", "1,234,56.7.8", "€12 USD", "12 XYZ", "A 12", "½", "1½", "12²", "1/2", "true", "5 5", "\ue000", "x" * 300, "1" + " " * 300 + "1",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_and_never_guessed(text):
    assert read(text) == (None, "bad_value", None)


@pytest.mark.parametrize(
    "text", [None, "", "  ", "\u00a0", "-", "--", "\u2014", "n/a", "N/A", "null", "NaN", "- None -"]
)
def test_a_blank_has_neither_value_nor_reason(text):
    assert read(text) == (None, None, None)


@pytest.mark.parametrize(
    "text", ["1000000000000.01", "9" * 13, "9" * 22, "9" * 40, "$9,999,999,999,999.00", "-9999999999999"]
)
def test_more_than_a_million_millions_is_no_sale(text):
    assert read(text)[:2] == (None, "value_too_large")


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1,234", None, "ambiguous_value"), ("1,234", ".", "1234"), ("1,234", ",", "1.234"), ("1.234", None, "ambiguous_value"), ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"), ("$1,234", ".", "1234"), ("(1.234)", ",", "-1234"), ("0,750", ",", "0.75"), ("0,750", ".", "bad_value"), ("0.750", ",", "bad_value"),
        ("1.234,56", ".", "bad_value"), ("1,234.56", ",", "bad_value"), ("12,5", ".", "bad_value"), ("12.5", ",", "bad_value"), ("1.234.567", ".", "bad_value"),
        ("1,234,567", ",", "bad_value"), ("1,2345", ".", "bad_value"), ("1,2345", ",", "1.2345"), ("012,345", ".", "bad_value"), ("1 234", ",", "1234"),
        ("٫٥", ",", "0.5"), ("١٫٢٣٤", ".", "1.234"), ("1000", ",", "1000"), ("1 234,567", ",", "1234.567"),
    ],
)  # fmt: skip
def test_the_columns_mark_reads_what_a_cell_leaves_open_and_refuses_what_contradicts_it(text, decimal, expected):
    value, reason, _ = read(text, decimal)
    assert (reason or value) == (expected if expected in REASONS else Decimal(expected))


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.234", "12,50"], ","), (["1,234", "12.50"], "."), (["1.234,56"], ","), (["1,234.56"], "."), (["1,234,567"], "."), (["1.234.567"], ","),
        (["0,750"], ","), (["1.234"], None), (["1,234", "999"], "."), (["1,234", "1.234"], None), (["12.50", "12,50"], None), (["1,2345"], ","),
        (["1,2345", "12.50"], "."), (["12", "1 234", "1'234"], None), (["x", "", None], None), (["$1,149.00 ", "$101,2000.00"], "."), ([], None),
    ],
)  # fmt: skip
def test_the_whole_column_decides_its_decimal_mark(values, mark):
    assert decide(evidence(pa.array(values, pa.string()))) == mark


def test_every_value_is_counted_once_and_batches_add_up():
    values = ["12.50", "1.234,5", "1,2345", "1.234", "1,234", "0,234", "12", "x", "", None]
    whole = evidence(pa.array(values))
    assert whole == DecimalEvidence(
        point=1, comma=2, weak_comma=1, open_point=1, open_comma=1, plain=1, unread=1, filled=8
    )
    assert evidence(pa.array(values[:4])) + evidence(pa.array(values[4:])) == whole
    assert evidence(pa.array([1.5, None])) == DecimalEvidence(plain=1, filled=1)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (pa.array([15]), "15", None), (pa.array([1234.5]), "1234.5", None), (pa.array([1.234]), "1.234", None), (pa.array([0.1 + 0.2]), "0.3", None),
        (pa.array([Decimal("1234.560")]), "1234.56", None), (pa.array([-33.62], pa.float32()), "-33.62", None), (pa.array([1e-9]), "0", None),
        (pa.array([float("nan")]), None, None), (pa.array([None], pa.int32()), None, None), (pa.array([1e15]), None, "value_too_large"),
        (pa.array([2e12]), None, "value_too_large"), (pa.array([2**62]), None, "value_too_large"), (pa.array([True]), None, "bad_value"),
        (pa.array(["12.5"]).dictionary_encode(), "12.5", None), (pa.nulls(1), None, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("decimal", [None, ".", ","])
def test_typed_numbers_need_no_mark(column, value, reason, decimal):
    if pa.types.is_dictionary(column.type) and decimal == ",":
        reason, value = "bad_value", None
    assert read(column, decimal)[:2] == (value if value is None else Decimal(value), reason)


def test_currencies_of_a_column_stand_beside_their_values():
    amounts = read_amounts(pa.array(["12 €", "$5", None, "7 GBP", "x", "8 €"]), decimal=None)
    assert amounts.currency.to_pylist() == ["EUR", None, None, "GBP", None, "EUR"]


def test_minor_units_follow_the_currency_of_the_row():
    values = pa.array([Decimal(n) for n in (125050, 1500, 12345, 500, 100, 700, 1)], MONEY)
    currency = pa.array(["USD", "JPY", "KWD", "ISK", None, "XYZ", "BHD"])
    expected = [Decimal("1250.50"), Decimal(1500), Decimal("12.345"), Decimal(500), None, None, Decimal("0.001")]
    assert from_minor(values, currency).to_pylist() == expected
    assert from_minor(values, currency, STRIPE_DIGITS)[3].as_py() == Decimal(5)
    assert from_minor(values, currency).type == MONEY


def test_the_largest_amount_survives_the_division_by_minor_units():
    assert from_minor(pa.array([Decimal(10**12)], MONEY), pa.array(["KWD"]))[0].as_py() == Decimal(10**9)


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("1.0", 1.0, None), ("2", 2.0, None), ("1,5", 1.5, None), ("1.500", 1.5, None), ("1,500", None, "ambiguous_value"), ("", None, None), ("x", None, "bad_value"),
        ("-1", -1.0, None), (None, None, None), ("1 000", 1000.0, None),
    ],
)  # fmt: skip
def test_quantities_are_numbers(text, value, reason):
    values, reasons = read_numbers(pa.array([text], pa.string()))
    assert (values[0].as_py(), reasons[0].as_py()) == (value, reason)


def test_quantities_follow_a_known_mark():
    values, _ = read_numbers(pa.array(["1,500", "1.500"]), decimal=",")
    assert values.to_pylist() == [1.5, 1500.0]


def written(amount, group, mark, digits):
    whole, _, part = f"{abs(amount):,.{digits}f}".partition(".")
    return ("-" if amount < 0 else "") + whole.replace(",", group) + (mark + part if part else "")


@settings(max_examples=300)
@given(
    cents=st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=20),
    style=st.sampled_from([(",", "."), ("", "."), (".", ","), ("", ","), (" ", ","), ("'", "."), ("\u202f", ",")]),
    digits=st.integers(0, 8),
    frame=st.sampled_from(["{}", "{} ", "EUR {}", "{} €", "${}"]),
)
def test_amounts_are_exact(cents, style, digits, frame):
    amounts = [Decimal(each).scaleb(-2) for each in cents]
    group, mark = style
    texts = [written(amount, group, mark, digits) for amount in amounts]
    column = pa.array([frame.format(text) for text in texts])
    plain = [text.replace(group, "").replace(mark, ".") if group else text.replace(mark, ".") for text in texts]
    expected = [Decimal(text).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP) for text in plain]
    assert read_amounts(column, decimal=mark).values.to_pylist() == expected


@settings(max_examples=300)
@given(text=st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", fullmatch=True))
def test_rounding_is_that_of_decimal(text):
    expected = Decimal(text.replace("٫", ".")).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
    value, reason, _ = read(text, ".")
    assert value == expected if abs(expected) <= 10**12 else reason == "value_too_large"


@settings(max_examples=300)
@given(values=st.lists(st.none() | st.floats(), max_size=20))
def test_typed_floats_are_what_python_prints(values):
    amounts = read_amounts(pa.array(values, pa.float64()), decimal=None)
    for number, value in zip(values, amounts.values.to_pylist(), strict=True):
        if value is not None:
            assert value == Decimal(repr(number)).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


FRAGMENTS = st.sampled_from(["1", "0", "12", "234", ",", ".", "'", " ", "-", "(", ")", "$", "€", "EUR", "kr", "Rs.", "%", "E", "\u202f", "٣", "٫", "½", "\u2212"])  # fmt: skip
TEXTS = st.lists(st.none() | st.text(max_size=30) | st.lists(FRAGMENTS, max_size=8).map("".join), max_size=20)


@settings(max_examples=500)
@given(texts=TEXTS, decimal=st.sampled_from([None, ".", ","]))
def test_no_text_raises_and_no_value_has_a_reason(texts, decimal):
    column = pa.array(texts, pa.string())
    amounts = read_amounts(column, decimal=decimal)
    for value, reason in zip(amounts.values.to_pylist(), amounts.reason.to_pylist(), strict=True):
        assert reason is None or (value is None and reason in REASONS)
    found = evidence(column)
    counted = found.point + found.comma + found.weak_comma + found.open_point + found.open_comma + found.plain
    assert counted + found.unread == found.filled
    read_numbers(column)


@settings(max_examples=200)
@given(texts=TEXTS, decimal=st.sampled_from([None, ".", ","]))
def test_a_row_does_not_depend_on_its_neighbours(texts, decimal):
    whole = read_amounts(pa.array(texts, pa.string()), decimal=decimal)
    alone = [read(text, decimal) for text in texts]
    rows = zip(whole.values.to_pylist(), whole.reason.to_pylist(), whole.currency.to_pylist(), strict=True)
    assert list(rows) == alone


PLAIN = st.from_regex(r"-?[0-9]{0,13}([.,][0-9]{0,7})?", fullmatch=True) | st.none()


@settings(max_examples=300)
@given(texts=st.lists(PLAIN, min_size=1, max_size=8), decimal=st.sampled_from([None, ".", ","]))
def test_plain_amounts_are_read_as_their_shapes_are(texts, decimal):
    plain = pa.array(texts, pa.string())
    shaped = pa.array([text and text + " " for text in texts], pa.string())  # the blank leaves them to the grammar
    read, other = read_amounts(plain, decimal=decimal), read_amounts(shaped, decimal=decimal)
    assert read.values.to_pylist() == other.values.to_pylist()
    assert (read.reason.to_pylist(), read.currency.to_pylist()) == (
        other.reason.to_pylist(),
        other.currency.to_pylist(),
    )
    assert evidence(plain) == evidence(shaped)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("Rs 500/-", "500", None), ("Rs. 1,23,456/-", "123456", None), ("₹ 500/-", "500", "INR"), ("500/=", "500", None),
        ("KSh 5,000/=", "5000", "KES"), ("25 GBP", "25", "GBP"), ("SFr 25", "25", "CHF"), ("25 CNH", "25", "CNY"),
        ("Dhs. 500", "500", None),
    ],
)  # fmt: skip
def test_amounts_as_shops_of_many_countries_write_them(text, value, currency):
    read = read_amounts(pa.array([text]), decimal=".")
    assert (read.values[0].as_py(), read.reason[0].as_py(), read.currency[0].as_py()) == (
        Decimal(value),
        None,
        currency,
    )


@pytest.mark.parametrize("text", ["25 GBp", "GBp 25.00", "2500 ZAr", "25p", "500/2", "2.5 lakh"])
def test_pence_and_fractions_are_no_amount_of_the_currency(text):
    read = read_amounts(pa.array([text, "10 EUR"]), decimal=".")
    assert read.reason.to_pylist() == ["bad_value", None]
