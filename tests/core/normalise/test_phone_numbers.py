from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from importer.core.normalise import phone, phone_cells
from importer.core.normalise.by_column import plain_cells
from importer.core.normalise.normalise_options import NormaliseOptions

OPTIONS = NormaliseOptions(
    already_hashed=False,
    country=None,
    date_order=None,
    external_id="sha256",
    today=date(2026, 11, 23),
    first_only=frozenset(),
)


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
    ("text", "country", "forms"),
    [
        ("07700 900123 / 01632 960001", "gb", ["447700900123", "441632960001"]),
        ("+1 650 555 1212 or +1 650 555 1213", "us", ["16505551212", "16505551213"]),
        ("650 555 1212; 650 555 1213 x4", "us", ["16505551212", "16505551213"]),
        ("6505551212\n6505551213", "us", ["16505551212", "16505551213"]),
        ("4155550132 4155550199", "us", ["14155550132", "14155550199"]),
        ("415-555-0132 (home) 415-555-0199 (cell)", "us", ["14155550132", "14155550199"]),
        ("+14155550132:::+14155550199", "us", ["14155550132", "14155550199"]),
        ("+14155550132+14155550199", "us", ["14155550132", "14155550199"]),
        ("030/1234567, 040/7654321", "de", ["49301234567", "49407654321"]),
        ('["+14155550132", "+14155550199"]', "us", ["14155550132", "14155550199"]),
        ("{4155550132,4155550199}", "us", ["14155550132", "14155550199"]),
        (f"{'1a' * 32};{'2b' * 32}", "us", ["1a" * 32, "2b" * 32]),
    ],
)
def test_a_cell_may_hold_several_numbers(text, country, forms):
    assert phone_cells.of_cell(text, country) == [(form, None) for form in forms]


@pytest.mark.parametrize(
    ("text", "country", "form"),
    [
        ("0049 151/23456789", "de", "4915123456789"),
        ("0049(0)151/23456789", "de", "4915123456789"),
        ("0049 151,23456789", "de", "4915123456789"),
        ("0151,23456789", "de", "4915123456789"),
        ("0171/1234567", "de", "491711234567"),
        ("0043 664/1234567", "at", "436641234567"),
        ("4915123456789,0", "de", "4915123456789"),
        ("415-555-0132 / 0199", "us", "14155550132"),
        ("415-555-0132/33", "us", "14155550132"),
        ("415 555 0132 call after 5", "us", "14155550132"),
        ("415-555-0132 ask for 2nd floor", "us", "14155550132"),
        ("415-555-0132 (after 18:00)", "us", "14155550132"),
        ("(415) 555-0132, press 44", "us", "14155550132"),
        ("+14155550132,,44#", "us", "14155550132"),
        ("415&#45;555&#45;0132", "us", "14155550132"),
    ],
)
def test_a_number_is_one_however_it_is_parted(text, country, form):
    assert phone_cells.of_cell(text, country) == [(form, None)]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("04930 123/4567890", "de"),
        ("415 555 0132 / 0133 / 0134", "us"),
        ("0612345678-0612345679", "fr"),
        ("0301234567/8", "de"),
        ("0171-2345678/-79", "de"),
        ("5550132 5550199", "us"),
    ],
)
def test_no_number_is_made_of_parts_of_another(text, country):
    assert phone_cells.of_cell(text, country) == [(None, "invalid")]


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("+52 1 55 1234 5678", "mx", "525512345678"),
        ("+52 1 55 1234 5678", None, "525512345678"),
        ("5215512345678", "mx", "525512345678"),
        ("044 55 1234 5678", "mx", "525512345678"),
        ("045 55 1234 5678", "mx", "525512345678"),
        ("01 55 1234 5678", "mx", "525512345678"),
        ("52 01 55 1234 5678", "mx", "525512345678"),
        ("09 1234 5678", "cl", "56912345678"),
        ("+56 09 1234 5678", "us", "56912345678"),
        ("011 15-2345-6789", "ar", "5491123456789"),
        ("0341 15 612-3456", "ar", "5493416123456"),
    ],
)
def test_what_is_dialed_no_more_goes(text, country, digits):
    assert phone.normal(text, country) == (digits, None)


def test_fifteen_without_an_area_is_nobodys_number():
    assert phone.normal("15 2345 6789", "ar") == (None, "invalid")
    assert phone.normal("+54 15 2345 6789", None) == (None, "invalid")


@pytest.mark.parametrize(
    ("text", "country", "cell"),
    [
        ("+6035550142", "us", ("16035550142", None)),
        ("+3105550144", "us", ("13105550144", None)),
        ("+612345678", "es", ("34612345678", None)),
        ("+612345678", "fr", ("33612345678", None)),
        ("+20123456", "dk", ("4520123456", None)),
        ("+0171 1234567", "de", ("491711234567", None)),
        ("+15123456789", "de", (None, "two_countries")),
        ("+2079460123", "gb", ("442079460123", None)),
        ("+9303112459", "in", ("919303112459", None)),
        ("+8 912 345-67-89", "ru", ("79123456789", None)),
        ("+84 912 345 678", "ru", ("84912345678", None)),
        ("+4165550142", "ca", ("14165550142", None)),
        ("+65 6123 4567", "gb", ("6561234567", None)),
        ("+6035550142", None, ("6035550142", None)),
        ("+31 20 123 4567", "us", ("31201234567", None)),
        ("+41 79 404 00 02", "de", ("41794040002", None)),
        ("+43 664 1234567", "de", ("436641234567", None)),
        ("006035550142", "us", ("6035550142", None)),
    ],
)
def test_a_plus_before_a_national_number_makes_it_no_other_countrys(text, country, cell):
    assert phone.normal(text, country) == cell
    found = plain_cells("ph", pa.array([text]), pa.array([country], pa.string()), OPTIONS)[0]
    assert not found.cells[0] or found.forms[0].as_py() == cell[0]
