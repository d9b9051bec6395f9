"""Dates by the million agree with the standard library, and no text is too strange to be read."""

# ruff: noqa: DTZ001 # local times without a zone are what is tested

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.cells.times import evidence, read_times
from importer.core.reasons import REASONS, WARNINGS

FORMATS = {
    "%Y-%m-%d %H:%M:%S": None,
    "%Y-%m-%dT%H:%M:%S": None,
    "%Y/%m/%d %H:%M:%S": None,
    "%Y%m%d%H%M%S": None,
    "%Y%m%dT%H%M%S": None,
    "%m/%d/%Y %H:%M:%S": "mdy",
    "%m/%d/%Y %I:%M:%S %p": "mdy",
    "%m/%d/%y %I:%M:%S %p": "mdy",
    "%d.%m.%Y %H:%M:%S": "dmy",
    "%d-%m-%y %H.%M.%S": "dmy",
    "%y-%m-%d %H:%M:%S": "ymd",
    "%d-%b-%Y %H:%M:%S": None,
    "%B %d, %Y %I:%M:%S %p": None,
    "%a, %d %b %Y %H:%M:%S": None,
    "%A, %B %d, %Y %I:%M:%S%p": None,
    "%a %b %d %H:%M:%S %Y": None,
    "%Y年%m月%d日 %H時%M分%S秒": None,
}
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2068, 12, 31, 23, 59, 59)).map(lambda each: each.replace(microsecond=0))  # fmt: skip


@pytest.mark.parametrize("layout", FORMATS)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=30), hours=st.none() | st.integers(-12, 14))
def test_layouts_agree_with_datetime(layout, moments, hours):
    zone = "" if hours is None or layout == "%a %b %d %H:%M:%S %Y" else f" {hours:+03d}:00"
    shift = timedelta(hours=hours or 0) if zone else timedelta()
    column = pa.array([moment.strftime(layout) + zone for moment in moments])
    times = read_times(column, order=FORMATS[layout], zone="UTC")
    assert times.reason.null_count == len(moments), times.reason
    expected = [round((moment.replace(tzinfo=UTC) - shift).timestamp()) for moment in moments]
    assert times.seconds.to_pylist() == expected


@settings(max_examples=300)
@given(
    numbers=st.lists(st.tuples(st.integers(0, 2200), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=30)
)
def test_a_day_is_read_exactly_where_the_calendar_has_it(numbers):
    times = read_times(pa.array([f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in numbers]), order=None, zone="UTC")
    expected = []
    for year, month, day in numbers:
        try:
            moment = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            expected.append(None)
        else:
            expected.append(round(moment.timestamp()) if 2000 <= year <= 2100 else None)
    assert times.seconds.to_pylist() == expected


FRAGMENTS = st.sampled_from(
    ["2026", "26", "10", "5", "05", "Oct", "octubre", "/", "-", ".", ":", " ", "T", "Z", "+02:00", "PM", "a.m.", "14:03", "EST", "de", ",",
     "年", "月", "日", "Mon", "45384", "1760000000", "'", "\u202f", "٣", "½", "à", "kl.", "Uhr", "h", "(", ")", "[Europe/Berlin]"]
)  # fmt: skip
TEXTS = st.lists(st.none() | st.text(max_size=40) | st.lists(FRAGMENTS, max_size=9).map("".join), max_size=20)


@settings(max_examples=400)
@given(
    texts=TEXTS,
    others=TEXTS,
    order=st.sampled_from([None, "mdy", "dmy", "ymd"]),
    header=st.sampled_from([None, 0, -18000, "Asia/Tokyo"]),
)
def test_no_text_raises_and_each_row_has_a_time_or_a_reason(texts, others, order, header):
    column = pa.array(texts, pa.string())
    other = pa.array((others + [None] * len(texts))[: len(texts)], pa.string())
    for options in ({}, {"zones": other}, {"clock": other}):
        times = read_times(column, order=order, zone="Europe/Berlin", header_zone=header, **options)
        for seconds, reason, notes in zip(
            *(each.to_pylist() for each in (times.seconds, times.reason, times.notes)), strict=True
        ):
            assert (seconds is None) == (reason in REASONS)
            assert all(
                code.removeprefix("event_time:") in WARNINGS for code in (notes or "event_time:case").split("; ")
            )
    found = evidence(column)
    assert found.mdy + found.dmy + found.ambiguous + found.unread <= found.filled <= len(texts)


@settings(max_examples=200)
@given(texts=TEXTS)
def test_a_row_does_not_depend_on_its_neighbours(texts):
    whole = read_times(pa.array(texts, pa.string()), order=None, zone="UTC").seconds.to_pylist()
    alone = [read_times(pa.array([text], pa.string()), order=None, zone="UTC").seconds[0].as_py() for text in texts]
    assert whole == alone


DAYS = st.from_regex(r"20[0-9]{2}-(0[1-9]|1[0-3])-([0-2][0-9]|3[0-2])", fullmatch=True)
CLOCKS = st.from_regex(r"(0[0-9]|1[0-9]|2[0-4]):[0-6][0-9]", fullmatch=True)
ALIKE = st.sampled_from(["{}", "{} {}", "{}T{}", "{}T{}:05", "{} {}:60", "{}T{}:59Z", "{} {}:00Z", "{}T{}Z"])


@settings(max_examples=300)
@given(
    form=ALIKE,
    numbers=st.lists(st.none() | st.tuples(DAYS, CLOCKS), min_size=1, max_size=6),
    zone=st.sampled_from([None, "Europe/Berlin", "UTC"]),
    clock=st.none() | CLOCKS,
)
def test_dates_all_written_alike_are_read_as_among_others(form, numbers, zone, clock):
    cells = [each and form.format(*each) for each in numbers]
    alike, mixed = pa.array(cells, pa.string()), pa.array([*cells, "5 Oct 2026"])
    clocks = {} if clock is None else {"clock": pa.array([clock] * len(mixed))}
    read = read_times(alike, order=None, zone=zone, **({"clock": clocks["clock"][:-1]} if clocks else {}))
    others = read_times(mixed, order=None, zone=zone, **clocks)
    for one, other in ((read.seconds, others.seconds), (read.reason, others.reason), (read.notes, others.notes)):
        assert one.equals(other[:-1])
    assert evidence(alike) + evidence(mixed[-1:]) == evidence(mixed)
