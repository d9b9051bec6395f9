import pytest
from raws import binding, raw

from importer.core.binding import Answers
from importer.core.survey import settle, survey
from importer.errors import NeedsAnswer


def settled(cells, options=None, **plan):
    batch = raw(cells)
    bound = binding(batch, **plan)
    return settle(survey(iter([batch]), bound), bound, options or Answers())


DAY_FIRST = {"id": ["1", "2"], "date": ["13/04/2026 10:00", "03/04/2026 10:00"], "total": ["1.50", "2"]}


def test_every_open_question_is_asked_at_once_with_its_option():
    with pytest.raises(NeedsAnswer) as error:
        settled({"id": ["1"], "date": ["03/04/2026 10:00"], "total": ["1.50"]})
    assert all(option in str(error.value) for option in ("--date-order", "--timezone", "--currency"))


def test_one_value_decides_day_and_month_for_the_whole_column():
    answers = settled(DAY_FIRST, Answers(zone="Europe/Berlin", currency="EUR"))
    assert answers.date_order == "dmy"


def test_contradicting_values_are_asked_about():
    columns = {"id": ["1", "2", "3"], "date": ["13/04/2026", "04/13/2026", "03/04/2026"], "total": ["1", "2", "3"]}
    with pytest.raises(NeedsAnswer, match="--date-order"):
        settled(columns, Answers(zone="UTC", currency="EUR"))


def test_rows_that_are_no_sale_raise_no_question():
    columns = {
        "id": ["1", "2"],
        "date": ["2026-11-01T10:00:00Z", "2026-11-01 10:00"],
        "total": ["1", "2"],
        "status": ["paid", "void"],
    }
    rules = [{"column": "status", "sale": ["paid"], "cancelled": ["void"]}]
    answers = settled(columns, Answers(currency="EUR"), sale=rules)
    assert answers.zone is None


def test_options_win_over_the_schema_and_the_schema_over_the_file():
    plan = {"time": {"zone": "Europe/Paris", "order": "mdy"}, "money": {"currency": "EUR", "decimal": ","}}
    columns = {"id": ["1"], "date": ["03/04/2026"], "total": ["1.234"]}
    assert settled(columns, **plan).zone == "Europe/Paris"
    assert settled(columns, **plan).decimals["value"] == ","
    told = settled(columns, Answers(zone="UTC", currency="USD", date_order="dmy"), **plan)
    assert (told.zone, told.currency, told.date_order) == ("UTC", "USD", "dmy")


def test_a_zone_column_or_utc_in_the_header_answers_for_naive_times():
    columns = {"id": ["1"], "date": ["2026-11-01 10:00"], "total": ["1"], "zone": ["Europe/Berlin"]}
    fields = {"order_id": "id", "event_time": "date", "value": "total", "event_zone": "zone"}
    assert settled(columns, Answers(currency="EUR"), columns=fields).zone is None
    columns = {"id": ["1"], "date (UTC)": ["2026-11-01 10:00"], "total": ["1"]}
    fields = {"order_id": "id", "event_time": "date (UTC)", "value": "total"}
    assert settled(columns, Answers(currency="EUR"), columns=fields).zone is None


def test_a_currency_in_the_cells_needs_no_option():
    columns = {"id": ["1"], "date": ["2026-11-01T10:00:00Z"], "total": ["12,50 €"]}
    assert settled(columns).currency is None


def test_a_currency_missing_in_some_rows_only_is_their_own_trouble():
    columns = {"id": ["1", "2"], "date": ["2026-11-01T10:00:00Z"] * 2, "total": ["1", "2"], "cur": ["EUR", None]}
    fields = {"order_id": "id", "event_time": "date", "value": "total", "currency": "cur"}
    assert settled(columns, columns=fields).currency is None


def test_an_order_id_that_stands_on_two_rows_is_noticed_over_all_batches():
    batches = [
        raw({"id": ids, "date": ["2026-11-01"] * 2, "total": ["1"] * 2})
        for ids in (["1", None], ["2", "3"], ["4", "1"])
    ]
    bound = binding(batches[0])
    assert not len(survey(iter(batches[:2]), bound).repeated_ids)
    assert len(survey(iter(batches), bound).repeated_ids) == 1
    lines = binding(batches[0], orders={"rows": "lines"})
    assert not len(survey(iter(batches), lines).repeated_ids)
