"""Local times of every kind of zone, across the changes of their clocks."""

# ruff: noqa: DTZ001 # local times without a zone are what is tested

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.core.cells.time_zones import given_zone, iana_name, resolve, to_utc
from importer.core.cells.times import read_times
from importer.core.tables.zones import ABBREVIATIONS, LABELS


def read(text, **options):
    columns = {name: pa.array([value], pa.string()) for name, value in options.items() if name in ("zones", "clock")}
    times = read_times(pa.array([text]), **({"order": None, "zone": None} | options | columns))
    seconds = times.seconds[0].as_py()
    shown = None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return shown, times.reason[0].as_py(), times.notes[0].as_py()


@pytest.mark.parametrize(
    ("zone", "local", "expected", "note"),
    [
        ("Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29 00:59:59", None),
        ("Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29 01:00:00", "missing_hour"),
        ("Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29 01:30:00", "missing_hour"),
        ("Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29 01:00:00", None),
        ("Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24 23:59:59", None),
        ("Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25 00:00:00", "ambiguous_hour"),
        ("Europe/Berlin", "2026-10-25 02:59:59", "2026-10-25 00:59:59", "ambiguous_hour"),
        ("Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25 02:00:00", None),
        ("America/Chicago", "2026-03-08 02:30:00", "2026-03-08 08:30:00", "missing_hour"),
        ("America/Chicago", "2026-11-01 00:59:59", "2026-11-01 05:59:59", None),
        ("America/Chicago", "2026-11-01 01:30:00", "2026-11-01 06:30:00", "ambiguous_hour"),
        ("America/Chicago", "2026-11-01 02:00:00", "2026-11-01 08:00:00", None),
        ("Australia/Sydney", "2026-04-05 02:30:00", "2026-04-04 15:30:00", "ambiguous_hour"),
        ("Australia/Sydney", "2026-04-05 03:00:00", "2026-04-04 17:00:00", None),
        ("Australia/Sydney", "2026-10-04 02:30:00", "2026-10-03 16:30:00", "missing_hour"),
        ("Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04 14:45:00", "ambiguous_hour"),
        ("Asia/Kolkata", "2026-10-05 05:30:00", "2026-10-05 00:00:00", None),
    ],
)
def test_the_repeated_hour_is_the_first_and_the_missing_hour_moves_on(zone, local, expected, note):
    assert read(local, zone=zone) == (expected, None, note and f"event_time:{note}")


def test_midnight_that_a_clock_jumped_over_keeps_both_notes():
    assert read("2018-11-04", zone="America/Sao_Paulo") == (
        "2018-11-04 03:00:00",
        None,
        "event_time:date_only; event_time:missing_hour",
    )


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("2026-10-05 10:00", {}, "needs_timezone"),
        ("2026-10-05", {}, "needs_timezone"),
        ("46310.5", {}, "needs_timezone"),
        ("2026-10-05 10:00Z", {}, "2026-10-05 10:00:00"),
        ("1792073002", {}, "2026-10-15 14:03:22"),
        ("2026-10-05 10:00", {"header_zone": 0}, "2026-10-05 10:00:00"),
        ("2026-10-05 10:00", {"header_zone": 0, "zone": "Europe/Berlin"}, "2026-10-05 10:00:00"),
        ("2026-10-05 10:00", {"zones": "EST", "header_zone": 0}, "2026-10-05 15:00:00"),
        ("2026-10-05 10:00", {"zones": "EST", "zone": "Europe/Berlin"}, "2026-10-05 15:00:00"),
        ("2026-10-05 10:00", {"zones": " ", "zone": "Europe/Berlin"}, "2026-10-05 08:00:00"),
        ("2026-10-05 10:00", {"zones": None}, "needs_timezone"),
        ("2026-10-05 10:00", {"zones": "Narnia", "zone": "Europe/Berlin"}, "unknown_timezone"),
        ("2026-10-05 10:00 +02:00", {"zones": "Narnia"}, "2026-10-05 08:00:00"),
        ("2026-10-05 10:00 PDT", {"zones": "EST"}, "2026-10-05 17:00:00"),
        ("2026-10-05 10:00", {"zones": "Eastern Time (US & Canada)"}, "2026-10-05 14:00:00"),
        ("2026-12-05 10:00", {"zones": "Eastern Time (US & Canada)"}, "2026-12-05 15:00:00"),
        ("2026-10-05 10:00", {"zones": "GMT+8"}, "2026-10-05 02:00:00"),
        ("2026-10-05 10:00", {"zone": "Narnia"}, "unknown_timezone"),
        ("2026-10-05 10:00 XYZ", {"zone": "Europe/Berlin"}, "unknown_timezone"),
        ("2026-10-05 10:00 CST", {}, "2026-10-05 16:00:00"),
        ("2026-10-05 10:00 CST", {"zone": "Asia/Shanghai"}, "2026-10-05 02:00:00"),
        ("2026-10-05 10:00 IST", {}, "2026-10-05 04:30:00"),
        ("2026-07-05 10:00 IST", {"zone": "Europe/Dublin"}, "2026-07-05 09:00:00"),
        ("2026-07-05 10:00 BST", {}, "2026-07-05 09:00:00"),
        ("2026-07-05 10:00", {"zone": "CET"}, "2026-07-05 08:00:00"),
        ("2026-07-05 10:00", {"zones": "CET"}, "2026-07-05 09:00:00"),
        ("2026-07-05+02:00", {}, "2026-07-04 22:00:00"),
        ("10/11/2026 10:00", {}, "ambiguous_date"),
        ("", {}, "missing_event_time"),
        ("x", {}, "bad_event_time"),
    ],
)
def test_the_nearest_source_of_a_zone_wins(text, options, expected):
    shown, reason, _ = read(text, **options)
    assert (reason or shown) == expected


@pytest.mark.parametrize(
    ("text", "clock", "expected"),
    [
        ("10/25/2026", "03:12:44 PM", "2026-10-25 15:12:44"),
        ("10/25/2026", "15:12", "2026-10-25 15:12:00"),
        ("10/25/2026", "15.12.44", "2026-10-25 15:12:44"),
        ("10/25/2026", "3 PM", "2026-10-25 15:00:00"),
        ("10/25/2026", "1512", "2026-10-25 15:12:00"),
        ("10/25/2026", "0.5", "2026-10-25 12:00:00"),
        ("10/25/2026", "0.633842592592593", "2026-10-25 15:12:44"),
        ("10/25/2026", "0", "2026-10-25 00:00:00"),
        ("10/25/2026", "1899-12-30 15:12:44", "2026-10-25 15:12:44"),
        ("10/25/2026", "03:12 PM EST", "2026-10-25 20:12:00"),
        ("2026-10-25 00:00:00", "15:12", "2026-10-25 15:12:00"),
        ("2026-10-25 09:30", "15:12", "2026-10-25 09:30:00"),
        ("46310", "15:12", "2026-10-15 15:12:00"),
        ("20261025", "15:12", "2026-10-25 15:12:00"),
        ("1792073002", "15:12", "2026-10-15 14:03:22"),
        ("10/25/2026", "25:12", "bad_event_time"),
        ("10/25/2026", "5", "bad_event_time"),
        ("x", "15:12", "bad_event_time"),
        ("", "15:12", "missing_event_time"),
    ],
)
def test_the_time_of_day_may_stand_in_a_second_column(text, clock, expected):
    shown, reason, notes = read(text, zone="UTC", clock=clock)
    assert (reason or shown) == expected
    assert notes is None


@pytest.mark.parametrize("clock", ["", "n/a", "Night", "Afternoon", "Mittag", "\u591c", "PM", "."])
def test_without_a_time_in_either_column_a_date_is_only_a_date(clock):
    assert read("10/25/2026", zone="UTC", clock=clock) == ("2026-10-25 00:00:00", None, "event_time:date_only")


def test_typed_clocks_are_times_of_day():
    clock = pa.array([54764], pa.time32("s"))
    times = read_times(pa.array(["2026-10-25"]), order=None, zone="UTC", clock=clock)
    assert times.seconds[0].as_py() == round(datetime(2026, 10, 25, 15, 12, 44, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Z", 0), ("utc", 0), ("GMT", 0), ("EST", -18000), ("EDT", -14400), ("MDT", -21600), ("CET", 3600), ("CEST", 7200),
        ("MESZ", 7200), ("AEDT", 39600), ("ACST", 34200), ("NZDT", 46800), ("MSK", 10800), ("GMT+8", 28800), ("GMT-08:00", -28800),
        ("UTC +05:30", 19800), ("-0500", -18000), ("(GMT+01:00)", 3600), ("GMT+25", None), ("+05:75", None), ("", None),
        ("Eastern Time (US & Canada)", "America/New_York"), ("eastern time (us & canada)", "America/New_York"),
        ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"), ("Pacific Time (PT)", "America/Los_Angeles"), ("ET", "America/New_York"),
        ("W. Europe Standard Time", "Europe/Berlin"), ("Eastern Standard Time", "America/New_York"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"), ("(UTC+01:00) Somewhere", None),
        ("Europe/Berlin", "Europe/Berlin"), ("america/port_of_spain", "America/Port_of_Spain"), ("US/Eastern", "US/Eastern"),
        ("PST8PDT", "PST8PDT"), ("Etc/GMT+5", "Etc/GMT+5"), ("Japan", "Japan"), ("London", "Europe/London"), ("Nowhere", None),
        ("../etc/passwd", None), ("America", None), ("localtime", None), ("posixrules", None), ("right/UTC", None), ("tzdata.zi", None),
    ],
)  # fmt: skip
def test_words_for_zones(text, expected):
    assert resolve(text) == expected


def test_every_label_names_a_zone_of_the_database_and_every_abbreviation_resolves():
    assert {iana_name(name) for name in LABELS.values()} == set(LABELS.values())
    assert [name for name, offset in ABBREVIATIONS.items() if resolve(name) != offset] == []


def test_a_users_cet_is_the_place_and_a_cells_cet_the_clock():
    assert (given_zone("CET"), resolve("CET")) == ("CET", 3600)


ZONES = ("Europe/Berlin", "America/Chicago", "Australia/Sydney", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Gaza", "Pacific/Apia")  # fmt: skip


@settings(max_examples=200)
@given(
    zone=st.sampled_from(ZONES),
    moments=st.lists(st.datetimes(datetime(2000, 1, 2), datetime(2037, 12, 30)), min_size=1, max_size=20),
)
def test_local_times_agree_with_the_standard_library(zone, moments):
    epoch, info = datetime(1970, 1, 1), ZoneInfo(zone)
    moments = [moment.replace(microsecond=0) for moment in moments]
    local = np.array([(moment - epoch) // timedelta(seconds=1) for moment in moments], np.int64)
    seconds, twice, never = to_utc(local, zone)
    first = [moment.replace(tzinfo=info) for moment in moments]
    second = [moment.replace(tzinfo=info, fold=1) for moment in moments]
    assert seconds.tolist() == [round(moment.timestamp()) for moment in first]
    assert (twice | never).tolist() == [
        one.utcoffset() != two.utcoffset() for one, two in zip(first, second, strict=True)
    ]
    assert never.tolist() == [
        moment.astimezone(UTC).astimezone(info).replace(tzinfo=None) != moment.replace(tzinfo=None) for moment in first
    ]
