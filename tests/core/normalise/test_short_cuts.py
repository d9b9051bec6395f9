"""The way of plain cells agrees with the field's own function, with it and without it."""

import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.normalise import email, phone, postcode
from importer.core.normalise.fast import phone_fast as dialled
from importer.core.normalise.fast import postcode_fast as postcodes
from importer.core.normalise.fast.plain_cells import with_others, with_others_in_context


def pairs(columns):
    forms, codes = columns
    return list(zip(forms.to_pylist(), codes.to_pylist(), strict=True))


@pytest.mark.parametrize("country", ["us", "ca"])
def test_plain_north_american_numbers(country):
    chance = random.Random(5)
    digits = [f"{chance.randrange(2 * 10**9, 10**10)}" for _ in range(1500)] + [str(n) * 10 for n in range(2, 10)]
    shapes = ("{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}")
    written = [shape.format(text[:3], text[3:6], text[6:]) for text in digits for shape in shapes]
    column, homes = pa.array(written), pa.array([country] * len(written))
    found = with_others_in_context(column, homes, dialled.numbers(column, homes), phone.normal)
    assert pairs(found) == [phone.normal(text, country) for text in written]


@pytest.mark.parametrize("country", ["us", "de", "fr", "es", "it", None])
def test_postcodes_of_five_digits(country):
    written = [f"{number:05d}" for number in range(0, 100_000, 7)]
    column, homes = pa.array(written), pa.array([country] * len(written), pa.string())
    found = with_others_in_context(column, homes, postcodes.five_digits(column, homes), postcode.normal)
    assert pairs(found) == [postcode.normal(text, country) for text in written]


@given(st.emails() | st.from_regex(r"[A-Za-z0-9.'+-]{1,12}@[a-z0-9.-]{1,12}\.[a-z]{1,4}", fullmatch=True))
def test_addresses(text):
    column = pa.array([text])
    assert pairs(with_others(column, email.addresses(column), email.normal)) == [email.normal(text)]
