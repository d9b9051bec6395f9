"""The zone that a header of a column of times names: whole words only, and none where it says `not`."""

import pytest

from importer.core.cells.header_zone import header_zone

HOUR = 3600


@pytest.mark.parametrize(
    ("header", "zones"),
    [
        *((header, (0,)) for header in (
            "Created (UTC)", "Date UTC", "UTC Date", "created_utc", "createdAtUtc", "DateUTC", "UTCDate", "post_date_gmt",
            "Date (GMT)", "Date in UTC", "Date/Time (UTC)", "Created (UTC) [2]", "Date (UTC/GMT)", "Order No. date UTC", "Zulu time",
            "Date (UTC+0)",
        )),
        ("Date (UTC+2)", (2 * HOUR,)), ("Time (GMT-05:00)", (-5 * HOUR,)), ("Hora UTC\u22123", (-3 * HOUR,)),
        ("Date (UTC +05:30)", (19_800,)), ("time_utc_plus_2", (2 * HOUR,)), ("Date (+02:00)", (2 * HOUR,)), ("Time +0530", (19_800,)),
        ("Date (America/New_York)", ("America/New_York",)), ("Datum (europe/berlin)", ("Europe/Berlin",)),
        ("Time (Eastern Time)", ("America/New_York",)), ("Order date Central European Time", ("Europe/Berlin",)),
        ("Date (ET)", ("America/New_York",)), ("Date (Berlin)", ("Europe/Berlin",)),
        *((header, ("America/New_York", -5 * HOUR)) for header in ("Date (EST)", "DATE EST", "created_at_est", "Sale EST time")),
        ("Uhrzeit (MEZ)", ("CET", HOUR)), ("Time CET", ("CET", HOUR)), ("Paid at PDT", ("America/Los_Angeles", -7 * HOUR)),
        ("Date (CST)", ("America/Chicago", -6 * HOUR, "Asia/Shanghai")),
        ("Date (GMT-05:00) Eastern Time", ("America/New_York", -5 * HOUR)), ("UTC converted to EST", (0, "America/New_York", -5 * HOUR)),
        ("Date UTC 2", (0, 2 * HOUR)),
    ],
)  # fmt: skip
def test_a_header_names_its_zone(header, zones):
    found = header_zone(header)
    assert found is not None
    assert found.zones == zones


@pytest.mark.parametrize(
    "header",
    [
        "Outcome date", "Date", "Date/Time", "Transaction time", "Order time (UK)", "Nautctical", "UTC2", "",
        "Date (not UTC)", "Date (non-UTC)", "nicht UTC", "Date, not in UTC", "Local time (UTC)", "Date (local, not GMT)", "UTC offset",
        "Converted from UTC", "Est. date", "EST DATE", "est_delivery_date", "Date (est.)", "Data PT", "Date met", "WEST date", "event_time",
        "Date UTC - 24h", "Verkaufszeit",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_zone_is_none(header):
    assert header_zone(header) is None
