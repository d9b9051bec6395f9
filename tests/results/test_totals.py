from __future__ import annotations

from decimal import Decimal

from importer.core.model import Status
from importer.results.first_rows import FirstRows
from importer.results.outcomes import outcomes
from importer.results.run_totals import RunTotals
from importer.results.totals import MOST_PLACES, ReasonKey, Sum, Totals

OLD = {"status": "invalid", "reason": "too_old", "field": "event_time", "payload": None, "event_id": None}


def test_rows_count_by_status_and_add_up(totals_of):
    totals = totals_of([{}, OLD, {"status": "skipped", "reason": "blank"}], [{}])
    assert totals.by_status() == {**dict.fromkeys(Status, 0), "accepted": 2, "invalid": 1, "skipped": 1}
    assert totals.total == 4


def test_money_is_exact_by_status_and_currency_and_the_greatest_comes_first(totals_of):
    cents = [{"value": Decimal("0.1"), "currency": "EUR"}] * 30 + [{"value": Decimal(5)}, {**OLD, "value": Decimal(7)}]
    totals = totals_of(cents, cents)
    assert totals.money("accepted") == {"USD": Sum(2, Decimal(10), 2), "EUR": Sum(60, Decimal(6), 60)}
    assert list(totals.money("accepted")) == ["USD", "EUR"]
    assert totals.money("invalid") == {"USD": Sum(2, Decimal(14), 2)}


def test_an_orders_lines_count_once_although_other_rows_stand_between_them_and_batches_part_them(totals_of):
    line = {"event_id": "a" * 32, "value": Decimal(10)}
    other = {"event_id": "b" * 32, "value": Decimal(1)}
    totals = totals_of([line, other, line], [{**line, "payload": None}, other], layout="lines")
    assert totals.by_status()["accepted"] == 5
    assert totals.money("accepted") == {"USD": Sum(2, Decimal(11), 2)}


def test_an_order_is_known_again_whatever_else_stands_in_its_batch(totals_of):
    line, skipped = {"event_id": "a" * 32, "value": Decimal(10)}, {"status": "skipped", "reason": "unpaid"}
    others = [{**skipped, "event_id": None, "order_id": "7", "value": Decimal(3)}, {**line, "payload": None}]
    totals = totals_of([line], others, others, [line], layout="lines")
    assert totals.money("accepted") == {"USD": Sum(1, Decimal(10), 1)}
    assert totals.money("skipped") == {"USD": Sum(1, Decimal(3), 1)}


def test_lines_of_an_order_that_was_skipped_count_once_by_its_number(totals_of):
    line = {"status": "skipped", "reason": "unpaid", "event_id": None, "order_id": "7", "value": Decimal(30)}
    totals = totals_of([line, line, {**line, "order_id": None}, {**line, "order_id": None}], layout="lines")
    assert totals.cost("skipped", "unpaid") == {"USD": Sum(3, Decimal(90), 3)}


def test_rows_that_are_orders_count_each_and_a_repeat_is_counted_as_such(totals_of):
    repeat = {"status": "duplicate", "reason": "same_file"}
    totals = totals_of([{}, repeat, repeat])
    assert (totals.count("accepted"), totals.count("duplicate")) == (1, 2)


def test_a_report_that_does_not_say_its_layout_tells_a_sale_from_its_repeat(totals_of):
    totals = totals_of([{}, {"status": "duplicate", "reason": "same_file"}], layout="lines")
    assert (totals.count("accepted"), totals.count("duplicate")) == (1, 1)


def test_days_are_those_of_the_sale_in_utc(totals_of):
    totals = totals_of([{"event_time": 1_793_455_500}, {"event_time": None}])
    assert {cell.day for cell in totals.sales} == {"2026-10-31", ""}


def test_reasons_know_their_fields_their_cost_and_their_first_rows(totals_of):
    totals = totals_of([{}, *[OLD] * 8], [{**OLD, "line": line} for line in range(11, 19)])
    assert totals.reasons == {ReasonKey("invalid", "too_old", "event_time"): 16}
    assert totals.cost("invalid", "too_old")["USD"].sales == 16
    places = totals.places["invalid", "too_old"]
    assert [place.line for place in places] == list(range(3, 13))
    assert len(places) == MOST_PLACES


def test_keys_are_those_of_sales_that_can_be_sent(totals_of):
    rows = [{"match_keys": "em+ph"}, {"match_keys": "em", "status": "rejected"}, {"status": "duplicate"}]
    totals = totals_of(rows)
    assert totals.key_counts() == {"em": 2, "ph": 1}
    assert totals.sendable == 2


def test_warnings_count_by_field_and_row(totals_of):
    totals = totals_of([{"warnings": "em:invalid; ph:no_country"}, {"warnings": "em:invalid"}])
    assert totals.warnings == {("em", "invalid"): 2, ("ph", "no_country"): 1}


def test_the_first_rows_of_a_reason_are_known_although_batches_come_out_of_order(totals_of):
    late = [{**OLD, "line": line} for line in range(30, 50)]
    totals = totals_of([{**OLD, "line": 7}], late, [{**OLD, "line": line} for line in (9, 8, 2)])
    assert [place.line for place in totals.places["invalid", "too_old"]] == [2, 7, 8, 9, *range(30, 36)]


def test_a_currency_without_a_value_is_no_money(summarized):
    lead = {"event_name": "Lead", "currency": "EUR"}
    assert summarized([{**lead, "value": None}]).value == {}
    assert summarized([{**lead, "value": None}, {**lead, "value": Decimal(0)}]).value == {"EUR": Decimal(0)}


def test_a_run_and_its_stored_report_come_to_the_same(delivered):
    line, skipped = {"event_id": "a" * 32}, {"status": "skipped", "reason": "unpaid", "event_id": None, "order_id": "7"}
    rows = [line, {**line, "payload": None}, {**skipped, "payload": None}, {**skipped, "payload": None}, OLD]
    batch = delivered(*rows)
    stored, counted = outcomes("sales.csv", "", batch), RunTotals({"sales.csv": "lines"})
    counted.add(stored, batch)
    totals = Totals()
    totals.add(stored, FirstRows({"sales.csv": "lines"}).of("sales.csv", stored))
    assert counted.totals == totals
    assert totals.money("accepted", "skipped")["USD"].sales == 2


def test_totals_add_up_to_those_of_both(totals_of):
    first, second = [{}, OLD, {"warnings": "em:md5"}], [{**OLD, "line": 9}, {"currency": "EUR"}]
    assert totals_of(first) + totals_of(second) == totals_of(first, second)


def test_no_rows_have_totals_too(totals_of):
    totals = totals_of([])
    assert (totals.total, totals.taken, totals.sendable) == (0, 0, 0)


def test_nothing_of_an_event_but_counts_is_kept(totals_of):
    totals = totals_of([{"order_id": "secret-order", "payload": '{"em":["secret-hash"]}'}])
    assert "secret" not in repr(totals)


def test_rows_that_nobody_can_fix_and_their_money_are_not_to_fix(totals_of):
    bad = {"status": "invalid", "reason": "bad_currency", "currency": "EUR", "value": Decimal(5)}
    late = [{**bad, "reason": "too_old"}, {**bad, "reason": "expired_waiting", "status": "unsent", "currency": "USD"}]
    totals = totals_of([{}, bad, *late])
    assert (totals.to_fix, totals.too_late) == (1, 2)
    assert totals.money_to_fix() == {"EUR": (1, Decimal(5), 1)}
