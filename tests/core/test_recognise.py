import pytest

from importer.core.binding import bind
from importer.core.plan import read_plan
from importer.core.recognise import guess, recognise


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


def test_plain_names_map_by_themselves():
    found = guess(
        ["E-mail address", "Mobile", "Post code", "Order total", "Order date", "Order no.", "First name", "Surname"]
    )
    assert not found.guessed
    assert set(found.columns) == {"em", "ph", "zp", "value", "event_time", "order_id", "fn", "ln"}


def test_likeness_makes_the_mapping_a_guess():
    found = guess(["Emial adress", "Order date", "Order total"])
    assert found.guessed
    assert found.columns["em"].headers == ("Emial adress",)


@pytest.mark.parametrize(
    "header", ["Sales rep", "Deal owner", "Company name", "Points earned", "Tax", "Shipping", "Store"]
)
def test_staff_companies_and_other_amounts_fill_no_field(header):
    found = guess([header, "Order date", "Order total"])
    assert all(header not in spec.headers for spec in found.columns.values())


@pytest.mark.parametrize(
    ("headers", "field", "header"),
    [
        (["Vorname", "Name"], "ln", "Name"),
        (["Nombre", "Apellidos"], "fn", "Nombre"),
        (["Name"], "full_name", "Name"),
        (["Transaction Time", "Total"], "event_time", "Transaction Time"),
    ],
)
def test_a_header_of_two_meanings_takes_the_one_that_is_left(headers, field, header):
    assert header in guess(headers).columns[field].headers


def test_repeated_columns_are_a_list_and_different_ones_alternatives():
    found = guess(["Email", "email", "Phone", "Mobile"])
    assert found.columns["em"].take == "all"
    assert found.columns["ph"].take == "first"


def test_custom_data_columns_are_properties_in_any_export():
    names = ["custom_data.store", "Total", "custom_data."]
    bound = bind(plan("x"), names, names)
    assert {name: source.names for name, source in bound.custom.items()} == {"store": ("custom_data.store",)}


def test_status_cancellation_and_refund_columns_become_the_sale_filter():
    found = guess(["Order date", "Order total", "Status", "Cancelled at", "Refunded amount"])
    assert [rule.column[0] for rule in found.sale] == ["Cancelled at", "Refunded amount", "Status"]


@pytest.mark.parametrize(
    ("values", "state"), [(["SP", "RJ", "Minas Gerais"], True), (["Pago", "Cancelado"], False), ([], False)]
)
def test_estado_is_a_state_or_a_status_by_its_values(values, state):
    found = guess(["Data", "Valor", "Estado", "Cidade"], {"Estado": values})
    assert ("st" in found.columns) is state
    assert bool(found.sale) is not state
