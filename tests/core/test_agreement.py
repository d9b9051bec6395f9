"""The way by whole columns agrees with the slow, obvious one, cell by cell."""

import csv
import io
import json
import random
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raws import raw
from reference import TODAY, event, forms

from importer.core.cells import cell_text as text
from importer.core.kernels.arrays import lists_of
from importer.core.normalise import birthday, city, email, full_name, identifiers, names, phone, postcode
from importer.core.normalise.customer import Options, customer
from importer.core.normalise.fast import birthday_fast as birthdays
from importer.core.normalise.fast import full_name_fast as full_names
from importer.core.normalise.fast import phone_fast as dialled
from importer.core.normalise.fast import plain_cells as plain
from importer.core.normalise.fast import postcode_fast as postcodes
from importer.core.normalise.fast.word_set import suspects
from importer.core.plan import Answers, bind, read_plan
from importer.core.prepare import Preparation, prepare
from importer.core.tables.placeholders import (
    ANYWHERE,
    EXACT,
    GIVEN,
    IDS,
    MAIL_DOMAINS,
    MAIL_DOUBLES,
    MAIL_USERS,
    PEOPLE,
)
from importer.results.csv_text import csv_bytes

NOW = 1_795_474_800
CUSTOMER = ("em", "ph", "fn", "ln", "ct", "st", "zp", "country", "external_id", "db")
COUNTRIES = ("US", "CA", "DE", "GB", "FR", "IT", "ES", "NL", "AU", "BR", "HU", "Germany", "nowhere", "")
JUNK = sorted(ANYWHERE | EXACT | PEOPLE | GIVEN | IDS)

shapes = st.from_regex(r"[A-Za-z]{1,6}([ '.-][A-Za-z]{1,5})?|[A-Z]?[0-9]{1,9}|[a-z0-9_-]{1,8}", fullmatch=True)
odd = st.sampled_from([*JUNK, "xxx", "XXXX", "Zoë", "Łódź", "MÜNCHEN", "Ünal", "O'Neil", "a  b", "(none)", "é", "İ"])
hashes = st.text("0123456789abcdefABCDEF", min_size=64, max_size=64)
anything = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
words = shapes | odd | anything | st.one_of(hashes, st.just(sha256(b"").hexdigest()))
letters = st.text("ABCabcdefghinorstuvwy", min_size=1, max_size=8)
apart = st.sampled_from(sorted(full_name.TITLES | full_name.SUFFIXES | full_name.COMPANY | full_name.CAPITALS) + JUNK)
whole_names = st.builds("{} {}".format, letters | apart | words, letters | apart | words) | words
addresses = st.one_of(
    st.emails(),
    st.from_regex(r"[A-Za-z0-9._'+-]{1,12}@([A-Za-z0-9-]{1,8}\.){1,2}[A-Za-z0-9]{1,4}", fullmatch=True),
    st.builds("{}@{}".format, st.sampled_from(sorted(MAIL_USERS | MAIL_DOUBLES)), st.sampled_from(["no.com", "a.org"])),
    st.builds("{}@{}".format, st.sampled_from(["jo.do", "a", "x"]), st.sampled_from([*sorted(MAIL_DOMAINS), "x.com"])),
    st.sampled_from(["a@b.com;c@d.org", "Jo <jo@do.com>", "mailto:jo@do.com", "x@marketplace.amazon.de", "a@@b.com"]),
    words,
)
digits = st.text("0123456789", min_size=3, max_size=13)
numbers = st.one_of(
    st.from_regex(r"(\+|00|0|1)?[0-9 ()./-]{6,16}", fullmatch=True),
    st.builds("+{}{}".format, st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)), digits),
    st.builds("({}) {}-{}".format, digits, digits, digits),
    st.sampled_from(["+44 (0)20 7946 0958", "0171/1234567", "555-1234567/555-7654321", "1-800-FLOWERS", "1234567890"]),
    words,
)
zips = (
    st.from_regex(
        r"[0-9]{3,9}|0{1,3} ?0{1,3}|[0-9]{4,5}[- ][0-9]{4}|[0-9]{3,4} [0-9A-Za-z]{1,2}|[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}|00000",
        fullmatch=True,
    )
    | words
)
homes = st.sampled_from(["us", "de", "gb", "at", "fr", "ca", "nl", "au", "it", "br", "pr", "lv", None])
days = st.from_regex(
    r"(19|20)[0-9]{2}(-[01][0-9]-|[01][0-9])[0-3][0-9]|[0-9]{8}|[0-3][0-9][./][0-3][0-9][./](19|20)[0-9]{2}",
    fullmatch=True,
)


def column(values):
    return pa.array(values, pa.string())


def agrees(found, cells, own):
    for cell, form, is_plain in zip(cells, found.forms.to_pylist(), found.cells.tolist(), strict=True):
        if is_plain:
            assert (form, None) == own(cell), cell


@given(st.lists(words.filter(bool), min_size=1, max_size=30))
def test_plain_words_and_ids(cells):
    for words_of in (plain.letters, plain.words):
        agrees(words_of(column(cells), PEOPLE, GIVEN), cells, names.given)
        agrees(words_of(column(cells), PEOPLE), cells, names.family)
        agrees(words_of(column(cells)), cells, city.normal)
    agrees(plain.ids(column(cells), IDS), cells, identifiers.external_id)


long_ids = st.one_of(
    st.uuids().map(str),
    st.text("0123456789abcdefXx-_", min_size=28, max_size=66),
    st.text("x", min_size=28, max_size=66),
    hashes,
)


@given(st.lists(long_ids, min_size=1, max_size=20))
def test_plain_long_ids(cells):
    agrees(plain.ids(column(cells), IDS), cells, identifiers.external_id)


def test_uuids_are_plain():
    assert plain.ids(column(["6F9619FF-8B86-D011-B42D-00CF4FC964FF"]), IDS).cells.all()


@given(st.lists(st.none() | words, max_size=30), st.integers(0, 3))
def test_names_and_ids_with_nulls_and_of_parts(cells, skipped):
    part = column(cells).slice(min(skipped, len(cells)))
    for stages, own in (
        (
            (lambda texts: plain.letters(texts, PEOPLE, GIVEN), lambda texts: plain.words(texts, PEOPLE, GIVEN)),
            names.given,
        ),
        ((plain.letters, plain.words), city.normal),
        ((lambda texts: plain.ids(texts, IDS),), identifiers.external_id),
        ((email.addresses,), email.normal),
        ((), names.family),
    ):
        forms, codes = plain.by_stages(part, stages, own)
        assert list(zip(forms.to_pylist(), codes.to_pylist(), strict=True)) == [
            (None, None) if cell is None else own(cell) for cell in part.to_pylist()
        ]


@given(st.lists(st.none() | whole_names, max_size=30), st.integers(0, 3))
def test_whole_names(cells, skipped):
    part = column(cells).slice(min(skipped, len(cells)))
    assert list(zip(*(texts.to_pylist() for texts in full_names.parted(part)), strict=True)) == [
        (None, None, None) if cell is None else full_name.normal(cell) for cell in part.to_pylist()
    ]


def test_common_whole_names_are_plain():
    _, _, cells = full_names.two_words(column(["Jo Smith", "ANNA MILLER", "Prof Miller", "Miller AG", "Jo", "Jo "]))
    assert cells.tolist() == [True, True, False, False, False, False]


@given(st.sets(shapes | odd, max_size=8), st.lists(st.none() | shapes | odd, max_size=30))
def test_suspects_are_found(few, cells):
    assert suspects(few).among(column(cells)).tolist() == [cell in few for cell in cells]


@given(st.lists(words, min_size=1, max_size=40))
def test_names_that_repeat_are_normalised_as_they_are_where_they_do_not(cells):
    options = Options(
        already_hashed=False, country="us", date_order=None, external_id="sha256", today=TODAY, first_only=frozenset()
    )

    def normal(cells):
        lists = {name: lists_of([column(cells)]) for name in ("fn", "ln", "ct", "st", "external_id")}
        return customer(lists, pa.array([NOW] * len(cells)), options)

    few, notes = normal(cells)
    many, many_notes = normal(cells * (1 + 1_000 // len(cells)))
    assert notes.to_pylist() == many_notes.to_pylist()[: len(cells)]
    assert {name: lists.to_pylist() for name, lists in few.items()} == {
        name: lists.to_pylist()[: len(cells)] for name, lists in many.items()
    }


@given(st.lists(st.none() | addresses, min_size=1, max_size=30))
def test_plain_addresses_with_nulls(cells):
    forms, codes = plain.with_others(column(cells), email.addresses(column(cells)), email.normal)
    assert list(zip(forms.to_pylist(), codes.to_pylist(), strict=True)) == [
        (None, None) if cell is None else email.normal(cell) for cell in cells
    ]


@given(st.lists(addresses.filter(bool), min_size=1, max_size=30))
def test_plain_addresses(cells):
    agrees(email.addresses(column(cells)), cells, email.normal)


@pytest.mark.parametrize("stage", postcodes.STAGES)
@given(pairs=st.lists(st.tuples(zips.filter(bool), homes), min_size=1, max_size=30))
def test_plain_postcodes(stage, pairs):
    cells, countries = zip(*pairs, strict=True)
    found = stage(column(cells), column(countries))
    for pair, form, is_plain in zip(pairs, found.forms.to_pylist(), found.cells.tolist(), strict=True):
        assert not is_plain or (form, None) == postcode.normal(*pair), pair


@given(st.lists(st.tuples(st.none() | zips, homes), max_size=30))
def test_postcodes_with_nulls(pairs):
    cells, countries = (column([pair[place] for pair in pairs]) for place in (0, 1))
    for context in (countries, countries.dictionary_encode()):
        forms, codes = plain.by_stages_in_context(cells, context, postcodes.STAGES, postcode.normal)
        assert list(zip(forms.to_pylist(), codes.to_pylist(), strict=True)) == [
            (None, None) if text is None else postcode.normal(text, home) for text, home in pairs
        ]


def test_common_postcodes_are_plain():
    cells = ["10115", "12345-6789", "SW1A 1AA", "1012 JS", "123 45", "M5V2T6", "2000"]
    countries = column(["de", "us", "gb", "nl", "se", "ca", "au"])
    plain_to = np.array([stage(column(cells), countries).cells for stage in postcodes.STAGES])
    assert plain_to.any(axis=0).all()


@given(st.lists((days | words).filter(bool), min_size=1), st.sampled_from(["mdy", "dmy", "ymd", None]))
def test_plain_birthdays(cells, order):
    agrees(birthdays.days(column(cells), order, TODAY), cells, lambda cell: birthday.normal(cell, order, TODAY))


@pytest.mark.parametrize("seed", range(4))
def test_plain_phone_numbers_of_every_region(seed):
    chance = random.Random(seed)
    regions = [region.lower() for region in sorted(phonenumbers.SUPPORTED_REGIONS)]
    codes = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    cells, homes = [], []
    for _ in range(6_000):
        code, other = chance.choice(codes), chance.randint(1, 999)
        starts = ["", "0", "00", "+", "1", f"+{code}", f"00{code}", f"+{code} 00", f"+{other} 00", f"00 {other}-00"]
        start = chance.choice(starts)
        bare = start + "".join(chance.choices("0123456789", k=chance.randint(4, 13)))
        cells.append("".join(sign + chance.choice(" -.()/" if chance.random() < 0.15 else [""]) for sign in bare))
        homes.append(chance.choice([*regions, None]))
    found = dialled.numbers(column(cells), column(homes))
    shown = zip(cells, homes, found.forms.to_pylist(), found.cells.tolist(), strict=True)
    wrong = [
        (cell, home) for cell, home, form, is_plain in shown if is_plain and phone.normal(cell, home) != (form, None)
    ]
    assert not wrong
    assert found.cells.mean() > 0.05


@given(
    st.lists(
        st.tuples(st.none() | st.just("") | numbers, st.sampled_from(["us", "DE", "it", "ru", "zz", "001", None]))
    ),
    st.booleans(),
    st.integers(0, 2),
)
def test_plain_phone_numbers_of_any_column(pairs, encoded, skipped):
    cells, homes = (column([pair[place] for pair in pairs]).slice(skipped) for place in (0, 1))
    found = dialled.numbers(cells, homes.dictionary_encode() if encoded else homes)
    forms = found.forms.to_pylist()
    assert len(forms) == len(found.cells) == len(cells)
    for place in np.flatnonzero(found.cells):
        cell, home = cells[place].as_py(), homes[place].as_py()
        assert (forms[place], None) == phone.normal(cell, home and home.lower())


@pytest.mark.parametrize("start", ["", "0", "1", "+49", "0049", "+1", "+353"])
def test_phone_numbers_of_no_one_are_not_plain(start):
    cells = [start + digit * length for digit in "0123456789" for length in range(5, 12)]
    cells += [start + counted for counted in ("1234567", "1234567890")]
    for home in ("us", "de", "ie", "fr", None):
        found = dialled.numbers(column(cells), column([home] * len(cells)))
        agrees(found, cells, lambda cell, home=home: phone.normal(cell, home))


def test_common_phone_shapes_are_plain():
    cells = ["(312) 867-5309", "+1 312-867-5309", "+49 171 2345678", "0171/2345678", "0044 7911 123456", "0412 345 678"]
    cells += ["+41 79 404 00 02", "312.867.5309", "8 912 345-67-89"]
    found = dialled.numbers(column(cells), column(["us", "us", "de", "de", "de", "au", "ch", "us", "ru"]))
    assert found.cells.all()
    assert found.forms.to_pylist() == [
        "13128675309", "13128675309", "491712345678", "491712345678", "447911123456", "61412345678",
        "41794040002", "13128675309", "79123456789",
    ]  # fmt: skip


sale = st.fixed_dictionaries(
    {
        "order_id": st.from_regex(r'[A-Z0-9#"\\é-]{1,8}', fullmatch=True),
        "event_time": st.integers(NOW - 20 * 86_400, NOW - 86_400).map(
            lambda seconds: f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
        ),
        "value": st.decimals(min_value="0.01", max_value="99999", places=2).map(str),
        "currency": st.sampled_from(["EUR", "USD", "JPY"]),
        "em": addresses, "ph": numbers, "fn": words, "ln": words, "ct": words,
        "st": st.sampled_from(["TX", "Texas", "Bayern", "US-CA", "zz", ""]) | words,
        "zp": zips, "country": st.sampled_from(COUNTRIES), "external_id": words, "db": days | words,
    }
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(sale, min_size=1, max_size=8, unique_by=lambda row: row["order_id"]))
def test_events_are_equal_as_json(rows):
    trimmed = {
        name: text._trimmed(column([row[name].replace("\0", "") for row in rows])).to_pylist() for name in rows[0]
    }
    batch = raw({name: [row[name] or None for row in rows] for name in rows[0]})
    plan = read_plan(
        {"name": "test", "columns": {name: name for name in rows[0]}, "match": {"minimum_keys": "meta"}}, "test"
    )
    told = Preparation(bind(plan, list(rows[0]), list(rows[0])), Answers(birthday_order="dmy"), NOW)
    prepared = prepare(batch, told)
    for place, payload in enumerate(prepared.column("payload").to_pylist()):
        cells = {name: values[place] for name, values in trimmed.items()}
        if payload is not None:
            assert json.loads(payload) == event(cells)
        else:
            assert not {"em", "ph", "external_id"} & set(forms(cells)), prepared.column("reason")[place]


edged = st.builds(
    "".join, st.lists(st.sampled_from([*" '\t\x00\x1fa1\u00e9\u00a0\u0100\u200b\u3000\ufeff\x7f"]), max_size=4)
)


@given(st.lists(st.none() | anything | edged, min_size=1, max_size=20))
def test_trimming(cells):
    assert text.trim(column(cells)).equals(text._trimmed(column([cell and cell.replace("\0", "") for cell in cells])))


@given(st.lists(st.tuples(st.none() | anything, st.just("same"), anything), min_size=1, max_size=20))
def test_csv_is_read_back_as_it_was(rows):
    written = bytes(csv_bytes([column(values) for values in zip(*rows, strict=True)]))
    read = list(csv.reader(io.StringIO(written.decode(), newline="")))
    assert read == [[cell or "" for cell in row] for row in rows]
