from __future__ import annotations

import pytest

from importer.results.quality import criteria, meta_scores

NOW = 1_795_474_800
DAY = 86_400


@pytest.fixture
def graded(totals_of):
    def build(*rows, now=NOW):
        totals = totals_of([{"event_time": NOW - 3_600, **row} for row in rows])
        return {line.name: line for line in criteria(totals, now)}

    return build


@pytest.mark.parametrize(("days", "grade"), [(14, "well"), (12, "well"), (11, "middling"), (6, "poor"), (1, "poor")])
def test_frequency_is_days_with_sales_of_the_last_14(graded, days, grade):
    rows = [{"event_time": NOW - day * DAY} for day in range(days)]
    found = graded(*rows)["Frequency"]
    assert found.grade == grade
    assert found.measured == f"sales on {days} of the last 14 days"


def test_what_was_sent_before_counts_for_frequency_and_what_meta_will_not_take_does_not(graded):
    rows = [{"event_time": NOW - DAY, "status": "duplicate", "reason": "earlier_run"}]
    rows += [{"event_time": NOW - 2 * DAY, "status": "invalid", "reason": "weak_keys"}]
    assert graded(*rows)["Frequency"].measured.startswith("sales on 1 of")


@pytest.mark.parametrize(("fresh", "grade"), [(10, "well"), (9, "well"), (8, "middling"), (4, "poor")])
def test_freshness_is_the_share_of_sales_that_arrive_within_three_days(graded, fresh, grade):
    rows = [{"event_time": NOW - (1 if number < fresh else 5) * DAY} for number in range(10)]
    found = graded(*rows)["Freshness"]
    assert found.grade == grade
    assert bool(found.advice) == (grade != "well")


def test_coverage_counts_sales_with_an_e_mail_a_phone_or_a_mobile_id(graded):
    rows = [{"match_keys": keys} for keys in ("em+fn", "ph", "madid", "fn+ln")]
    found = graded(*rows)["Match-key coverage"]
    assert found.measured == "75% of the sales have one (e-mail 25%, phone 25%)"
    assert found.grade == "middling"


def test_values_that_were_held_back_lower_the_share(graded):
    zero = {"status": "skipped", "reason": "zero_value", "payload": None}
    found = graded({}, zero)["Valid values"]
    assert (found.grade, found.measured) == ("middling", "50% of the sales have them; 1 rows were held back")


def test_baskets_are_whole_unless_numbers_lack_or_repeat(graded):
    assert graded({})["Basket splitting"].grade == "well"
    assert "no order number" in graded({"order_id": None})["Basket splitting"].measured
    assert "repeat" in graded({}, {"status": "duplicate", "reason": "same_file"})["Basket splitting"].measured


def test_without_a_date_of_the_run_nothing_is_made_up(graded):
    found = graded({}, now=None)
    assert found["Frequency"].grade == found["Freshness"].grade == "unknown"


@pytest.mark.parametrize("answer", [None, {}, {"offline": None}, {"offline": ["x"]}, {"offline": [{"composite": 3}]}])
def test_answers_of_an_unknown_form_are_no_scores(answer):
    assert meta_scores(answer) == ()
