from __future__ import annotations

import pytest

from importer.core.normalise import phone


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("+1 (650) 555-1212", None, "16505551212"),
        ("(650)555-1212", "us", "16505551212"),
        ("650.555.1212", "us", "16505551212"),
        ("'+12025550123", "se", "12025550123"),
        ("\u202a+1 650 555 1212\u202c", None, "16505551212"),
        ("+\u0664\u0664 7911 123456", None, "447911123456"),
        ("０９０－１２３４－５６７８", "jp", "819012345678"),
        ("0171 1234567", "de", "491711234567"),
        ("+49 (0)171 1234567", None, "491711234567"),
        ("0049 (0) 171 1234567", "us", "491711234567"),
        ("+44 (0)20 7946 0958", None, "442079460958"),
        ("+39 (0)6 12345678", None, "390612345678"),
        ("06 12345678", "it", "390612345678"),
        ("06 12 34 56 78", "fr", "33612345678"),
        ("8 495 123-45-67", "ru", "74951234567"),
        ("(11) 98765-4321", "br", "5511987654321"),
        ("787-555-1234", "pr", "17875551234"),
        ("070-000 00 00", "se", "46700000000"),
        ("8031234567", "ng", "2348031234567"),
    ],
)
def test_a_number_is_its_international_digits(text, country, digits):
    assert phone.normal(text, country) == (digits, None)


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("0012345678", None, "12345678"),
        ("+001-800-555-1234", None, "18005551234"),
        ("00971585824488", None, "971585824488"),
        ("011 44 20 7946 0958", "us", "442079460958"),
        ("0011 44 20 7946 0958", "au", "442079460958"),
        ("+1 +1 650 555 1212", None, "16505551212"),
        ("+1 1 650 555 1212", None, "16505551212"),
        ("+49 0049 30 1234567", None, "49301234567"),
        ("4915112345678", "de", "4915112345678"),
        ("8801712345678", "bd", "8801712345678"),
        ("5511987654321", "br", "5511987654321"),
        ("393471234567", "it", "393471234567"),
        ("3471234567", "it", "393471234567"),
        ("447911123456", "us", "447911123456"),
    ],
)
def test_the_calling_code_counts_once_however_it_is_written(text, country, digits):
    assert phone.normal(text, country) == (digits, None)


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("650 555 1212 ext. 123", "us", "16505551212"),
        ("650-555-1212 x12", "us", "16505551212"),
        ("tel:+1-201-555-0123;ext=12", None, "12015550123"),
        ("+7 495 123-45-67 доб. 12", None, "74951234567"),
        ("650-555-1212 home", "us", "16505551212"),
        ("(650) 555-1212 (home)", "us", "16505551212"),
        ("030 123456 privat", "de", "4930123456"),
        ("Tel. 030 1234567", "de", "49301234567"),
        ("p:+16505551212", None, "16505551212"),
        ("1-800-FLOWERS", "us", "18003569377"),
        ("+1-800-flowers", None, "18003569377"),
        ("0800 FLOWERS", "gb", "448003569377"),
    ],
)
def test_extensions_and_words_go_and_vanity_letters_become_digits(text, country, digits):
    assert phone.normal(text, country) == (digits, None)


@pytest.mark.parametrize(
    ("text", "country", "cell"),
    [
        ("14155551234.0", "us", ("14155551234", None)),
        ("1.4155551234E+10", "us", ("14155551234", None)),
        ("1.41556E+10", "us", (None, "digits_lost")),
        ("4,91511E+12", "de", (None, "digits_lost")),
    ],
)
def test_numbers_out_of_spreadsheets_are_whole_or_lost(text, country, cell):
    assert phone.normal(text, country) == cell


@pytest.mark.parametrize("text", ["650 555 1212", "14155551234", "1-800-FLOWERS", "07700 900123"])
def test_without_a_country_there_is_no_number(text):
    assert phone.normal(text, None) == (None, "no_country")
    assert phone.normal(text, "aq") == (None, "no_country")


@pytest.mark.parametrize(
    "text",
    [
        "0000000000", "000-000-0000", "(555) 555-5555", "123-456-7890", "1234567890", "9999999999", "+1 999 999 9999",
        "0", "n/a", "none", "-", "--------", "unknown", "+49 0000000",
    ],
)  # fmt: skip
def test_numbers_of_nobody_are_placeholders(text):
    assert phone.normal(text, "us") == (None, "placeholder")


@pytest.mark.parametrize("text", ["+1-555-123-4567", "202-555-0101", "555-123-4567", "+49 30 1234567"])
def test_made_up_numbers_that_could_be_true_pass(text):
    assert phone.normal(text, "us")[1] is None


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "HELP",
        "12345",
        "+12",
        "+",
        "555-1212",
        "+999 123 456 789",
        "!@#$%^&*()",
        "a1b2c3",
        "+290 8999 9999 9999 9999",
    ],
)
def test_what_cannot_be_a_number_is_invalid(text):
    assert phone.normal(text, "us") == (None, "invalid")


def test_hashes_pass_or_are_named():
    assert phone.normal("E" * 64, "us") == ("e" * 64, None)
    assert phone.normal("d41d8cd98f00b204e9800998ecf8427e", "us") == (None, "md5")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("07700 900123 / 01632 960001", ["07700 900123 ", " 01632 960001"]),
        ("+1 650 555 1212 or +1 650 555 1213", ["+1 650 555 1212", "+1 650 555 1213"]),
        ("650 555 1212; 650 555 1213 x4", ["650 555 1212", " 650 555 1213 x4"]),
        ("6505551212\n6505551213", ["6505551212", "6505551213"]),
        ("0171/1234567", ["0171/1234567"]),
        ("030/1234567", ["030/1234567"]),
        ("n/a", ["n/a"]),
    ],
)
def test_a_cell_is_split_only_where_every_part_is_a_number(text, parts):
    assert phone.split_many(text) == parts
