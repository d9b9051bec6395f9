from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from importer.core.model import OUTCOMES, Outcomes, Status
from importer.results.first_rows import FirstRows
from importer.results.outcomes import outcomes
from importer.results.totals import MOST_PLACES, Totals, Why

OLD = {"status": "invalid", "reason": "too_old", "field": "event_time", "payload": None, "event_id": None}


@pytest.fixture
def counted(delivered):
    def build(*batches, layout="orders", file="sales.csv"):
        totals, leads = Totals(), FirstRows({file: layout})
        for rows in batches:
            totals.add(outcomes(file, "", delivered(*rows)), leads)
        return totals

    return build


def test_rows_count_by_status_and_add_up(counted):
    totals = counted([{}, OLD, {"status": "skipped", "reason": "blank"}], [{}])
    assert totals.by_status() == {**dict.fromkeys(Status, 0), "accepted": 2, "invalid": 1, "skipped": 1}
    assert totals.total == 4


def test_money_is_exact_by_status_and_currency_and_the_greatest_comes_first(counted):
    cents = [{"value": Decimal("0.1"), "currency": "EUR"}] * 30 + [{"value": Decimal(5)}, {**OLD, "value": Decimal(7)}]
    totals = counted(cents, cents)
    assert totals.money("accepted") == {"USD": (2, Decimal(10)), "EUR": (60, Decimal(6))}
    assert list(totals.money("accepted")) == ["USD", "EUR"]
    assert totals.money("invalid") == {"USD": (2, Decimal(14))}


def test_an_orders_lines_count_once_although_other_rows_stand_between_them_and_batches_part_them(counted):
    line = {"event_id": "a" * 32, "value": Decimal(10)}
    other = {"event_id": "b" * 32, "value": Decimal(1)}
    totals = counted([line, other, line], [{**line, "payload": None}, other], layout="lines")
    assert totals.by_status()["accepted"] == 5
    assert totals.money("accepted") == {"USD": (2, Decimal(11))}


def test_an_order_is_known_again_whatever_else_stands_in_its_batch(counted):
    line, skipped = {"event_id": "a" * 32, "value": Decimal(10)}, {"status": "skipped", "reason": "unpaid"}
    others = [{**skipped, "event_id": None, "order_id": "7", "value": Decimal(3)}, {**line, "payload": None}]
    totals = counted([line], others, others, [line], layout="lines")
    assert totals.money("accepted") == {"USD": (1, Decimal(10))}
    assert totals.money("skipped") == {"USD": (1, Decimal(3))}


def test_lines_of_an_order_that_was_skipped_count_once_by_its_number(counted):
    line = {"status": "skipped", "reason": "unpaid", "event_id": None, "order_id": "7", "value": Decimal(30)}
    totals = counted([line, line, {**line, "order_id": None}, {**line, "order_id": None}], layout="lines")
    assert totals.cost("skipped", "unpaid") == {"USD": (3, Decimal(90))}


def test_rows_that_are_orders_count_each_and_a_repeat_is_counted_as_such(counted):
    repeat = {"status": "duplicate", "reason": "same_file"}
    totals = counted([{}, repeat, repeat])
    assert (totals.count("accepted"), totals.count("duplicate")) == (1, 2)


def test_a_report_that_does_not_say_its_layout_tells_a_sale_from_its_repeat(delivered):
    totals = Totals()
    repeat = {"status": "duplicate", "reason": "same_file"}
    totals.add(outcomes("a.csv", "", delivered({}, repeat)), FirstRows({}))
    assert (totals.count("accepted"), totals.count("duplicate")) == (1, 1)


def test_days_are_those_of_the_sale_in_utc(counted):
    totals = counted([{"event_time": 1_793_455_500}, {"event_time": None}])
    assert {cell.day for cell in totals.sales} == {"2026-10-31", ""}


def test_reasons_know_their_fields_their_cost_and_their_first_rows(counted):
    totals = counted([{}, *[OLD] * 8], [OLD] * 8)
    assert totals.reasons == {Why("invalid", "too_old", "event_time"): 16}
    assert totals.cost("invalid", "too_old")["USD"].sales == 16
    places = totals.places["invalid", "too_old"]
    assert [place.line for place in places] == [3, 4, 5, 6, 7, 8, 9, 10, 2, 3]
    assert len(places) == MOST_PLACES


def test_keys_are_those_of_sales_that_can_be_sent(counted):
    rows = [{"match_keys": "em+ph"}, {"match_keys": "em", "status": "rejected"}, {"status": "duplicate"}]
    totals = counted(rows)
    assert totals.key_counts() == {"em": 2, "ph": 1}
    assert totals.sendable == 2


def test_warnings_count_by_field_and_row(counted):
    totals = counted([{"warnings": "em:invalid; ph:no_country"}, {"warnings": "em:invalid"}])
    assert totals.warnings == {("em", "invalid"): 2, ("ph", "no_country"): 1}


def test_two_accounts_together_are_the_account_of_both(counted):
    first, second = [{}, OLD, {"warnings": "em:md5"}], [OLD, {"currency": "EUR"}]
    assert counted(first).plus(counted(second)) == counted(first, second)


def test_no_rows_are_an_account_too(counted):
    totals = counted([])
    assert (totals.total, totals.taken, totals.sendable) == (0, 0, 0)


def test_a_batch_of_several_files_is_counted_by_file(delivered):
    parts = [outcomes(name, "", delivered({}, OLD)) for name in ("a.csv", "b.csv", "a.csv")]
    table = pa.Table.from_batches(parts, schema=OUTCOMES).combine_chunks()
    totals = Totals()
    totals.add(Outcomes(table.to_batches()[0]), FirstRows({"a.csv": "orders", "b.csv": "orders"}))
    assert totals.rows["a.csv", "", "accepted"] == 2
    assert totals.rows["b.csv", "", "invalid"] == 1


def test_nothing_of_an_event_but_counts_is_kept(counted):
    totals = counted([{"order_id": "secret-order", "payload": '{"em":["secret-hash"]}'}])
    assert "secret" not in repr(totals)
