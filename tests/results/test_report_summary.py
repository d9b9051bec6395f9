from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from importer.core.model import Status
from importer.results.outcomes import outcomes
from importer.results.summary import Tally, exit_code

LINE = {"payload": None}
"""A further line of an order: no payload of its own."""


@pytest.fixture
def summary_of(delivered):
    def build(*batches, **facts):
        tally = Tally()
        for number, rows in enumerate(batches, start=1):
            batch = delivered(*rows)
            tally.add(batch, outcomes(f"file{number}.csv", "", batch))
        return tally.summary(**{"check": False, "files": ["file1.csv"], "seconds": 1.23456, **facts})

    return build


def test_rows_by_status_add_up_to_the_total(summary_of):
    rows = [{"status": str(status)} for status in Status for _ in range(2)]
    counts = summary_of(rows, rows[:3]).as_json()["rows"]
    assert counts["total"] == 17
    assert sum(count for name, count in counts.items() if name != "total") == 17
    assert counts["accepted"] == 4


def test_the_json_has_the_keys_of_the_contract_and_no_others(summary_of):
    summary = summary_of([{}], report=Path("r.csv"), dataset="1", requests=2, retries=1)
    found = json.loads(json.dumps(summary.as_json()))
    assert list(found) == [
        *("rows", "events", "value", "reasons", "match_keys", "requests", "retries"),
        *("dataset", "schema", "files", "report", "rejects", "seconds"),
    ]
    assert list(found["rows"]) == ["total", *Status]
    assert found["events"] == {"sent": 1, "accepted": 1}
    assert (found["requests"], found["retries"], found["seconds"]) == (2, 1, 1.235)
    assert (found["dataset"], found["schema"], found["files"]) == ("1", None, ["file1.csv"])
    assert (found["report"], found["rejects"]) == ("r.csv", None)


def test_an_orders_money_and_keys_count_once_although_it_has_several_lines(summary_of):
    order = {"value": Decimal("10.10"), "match_keys": "em"}
    summary = summary_of([order, {**order, **LINE}, {**order, **LINE}, {"value": Decimal("0.05"), "match_keys": "ph"}])
    assert summary.rows["accepted"] == 4
    assert summary.accepted == 2
    assert summary.value == {"USD": Decimal("10.15")}
    assert summary.match_keys == {"em": 0.5, "ph": 0.5}


def test_money_is_that_of_accepted_or_ready_sales_by_currency(summary_of):
    statuses = [{"status": str(status), "currency": "EUR", "value": Decimal(1)} for status in Status]
    summary = summary_of([*statuses, {"currency": "JPY", "value": Decimal(1000)}], [{"value": None}])
    assert summary.value == {"EUR": Decimal(2), "JPY": Decimal(1000)}
    assert summary.as_json()["value"] == {"EUR": 2.0, "JPY": 1000.0}


def test_money_adds_up_without_error(summary_of):
    cents = [{"value": Decimal("0.1")}] * 1_000
    assert summary_of(cents, cents).as_json()["value"] == {"USD": 200.0}


def test_coverage_is_of_the_events_that_can_be_sent(summary_of):
    rows = [
        {"match_keys": "em+ph+fn"},
        {"match_keys": "em", "status": "ready"},
        {"match_keys": "external_id", "status": "rejected"},
        {"match_keys": "em+ph", "status": "unsent"},
        {"match_keys": "em+db", "status": "duplicate"},
        {"match_keys": "em+db", "status": "invalid", "payload": None},
        {"match_keys": None, "status": "skipped", "payload": None},
    ]
    summary = summary_of(rows)
    assert summary.sendable == 4
    assert summary.match_keys == {"em": 0.75, "ph": 0.5, "fn": 0.25, "external_id": 0.25}
    assert list(summary.match_keys) == ["em", "ph", "fn", "external_id"]


def test_nothing_to_send_has_no_coverage(summary_of):
    summary = summary_of([{"status": "duplicate", "reason": "earlier_run"}])
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
def test_sent_counts_the_events_that_went_out(summary_of, row, sent):
    assert summary_of([row]).sent == sent


def test_reasons_are_counted_by_status_the_most_frequent_first(summary_of):
    rows = [
        {"status": "invalid", "reason": "bad_value"},
        {"status": "invalid", "reason": "too_old"},
        {"status": "skipped", "reason": "footer", "payload": None},
        {"status": "invalid", "reason": "too_old", **LINE},
    ]
    summary = summary_of(rows, rows[1:2])
    assert summary.as_json()["reasons"] == {"skipped": {"footer": 1}, "invalid": {"too_old": 3, "bad_value": 1}}
    assert list(summary.reasons["invalid"]) == ["too_old", "bad_value"]


def test_each_reason_has_the_place_of_its_first_row(summary_of):
    good, old = {}, {"status": "invalid", "reason": "too_old"}
    summary = summary_of([good, old, old], [old, {"status": "skipped", "reason": "blank"}])
    assert summary.examples == {("invalid", "too_old"): ("file1.csv", 3), ("skipped", "blank"): ("file2.csv", 3)}


def test_warnings_are_counted_by_row(summary_of):
    rows = [{"warnings": "em:invalid; ph:no_country"}, {"warnings": "em:invalid"}, {"warnings": None}]
    assert summary_of(rows, rows).warnings == {"em:invalid": 4, "ph:no_country": 2}


def test_no_rows_at_all_are_a_summary_too(summary_of):
    assert summary_of([]).as_json()["rows"] == {"total": 0, **dict.fromkeys(Status, 0)}


@pytest.mark.parametrize("status", list(Status))
def test_the_exit_code_tells_whether_something_is_left(summary_of, status):
    left = status in (Status.INVALID, Status.REJECTED, Status.UNSENT)
    assert exit_code(summary_of([{}, {"status": str(status)}])) == (1 if left else 0)
