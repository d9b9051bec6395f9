from __future__ import annotations

import pyarrow as pa
import pytest

from importer.core.normalise import postcode
from importer.core.normalise.fast.postcode_fast import spaced


@pytest.mark.parametrize(
    ("text", "country", "form"),
    [
        ("94035", "us", "94035"),
        ("z:02138", "us", "02138"),
        ("94035-1234", "us", "94035"),
        ("940351234", "us", "94035"),
        ("94035 1234", "us", "94035"),
        ("94035–1234", None, "94035"),
        ("94035.0", "us", "94035"),
        ("'02138", "us", "02138"),
        ("00901", "pr", "00901"),
        ("SW1A 1AA", "gb", "sw1a1aa"),
        ("M1 1AE", None, "m11ae"),
        ("k1a 0b1", "ca", "k1a0b1"),
        ("01310-200", "br", "01310200"),
        ("1000-001", "pt", "1000001"),
        ("100-0001", "jp", "1000001"),
        ("１００－０００１", "jp", "1000001"),
        ("00-950", "pl", "00950"),
        ("114 55", "se", "11455"),
        ("D-10115", "de", "10115"),
        ("CH-8001", "ch", "8001"),
        ("LV-1010", "lv", "lv1010"),
        ("1010", "at", "1010"),
        ("2000", "au", "2000"),
        ("940351234", None, "940351234"),
        ("\u0669\u0664\u0660\u0663\u0665", None, "94035"),
    ],
)
def test_a_postcode_is_letters_and_digits(text, country, form):
    assert postcode.normal(text, country) == (form, None)


@pytest.mark.parametrize(
    ("text", "country", "form"),
    [
        ("2138", "us", "02138"), ("501", "us", "00501"), ("2138.0", "us", "02138"), ("21381234", "us", "02138"),
        ("2138-1234", "us", "02138"), ("901", "pr", "00901"), ("1067", "de", "01067"), ("1000", "fr", "01000"),
        ("8001", "es", "08001"), ("118", "it", "00118"), ("100", "fi", "00100"), ("1000", "mx", "01000"), ("800", "au", "0800"),
        ("1310200", "br", "01310200"), ("600000", "jp", "0600000"), ("18989", "sg", "018989"),
    ],
)  # fmt: skip
def test_zeros_that_a_spreadsheet_lost_come_back_with_a_warning(text, country, form):
    assert postcode.normal(text, country) == (form, "padded")


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("00000", "us", "placeholder"), ("0", None, "placeholder"), ("-", None, "placeholder"), ("n/a", "de", "placeholder"),
        ("XXXXX", "us", "placeholder"), ("12", "us", "invalid"), ("123456", "us", "invalid"), ("M5V 2T6", "us", "invalid"),
        ("???!", None, "invalid"), ("9.4E+04", "us", "digits_lost"),
        ("d41d8cd98f00b204e9800998ecf8427e", None, "md5"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_postcode_is_dropped(text, country, code):
    assert postcode.normal(text, country) == (None, code)


@pytest.mark.parametrize(
    ("text", "country", "cell"),
    [
        ("1067,0", "de", ("01067", "padded")),
        ("10115,0", "de", ("10115", None)),
        ("1067.0", "de", ("01067", "padded")),
        ("NY 10001", "us", ("10001", None)),
        ("NY10001-1234", "us", ("10001", None)),
        ("950", "pl", ("00950", "padded")),
        ("100", "ke", ("00100", "padded")),
    ],
)
def test_a_postcode_out_of_a_spreadsheet_or_with_its_state(text, country, cell):
    assert postcode.normal(text, country) == cell


@pytest.mark.parametrize(
    ("text", "country", "form"),
    [("CH 8001", "ch", "8001"), ("SE 111 22", "se", "11122"), ("D10115", "de", "10115"), ("NL 1012 AB", "nl", "1012ab"),
     ("B1 1AA", "gb", "b11aa"), ("KY1-1001", "ky", "ky11001"), ("JE2 3AB", "je", "je23ab"), ("D02 X285", "ie", "d02x285")],
)  # fmt: skip
def test_a_country_s_letters_before_a_postcode_go_however_they_are_parted(text, country, form):
    assert postcode.normal(text, country) == (form, None)
    column, rows = pa.array([text]), pa.array([country])
    found = spaced(column, rows)
    assert not found.cells[0] or found.forms[0].as_py() == form
