from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.cells.date_grammar import MONTH_OF
from importer.core.normalise import birthday
from importer.core.normalise.fast import birthday_fast

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "1990-12-31", "1990/12/31", "1990.12.31", "19901231", "31.12.1990", "31/12/1990", "12/31/1990", "12-31/1990", "31 12 1990",
        "1990/31/12", "12/31/90", "31.12.90", "90-12-31", "31121990", "12311990", "1990-12-31 00:00:00", "1990-12-31T23:00:00+02:00",
        "12/31/1990 12:00:00 AM", "12:30 31.12.1990", "Dec 31, 1990", "December 31st, 1990", "31 December 1990", "31-Dec-90",
        "31. Dezember 1990", "31 dec 90, 12.30", "31. Dez 90 12.30 Uhr", "31 dec 1990 12.30", "Dec 31, 90 12.30", "31 de diciembre de 1990", "31 décembre 1990", "31 grudnia 1990", "31 декабря 1990", "1990-Dec-31",
        "1990年12月31日", "12月31日1990年", "1990년 12월 31일", "born on 12-31-1990 in Rome", "'1990-12-31", "１９９０／１２／３１",
        "\u0661\u0669\u0669\u0660-\u0661\u0662-\u0663\u0661", "1990 Dec 31 00:00:00", "Dec-31-1990", "31º de diciembre de 1990", "31e december 1990",
        "31STDEC1990", "31 ΔΕΚΈΜΒΡΙΟΣ 1990", "31 Δεκέμβριος 1990", "12月31号1990年", "1990 年 12 月 31 日", "12月31日, 1990", "DOB:19901231",
        "31 · 12 · 1990", "31\u201312\u20131990", "no. 5, 31.12.1990", "31 del 12 1990 or 31 dicembre 1990", "Monday, 31 December 1990",
    ],
)  # fmt: skip
def test_one_day_written_in_many_ways(text):
    assert birthday.normal(text, None, TODAY) == ("19901231", None)


@pytest.mark.parametrize(
    ("text", "order", "cell"),
    [
        ("05/06/1990", "mdy", ("19900506", None)),
        ("05/06/1990", "dmy", ("19900605", None)),
        ("05/06/1990", "ymd", (None, "ambiguous")),
        ("05/06/1990", None, (None, "ambiguous")),
        ("01021990", "dmy", ("19900201", None)),
        ("01021990", None, (None, "ambiguous")),
        ("05/05/1990", None, ("19900505", None)),
        ("12/25/1985", "dmy", ("19851225", None)),
        ("25/12/1985", "mdy", ("19851225", None)),
        ("1990-05-06", "dmy", ("19900506", None)),
        ("25/12/05", "ymd", ("20251205", None)),
        ("05/12/25", "ymd", ("20051225", None)),
        ("2 May 1990", None, ("19900502", None)),
    ],
)
def test_the_order_decides_only_what_the_numbers_leave_open(text, order, cell):
    assert birthday.normal(text, order, TODAY) == cell


@pytest.mark.parametrize(
    ("text", "year", "cell"),
    [
        ("12/31/30", None, ("19301231", None)),
        ("12/31/05", None, ("20051231", None)),
        ("12/31/26", None, ("19261231", None)),
        ("11/24/26", None, ("20261124", None)),
        ("12/31/10", 1910, ("19101231", None)),
        ("12/31/1990", 1990, ("19901231", None)),
        ("12/31/1990", 1991, ("19901231", "year_conflict")),
        ("12/31/90", 1985, ("19901231", "year_conflict")),
    ],
)
def test_two_digits_of_a_year_are_never_in_the_future_and_follow_the_birth_year(text, year, cell):
    assert birthday.normal(text, None, TODAY, year) == cell


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1900-01-01", "placeholder"), ("01/01/1900", "placeholder"), ("1899-12-30", "placeholder"), ("0000-00-00", "placeholder"),
        ("11/11/1111", "placeholder"), ("n/a", "placeholder"), ("-", "placeholder"), ("02/30/1990", "invalid"), ("1990-02-30", "invalid"),
        ("07/04", "invalid"), ("1990", "invalid"), ("33239", "invalid"), ("2026-11-25", "invalid"), ("1899-05-05", "invalid"),
        ("1905-05-05", "invalid"), ("13/13/1990", "invalid"), ("abc", "invalid"), ("31 Smarch 1990", "invalid"),
        ("31º de dezembro 00:00", "invalid"), ("Dec-31 12:30", "invalid"), ("Mai-5-10:30", "invalid"), ("5 maja 10:30", "invalid"),
        ("Aralık/05/12:30", "invalid"), ("31 décembre 09:15:00", "invalid"),
        ("31 dez 12.30", "invalid"), ("31. Dez, 09.15 Uhr", "invalid"), ("31 dec 12.30.15", "invalid"), ("Dec 12.30", "invalid"), ("31 décembre 12h30", "invalid"),
        ("31. Dezember 12 Uhr", "invalid"), ("Dec 31, 10 PM", "invalid"),
        ("d41d8cd98f00b204e9800998ecf8427e", "md5"),
    ],
)  # fmt: skip
def test_what_is_no_birthday_of_anyone_alive_is_dropped(text, code):
    assert birthday.normal(text, None, TODAY) == (None, code)


def test_the_real_birthdays_among_the_computers_dates_pass():
    assert birthday.normal("1970-01-01", None, TODAY) == ("19700101", None)
    assert birthday.normal("2000-02-29", None, TODAY) == ("20000229", None)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("1990/12/31", ("19901231", None)), ("1990/12 - Dez./31", ("19901231", None)), ("1990.0/2.0/3.0", ("19900203", None)), ("1990/Dezember/31", ("19901231", None)),
        ("90/2/3", ("19900203", None)), ("1990/13/1", (None, "invalid")), ("//", (None, "invalid")), ("1990", (None, "invalid")),
    ],
)  # fmt: skip
def test_year_month_and_day_of_three_columns_are_a_birthday(text, cell):
    assert birthday.of_parts(text, TODAY) == cell


MONTHS = st.integers(0, 13).map(str) | st.dates().map("{:%m}".format) | st.sampled_from(sorted(MONTH_OF))
YEARS = st.integers(1890, 2027).map(str) | st.dates().map("{:%y}".format)
MARKS = st.sampled_from(["-", "/", ".", " ", "", ". ", " de ", ", ", "th ", "年", "月"])
BEHIND = st.sampled_from(["", "", "", " 00:00:00", "T12:30:00Z", " 12:00 AM", " (Mon)", ".0", " UTC", " 5"])
NUMBERS = st.tuples(YEARS, MONTHS, st.integers(0, 32).map(str)).flatmap(st.permutations)
WRITTEN = st.builds("{0[0]}{1}{0[1]}{2}{0[2]}{3}".format, NUMBERS, MARKS, MARKS, BEHIND)


@given(st.lists(WRITTEN, min_size=1), st.sampled_from(["mdy", "dmy", "ymd", None]))
def test_what_is_read_by_column_is_read_alike_alone(texts, order):
    found = birthday_fast.days(pa.array(texts), order, TODAY)
    for text, form, plain in zip(texts, found.forms.to_pylist(), found.cells.tolist(), strict=True):
        assert not plain or birthday.normal(text, order, TODAY) == (form, None), text
