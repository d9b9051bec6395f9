"""Zones of headers, an order that the column contradicts, and dates that a spreadsheet has turned round."""

import csv
import datetime as dt

import pytest
import xlsxwriter

import importer
from importer.core.mapping import map_batch
from importer.core.orders import gather
from importer.core.preparation import normalise
from importer.errors import NeedsAnswer
from importer.intake import take_in
from importer.settings import read_settings

NOW = "2026-11-23T23:00:00Z"


def sales(dates, header="Date", clocks=None):
    clock = "" if clocks is None else ",Time of sale"
    lines = [f"Order ID,{header}{clock},Email,Total,Currency"]
    for number, date in enumerate(dates, start=1):
        shown = "" if clocks is None else f",{clocks[number - 1]}"
        lines.append(f"O-{number},{date}{shown},b{number}@example.com,25.00,EUR")
    return "\n".join(lines) + "\n"


def checked(folder, text, **options):
    file = folder / "sales.csv"
    file.write_text(text, encoding="utf-8")
    return rows_of(folder, file, **options)


def rows_of(folder, file, **options):
    summary = importer.check(file, now=NOW, ledger=folder / "ledger.db", **options)
    return list(csv.DictReader(summary.report.read_text(encoding="utf-8").splitlines()))


def times(rows):
    return [row["event_time"] for row in rows]


def asked(folder, text, **options):
    with pytest.raises(NeedsAnswer) as error:
        checked(folder, text, **options)
    return error.value.questions


def under(header, *dates, folder, **options):
    return checked(folder, sales(dates, header), map=[f"{header}=event_time"], **options)


@pytest.mark.parametrize(
    ("header", "time"),
    [
        ("Date (UTC)", "2026-11-20T10:00:00Z"),
        ("sold_gmt", "2026-11-20T10:00:00Z"),
        ("Sold (UTC+2)", "2026-11-20T08:00:00Z"),
        ("Sold (EST)", "2026-11-20T15:00:00Z"),
        ("Sold CET", "2026-11-20T09:00:00Z"),
        ("Sold (Asia/Tokyo)", "2026-11-20T01:00:00Z"),
    ],
)
def test_the_header_tells_the_zone(tmp_path, header, time):
    assert times(under(header, "2026-11-20 10:00", folder=tmp_path)) == [time]


@pytest.mark.parametrize("header", ["Outcome date", "Date (not UTC)", "Est. sale date"])
def test_letters_inside_a_word_tell_no_zone(tmp_path, header):
    with pytest.raises(NeedsAnswer) as error:
        under(header, "2026-11-20 10:00", folder=tmp_path)
    assert [question.kind for question in error.value.questions] == ["zone"]
    rows = under(header, "2026-11-20 10:00", folder=tmp_path, timezone="Europe/Berlin")
    assert times(rows) == ["2026-11-20T09:00:00Z"]


def test_a_zone_in_the_header_of_the_time_of_day_counts(tmp_path):
    text = sales(["2026-11-20"], clocks=["10:00"]).replace("Time of sale", "Clock (EST)")
    assert times(checked(tmp_path, text, map=["Clock (EST)=event_clock"])) == ["2026-11-20T15:00:00Z"]


@pytest.mark.parametrize(
    ("header", "told"), [("Sold (UTC)", "--timezone UTC"), ("Sold (UTC+2)", "--timezone Etc/GMT-2")]
)
def test_a_header_that_contradicts_the_given_zone_is_asked_about(tmp_path, header, told):
    [question] = asked(
        tmp_path, sales(["2026-11-20 10:00"], header), map=[f"{header}=event_time"], timezone="America/Chicago"
    )
    assert (question.kind, question.column, question.options) == ("zone", header, (told,))
    assert "America/Chicago" in question.text
    rows = under(header, "2026-11-20 10:00", folder=tmp_path, timezone=told.split()[1])
    assert times(rows)[0] in ("2026-11-20T10:00:00Z", "2026-11-20T08:00:00Z")


@pytest.mark.parametrize(
    ("header", "zone", "time"),
    [
        ("Sold (EST)", "America/New_York", "2026-10-20T14:00:00Z"),
        ("Sold (EST)", "Etc/GMT+5", "2026-10-20T15:00:00Z"),
        ("Sold (CET)", "Europe/Rome", "2026-10-20T08:00:00Z"),
        ("Sold (PST)", "Asia/Manila", "2026-10-20T02:00:00Z"),
        ("Sold (UTC)", "Etc/UTC", "2026-10-20T10:00:00Z"),
        ("Sold (IST)", "Asia/Jerusalem", "2026-10-20T07:00:00Z"),
    ],
)
def test_a_given_zone_that_the_header_can_mean_decides(tmp_path, header, zone, time):
    assert times(under(header, "2026-10-20 10:00", folder=tmp_path, timezone=zone)) == [time]


def test_an_abbreviation_is_asked_about_only_where_its_clocks_differ(tmp_path):
    text = sales(["2026-10-20 10:00", "2026-11-20 10:00"], "Sold (EST)")
    [question] = asked(tmp_path, text, map=["Sold (EST)=event_time"])
    assert question.options == ("--timezone America/New_York", "--timezone Etc/GMT+5")
    [question] = asked(tmp_path, text.replace("EST", "IST"), map=["Sold (IST)=event_time"])
    assert question.options[:2] == ("--timezone Asia/Kolkata", "--timezone Asia/Jerusalem")


def test_cells_that_say_their_zone_need_no_header(tmp_path):
    rows = under("Sold (UTC)", "2026-11-20T10:00:00+01:00", folder=tmp_path, timezone="America/Chicago")
    assert times(rows) == ["2026-11-20T09:00:00Z"]


@pytest.mark.parametrize(
    ("given", "dates", "line", "proven"),
    [
        ("mdy", ["19/11/2026 10:00", "20/11/2026 11:00", "10/11/2026 12:00"], 2, "dmy"),
        ("dmy", ["10/11/2026", "11/19/2026"], 3, "mdy"),
        ("mdy", ["", "10.11.26", "19.11.26"], 4, "dmy"),
        ("mdy", ["11/13/2026", "13/11/2026", "14/11/2026", "10/11/2026"], 3, "dmy"),
    ],
)
def test_an_order_that_the_column_contradicts_stops_with_the_line(tmp_path, given, dates, line, proven):
    [question] = asked(tmp_path, sales(dates), timezone="UTC", date_order=given)
    assert (question.kind, question.line, question.column) == ("date_order", line, "Date")
    assert question.options == (f"--date-order {proven}",)
    assert f"line {line}" in question.text
    assert "/2026" not in question.text
    checked(tmp_path, sales(dates), timezone="UTC", date_order=proven)


def test_a_year_that_stands_last_is_not_read_as_if_it_stood_first(tmp_path):
    dates = ["19/11/2026", "10/11/2026"]
    [question] = asked(tmp_path, sales(dates), timezone="UTC", date_order="ymd")
    assert question.options == ("--date-order mdy", "--date-order dmy")


def test_one_mistyped_date_does_not_overrule_the_given_order(tmp_path):
    rows = checked(
        tmp_path, sales(["11/13/2026", "11/14/2026", "13/11/2026", "11/10/2026"]), timezone="UTC", date_order="mdy"
    )
    assert [row["reason"] for row in rows] == ["", "", "bad_event_time", ""]
    assert rows[3]["event_time"] == "2026-11-10T00:00:00Z"


TRUE_DAYS = [dt.date(2026, 10, 1) + dt.timedelta(days=days) for days in range(50)]


def half_converted(days, day_first, shown):
    """The cells that a spreadsheet of the other country makes of these days."""
    cells = []
    for day in days:
        if day.day > 12:
            cells.append(day.strftime("%d/%m/%Y" if day_first else "%m/%d/%Y"))
        else:
            cells.append(shown(dt.date(day.year, day.day, day.month)))
    return cells


@pytest.mark.parametrize("day_first", [True, False])
@pytest.mark.parametrize(
    "shown", [str, lambda day: day.strftime("%Y-%m-%d 00:00:00"), lambda day: day.strftime("%d-%b-%Y"), lambda day: (day - dt.date(1899, 12, 30)).days]
)  # fmt: skip
def test_dates_that_a_spreadsheet_turned_round_are_put_back(tmp_path, day_first, shown):
    rows = checked(tmp_path, sales(half_converted(TRUE_DAYS, day_first, shown)), timezone="UTC")
    assert times(rows) == [f"{day}T00:00:00Z" for day in TRUE_DAYS]
    warned = [day for row, day in zip(rows, TRUE_DAYS, strict=True) if "day_month_exchanged" in row["warnings"]]
    assert warned == [day for day in TRUE_DAYS if day.day <= 12 and day.day != day.month]


def test_dates_shown_as_the_other_country_writes_them_are_read_as_they_were(tmp_path):
    cells = half_converted(TRUE_DAYS, True, lambda day: f"{day.month}/{day.day}/{day.year}")
    rows = checked(tmp_path, sales(cells), timezone="UTC")
    assert times(rows) == [f"{day}T00:00:00Z" for day in TRUE_DAYS]


def test_date_cells_of_a_workbook_are_put_back_with_their_time_of_day(tmp_path):
    file = tmp_path / "sales.xlsx"
    with xlsxwriter.Workbook(file) as workbook:
        sheet, form = workbook.add_worksheet(), workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, ["Order ID", "Date", "Email", "Total", "Currency"])
        for number, day in enumerate(TRUE_DAYS, start=1):
            sheet.write_row(number, 0, [f"O-{number}", None, f"b{number}@example.com", 25, "EUR"])
            if day.day > 12:
                sheet.write_string(number, 1, day.strftime("%d/%m/%Y 10:30"))
            else:
                half_past_ten = (dt.date(day.year, day.day, day.month) - dt.date(1899, 12, 30)).days + 10.5 / 24
                sheet.write_number(number, 1, half_past_ten, form)
    assert times(rows_of(tmp_path, file, timezone="UTC")) == [f"{day}T10:30:00Z" for day in TRUE_DAYS]


FEW = ["2026-10-11 10:00", "13/11/2026 10:00", "2026-11-10 10:00", "20/11/2026 10:00", "2026-09-11 10:00"]


def test_a_few_dates_that_may_be_turned_round_are_asked_about(tmp_path):
    [question] = asked(tmp_path, sales(FEW), timezone="UTC")
    assert (question.kind, question.line) == ("date_order", 2)
    assert question.options == ("--date-order dmy", "--date-order ymd")
    put_back = checked(tmp_path, sales(FEW), timezone="UTC", date_order="dmy")
    assert [time[:10] for time in times(put_back)] == [
        "2026-11-10",
        "2026-11-13",
        "2026-10-11",
        "2026-11-20",
        "2026-11-09",
    ]
    standing = checked(tmp_path, sales(FEW), timezone="UTC", date_order="ymd")
    assert [time[:10] for time in times(standing)] == [
        "2026-10-11",
        "2026-11-13",
        "2026-11-10",
        "2026-11-20",
        "2026-09-11",
    ]


def test_one_date_that_may_be_turned_round_is_asked_about_though_it_lies_near_as_it_stands(tmp_path):
    [question] = asked(tmp_path, sales(["2026-11-10", "13/11/2026", "20/11/2026"]), timezone="UTC")
    assert question.kind == "date_order"


def test_a_column_with_exceptions_is_asked_about(tmp_path):
    cells = [*half_converted(TRUE_DAYS, True, str), "2026-11-21"]
    [question] = asked(tmp_path, sales(cells), timezone="UTC")
    assert question.options == ("--date-order dmy", "--date-order ymd")


@pytest.mark.parametrize(
    "cells",
    [
        ["2026-11-20", "2026-11-05", "2026-10-04", "13/11/2026", "19/11/2026", "20/11/2026"],
        ["2026-11-04", "2026-11-05", "05/11/2026", "06/11/2026", "19/11/2026", "20/11/2026"],
        [*(f"2026-11-{day:02}" for day in range(1, 13)), *(f"{day}/11/2026" for day in range(13, 23))],
        ["2026-11-05T10:00:00Z", "13/11/2026", "19/11/2026"],
    ],
)
def test_two_ways_of_writing_side_by_side_are_read_as_they_stand(tmp_path, cells):
    rows = checked(tmp_path, sales(cells), timezone="UTC")
    assert all("exchanged" not in row["warnings"] for row in rows)
    iso = [cell for cell in cells if "/" not in cell]
    assert [time[:10] for time in times(rows)][: len(iso)] == [cell[:10] for cell in iso]


def test_two_columns_of_different_kinds_are_not_taken_for_one(tmp_path):
    lines = ["Order ID,Paid,Created,Email,Total,Currency"]
    for number, day in enumerate(TRUE_DAYS, start=1):
        paid = day if day.day <= 12 else ""
        lines.append(f"O-{number},{paid},{day.strftime('%d/%m/%Y')},b{number}@example.com,25.00,EUR")
    rows = checked(tmp_path, "\n".join(lines), timezone="UTC", map=["Paid=event_time", "Created=event_time"])
    assert times(rows) == [f"{day}T00:00:00Z" for day in TRUE_DAYS]


BIRTHDAYS = [dt.date(1960 + number, number % 12 + 1, number * 7 % 28 + 1) for number in range(40)]


def with_birthdays(cells):
    lines = ["Order ID,Date,Email,Birthday,Total,Currency"]
    for number, cell in enumerate(cells, start=1):
        lines.append(f"O-{number},2026-11-20T10:00:00Z,b{number}@example.com,{cell},25.00,EUR")
    return "\n".join(lines)


def sent_birthdays(folder, text, **options):
    file = folder / "sales.csv"
    file.write_text(text, encoding="utf-8")
    settings = read_settings((file,), options | {"timezone": "UTC"}, {})
    intake = take_in(settings.files[0], settings, dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    mapped = map_batch(next(iter(intake.batches())), intake.preparation.binding, intake.preparation.answers)
    normal, warnings = normalise(gather(mapped, intake.plan.orders).orders, intake.preparation)
    return [each[0] if each else None for each in normal.column("db").to_pylist()], warnings.to_pylist()


def test_birthdays_that_a_spreadsheet_turned_round_are_put_back_with_a_warning(tmp_path):
    found, warnings = sent_birthdays(tmp_path, with_birthdays(half_converted(BIRTHDAYS, True, str)))
    assert found == [day.strftime("%Y%m%d") for day in BIRTHDAYS]
    for day, warning in zip(BIRTHDAYS, warnings, strict=True):
        assert ("db:day_month_exchanged" in (warning or "")) == (day.day <= 12 and day.day != day.month)


def test_birthdays_keep_their_own_proven_order(tmp_path):
    found, _ = sent_birthdays(tmp_path, with_birthdays(["13/04/1990", "05/04/1990"]), date_order="mdy")
    assert found == ["19900413", "19900405"]


@pytest.mark.parametrize("words", ["Shift {}", "Slot {}", "{}-{} Uhr", "{}", "{}. Hälfte"])
def test_a_column_without_any_time_of_day_is_none_whatever_its_name(tmp_path, words):
    clocks = [words.format(number, number + 2) for number in (1, 2, 3)]
    rows = checked(tmp_path, sales(["2026-11-20"] * 3, clocks=clocks), timezone="UTC")
    assert times(rows) == ["2026-11-20T00:00:00Z"] * 3
    assert all("event_time:date_only" in row["warnings"] for row in rows)


def test_a_time_of_day_that_cannot_be_read_is_no_midnight(tmp_path):
    for first in ("10:00", "10:00-12:00"):
        rows = checked(tmp_path, sales(["2026-11-20"] * 2, clocks=[first, "25:12"]), timezone="UTC")
        assert rows[1]["reason"] == "bad_event_time"


def test_a_time_of_day_in_words_leaves_a_day_without_one(tmp_path):
    clocks = ["Night", "Afternoon", "Morning", "10:30"]
    rows = checked(tmp_path, sales(["2026-11-20"] * 4, clocks=clocks), timezone="UTC")
    assert times(rows) == ["2026-11-20T00:00:00Z"] * 3 + ["2026-11-20T10:30:00Z"]
    assert ["event_time:date_only" in row["warnings"] for row in rows] == [True, True, True, False]
