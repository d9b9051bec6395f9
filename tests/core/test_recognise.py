from importer.core.binding import bind
from importer.core.plan import read_plan
from importer.core.recognise import recognise


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


def test_custom_data_columns_are_properties_in_any_export():
    names = ["custom_data.store", "Total", "custom_data."]
    bound = bind(plan("x"), names, names)
    assert {name: source.names for name, source in bound.custom.items()} == {"store": ("custom_data.store",)}
