"""The short cuts by column: each agrees with its field's own function, and finds what most cells are."""

import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest
from customer_cells import addresses, anything, country_codes, days, hashes, long_ids, numbers, whole_names, words, zips
from hypothesis import given
from hypothesis import strategies as st
from reference import RULES, TODAY

import importer
from importer.core.normalise import email, phone_cells
from importer.core.normalise.by_column import by_context, by_text, plain_cells
from importer.core.normalise.fast.table import SHORT_CUTS
from importer.core.normalise.normalise_options import NormaliseOptions

pytestmark = pytest.mark.skipif(not SHORT_CUTS, reason="the table of short cuts is empty")

OPTIONS = NormaliseOptions(
    already_hashed=False, country=None, date_order="dmy", external_id="sha256", today=TODAY, first_only=frozenset()
)
ORDERS = st.sampled_from(["mdy", "dmy", "ymd", None])
READ_BY_COUNTRY = ("ph", "st", "zp", "ct")
OF_CELL = {"em": lambda text, _country: email.of_cell(text), "ph": phone_cells.of_cell}
CELLS = {
    "em": addresses,
    "ph": numbers,
    "db": days | words,
    "zp": zips,
    "external_id": long_ids | words,
    "ln": whole_names,
    "full_name": whole_names,
    "sha256": hashes | words,
}
"""What a field's columns hold; any other field's hold words."""


def column(values):
    return pa.array(values, pa.string())


def cells_of(forms, codes):
    return list(zip(forms.to_pylist(), codes.to_pylist(), strict=True))


def check(field, plain, texts, countries, options=OPTIONS):
    """Every plain cell is one value, and in the form that the field's own function gives it, without a code."""
    rows = zip(texts.to_pylist(), countries.to_pylist(), plain.forms.to_pylist(), plain.cells.tolist(), strict=True)
    for text, country, form, is_plain in rows:
        if is_plain:
            assert (form, None) == RULES[field](text, country, options), (text, country)
            assert field not in OF_CELL or OF_CELL[field](text, country) == [(form, None)]


def plain_to(field, texts, countries):
    contexts = countries if field in READ_BY_COUNTRY else None
    return plain_cells(field, texts, contexts, OPTIONS)[0]


@pytest.mark.parametrize("field", SHORT_CUTS)
@given(data=st.data(), order=ORDERS, skipped=st.integers(0, 3), encoded=st.booleans())
def test_a_short_cut_agrees_with_the_fields_own_function(field, data, order, skipped, encoded):
    cell = st.none() | CELLS.get(field, words) | words | anything
    rows = data.draw(st.lists(st.tuples(cell, country_codes), max_size=30))
    texts, countries = (column([row[place] for row in rows]).slice(min(skipped, len(rows))) for place in (0, 1))
    contexts = (countries.dictionary_encode() if encoded else countries) if field in READ_BY_COUNTRY else None
    options = replace(OPTIONS, date_order=order)
    for short_cut in SHORT_CUTS[field]:
        check(field, short_cut(texts, contexts, options), texts, countries, options)
    check(field, plain_cells(field, texts, contexts, options)[0], texts, countries, options)

    def rule(text, country=None):
        return RULES[field](text, country, options)

    found = (
        by_text(field, texts, rule, options) if contexts is None else by_context(field, texts, contexts, rule, options)
    )
    assert cells_of(*found) == [
        (None, None) if text is None else rule(text, country)
        for text, country in zip(texts.to_pylist(), countries.to_pylist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("field", "texts", "country"),
    [
        ("em", ["Jane.Doe+tag@Sub-Domain.Example.COM", "jo_do@web.de", "12@a1.co.uk"], None),
        ("ph", ["(312) 867-5309", "+1 312-867-5309", "312.867.5309", "0044 7911 123456"], "us"),
        ("ph", ["+49 171 2345678", "0171/2345678", "+41 79 404 00 02"], "de"),
        ("ph", ["0412 345 678"], "au"),
        ("ph", ["8 912 345-67-89"], "ru"),
        ("ln", ["Smith", "van der Berg", "O'Neil", "Anne-Marie", "St. James", "Guest"], None),
        ("db", ["1987-06-05", "19870605", "05/06/1987", "05.06.1987"], None),
        ("zp", ["10115", "1011AB", "10 115"], "de"),
        ("zp", ["12345", "12345-6789"], "us"),
        ("zp", ["SW1A 1AA", "SW1A1AA"], "gb"),
        ("zp", ["1012 JS"], "nl"),
        ("zp", ["123 45"], "se"),
        ("zp", ["M5V2T6"], "ca"),
        ("zp", ["2000"], "au"),
        ("external_id", ["C123", "123456", "6F9619FF-8B86-D011-B42D-00CF4FC964FF", "a_1"], None),
        ("full_name", ["Jo Smith", "ANNA MILLER"], None),
        *(
            (field, ["AB" * 32, "12" * 32], None)
            for field in ("em", "fn", "ct", "st", "ge", "external_id_raw", "sha256")
        ),
    ],
)
def test_common_shapes_are_plain(field, texts, country):
    texts, countries = column(texts), column([country] * len(texts))
    plain = plain_to(field, texts, countries)
    assert plain.cells.all(), texts.filter(pa.array(~plain.cells))
    check(field, plain, texts, countries)


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        ("full_name", ["Prof Miller", "Miller AG", "Jo", "Jo ", "Guest Smith", "Walk In", "Jo Jr"]),
        ("ln", ["none", "XXX", "x-x-x", "n.a", "NULL", "Zoë", "Walk In"]),
        (
            "em",
            ["none@x.com", "a@a.com", "no@no.com", "x@noemail.com", "x@guest.booking.com", "jo@marketplace.amazon.de"],
        ),
        ("external_id", ["0", "guest", "-1", "x" * 40, "12345.0"]),
        ("fn", ["Jane"]),
    ],
)
def test_what_only_the_fields_own_function_can_judge_is_left_to_it(field, texts):
    assert not plain_to(field, column(texts), column([None] * len(texts))).cells.any()


@pytest.mark.parametrize("seed", range(4))
def test_phone_numbers_of_every_region(seed):
    chance = random.Random(seed)
    regions = [region.lower() for region in sorted(phonenumbers.SUPPORTED_REGIONS)]
    codes = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    texts, countries = [], []
    for _ in range(6_000):
        code, other = chance.choice(codes), chance.randint(1, 999)
        starts = ["", "0", "00", "+", "1", f"+{code}", f"00{code}", f"+{code} 00", f"+{other} 00", f"00 {other}-00"]
        start = chance.choice(starts)
        bare = start + "".join(chance.choices("0123456789", k=chance.randint(4, 13)))
        texts.append("".join(char + chance.choice(" -.()/" if chance.random() < 0.15 else [""]) for char in bare))
        countries.append(chance.choice([*regions, None]))
    plain = plain_to("ph", column(texts), column(countries))
    check("ph", plain, column(texts), column(countries))
    assert plain.cells.mean() > 0.05


@pytest.mark.parametrize("country", ["us", "ca"])
def test_north_american_numbers(country):
    chance = random.Random(5)
    digits = [f"{chance.randrange(2 * 10**9, 10**10)}" for _ in range(1500)] + [str(n) * 10 for n in range(2, 10)]
    shapes = ("{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}")
    texts = column([shape.format(text[:3], text[3:6], text[6:]) for text in digits for shape in shapes])
    countries = column([country] * len(texts))
    check("ph", plain_to("ph", texts, countries), texts, countries)


@pytest.mark.parametrize("start", ["", "0", "1", "+49", "0049", "+1", "+353"])
def test_phone_numbers_of_no_one_are_not_plain(start):
    texts = [start + digit * length for digit in "0123456789" for length in range(5, 12)]
    texts = column(texts + [start + counted for counted in ("1234567", "1234567890")])
    for country in ("us", "de", "ie", "fr", None):
        countries = column([country] * len(texts))
        check("ph", plain_to("ph", texts, countries), texts, countries)


@pytest.mark.parametrize("country", ["us", "de", "fr", "es", "it", None])
def test_postcodes_of_five_digits(country):
    texts = column([f"{number:05d}" for number in range(0, 100_000, 7)])
    countries = column([country] * len(texts))
    plain = plain_to("zp", texts, countries)
    check("zp", plain, texts, countries)
    assert np.count_nonzero(plain.cells) == len(texts) - 1  # all but 00000


def test_a_short_cut_is_called_by_the_table_only():
    root = Path(importer.__file__).parent
    imports = re.compile(r"^\s*(?:from|import) .*_fast\b|^    \w+_fast,$", re.MULTILINE)
    callers = [path for path in root.rglob("*.py") if imports.search(path.read_text(encoding="utf-8"))]
    assert [path.relative_to(root).as_posix() for path in callers] == ["core/normalise/fast/table.py"]
