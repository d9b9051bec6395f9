"""The short cuts of what is common agree with the way of what is not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.normalise import email, phone, postcode


@pytest.mark.parametrize("country", ["us", "ca"])
def test_plain_north_american_numbers(country):
    chance = random.Random(5)
    digits = [f"{chance.randrange(2 * 10**9, 10**10)}" for _ in range(1500)] + [str(n) * 10 for n in range(2, 10)]
    for text in digits:
        for shape in ("{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}"):
            written = shape.format(text[:3], text[3:6], text[6:])
            assert phone.normal(written, country) == phone.any_number(written, country), written


@pytest.mark.parametrize("country", ["us", "de", "fr", "es", "it", None])
def test_postcodes_of_five_digits(country):
    for number in range(0, 100_000, 7):
        text = f"{number:05d}"
        assert postcode.normal(text, country) == postcode.any_postcode(text, country), text


@given(st.emails() | st.from_regex(r"[A-Za-z0-9.'+-]{1,12}@[a-z0-9.-]{1,12}\.[a-z]{1,4}", fullmatch=True))
def test_addresses(text):
    assert email.normal(text) == email.any_address(text)
