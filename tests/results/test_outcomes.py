from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.model import DAY, DELIVERED, KEYS, OUTCOMES, Status
from importer.core.reasons import REASONS, WARNINGS
from importer.results.outcomes import iso_times, outcomes, sentence

NOW = 1_795_474_800


def rows_of(batch):
    return batch.to_pylist()


def test_each_row_gets_one_line_in_the_columns_of_the_contract(delivered):
    batch = outcomes("sales.xlsx", "October", delivered({}, {"status": "invalid", "reason": "too_old"}, {}))
    assert batch.schema.equals(OUTCOMES)
    assert [(row["file"], row["sheet"], row["row"], row["line"]) for row in rows_of(batch)] == [
        ("sales.xlsx", "October", 1, 2),
        ("sales.xlsx", "October", 2, 3),
        ("sales.xlsx", "October", 3, 4),
    ]


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_reported_as_it_is(reported, status):
    assert reported({"status": str(status)}).column("status").to_pylist() == [status]


def test_no_batch_of_no_rows_is_too_small(delivered):
    assert outcomes("sales.csv", "", delivered()).num_rows == 0


def test_a_file_without_sheets_has_none(reported):
    assert reported({}).column("sheet").to_pylist() == [None]


def test_a_name_that_is_no_text_is_shown_escaped(delivered):
    assert outcomes("caf\udce9.csv", "", delivered({})).column("file").to_pylist() == ["caf\\udce9.csv"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1_793_455_500, "2026-10-31T14:05:00Z"),
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
        (None, None),
    ],
)
def test_the_time_is_iso_in_utc(reported, seconds, text):
    assert reported({"event_time": seconds}).column("event_time").to_pylist() == [text]


MOMENTS = st.integers(-62_135_596_800, 253_402_300_799)


@given(st.lists(st.none() | st.integers(1_790_000_000, 1_800_000_000), max_size=8) | st.lists(MOMENTS, max_size=4))
def test_times_of_a_column_are_those_one_by_one(moments):
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    expected = [None if moment is None else epoch + timedelta(seconds=moment) for moment in moments]
    texts = [None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}".zfill(20) for moment in expected]
    assert iso_times(pa.array([7, *moments], pa.int64())[1:]).to_pylist() == texts


@pytest.mark.parametrize(
    ("reason", "detail", "message"),
    [
        (None, None, None),
        (None, "2026-11-01", None),
        ("blank", None, "This row is empty."),
        ("earlier_run", "2026-11-01", "Meta accepted this sale in an earlier run (2026-11-01); it is not sent again."),
        ("earlier_run", None, "Meta accepted this sale in an earlier run; it is not sent again."),
        ("other_file", "a{b}.csv", "The same sale appears in another file of this run (a{b}.csv); it is sent once."),
    ],
)
def test_the_message_is_the_reason_with_its_detail(reported, reason, detail, message):
    assert reported({"reason": reason, "detail": detail}).column("message").to_pylist() == [message]


@pytest.mark.parametrize(
    ("reason", "ago", "source", "message"),
    [
        ("too_old", 70 * DAY, "physical_store", "The sale is 70 days old; Meta takes store sales up to 62 days."),
        ("too_old", 62 * DAY - 60, "physical_store", "The sale is 62 days old; Meta takes store sales up to 62 days."),
        ("too_old", 70 * DAY, "email", "The sale is 70 days old; Meta takes email events up to 7 days."),
        ("too_old", 1_200 * DAY, None, "The sale is 1,200 days old; Meta takes such sales up to 7 days."),
        ("too_old", 70 * DAY, "ada@example.com", "The sale is 70 days old; Meta takes such sales up to 7 days."),
        ("in_future", -60, None, "The sale is 1 hour in the future; correct its date or check the time zone."),
        ("in_future", -47 * 3600, None, "The sale is 47 hours in the future; correct its date or check the time zone."),
        ("in_future", -9 * DAY, None, "The sale is 9 days in the future; correct its date or check the time zone."),
        ("too_old", None, None, REASONS["too_old"]),
        ("blank", 70 * DAY, None, "This row is empty."),
    ],
)
def test_the_message_names_the_age_of_the_row(delivered, reason, ago, source, message):
    row = {"status": "invalid", "reason": reason, "action_source": source}
    batch = delivered({}, {**row, "event_time": None if ago is None else NOW - ago})
    assert outcomes("sales.csv", "", batch, NOW).column("message").to_pylist() == [None, message]


@pytest.mark.parametrize("reason", [reason for reason in REASONS if reason not in ("own_rule", "unknown_status")])
@pytest.mark.parametrize("detail", [None, "code 100, subcode 2804003"])
def test_every_reason_is_one_short_sentence(reason, detail):
    text = sentence(reason, detail)
    assert text.endswith(".")
    assert text[0].isupper()
    assert len(text) <= 200
    assert not re.search(r"[{}]|\(\)|  | [.,;]", text)


@pytest.mark.parametrize("code", WARNINGS)
def test_every_warning_is_one_short_sentence(code):
    assert WARNINGS[code].endswith(".")
    assert len(WARNINGS[code]) <= 200


def test_the_payload_and_its_customer_stay_behind(delivered):
    secret = "jane.doe@example.com"
    batch = outcomes("sales.csv", "", delivered({"payload": f'{{"em":"{secret}"}}'}))
    assert secret not in str(batch.to_pylist())
    assert set(OUTCOMES.names) - {"file", "sheet", "message"} <= set(DELIVERED.names)
    assert not set(OUTCOMES.names) & {key.name for key in KEYS}
