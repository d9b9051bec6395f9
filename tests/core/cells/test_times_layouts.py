"""Every layout that an export writes a date in, and what must not be taken for a date."""

# ruff: noqa: DTZ001 # local times without a zone are what is tested

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from importer.core.cells.times import read_times


def read(value, **options):
    """The instant as text, the reason and the notes of one cell."""
    column = value if isinstance(value, pa.Array) else pa.array([value], pa.string())
    times = read_times(column, **({"order": None, "zone": "UTC"} | options))
    seconds = times.seconds[0].as_py()
    shown = None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return shown, times.reason[0].as_py(), times.notes[0].as_py()


AT_1403 = [
    "2026-10-15T14:03:22Z", "2026-10-15 14:03:22", "2026-10-15 14:03:22.999", "2026-10-15T14:03:22,123456789Z",
    "2026-10-15T14:03:22.000+0000", "2026-10-15T16:03:22+02:00", "2026-10-15 10:03:22 -0400", "2026-10-15 10:03:22 -04",
    "20261015T140322Z", "20261015 140322", "20261015140322", "20261015140322000", "2026-10-15T140322Z",
    "2026/10/15 14:03:22", "2026.10.15 14:03:22", "2026-10-15-14.03.22", "2026-10-15-14.03.22.123456",
    "10/15/2026 02:03:22 PM", "10/15/2026 2:03:22 pm", "10/15/2026, 2:03:22\u202fPM", "10/15/2026 2:03:22\u00a0p.m.",
    "10/15/26 2:03:22 PM", "15/10/2026 14:03:22", "15-10-2026 14:03:22", "15.10.2026 14:03:22", "15.10.26, 14:03:22",
    "15.10.2026 14.03.22", "15. 10. 2026 14:03:22", "15.10.2026 um 14:03:22 Uhr", "15/10/2026 à 14:03:22",
    "15/10/2026 às 14:03:22", "15/10/2026 a las 14:03:22", "15/10/2026 2:03:22 p. m.", "15.10.2026 kl. 14:03:22",
    "15.10.2026 klo 14.03.22", "15/10/2026 alle ore 14:03:22", "15-10-2026 om 14:03:22", "10/15/2026 - 14:03:22",
    "Oct 15, 2026 14:03:22", "Oct 15, 2026, 2:03:22 PM", "October 15, 2026 at 2:03:22 PM", "15 Oct 2026 14:03:22",
    "15-Oct-2026 02:03:22 PM", "15/Oct/2026:14:03:22 +0000", "15OCT2026 14:03:22", "2026-Oct-15 14:03:22",
    "Thu, 15 Oct 2026 14:03:22 +0000", "Thu, 15 Oct 2026 14:03:22 GMT", "Thursday, October 15, 2026 02:03:22 PM",
    "Thu Oct 15 14:03:22 2026", "Thu Oct 15 10:03:22 EDT 2026", "Thu Oct 15 14:03:22 +0000 2026",
    "Thu Oct 15 2026 07:03:22 GMT-0700 (Pacific Daylight Time)", "2026-10-15T16:03:22+02:00[Europe/Berlin]",
    "2026-10-15 10:03:22 -0400 EDT", "2026-10-15 10:03:22 EDT -0400", "2026-10-15 14:03:22 UTC",
    "15-Oct-2026 09:03:22 AM EST", "2026-10-15 07:03:22 PDT", "2026-10-15 22:03:22 GMT+8", "2026-10-15 09:03:22 CDT",
    "Thursday, October 15, 2026 06:03:22 AM GMT-08:00", "2026-10-15 16:03:22 Europe/Berlin",
    "2026-10-15 09:03:22 Etc/GMT+5", "2026-10-15 10:03:22 Eastern Time (US & Canada)", "14:03:22 15/10/2026",
    "2:03:22 PM, Oct 15, 2026", "14:03:22 Thu 15 Oct 2026", "10:03:22 EDT 15 Oct 2026", "2026年10月15日 14:03:22",
    "2026年10月15日 14時03分22秒", "2026年10月15日(木) 14:03:22", "2026. 10. 15. 오후 2:03:22", "2026년 10월 15일 오후 2:03:22",
    "2026/10/15 下午2:03:22", "15 octobre 2026 à 14:03:22", "jeudi 15 octobre 2026 14h03m22s", "15 de octubre de 2026, 14:03:22",
    "15 de out. de 2026 14:03:22", "giovedì 15 ottobre 2026 14:03:22", "15. Oktober 2026 14:03:22", "den 15 oktober 2026 14:03:22",
    "15. lokakuuta 2026 klo 14.03.22", "15 października 2026 14:03:22", "15 Ekim 2026 14:03:22", "15 октября 2026 г., 14:03:22",
    "15 жовтня 2026 14:03:22", "15 října 2026 14:03:22", "2026. október 15. 14:03:22", "15 octombrie 2026 14:03:22",
    "15 Οκτωβρίου 2026 2:03:22 μ.μ.", "１５/１０/２０２６ １４:０３:２２", "٢٠٢٦-١٠-١٥ ١٤:٠٣:٢٢", "'2026-10-15 14:03:22",
    '"2026-10-15 14:03:22"', "  2026-10-15\t14:03:22  ", "\ufeff2026-10-15 14:03:22", "2026-10-15 14:03:22\u200e",
    "1792073002", "1792073002.0", "1792073002.75",
]  # fmt: skip


@pytest.mark.parametrize("text", AT_1403)
def test_layouts_of_one_instant_are_read_alike(text):
    expected = ("2026-10-15 14:03:22", None, None)
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-15", "20261015", "2026/10/15", "10/15/2026", "15/10/2026", "15.10.2026", "15-10-26", "Oct-15-26", "15-Okt-26",
        "15 Oct 2026", "October 15, 2026", "October 15th, 2026", "15th of October 2026", "Thursday, October 15, 2026",
        "15-oct.-2026", "15. Oktober 2026", "Do., 15. Okt. 2026", "15 de octubre de 2026", "15 de octubre del 2026", "15 ottobre 2026",
        "15 oktober 2026", "15 lokakuuta 2026", "jeu. 15 oct. 2026", "2026年10月15日", "10月15日2026年", "Oct 15 '26", "46310",
        "46310.0", "20261015.0", "2026-10-15 (Thu)",
    ],
)  # fmt: skip
def test_a_date_without_time_is_midnight_with_a_note(text):
    if text in ("15X10X2026"):
        assert read(text) == (None, "bad_event_time", None)
    else:
        assert read(text) == ("2026-10-15 00:00:00", None, "event_time:date_only")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10/13/26 3:04 PM", "2026-10-13 15:04:00"),
        ("09/28/26 11:42 AM", "2026-09-28 11:42:00"),
        ("7/25/2018 21:06", "2018-07-25 21:06:00"),
        ("16-Dec-2023 02:44 AM EST", "2023-12-16 07:44:00"),
        ("07/15/2009 02:14:45+0800", "2009-07-14 18:14:45"),
        ("2006-06-15T20:47:07.000Z", "2006-06-15 20:47:07"),
        ("Mon, 23 Sep 2024 14:21:24 +0000", "2024-09-23 14:21:24"),
        ("mar. 6 oct. 2026 14:03", "2026-10-06 14:03:00"),
        ("Mar 6, 2026 14:03", "2026-03-06 14:03:00"),
        ("10/25/2026 12:30 AM", "2026-10-25 00:30:00"),
        ("10/25/2026 12:30 PM", "2026-10-25 12:30:00"),
        ("10/25/2026 0:30 AM", "2026-10-25 00:30:00"),
        ("10/25/2026 15:12 PM", "2026-10-25 15:12:00"),
        ("10/25/2026 3 PM", "2026-10-25 15:00:00"),
        ("2026-10-05 00:00", "2026-10-05 00:00:00"),
        ("2026-10-05 24:00:00", "2026-10-06 00:00:00"),
        ("2026-12-31T23:59:60Z", "2026-12-31 23:59:59"),
        ("25/10/2026 14h03", "2026-10-25 14:03:00"),
        ("25/10/2026 14 h", "2026-10-25 14:00:00"),
        ("25.10.2026 14.03 Uhr", "2026-10-25 14:03:00"),
        ("25.10.2026 14 Uhr", "2026-10-25 14:00:00"),
        ("2024-02-29 10:00", "2024-02-29 10:00:00"),
        ("45384.347", "2024-04-02 08:19:41"),
        ("45384,5", "2024-04-02 12:00:00"),
        ("45384.99999999", "2024-04-03 00:00:00"),
        ("202610051403", "2026-10-05 14:03:00"),
        ("20261005 1403", "2026-10-05 14:03:00"),
        ("10/10/2026 08:00", "2026-10-10 08:00:00"),
        ("2026-10-05 08:00 z", "2026-10-05 08:00:00"),
        ("2026-10-05 08:00+14:00", "2026-10-04 18:00:00"),
        ("25/01/2026 10:00\u202fa.\u00a0m.", "2026-01-25 10:00:00"),
    ],
)
def test_times_of_real_exports(text, expected):
    assert read(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1792073002123", "event_time:milliseconds"),
        ("1792073002123.0", "event_time:milliseconds"),
        ("1792073002123456", "event_time:microseconds"),
        ("1792073002123456789", "event_time:microseconds"),
    ],
)
def test_finer_counts_since_1970_become_seconds(text, note):
    assert read(text) == ("2026-10-15 14:03:22", None, note)


@pytest.mark.parametrize(
    "text",
    [
        "02/30/2026", "2026-02-30", "2023-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-10-00", "25/13/2026", "13/25/26x",
        "31/04/2026", "2026-10-05 25:00", "2026-10-05 24:00:01", "2026-10-05 14:60", "2026-10-05 14:03:61", "10/25/2026 13:00 AM",
        "10/25/2026 0:30 PM", "2026-10-05 14:03+25:00", "2026-10-05 14:03+02:75", "1900-01-01", "1999-12-31", "2101-01-01",
        "0000-00-00 00:00:00", "12/25/1985", "Oct 05, 1999", "Oct 05", "Oct 2026", "2026-10", "10/2026", "Q3 2026", "2026-W40-1",
        "2026-278", "14:03", "Oct 05, 11:03 PM", "Oct 05, 10:03:22", "12 oct 14:03", "12/10 14:03", "5 Foo 2026", "hello",
        "Total", "2026-10-05 refunded", "Refund 10/25/2026", "10/25/2026 10/26/2026", "1.76E+12", "176000000", "19999", "80001",
        "99999999", "20261301", "20261005.5", "05102026", "2026-10-05 14:3", "2026-10-0514:03", "--2026-10-05", "-1792073002",
        "2026-10-05T", "²⁰²⁶-10-05", "1½/10/2026", "x" * 500, "2026-10-05" + " " * 500 + "x", "0", "5", "12.50", "€ 45384.5",
    ],
)  # fmt: skip
def test_what_is_no_date_of_a_sale_is_refused(text):
    assert read(text) == (None, "bad_event_time", None)


@pytest.mark.parametrize("text", [None, "", "  ", "\u00a0", "-", "--", "n/a", "N/A", "NULL", "None", "NaT", "- None -"])
def test_a_blank_is_missing(text):
    assert read(text) == (None, "missing_event_time", None)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("10/11/2026", "mdy", "2026-10-11"),
        ("10/11/2026", "dmy", "2026-11-10"),
        ("10/11/2026", None, "ambiguous_date"),
        ("10/11/2026", "ymd", "ambiguous_date"),
        ("10.11.26", "mdy", "2026-10-11"),
        ("10.11.26", "dmy", "2026-11-10"),
        ("26/10/11", "ymd", "2026-10-11"),
        ("26-10-31", "ymd", "2026-10-31"),
        ("26-10-31", "dmy", "2031-10-26"),
        ("10/10/2026", None, "2026-10-10"),
        ("25/12/2026", None, "2026-12-25"),
        ("12/25/2026", None, "2026-12-25"),
        ("25/12/2026", "dmy", "2026-12-25"),
        ("25/12/2026", "mdy", "bad_event_time"),
        ("12/25/2026", "dmy", "bad_event_time"),
        ("12/25/2026", "ymd", "2026-12-25"),
        ("2026-10-11", "mdy", "2026-10-11"),
        ("2026-10-11", "dmy", "2026-10-11"),
        ("2026/25/12", None, "bad_event_time"),
        ("11 Oct 2026", "mdy", "2026-10-11"),
    ],
)
def test_the_order_decides_what_the_value_leaves_open(text, order, expected):
    shown, reason, _ = read(text, order=order)
    assert (reason or shown[:10]) == expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([date(2026, 10, 15)]), ("2026-10-15 00:00:00", None, "event_time:date_only")),
        (pa.array([datetime(2026, 10, 15, 14, 3)]), ("2026-10-15 14:03:00", None, None)),
        (pa.array([datetime(2026, 10, 15)], pa.timestamp("ns")), ("2026-10-15 00:00:00", None, None)),
        (
            pa.array([datetime(2026, 10, 15, 14, 3)], pa.timestamp("ms", "Europe/Berlin")),
            ("2026-10-15 14:03:00", None, None),
        ),
        (pa.array([1792073002]), ("2026-10-15 14:03:22", None, None)),
        (pa.array([1792073002123]), ("2026-10-15 14:03:22", None, "event_time:milliseconds")),
        (pa.array([1792073002.0]), ("2026-10-15 14:03:22", None, None)),
        (pa.array([46310.58567129629]), ("2026-10-15 14:03:22", None, None)),
        (pa.array([46310]), ("2026-10-15 00:00:00", None, "event_time:date_only")),
        (pa.array([20261015]), ("2026-10-15 00:00:00", None, "event_time:date_only")),
        (pa.array([Decimal("46310.500")]), ("2026-10-15 12:00:00", None, None)),
        (pa.array(["2026-10-15 14:03"]).dictionary_encode(), ("2026-10-15 14:03:00", None, None)),
        (pa.array(["2026-10-15 14:03"], pa.large_string()), ("2026-10-15 14:03:00", None, None)),
        (pa.array([True]), (None, "bad_event_time", None)),
        (pa.array([float("nan")]), (None, "missing_event_time", None)),
        (pa.array([None], pa.timestamp("us")), (None, "missing_event_time", None)),
        (pa.nulls(1), (None, "missing_event_time", None)),
        (pa.array([2**62]), (None, "bad_event_time", None)),
    ],
)
def test_typed_columns_are_read_by_their_meaning(column, expected):
    assert read(column) == expected


def test_a_slice_of_a_column_is_read_as_its_own_rows():
    column = pa.array(["2026-10-01", None, "2026-10-02", "x", "２０２６-10-03"]).slice(1, 4)
    times = read_times(column, order=None, zone="UTC")
    assert times.seconds.to_pylist() == [None, 1790899200, None, 1790985600]
    assert times.reason.to_pylist() == ["missing_event_time", None, "bad_event_time", None]


def test_an_empty_column_gives_empty_columns():
    times = read_times(pa.array([], pa.string()), order=None, zone=None)
    assert [len(times.seconds), len(times.reason), len(times.notes)] == [0, 0, 0]
