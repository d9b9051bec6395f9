"""The driver: lists of raw values in, lists of normal values and one column of warnings out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.model import KEYS
from importer.core.normalise import city, email, names
from importer.core.normalise.broken_letters import mended
from importer.core.normalise.customer import INPUTS, customer
from importer.core.normalise.normalise_options import NormaliseOptions
from importer.core.reasons import WARNINGS

OPTIONS = NormaliseOptions(
    already_hashed=False,
    country=None,
    date_order=None,
    external_id="sha256",
    today=date(2026, 11, 24),
    first_only=frozenset(),
)
HASH = "ab" * 32


def lists(*rows):
    return pa.array([[value] if isinstance(value, str) else list(value or ()) for value in rows], pa.list_(pa.string()))


def run(columns, *, times=None, **options):
    count = len(next(iter(columns.values())))
    normal, warnings = customer(columns, pa.array(times or [None] * count, pa.int64()), replace(OPTIONS, **options))
    assert len(warnings) == count
    assert warnings.type == pa.string()
    for name, column in normal.items():
        column.validate(full=True)
        assert (name, column.type, len(column)) == (name, pa.list_(pa.string()), count)
        assert len(column.values)
    return {name: column.to_pylist() for name, column in normal.items()}, warnings.to_pylist()


def test_values_become_normal_and_bad_ones_leave_a_warning_once():
    normal, warnings = run(
        {
            "em": lists(["Jane@Example.com", "bad", "worse"], "n/a", None),
            "fn": lists("Jane", "Jo", None),
            "ln": lists("???", "?!", None),
        }
    )
    assert normal == {"em": [["jane@example.com"], [], []], "fn": [["jane"], ["jo"], []]}
    assert warnings == ["em:invalid; ln:placeholder", "em:placeholder; ln:invalid", None]


def test_several_values_of_a_row_keep_their_order_without_repeats():
    normal, _ = run(
        {
            "em": lists(["b@example.com", "a@example.com", "B@example.com"]),
            "ph": lists(["+1 650 555 1212", "0016505551212"]),
        }
    )
    assert normal == {"em": [["b@example.com", "a@example.com"]], "ph": [["16505551212"]]}


def test_cells_that_hold_several_values_are_split():
    normal, warnings = run(
        {
            "em": lists("a@example.com; b@example.com", "c@example.com"),
            "ph": lists("+1 650 555 1212 or +1 650 555 1213", None),
        }
    )
    assert normal["em"] == [["a@example.com", "b@example.com"], ["c@example.com"]]
    assert normal["ph"] == [["16505551212", "16505551213"], []]
    assert warnings == [None, None]


def test_only_the_first_usable_value_is_kept_where_asked_and_for_single_keys():
    normal, warnings = run(
        {
            "em": lists(["bad", "a@example.com", "b@example.com"]),
            "ct": lists(["Zürich", "Bern"]),
            "lead_id": lists(["l:169345678901234", "169345678901235"]),
        },
        first_only=frozenset({"em", "ct"}),
    )
    assert normal == {"em": [["a@example.com"]], "ct": [["zürich", "zurich"]], "lead_id": [["169345678901234"]]}
    assert warnings == ["em:invalid"]


def test_phones_states_and_postcodes_follow_the_rows_country():
    normal, warnings = run(
        {
            "ph": lists("0171 1234567", "650 555 1212", "650 555 1212", "+44 7911 123456"),
            "st": lists("Bayern", "Texas", "Texas", "Kent"),
            "zp": lists("1067", "2138", "2138", "ME1 1AA"),
            "country": lists("Germany", "USA", None, "GB"),
        }
    )
    assert normal["ph"] == [["491711234567"], ["16505551212"], [], ["447911123456"]]
    assert normal["st"] == [["bayern"], ["tx"], ["tx"], ["kent"]]
    assert normal["zp"] == [["01067"], ["02138"], ["2138"], ["me11aa"]]
    assert normal["country"] == [["de"], ["us"], [], ["gb"]]
    assert warnings == ["zp:padded", "zp:padded", "ph:no_country", None]


def test_the_runs_country_is_for_rows_that_say_none():
    normal, warnings = run(
        {
            "ph": lists("650 555 1212", "650 555 1212", "0171 1234567", "650 555 1212", None),
            "country": lists(None, "n/a", "DE", "Atlantis", None),
        },
        country="us",
    )
    assert normal["ph"] == [["16505551212"], ["16505551212"], ["491711234567"], [], []]
    assert normal["country"] == [["us"], ["us"], ["de"], [], []]
    assert warnings == [None, "country:placeholder", None, "ph:no_country; country:unknown", None]


def test_the_runs_country_is_no_key_by_itself():
    assert run({"em": lists("bad", "a@example.com")}, country="us")[0] == {
        "em": [[], ["a@example.com"]],
        "country": [[], ["us"]],
    }
    assert run({"em": lists("bad")}, country="us")[0] == {}
    assert list(run({"zp": lists("94035")}, country="us")[0]) == ["zp", "country"]


def test_a_city_beyond_a_to_z_is_sent_in_both_forms():
    assert run({"ct": lists("Zürich", "Paris", "Москва")})[0] == {"ct": [["zürich", "zurich"], ["paris"], ["москва"]]}


def test_a_whole_name_fills_rows_without_first_name_and_surname():
    normal, warnings = run(
        {
            "fn": lists("Anna", None, None, "Guest", None),
            "ln": lists(None, "Berg", None, None, None),
            "full_name": lists("Jo Smith", "Jo Smith", "Jo Smith", "Jo Smith", "Acme GmbH"),
        }
    )
    assert normal == {"fn": [["anna"], [], ["jo"], ["jo"], []], "ln": [[], ["berg"], ["smith"], ["smith"], []]}
    assert warnings == [None, None, None, "fn:placeholder", "full_name:invalid"]


def test_a_whole_name_alone_makes_both_keys():
    assert run({"full_name": lists("Smith, Jo", None)})[0] == {"fn": [["jo"], []], "ln": [["smith"], []]}


def test_birthdays_come_from_three_columns_where_a_row_has_no_other():
    normal, warnings = run(
        {
            "db": lists("12/31/10", None, None, "12/31/1990"),
            "doby": lists("1910", "1985", "1985", "1991"),
            "dobm": lists("1", "2", "13", None),
            "dobd": lists("1", "3", "3", None),
        }
    )
    assert normal == {"db": [["19101231"], ["19850203"], [], ["19901231"]]}
    assert warnings == [None, None, "db:invalid", "db:year_conflict"]


def test_the_order_of_the_dates_is_an_option():
    assert run({"db": lists("05/06/1990")}) == ({}, ["db:ambiguous"])
    assert run({"db": lists("05/06/1990")}, date_order="dmy")[0] == {"db": [["19900605"]]}


def test_a_click_id_becomes_a_click_at_the_rows_time_unless_there_is_one():
    normal, warnings = run(
        {"fbclid": lists("AbC", "AbC", "AbC", None), "fbc": lists(None, "fb.1.1554763741205.XyZ", None, None)},
        times=[1_700_000_000, 1_700_000_000, None, None],
    )
    assert normal == {"fbc": [["fb.1.1700000000000.AbC"], ["fb.1.1554763741205.XyZ"], [], []]}
    assert warnings == [None, None, "fbc:invalid", None]


def test_hashed_values_pass_beside_plain_ones():
    normal, warnings = run(
        {"em": lists([HASH.upper(), "a@example.com"]), "ph": lists("d41d8cd98f00b204e9800998ecf8427e")}
    )
    assert normal == {"em": [[HASH, "a@example.com"]]}
    assert warnings == ["ph:md5"]


@pytest.mark.parametrize("key", [key.name for key in KEYS if not key.hashed])
def test_a_hash_is_no_clear_value(key):
    assert run({key: lists(HASH, None)}) == ({}, [f"{key}:invalid", None])


def test_files_of_hashes_hold_nothing_else_in_hashed_keys():
    normal, warnings = run(
        {
            "em": lists(HASH, "a@example.com"),
            "ct": lists(HASH, "Zürich"),
            "full_name": lists(None, "Jo Smith"),
            "client_ip_address": lists("203.0.113.5", None),
            "external_id": lists(HASH, "7"),
        },
        already_hashed=True,
    )
    assert normal == {
        "em": [[HASH], []],
        "ct": [[HASH], []],
        "external_id": [[HASH], []],
        "client_ip_address": [["203.0.113.5"], []],
    }
    assert warnings == [None, "em:not_hashed; ct:not_hashed; external_id:not_hashed; full_name:not_hashed"]


def test_external_ids_are_raw_by_option():
    assert run({"external_id": lists("AB 1")})[0] == {"external_id": [["ab1"]]}
    assert run({"external_id": lists("AB 1")}, external_id="raw")[0] == {"external_id": [["AB 1"]]}
    assert run({"external_id": lists("AB 1")}, external_id="raw", already_hashed=True)[0] == {"external_id": [["AB 1"]]}


def test_nothing_makes_nothing():
    assert run({"em": lists(None, None)}) == ({}, [None, None])
    assert run({"em": lists("", " ")}) == ({}, [None, None])
    assert run({"em": lists()}) == ({}, [])
    assert run({name: lists(None) for name in INPUTS}) == ({}, [None])


def test_columns_that_are_slices_of_longer_ones_come_out_by_their_own_rows():
    whole = {
        "em": lists("x@example.com", "bad", "b@example.com; c@example.com", None),
        "full_name": lists("A B", None, "Jo Smith", "Guest"),
    }
    sliced = {name: column.slice(1, 3) for name, column in whole.items()}
    normal, warnings = run(sliced)
    assert normal == {
        "em": [[], ["b@example.com", "c@example.com"], []],
        "fn": [[], ["jo"], []],
        "ln": [[], ["smith"], []],
    }
    assert warnings == ["em:invalid", None, "full_name:placeholder"]


@pytest.mark.parametrize("key", [key.name for key in KEYS])
def test_every_key_has_a_normal_form(key):
    texts = {
        "lead_id": "169345678901234",
        "madid": "6d92078a-8246-4ba4-ae5b-76104861e7dc",
        "fbc": "fb.1.1554763741205.a",
        "fbp": "fb.1.1554763741205.1",
    }
    texts |= {
        "em": "a@example.com",
        "ph": "+16505551212",
        "fn": "Anna",
        "ln": "Lee",
        "ct": "Bonn",
        "db": "1990-12-31",
        "ge": "f",
        "country": "us",
        "client_ip_address": "203.0.113.5",
    }
    normal, warnings = run({key: lists(texts.get(key, "12345"), None)})
    assert list(normal) == [key]
    assert warnings == [None, None]


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = st.lists(st.one_of(TEXTS, st.sampled_from(["Anna", "a@example.com", "Zürich", "", "n/a", HASH])), max_size=3)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8),
    names_of=st.permutations([*(key.name for key in KEYS), *INPUTS]),
)
@settings(max_examples=150)
def test_any_text_in_any_key_leaves_values_and_known_warnings_only(rows, names_of):
    columns = {name: lists(*[row[i] for row in rows]) for i, name in enumerate(names_of[:3])}
    _, warnings = run(columns, times=[1_700_000_000] * len(rows), country="de", date_order="dmy")
    notes = {note for warning in warnings if warning for note in warning.split("; ")}
    assert {note.rpartition(":")[2] for note in notes} <= set(WARNINGS)
    assert {note.rpartition(":")[0] for note in notes} <= {key.name for key in KEYS} | {"full_name"}


@given(cells=st.lists(CELLS, min_size=1, max_size=8))
@settings(max_examples=150)
def test_the_columns_agree_with_the_functions_of_one_value(cells):
    normal, _ = run({"fn": lists(*cells), "em": lists(*cells), "ct": lists(*cells)})
    none = [[] for _ in cells]
    whole = [[mended(text)[0] or "" for text in row] for row in cells]
    assert normal.get("fn", none) == [
        list(dict.fromkeys(form for text in row if (form := names.given(text)[0]))) for row in whole
    ]
    assert normal.get("em", none) == [
        list(dict.fromkeys(form for text in row for form, _ in email.of_cell(text) if form)) for row in cells
    ]
    for row, got in zip(whole, normal.get("ct", none), strict=True):
        forms = [form for text in row if (form := city.normal(text, None)[0])]
        assert set(got) == {*forms, *filter(None, map(city.folded, forms))}


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["a@example.com; b@example.com", "c@example.com"], ["a@example.com", "b@example.com"]),
        (["n/a", "c@example.com, d@example.com"], ["c@example.com", "d@example.com"]),
        (["a@example.com", "c@example.com"], ["a@example.com"]),
        ([], []),
    ],
)
def test_of_alternative_columns_the_first_usable_cell_is_taken_whole(cells, kept):
    lists = {"em": pa.array([cells, ["z@example.com"]], pa.list_(pa.string()))}
    options = NormaliseOptions(
        already_hashed=False,
        country=None,
        date_order=None,
        external_id="sha256",
        today=date(2026, 11, 23),
        first_only=frozenset({"em"}),
    )
    keys, _ = customer(lists, pa.array([1, 2], pa.int64()), options)
    assert keys["em"].to_pylist() == [kept, ["z@example.com"]]
