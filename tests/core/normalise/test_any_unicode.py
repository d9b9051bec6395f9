"""What holds for every text there is: no error, blank stays blank, a normal form is its own normal form."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.normalise import (
    birthday,
    city,
    client_ip_address,
    client_user_agent,
    country,
    email,
    external_id,
    fb_login_id,
    fbc,
    fbp,
    full_name,
    gender,
    lead_id,
    madid,
    names,
    phone,
    phone_cells,
    postcode,
    state,
    text_id,
)
from importer.core.normalise.cell import only_hashed
from importer.core.reasons import WARNINGS

TODAY = date(2026, 11, 24)
COUNTRIES = st.sampled_from([None, "us", "ca", "de", "it", "au", "br", "jp", "gb", "pr", "lv", "aq", "zz"])
LIKELY = st.sampled_from(
    [
        *"0123456789abcXYZ@@..--++//''\"\"  ,;:<>()[]{}#_~$%&*\t\n\x00\u200b\ufeff\u202e",
        *(
            "\ud800",
            "\udfff",
            "e\u0301",
            "\u0130",
            "i\u0307",
            "\u03a3",
            "ß",
            "ﬁ",
            "Ｍ",
            "\u0663",
            "年",
            "月",
            "日",
            "\u0640",
            "\ufe0f",
        ),
        *("00", "+1", "1990", "12/31", "E+10", ".0", "fb.1.", "l:", "n/a", "DE-", "ext", "http://", "fbclid="),
    ]
)
TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=()), max_size=40),
    st.lists(LIKELY, max_size=16).map("".join),
)

ALONE = {
    "em": email.normal,
    "fn": names.given,
    "ln": names.family,
    "ge": gender.normal,
    "country": country.normal,
    "external_id": external_id.normal,
    "external_id_raw": external_id.raw,
    "lead_id": lead_id.normal,
    "number": fb_login_id.normal,
    "madid": madid.normal,
    "text_id": text_id.normal,
    "fbc": fbc.normal,
    "fbp": fbp.normal,
    "ip": client_ip_address.normal,
    "user_agent": client_user_agent.normal,
    "only_hashed": only_hashed,
}
BY_COUNTRY = {"ct": city.normal, "st": state.normal, "zp": postcode.normal}
CASED = frozenset({"null", "nil", "nan", "xx"})
"""Names only when typed with a capital: in lower case they are a machine's word for nothing."""

WORDS = ("fn", "ln", "ct", "st", "zp")


def agreed(cell):
    form, code = cell
    assert code is None or code in WARNINGS
    assert form is None or (form and form.encode("utf-8"))
    return form


@pytest.mark.parametrize("field", ALONE)
@given(text=TEXTS)
@settings(max_examples=300)
def test_a_normal_form_is_its_own_and_nothing_raises(field, text):
    form = agreed(ALONE[field](text))
    if form is not None and form not in CASED:
        assert ALONE[field](form) == (form, None)


@pytest.mark.parametrize("field", BY_COUNTRY)
@given(text=TEXTS, region=COUNTRIES)
@settings(max_examples=500)
def test_so_it_is_with_a_country(field, text, region):
    form = agreed(BY_COUNTRY[field](text, region))
    if form is not None and form not in CASED:
        assert BY_COUNTRY[field](form, region) == (form, None)


@given(text=TEXTS, region=COUNTRIES)
@settings(max_examples=1000)
def test_a_number_is_its_own_normal_form_behind_a_plus(text, region):
    form = agreed(phone.normal(text, region))
    if form is not None and len(form) != 64:
        assert form.isdecimal()
        assert form.isascii()
        assert not form.startswith("0")
        assert phone.normal("+" + form, None) == (form, None)


@given(text=TEXTS, order=st.sampled_from([None, "mdy", "dmy", "ymd"]), year=st.sampled_from([None, 0, 1985, 2500]))
@settings(max_examples=1000)
def test_a_birthday_is_a_day_of_the_calendar_and_its_own_normal_form(text, order, year):
    form = agreed(birthday.normal(text, order, TODAY, year))
    if form is not None and len(form) != 64:
        assert date(int(form[:4]), int(form[4:6]), int(form[6:])) <= TODAY
        assert birthday.normal(form, order, TODAY) == (form, None)
    agreed(birthday.of_parts(text, TODAY))


@given(text=TEXTS, seconds=st.one_of(st.none(), st.integers()))
@settings(max_examples=300)
def test_a_click_made_of_anything_is_a_click_or_nothing(text, seconds):
    form = agreed(fbc.from_fbclid(text, seconds))
    assert form is None or fbc.normal(form) == (form, None)


@given(text=TEXTS)
@settings(max_examples=500)
def test_names_of_a_whole_name_are_names(text):
    given_name, surname, code = full_name.normal(text)
    assert agreed((given_name, code)) in (None, *CASED) or names.given(given_name) == (given_name, None)
    assert surname in (None, *CASED) or names.family(surname) == (surname, None)
    assert code is None or (given_name is None and surname is None)


@given(text=TEXTS)
@settings(max_examples=500)
def test_words_hold_letters_marks_and_digits_only_and_are_composed(text):
    for field in WORDS:
        function = ALONE.get(field) or (lambda value, key=field: BY_COUNTRY[key](value, None))
        form, _ = function(text)
        if form is not None:
            assert {unicodedata.category(char)[0] for char in form} <= {"L", "M", "N"}
            assert unicodedata.normalize("NFC", form) == form
            assert form == form.lower()


@given(text=TEXTS)
@settings(max_examples=300)
def test_the_second_form_of_a_city_is_a_to_z(text):
    form, _ = city.normal(text, None)
    second = city.folded(form) if form else None
    assert second is None or (second.isascii() and second.isalnum() and second == second.lower() and second != form)


@given(text=TEXTS)
@settings(max_examples=500)
def test_a_cell_of_several_never_raises_and_has_a_value_or_a_code(text):
    for cells in (email.of_cell(text), phone_cells.of_cell(text, "us"), phone_cells.of_cell(text, None)):
        assert cells
        assert all(form is None or code is None for form, code in cells)


@given(blank=st.text(alphabet=" \t\n\r\x0b\x0c\u00a0\u2003\u3000\ufeff\u200b", max_size=8))
@settings(max_examples=50)
def test_blank_is_neither_a_value_nor_a_warning(blank):
    for function in ALONE.values():
        assert function(blank) == (None, None)
    for function in (*BY_COUNTRY.values(), phone.normal):
        assert function(blank, "us") == (None, None)
        assert function(f"'{blank}", None) == (None, None)
    assert birthday.normal(blank, None, TODAY) == (None, None)
    assert full_name.normal(blank) == (None, None, None)
    assert fbc.from_fbclid(blank, 1_700_000_000) == (None, None)


@pytest.mark.parametrize("field", ["em", "fn", "ln", "ge", "country", "external_id", "text_id", "user_agent"])
def test_half_a_character_makes_a_value_invalid(field):
    assert ALONE[field]("jane\ud800@example.com") == (None, "invalid")
