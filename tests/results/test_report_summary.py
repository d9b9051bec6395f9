from __future__ import annotations

import json
from decimal import Decimal

import pytest

from importer.core.model import Status
from importer.results.summary import exit_code

LINE = {"payload": None}
"""A further line of an order: no payload of its own."""


def test_rows_by_status_add_up_to_the_total(summarized):
    rows = [{"status": str(status)} for status in Status for _ in range(2)]
    counts = summarized(rows, rows[:3]).as_json()["rows"]
    assert counts["total"] == 17
    assert sum(count for name, count in counts.items() if name != "total") == 17
    assert counts["accepted"] == 4


def test_the_json_has_the_keys_of_the_contract_and_no_others(summarized):
    summary = summarized([{}], report="r.csv", dataset="1", requests=2, retries=1, seconds=1.23456)
    found = json.loads(json.dumps(summary.as_json()))
    assert list(found) == [
        *("rows", "events", "value", "reasons", "match_keys", "requests", "retries"),
        *("dataset", "schema", "files", "report", "rejects", "seconds", "notices"),
        *("online_sales", "questions"),
    ]
    assert list(found["rows"]) == ["total", *Status]
    assert found["events"] == {"sent": 1, "accepted": 1}
    assert (found["requests"], found["retries"], found["seconds"]) == (2, 1, 1.235)
    assert (found["dataset"], found["schema"], found["files"]) == ("1", None, ["file1.csv"])
    assert (found["report"], found["rejects"]) == ("r.csv", None)


def test_an_orders_money_and_keys_count_once_although_it_has_several_lines(summarized):
    order = {"value": Decimal("10.10"), "match_keys": "em"}
    summary = summarized([order, {**order, **LINE}, {**order, **LINE}, {"value": Decimal("0.05"), "match_keys": "ph"}])
    assert summary.rows["accepted"] == 4
    assert summary.accepted == 2
    assert summary.value == {"USD": Decimal("10.15")}
    assert summary.match_keys == {"em": 0.5, "ph": 0.5}


def test_money_is_that_of_accepted_or_ready_sales_by_currency(summarized):
    statuses = [{"status": str(status), "currency": "EUR", "value": Decimal(1)} for status in Status]
    summary = summarized([*statuses, {"currency": "JPY", "value": Decimal(1000)}], [{"value": None}])
    assert summary.value == {"EUR": Decimal(2), "JPY": Decimal(1000)}
    assert summary.as_json()["value"] == {"EUR": 2.0, "JPY": 1000.0}


def test_money_adds_up_without_error(summarized):
    cents = [{"value": Decimal("0.1")}] * 1_000
    assert summarized(cents, cents).as_json()["value"] == {"USD": 200.0}


def test_coverage_is_of_the_events_that_can_be_sent(summarized):
    rows = [
        {"match_keys": "em+ph+fn"},
        {"match_keys": "em", "status": "ready"},
        {"match_keys": "external_id", "status": "rejected"},
        {"match_keys": "em+ph", "status": "unsent"},
        {"match_keys": "em+db", "status": "duplicate"},
        {"match_keys": "em+db", "status": "invalid", "payload": None},
        {"match_keys": None, "status": "skipped", "payload": None},
    ]
    summary = summarized(rows)
    assert summary.sendable == 4
    assert summary.match_keys == {"em": 0.75, "ph": 0.5, "fn": 0.25, "external_id": 0.25}
    assert list(summary.match_keys) == ["em", "ph", "fn", "external_id"]


def test_nothing_to_send_has_no_coverage(summarized):
    summary = summarized([{"status": "duplicate", "reason": "earlier_run"}])
    assert summary.match_keys == {}
    assert summary.value == {}


@pytest.mark.parametrize(
    ("row", "sent"),
    [
        ({"status": "accepted"}, 1),
        ({"status": "rejected", "reason": "meta_rejected"}, 1),
        ({"status": "unsent", "reason": "answer_lost"}, 1),
        ({"status": "unsent", "reason": "run_stopped"}, 0),
        ({"status": "unsent"}, 0),
        ({"status": "ready"}, 0),
        ({"status": "duplicate"}, 0),
        ({"status": "accepted", "payload": None}, 0),
    ],
)
def test_sent_counts_the_events_that_went_out(summarized, row, sent):
    assert summarized([row]).sent == sent


def test_reasons_are_counted_by_status_the_most_frequent_first(summarized):
    rows = [
        {"status": "invalid", "reason": "bad_value"},
        {"status": "invalid", "reason": "too_old"},
        {"status": "skipped", "reason": "footer", "payload": None},
        {"status": "invalid", "reason": "too_old", **LINE},
    ]
    summary = summarized(rows, rows[1:2])
    assert summary.as_json()["reasons"] == {"skipped": {"footer": 1}, "invalid": {"too_old": 3, "bad_value": 1}}
    assert list(summary.reasons["invalid"]) == ["too_old", "bad_value"]


def test_each_reason_has_the_place_of_its_first_row(summarized):
    good, old = {}, {"status": "invalid", "reason": "too_old"}
    summary = summarized([good, old, old], [old, {"status": "skipped", "reason": "blank"}])
    places = {code: (place.file, place.line, place.counted) for code, place in summary.examples.items()}
    assert places == {("invalid", "too_old"): ("file1.csv", 3, "line"), ("skipped", "blank"): ("file2.csv", 3, "line")}


def test_warnings_are_counted_by_row(summarized):
    rows = [{"warnings": "em:invalid; ph:no_country"}, {"warnings": "em:invalid"}, {"warnings": None}]
    assert summarized(rows, rows).warnings == {"em:invalid": 4, "ph:no_country": 2}


def test_no_rows_at_all_are_a_summary_too(summarized):
    assert summarized([]).as_json()["rows"] == {"total": 0, **dict.fromkeys(Status, 0)}


@pytest.mark.parametrize("status", list(Status))
def test_the_exit_code_tells_whether_something_is_left(summarized, status):
    left = status in (Status.INVALID, Status.REJECTED, Status.UNSENT)
    assert exit_code(summarized([{}, {"status": str(status)}])) == (1 if left else 0)


def test_what_is_too_old_is_left_only_where_everything_is(summarized):
    old, bad = {"status": "invalid", "reason": "too_old"}, {"status": "invalid", "reason": "bad_value"}
    late = {"status": "unsent", "reason": "expired_waiting"}
    codes = [exit_code(summarized(rows)) for rows in ([{}, old], [old, old], [{}, old, bad], [{}, late])]
    assert codes == [0, 1, 1, 1]
    skipped = {"status": "skipped", "reason": "refunded"}
    assert exit_code(summarized([skipped, old])) == 0
