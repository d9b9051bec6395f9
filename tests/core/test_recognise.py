import pytest

from importer.core.binding import bind
from importer.core.plan import read_plan
from importer.core.recognise import as_written, recognise


def plan(name, **identify):
    return read_plan({"name": name, "columns": {"value": "Total"}, "identify": identify}, name)


def test_the_plan_with_most_identifying_headers_wins():
    plans = [plan("few", headers=["A"]), plan("more", headers=["A", "B"]), plan("other", headers=["A", "C"])]
    assert recognise(plans, ["b", " a ", "x"]).name == "more"
    assert recognise(plans, ["A"]).name == "few"
    assert recognise(plans, ["B"]) is None


def test_more_of_the_optional_headers_is_a_better_fit_and_a_forbidden_one_none():
    plans = [
        plan("one", headers=["A"], any=["B"]),
        plan("two", headers=["A"], any=["B", "C"]),
        plan("three", headers=["A"], without=["B"]),
    ]
    assert recognise(plans, ["A", "B", "C"]).name == "two"
    assert recognise([plans[2]], ["A", "B"]) is None


def test_a_plan_of_several_languages_is_known_by_one_language_s_headers_as_a_whole():
    plans = [
        plan("two", headers=[["Date", "Gross"], ["Datum", "Brutto", "Typ"]]),
        plan("other", headers=["Datum", "Typ"]),
    ]
    assert recognise(plans, ["Gross", "Date"]).name == "two"
    assert recognise(plans, ["Typ", "Brutto", "Datum"]).name == "two"
    assert recognise(plans, ["Typ", "Datum", "Gross"]).name == "other"
    assert recognise(plans, ["Date", "Brutto"]) is None


@pytest.mark.parametrize(
    ("headers", "order", "decimal"),
    [
        (["Date", "Total"], "mdy", None),
        (["datum", "Total"], "dmy", ","),
        (["Date", "Lordo"], "mdy", "."),
    ],
)
def test_what_holds_for_one_language_only_is_taken_from_the_headers(headers, order, decimal):
    written = {
        "time": {"order": "mdy", "zone": "Europe/Berlin"},
        "variant": [
            {"headers": ["Datum", "Uhrzeit"], "order": "dmy", "decimal": ","},
            {"headers": ["Lordo"], "decimal": "."},
        ],
    }
    found = as_written(read_plan({"name": "x", "columns": {"value": "Total"}} | written, "x"), headers)
    assert (found.time.order, found.money.decimal) == (order, decimal)
    assert (found.time.zone, found.variant) == ("Europe/Berlin", ())


def test_custom_data_columns_are_properties_in_any_export():
    names = ["custom_data.store", "Total", "custom_data."]
    bound = bind(plan("x"), names, names)
    assert {name: source.names for name, source in bound.custom.items()} == {"store": ("custom_data.store",)}
