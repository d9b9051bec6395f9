"""What a whole column says about the order of day and month, and about zones."""

from dataclasses import replace

import pyarrow as pa
import pytest

from importer.core.cells.times import DateEvidence, decide, evidence, is_ambiguous, read_times, without_naive


@pytest.mark.parametrize(
    ("values", "order", "ambiguous"),
    [
        (["10/11/2026", "10/25/2026"], "mdy", False),
        (["10/11/2026", "25/10/2026"], "dmy", False),
        (["10/11/2026", "10/25/2026", "25/10/2026"], None, True),
        (["10/25/2026", "25/10/2026"], None, False),
        (["10/11/2026"], None, True),
        (["10/11/26 3:04 PM"], None, True),
        (["10/10/2026"], None, False),
        (["10.11.2026"], "dmy", False),
        (["10.11.2026", "10.25.2026"], "mdy", False),
        (["10.11.2026", "10/11/2026"], None, True),
        (["2026-10-11", "11 Oct 2026", "46310"], None, False),
        (["10/11/2026", "02/30/2026"], None, True),
        (["10/11/1985", "10/25/1985"], "mdy", False),
        (["", None, "n/a"], None, False),
        ([], None, False),
    ],
)
def test_the_column_decides_or_the_question_stays(values, order, ambiguous):
    found = evidence(pa.array(values, pa.string()))
    assert (decide(found), is_ambiguous(found)) == (order, ambiguous)


def test_every_value_is_counted_once():
    found = evidence(
        pa.array(["10/25/2026", "25/10/2026", "10/11/2026", "05.11.2026", "2026-10-11T10:00Z", "46310", "x", "1900-01-01", "", None])
    )  # fmt: skip
    days = {"early": frozenset(), "late": frozenset(), "proven": frozenset()}
    assert replace(found, **days) == DateEvidence(
        mdy=1, dmy=1, ambiguous=2, dotted=1, naive=5, aware=1, unread=1, filled=8, open=4
    )
    assert [len(getattr(found, name)) for name in days] == [1, 1, 1]


def test_batches_add_up_to_the_column():
    values = ["10/11/2026", "10/25/2026", "x", None, "2026-10-11", "5.6.2026", "1792073002"]
    whole = evidence(pa.array(values))
    assert evidence(pa.array(values[:3])) + evidence(pa.array(values[3:])) == whole


def test_a_zone_beside_the_values_answers_for_all_of_them():
    found = without_naive(evidence(pa.array(["2026-10-11", "2026-10-11T10:00Z"])))
    assert (found.naive, found.aware) == (0, 2)


def test_the_decision_of_the_whole_column_reads_what_a_batch_leaves_open():
    first, second = pa.array(["10/11/2026"]), pa.array(["10/25/2026"])
    order = decide(evidence(first) + evidence(second))
    assert read_times(first, order=order, zone="UTC").seconds[0].as_py() == 1791676800


def test_a_contradictory_column_is_read_where_values_prove_themselves():
    column = pa.array(["10/11/2026", "10/25/2026", "25/10/2026"])
    times = read_times(column, order=decide(evidence(column)), zone="UTC")
    assert times.reason.to_pylist() == ["ambiguous_date", None, None]
    assert times.seconds[1].as_py() == times.seconds[2].as_py()
