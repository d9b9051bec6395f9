"""A schema that the program writes is the schema that it has."""

import tomllib

import pytest

from importer.core.plan import read_plan
from importer.schema_files import known_plans
from importer.schema_text import plan_text

PLANS = known_plans()


@pytest.mark.parametrize("name", PLANS)
def test_a_written_schema_is_read_as_the_same_plan(name):
    assert read_plan(tomllib.loads(plan_text(PLANS[name])), name) == PLANS[name]


def test_odd_names_and_own_rules_come_back():
    data = {
        "name": "odd",
        "columns": {"value": {"sum": ['A "quoted" one', "Größe\\n"], "minus": ["x"]}, "em": {"all": ["a", "b"]}},
        "custom": {"Straße 1": "s"},
        "rule": [{"column": "value", "max": 5, "message": "é"}, {"column": "em", "in": ["a"]}],
        "sale": [{"column": "S", "sale": ["a=b", "c*"], "blank": "unpaid"}],
    }
    plan = read_plan(data, "x")
    assert read_plan(tomllib.loads(plan_text(plan)), "y") == plan


def test_languages_of_one_layout_come_back_and_a_single_one_as_a_plain_list():
    languages = [["A", "B"], ["Ä"]]
    data = {
        "name": "two",
        "columns": {"value": "T"},
        "identify": {"headers": languages},
        "variant": [{"headers": ["Ä"], "order": "dmy", "decimal": ","}],
    }
    plan = read_plan(data, "x")
    assert read_plan(tomllib.loads(plan_text(plan)), "y") == plan
    one = read_plan(data | {"identify": {"headers": languages[:1]}}, "x")
    assert 'headers = ["A", "B"]' in plan_text(one)
