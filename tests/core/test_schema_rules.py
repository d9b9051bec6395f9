"""Whoever adds a rule to a schema, in schemas/conversion.py or as [[rule]] in a TOML, sees it applied."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pandera.pandas as pandera
import pyarrow as pa
import pytest

import importer
from importer._schemas import conversion
from importer.core.checks import validate
from importer.core.model import DAY, MONEY, Normal
from importer.core.plan import read_plan
from importer.errors import SchemaError

NOW = 1_795_474_800
PLAN = {"name": "till", "columns": {"value": "Total"}}
SALES = {
    "event_name": ["Purchase", "Purchase", "Lead"],
    "value": [Decimal("999.99"), Decimal("1000.01"), Decimal("5.00")],
    "currency": ["EUR", "USD", "EUR"],
    "order_id": ["A1", "B22", None],
    "em": [["ada@example.com"], ["bo@example.org", "bo@example.com"], ["cy@example.com"]],
}


def events(**changed):
    columns = SALES | changed
    count = len(columns["event_name"])
    table = {
        "event_time": pa.array([NOW - DAY] * count),
        "action_source": pa.array(["physical_store"] * count),
        **{name: pa.array(columns[name], pa.string()) for name in ("event_name", "currency", "order_id")},
        **{
            name: pa.nulls(count, pa.string())
            for name in ("time_reason", "value_reason", "event_source", "lead_event_source")
        },
        "value": pa.array(columns["value"], MONEY),
        "currency_bad": pa.array([False] * count),
        "em": pa.array(columns["em"], pa.list_(pa.string())),
    }
    return Normal(pa.RecordBatch.from_pydict(table))


def judged(plan=PLAN, **changed):
    found = validate(events(**changed), NOW, read_plan(plan, "a test"))
    return list(zip(*(column.to_pylist() for column in found), strict=True))


def with_check(schema, column, check):
    return schema.update_column(column, checks=[*schema.columns[column].checks, check])


def test_a_limit_and_a_forbidden_name_added_to_a_schema_are_applied(monkeypatch):
    limit = pandera.Check(lambda value: value <= 1000, error="over_the_limit")
    name = pandera.Check.notin(["Lead"], error="forbidden_name")
    monkeypatch.setattr(conversion, "MONEY", with_check(conversion.MONEY, "value", limit))
    monkeypatch.setattr(conversion, "EVENT", with_check(conversion.EVENT, "event_name", name))
    assert judged() == [
        (None, None, None),
        ("value", "over_the_limit", "value breaks the rule over_the_limit."),
        ("event_name", "forbidden_name", "event_name breaks the rule forbidden_name."),
    ]


def test_a_relation_between_columns_names_its_field(monkeypatch):
    relation = pandera.Check(lambda e: ~((e["currency"] == "USD") & (e["value"] > 1000)), error="value:too_much_in_usd")
    monkeypatch.setattr(conversion, "EVENT", pandera.DataFrameSchema(conversion.EVENT.columns, checks=[relation]))
    assert [row[:2] for row in judged()] == [(None, None), ("value", "too_much_in_usd"), (None, None)]


def test_a_rule_on_a_customer_key_is_asked_of_each_value(monkeypatch):
    rule = pandera.Check(lambda em: ~em.str.endswith("@example.org"), error="own_staff")
    monkeypatch.setattr(
        conversion, "EVENT", conversion.EVENT.add_columns({"em": pandera.Column(checks=rule, nullable=True)})
    )
    assert [row[:2] for row in judged()] == [(None, None), ("em", "own_staff"), (None, None)]


def test_a_check_without_a_code_explains_itself(monkeypatch):
    monkeypatch.setattr(conversion, "MONEY", with_check(conversion.MONEY, "value", pandera.Check.le(1000)))
    assert judged()[1] == ("value", "own_rule", "value breaks the rule less_than_or_equal_to(1000).")


def test_a_code_with_a_sentence_of_its_own_keeps_it(monkeypatch):
    limit = pandera.Check(lambda value: value <= 1000, error="value_too_large")
    monkeypatch.setattr(conversion, "MONEY", with_check(conversion.MONEY, "value", limit))
    assert judged()[1] == ("value", "value_too_large", None)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({"order_id": pandera.Column(conversion.WHOLE, nullable=True)}, "order_id is string"),
        ({"event_time": pandera.Column(float, nullable=True)}, "event_time is int64"),
        ({"colour": pandera.Column(nullable=True)}, "colour is not a column"),
    ],
)
def test_a_column_that_the_events_do_not_have_is_a_schema_error(monkeypatch, column, words):
    monkeypatch.setattr(conversion, "EVENT", conversion.EVENT.add_columns(column))
    with pytest.raises(SchemaError, match=words):
        judged()


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ({"column": "value", "max": 1000}, [False, True, False]),
        ({"column": "value", "min": 6}, [False, False, True]),
        ({"column": "value", "min": 6, "max": 1000.0}, [False, True, True]),
        ({"column": "value", "max": 10, "currency": "EUR"}, [True, False, False]),
        ({"column": "value", "in": [5, 999.99]}, [False, True, False]),
        ({"column": "currency", "in": ["EUR"]}, [False, True, False]),
        ({"column": "event_name", "not_in": ["Lead"]}, [False, False, True]),
        ({"column": "order_id", "matches": "[A-Z][0-9]"}, [False, True, False]),
        ({"column": "order_id", "filled": True}, [False, False, True]),
        ({"column": "em", "matches": ".*@example[.]com"}, [False, True, False]),
        ({"column": "em", "in": ["ada@example.com"]}, [False, True, True]),
        ({"column": "ph", "filled": True}, [True, True, True]),
        ({"column": "event_time", "in": [date(2026, 11, 22)]}, [False, False, False]),
        ({"column": "event_time", "not_in": [date(2026, 11, 22)]}, [True, True, True]),
    ],
)
def test_an_own_rule_is_told_in_its_own_words(rule, broken):
    found = judged(PLAN | {"rule": [rule | {"message": "Look at it."}]})
    assert found == [(rule["column"], "own_rule", "Look at it.") if one else (None, None, None) for one in broken]


def test_an_own_rule_without_a_message_names_its_column_and_schema():
    assert judged(PLAN | {"rule": [{"column": "value", "max": 1000}]})[1][2] == "value breaks a rule of till."


def test_own_rules_see_only_events_that_would_be_sent_and_the_first_is_told():
    rules = [
        {"column": "value", "max": 1, "message": "first"},
        {"column": "currency", "in": ["CHF"], "message": "second"},
    ]
    found = judged(PLAN | {"rule": rules}, value=[Decimal(5), None, Decimal(5)])
    assert [row[1:] for row in found] == [("own_rule", "first"), ("missing_value", None), ("own_rule", "first")]


def test_days_bound_the_time_of_the_sale():
    day = date(2026, 11, 22)
    assert not any(row[1] for row in judged(PLAN | {"rule": [{"column": "event_time", "min": day, "max": day}]}))
    early = {"column": "event_time", "max": datetime(2026, 11, 22, 20, 0, tzinfo=UTC)}
    assert {row[1] for row in judged(PLAN | {"rule": [early]})} == {"own_rule"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"column": "vallue", "max": 1}, "did you mean value"),
        ({"column": "full_name", "filled": True}, "full_name"),
        ({"column": "value", "max": "1000"}, "compared with numbers"),
        ({"column": "value", "max": True}, "compared with numbers"),
        ({"column": "currency", "max": "EUR"}, "cannot be asked"),
        ({"column": "value", "matches": "1"}, "cannot be asked"),
        ({"column": "order_id", "matches": "("}, "regular expression"),
        ({"column": "order_id"}, "exactly one"),
        ({"column": "value", "max": 1, "in": [2]}, "exactly one"),
        ({"column": "currency", "in": ["EUR"], "currency": "EUR"}, "min or max only"),
        ({"column": "value", "maximum": 1}, "maximum is not known"),
        ({"column": "value", "max": 60, "currency": "TL"}, "TL is not a currency of ISO 4217"),
        ({"column": "value", "max": 60, "currency": "eur"}, "eur is not a currency of ISO 4217"),
        ({"column": "order_id", "not_in": []}, "not_in lists nothing"),
        ({"column": "value", "max": float("inf")}, "inf and nan are none"),
        ({"column": "value", "min": 60, "max": 10}, "min is greater than max"),
        ({"column": "loja", "max": 100}, "loja is compared with text"),
        ({"column": "loja", "in": [7, "Ankara"]}, "loja is compared with text"),
        ({"column": "loja", "in": [True]}, "loja is compared with text"),
        ({"column": "loja", "min": "B"}, "min or max cannot be asked"),
    ],
)
def test_a_wrong_rule_is_a_schema_error(rule, words):
    with pytest.raises(SchemaError, match=words.replace("(", r"\(")):
        read_plan(PLAN | {"rule": [rule], "custom": {"loja": "Loja"}}, "my.toml")


def test_a_rule_on_a_property_that_the_file_lacks_is_broken_only_where_it_must_be_filled():
    own = PLAN | {"custom": {"loja": "Loja"}}
    assert not any(row[1] for row in judged(own | {"rule": [{"column": "loja", "in": ["Porto"]}]}))
    assert {row[:2] for row in judged(own | {"rule": [{"column": "loja", "filled": True}]})} == {("loja", "own_rule")}


def test_a_rule_in_a_toml_leaves_its_sentence_in_the_report(tmp_path):
    sales, schema = tmp_path / "sales.csv", tmp_path / "till.toml"
    sales.write_text(
        "Receipt,Sold,Mail,Total\n1,2026-11-20T10:00:00Z,ada@example.com,12.00\n2,2026-11-20T10:00:00Z,bo@example.com,1200\n"
    )
    schema.write_text(
        'name = "till"\n[columns]\norder_id = "Receipt"\nevent_time = "Sold"\nem = "Mail"\nvalue = "Total"\n'
        '[[rule]]\ncolumn = "value"\nmax = 1000\nmessage = "Sales over 1,000 EUR are looked at by hand first."\n'
    )
    summary = importer.check(sales, schema=str(schema), currency="EUR", now="2026-11-23T23:00:00Z")
    rows = list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))
    assert [row["status"] for row in rows] == ["ready", "invalid"]
    assert (rows[1]["field"], rows[1]["reason"]) == ("value", "own_rule")
    assert rows[1]["message"] == "Sales over 1,000 EUR are looked at by hand first."


def test_plain_python_types_may_be_named_where_they_fit(monkeypatch):
    column = pandera.Column(float, pandera.Check.le(1000, error="over_the_limit"), nullable=True)
    monkeypatch.setattr(conversion, "EVENT", conversion.EVENT.add_columns({"value": column}))
    assert [row[1] for row in judged()] == [None, "over_the_limit", None]
